//! The best rows for a direction and nothing else: the engine's scan and selection without
//! session, rules, ranking and slate. `cargo xtask bench --peers` measures it beside the
//! packages that only search, and beside itself over rows of half the size.
#![cfg(target_arch = "wasm32")]

mod packed;

use mercer_kernels::{Blocks, CodeWidth, Scan, TopK, dot_f32, inverse_norm, quantise_i8};
use packed::{Packed, ROW, pack};
use wasm_bindgen::prelude::wasm_bindgen;

const DIM: usize = 64;
/// So many times the rows asked for are held against the direction itself, which the scan sees
/// rounded to eight bits.
const MARGIN: usize = 2;

/// Rows of four-bit codes, each of length 1 once scaled.
#[wasm_bindgen]
pub struct Rows {
    codes: Vec<i8>,
    packed: Vec<u8>,
    scales: Vec<f32>,
    /// What the engine adds to each item's likeness: here nothing, but it is added.
    ground: Vec<f32>,
}

#[wasm_bindgen]
impl Rows {
    /// Of codes `[n_rows, 64]`, row-major, −7 to 7, `n_rows` a multiple of 4.
    #[wasm_bindgen(constructor)]
    pub fn new(codes: Vec<i8>) -> Self {
        let scales: Vec<f32> = codes.chunks_exact(DIM).map(inverse_norm).collect();
        let (packed, ground) = (pack(&codes), vec![0.0; scales.len()]);
        Self { codes, packed, scales, ground }
    }

    /// The `k` rows likest to a direction `[64]`, likest first.
    pub fn search(&self, direction: &[f32], k: usize) -> Vec<u32> {
        let (query, step) = quantise_i8(direction);
        let scan = Scan::new(&query, step, CodeWidth::Four);
        self.best(direction, k, |start, sums| {
            let rows = start..start + sums.len();
            let codes = &self.codes[rows.start * DIM..rows.end * DIM];
            scan.add(codes, &self.scales[rows], sums);
        })
    }

    /// The same from rows of two codes a byte.
    pub fn search_packed(&self, direction: &[f32], k: usize) -> Vec<u32> {
        let (query, step) = quantise_i8(direction);
        let Some(query) = query.as_array::<DIM>() else { return Vec::new() };
        let scan = Packed::new(query, step);
        self.best(direction, k, |start, sums| {
            let rows = start..start + sums.len();
            let codes = &self.packed[rows.start * ROW..rows.end * ROW];
            scan.add(codes, &self.scales[rows], sums);
        })
    }

    fn best(&self, direction: &[f32], k: usize, scan: impl Fn(usize, &mut [f32])) -> Vec<u32> {
        let blocks = Blocks::of(self.ground.len(), |start, sums| {
            sums.copy_from_slice(&self.ground[start..start + sums.len()]);
            scan(start, sums);
        });
        let mut near = TopK::new(MARGIN * k);
        blocks.offer(&mut near, 0.0, |near, row, sum| {
            near.push(u32::try_from(row).unwrap_or(u32::MAX), sum);
        });
        let mut best = TopK::new(k);
        for (row, _) in near.into_sorted() {
            best.push(row, self.likeness(row as usize, direction));
        }
        best.into_sorted().into_iter().map(|(row, _)| row).collect()
    }

    fn likeness(&self, row: usize, direction: &[f32]) -> f32 {
        let codes = &self.codes[row * DIM..(row + 1) * DIM];
        let row_of: Vec<f32> = codes.iter().map(|&code| f32::from(code)).collect();
        dot_f32(&row_of, direction) * self.scales[row]
    }
}
