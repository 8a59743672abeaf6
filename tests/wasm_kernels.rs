//! A scan gives the same integers whichever instructions it is made of: the portable loop,
//! SIMD, relaxed SIMD. `cargo xtask test` runs this natively, in Node and in Chromium.

use mercer::kernels::{CodeWidth, Scan};
use mercer::rng::Rng;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DIM: usize = 64;
/// Fours of rows, and three that make none.
const N_ROWS: usize = 1_023;

fn code(rng: &mut Rng, limit: i8) -> i8 {
    let offset = u8::try_from(rng.below(2 * usize::from(limit.unsigned_abs()) + 1)).unwrap();
    offset.wrapping_sub(limit.unsigned_abs()).cast_signed()
}

fn codes(rng: &mut Rng, n: usize, limit: i8) -> Vec<i8> {
    (0..n).map(|_| code(rng, limit)).collect()
}

/// The sums of a scan that adds the bare products.
fn scanned(query: &[i8], rows: &[i8], width: CodeWidth) -> Vec<f32> {
    let mut sums = vec![0.0; rows.len() / query.len()];
    let ones = vec![1.0; sums.len()];
    Scan::new(query, 1.0, width).add(rows, &ones, &mut sums);
    sums
}

#[expect(clippy::cast_precision_loss, reason = "64 × 128² stays below 2^24")]
fn naive(query: &[i8], rows: &[i8]) -> Vec<f32> {
    let product = |row: &[i8]| -> i32 {
        query.iter().zip(row).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
    };
    rows.chunks(query.len()).map(|row| product(row) as f32).collect()
}

#[test]
fn a_scan_gives_the_integers_of_the_definition() {
    let mut rng = Rng::new(11);
    for dim in [16, DIM, 80] {
        for width in [CodeWidth::Four, CodeWidth::Eight] {
            let query = codes(&mut rng, dim, 127);
            let rows = codes(&mut rng, N_ROWS * dim, width.limit());
            assert_eq!(scanned(&query, &rows, width), naive(&query, &rows), "{dim} {width:?}");
        }
    }
}

/// Where sums of bytes would leave sixteen bits, if they could.
#[test]
fn the_extremes_are_exact() {
    let extremes = [i8::MIN, -127, 127];
    for query in extremes.map(|code| [code; DIM]) {
        for row in [-8, -7, 7].map(|code| [code; DIM]) {
            let rows = row.repeat(5);
            assert_eq!(scanned(&query, &rows, CodeWidth::Four), naive(&query, &rows));
        }
        for row in extremes.map(|code| [code; DIM]) {
            let rows = row.repeat(5);
            assert_eq!(scanned(&query, &rows, CodeWidth::Eight), naive(&query, &rows));
        }
    }
}

/// The same numbers natively and in every build of the module.
#[test]
fn the_sums_are_those_of_every_other_machine() {
    let mut rng = Rng::new(12);
    let query = codes(&mut rng, DIM, 127);
    let rows = codes(&mut rng, 8 * DIM, 7);
    let sums = scanned(&query, &rows, CodeWidth::Four);
    let everywhere = [-4597.0, 2964.0, 1861.0, 1814.0, 511.0, 1403.0, -2067.0, -2413.0];
    assert_eq!(sums, everywhere);
}
