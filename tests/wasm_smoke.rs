//! The engine's foundations answer in WebAssembly as they do natively. The same tests run
//! natively, in Node and in a headless browser: `cargo xtask test` chooses where, so there
//! is no `wasm_bindgen_test_configure!` here.

use mercer::rng::Rng;
use mercer::types::EventKind;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_generator_draws_what_it_draws_natively() {
    let mut rng = Rng::new(7);
    let drawn: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
    assert_eq!(
        drawn,
        [1_021_219_803_524_665_661, 3_174_977_118_032_272_916, 13_236_943_193_235_544_178]
    );
}

#[test]
fn draws_through_libm_are_the_same_bits() {
    let mut rng = Rng::new(7);
    let bits: Vec<u64> = (0..2).map(|_| rng.normal().to_bits()).collect();
    assert_eq!(bits, [0x3fc4_4e72_30b9_b51e, 0xbff6_d3fb_38f2_fb78]);
}

#[test]
fn event_words_are_read() {
    for kind in EventKind::ALL {
        assert_eq!(EventKind::parse(kind.name()), Some(kind));
    }
    assert_eq!(EventKind::parse("view_Item"), None);
}
