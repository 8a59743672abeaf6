//! The scenario suite through the engine compiled to WebAssembly: in Node and in a browser,
//! with SIMD and without. Where it runs is the runner's choice, so there is no
//! `wasm_bindgen_test_configure!` here.
#![cfg(target_arch = "wasm32")]

#[path = "support/case.rs"]
mod case;

use case::{CASES, Case};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_case_gets_the_answer_it_got_natively() {
    for (file, text) in CASES {
        let case = Case::parse(file, text);
        assert_eq!(Some(case.answer()), case.expect, "{file}: {}", case.name);
    }
}
