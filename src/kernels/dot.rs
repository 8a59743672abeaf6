//! Dot products of `i8` vectors, summed in `i32`: exact, so the order of the sum and the
//! width of the machine's registers cannot show.

/// Lanes of one 128-bit load; every vector's length is a multiple of it.
const LANES: usize = 16;

/// The dot product of two vectors of the same length, a multiple of 16. Elements past a
/// multiple of 16 or past the shorter vector do not count.
pub fn dot(a: &[i8], b: &[i8]) -> i32 {
    let (a, _) = a.as_chunks::<LANES>();
    let (b, _) = b.as_chunks::<LANES>();
    engine::dot(a, b)
}

/// Calls `each(row, dot)` for every row of `rows` (`[n_rows, dim]`, row-major), in order.
///
/// # Panics
/// If `query` is empty.
pub fn dots(query: &[i8], rows: &[i8], mut each: impl FnMut(usize, i32)) {
    let (query_chunks, _) = query.as_chunks::<LANES>();
    for (ix, row) in rows.chunks_exact(query.len()).enumerate() {
        let (row_chunks, _) = row.as_chunks::<LANES>();
        each(ix, engine::dot(query_chunks, row_chunks));
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable as engine;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128 as engine;

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod portable {
    use super::LANES;

    #[inline]
    pub(super) fn dot(a: &[[i8; LANES]], b: &[[i8; LANES]]) -> i32 {
        a.iter().zip(b).map(|(a, b)| chunk(a, b)).sum()
    }

    /// Products of two `i8` fit an `i16`; saying so lets the compiler use its
    /// multiply-and-add-pairs instruction.
    #[inline]
    fn chunk(a: &[i8; LANES], b: &[i8; LANES]) -> i32 {
        let mut sum = 0;
        for lane in 0..LANES {
            sum += i32::from(i16::from(a[lane]) * i16::from(b[lane]));
        }
        sum
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use super::LANES;
    use core::arch::wasm32::{
        i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i32x4_add, i32x4_dot_i16x8,
        i32x4_extract_lane, i32x4_splat, u64x2, v128,
    };

    #[inline]
    pub(super) fn dot(a: &[[i8; LANES]], b: &[[i8; LANES]]) -> i32 {
        let mut sum = i32x4_splat(0);
        for (a, b) in a.iter().zip(b) {
            let (a, b) = (load(a), load(b));
            let low = i32x4_dot_i16x8(i16x8_extend_low_i8x16(a), i16x8_extend_low_i8x16(b));
            let high = i32x4_dot_i16x8(i16x8_extend_high_i8x16(a), i16x8_extend_high_i8x16(b));
            sum = i32x4_add(sum, i32x4_add(low, high));
        }
        i32x4_extract_lane::<0>(sum)
            + i32x4_extract_lane::<1>(sum)
            + i32x4_extract_lane::<2>(sum)
            + i32x4_extract_lane::<3>(sum)
    }

    /// One 128-bit load, spelled without a pointer; the compiler folds it into one.
    #[inline]
    fn load(lanes: &[i8; LANES]) -> v128 {
        let bytes = lanes.map(i8::cast_unsigned);
        let half = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        u64x2(half(0), half(8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(a: &[i8], b: &[i8]) -> i32 {
        a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
    }

    fn pair() -> impl Strategy<Value = (Vec<i8>, Vec<i8>)> {
        (1_usize..=16).prop_flat_map(|chunks| {
            let vector = || proptest::collection::vec(any::<i8>(), chunks * LANES);
            (vector(), vector())
        })
    }

    proptest! {
        #[test]
        fn every_engine_matches_the_oracle((a, b) in pair()) {
            prop_assert_eq!(dot(&a, &b), naive(&a, &b));
            let (a_chunks, _) = a.as_chunks();
            let (b_chunks, _) = b.as_chunks();
            prop_assert_eq!(portable::dot(a_chunks, b_chunks), naive(&a, &b));
        }
    }

    #[test]
    fn the_extremes_do_not_overflow() {
        let low = [i8::MIN; 512];
        assert_eq!(dot(&low, &low), 512 * 128 * 128);
    }

    #[test]
    fn rows_are_visited_in_order() {
        let rows: Vec<i8> = (0..48).collect();
        let mut seen = Vec::new();
        dots(&[1; 16], &rows, |ix, dot| seen.push((ix, dot)));
        assert_eq!(seen, [(0, 120), (1, 376), (2, 632)]);
    }
}
