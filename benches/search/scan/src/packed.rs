//! Rows as the file has them, two codes a byte: half the memory of what the engine scans. Measured,
//! and not what the engine does; docs/performance.md says why.

use core::arch::wasm32::{
    f32x4, f32x4_add, f32x4_convert_i32x4, f32x4_extract_lane, f32x4_mul, f32x4_splat, i32x4_add,
    i32x4_shuffle, i32x4_splat, i32x4_sub, u64x2, v128, v128_and,
};

/// Bytes of a row of 64 codes.
pub(crate) const ROW: usize = 32;
/// Codes are kept as 1 to 15.
const SHIFT: i32 = 8;

/// Packs codes of four bits, `[n_rows, 64]`: in each half of 32 codes the first sixteen are the low
/// halves of the bytes.
pub(crate) fn pack(codes: &[i8]) -> Vec<u8> {
    let (halves, _) = codes.as_chunks::<32>();
    let nibble = |code: i8| code.wrapping_add(8).cast_unsigned() & 15;
    let byte = |half: &[i8; 32], at: usize| nibble(half[at]) | (nibble(half[at + 16]) << 4);
    halves.iter().flat_map(|half| (0..16).map(|at| byte(half, at)).collect::<Vec<_>>()).collect()
}

/// A direction for packed rows.
pub(crate) struct Packed {
    query: engine::Query,
    shifted: v128,
    scale: v128,
}

impl Packed {
    pub(crate) fn new(query: &[i8; 64], scale: f32) -> Self {
        let sum: i32 = query.iter().map(|&code| i32::from(code)).sum();
        let (shifted, scale) = (i32x4_splat(SHIFT * sum), f32x4_splat(scale));
        Self { query: engine::query(query), shifted, scale }
    }

    /// As [`Scan::add`](mercer_kernels::Scan::add), of rows in fours.
    #[inline(never)]
    pub(crate) fn add(&self, rows: &[u8], scales: &[f32], sums: &mut [f32]) {
        let (rows, _) = rows.as_chunks::<ROW>();
        let (rows, _) = rows.as_chunks::<4>();
        let (factors, _) = scales.as_chunks::<4>();
        let (sums, _) = sums.as_chunks_mut::<4>();
        for ((rows, factors), sums) in rows.iter().zip(factors).zip(sums) {
            let dots = engine::four(&self.query, rows);
            let dots = f32x4_convert_i32x4(i32x4_sub(dots, self.shifted));
            let products = f32x4_mul(f32x4_mul(dots, floats(factors)), self.scale);
            let all = f32x4_add(floats(sums), products);
            *sums = [
                f32x4_extract_lane::<0>(all),
                f32x4_extract_lane::<1>(all),
                f32x4_extract_lane::<2>(all),
                f32x4_extract_lane::<3>(all),
            ];
        }
    }
}

fn floats(&[a, b, c, d]: &[f32; 4]) -> v128 {
    f32x4(a, b, c, d)
}

fn bytes(chunk: &[u8; 16]) -> v128 {
    let (halves, _) = chunk.as_chunks::<8>();
    u64x2(u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1]))
}

/// The sums of four vectors of four.
fn sums([a, b, c, d]: [v128; 4]) -> v128 {
    let ab = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
    let cd = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    let low = i32x4_shuffle::<0, 1, 4, 5>(ab, cd);
    i32x4_add(low, i32x4_shuffle::<2, 3, 6, 7>(ab, cd))
}

#[cfg(target_feature = "relaxed-simd")]
mod engine {
    use super::{ROW, bytes, sums, v128, v128_and};
    use core::arch::wasm32::{
        i8x16_splat, i16x8_add, i16x8_relaxed_dot_i8x16_i7x16, i32x4_extadd_pairwise_i16x8,
        u16x8_shr,
    };

    /// Four chunks of sixteen, and the mask of the low halves.
    pub(super) struct Query([v128; 4], v128);

    pub(super) fn query(codes: &[i8; 64]) -> Query {
        let (chunks, _) = codes.as_chunks::<16>();
        let chunk = |at: usize| bytes(&chunks[at].map(i8::cast_unsigned));
        Query(std::array::from_fn(chunk), i8x16_splat(15))
    }

    #[inline]
    pub(super) fn four(Query(query, low): &Query, rows: &[[u8; ROW]; 4]) -> v128 {
        let half = |query: &[v128], x: v128| {
            let first = i16x8_relaxed_dot_i8x16_i7x16(query[0], v128_and(x, *low));
            let second = v128_and(u16x8_shr(x, 4), *low);
            i16x8_add(first, i16x8_relaxed_dot_i8x16_i7x16(query[1], second))
        };
        sums(rows.each_ref().map(|row| {
            let (chunks, _) = row.as_chunks::<16>();
            let (left, right) = (bytes(&chunks[0]), bytes(&chunks[1]));
            i32x4_extadd_pairwise_i16x8(i16x8_add(
                half(&query[..2], left),
                half(&query[2..], right),
            ))
        }))
    }
}

#[cfg(not(target_feature = "relaxed-simd"))]
mod engine {
    use super::{ROW, bytes, i32x4_add, i32x4_splat, sums, v128, v128_and};
    use core::arch::wasm32::{i16x8, i16x8_splat, i32x4_dot_i16x8, i32x4_shr, u16x8_shr};

    /// Of each half the codes that stand in each quarter of its words, each times what brings its
    /// products to 256 times themselves; and the masks of three quarters.
    pub(super) struct Query([[v128; 4]; 2], [v128; 3]);

    pub(super) fn query(codes: &[i8; 64]) -> Query {
        let quarter = |from: usize, times: i16| {
            let of = |at: usize| i16::from(codes[from + 2 * at]) * times;
            i16x8(of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7))
        };
        let half = |half: usize| {
            let from = 32 * half;
            [
                quarter(from, 256),
                quarter(from + 16, 16),
                quarter(from + 1, 1),
                quarter(from + 17, 256),
            ]
        };
        Query([half(0), half(1)], [i16x8_splat(0xF), i16x8_splat(0xF0), i16x8_splat(0xF00)])
    }

    #[inline]
    pub(super) fn four(Query(query, masks): &Query, rows: &[[u8; ROW]; 4]) -> v128 {
        let all = rows.each_ref().map(|row| {
            let (chunks, _) = row.as_chunks::<16>();
            query.iter().zip(chunks).fold(i32x4_splat(0), |sum, (query, chunk)| {
                let x = bytes(chunk);
                let part = |at: usize| i32x4_dot_i16x8(v128_and(x, masks[at]), query[at]);
                let last = i32x4_dot_i16x8(u16x8_shr(x, 12), query[3]);
                let (low, high) = (i32x4_add(part(0), part(1)), i32x4_add(part(2), last));
                i32x4_add(sum, i32x4_add(low, high))
            })
        });
        i32x4_shr(sums(all), 8)
    }
}
