//! Dot products of `i8` vectors, summed in `i32`: exact, so the order of the sum and the
//! width of the machine's registers cannot show.

/// Lanes of one 128-bit load; every vector's length is a multiple of it.
const LANES: usize = 16;

/// The dot product of two vectors of the same length, a multiple of 16. Elements past a
/// multiple of 16 or past the shorter vector do not count.
pub fn dot(a: &[i8], b: &[i8]) -> i32 {
    let (a, _) = a.as_chunks();
    engine::dot(a.iter().map(engine::widen), b)
}

pub(super) type Wide = engine::Wide;

/// A vector, ready to be multiplied many times.
pub(super) fn widened(query: &[i8]) -> Vec<Wide> {
    let (chunks, _) = query.as_chunks();
    chunks.iter().map(engine::widen).collect()
}

/// The dot product of a widened vector and a row.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call a row costs as much as the product")]
pub(super) fn dot_wide(query: &[Wide], row: &[i8]) -> i32 {
    engine::dot(query.iter().copied(), row)
}

/// The dot products of a widened vector and four rows: what is left of each row is summed up for
/// all four together, which is a fifth of the work.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call costs as much as the products")]
pub(super) fn four_wide<const N: usize>(query: &[Wide], rows: &[[i8; N]; 4]) -> [i32; 4] {
    engine::four(query, rows)
}

/// The dot product of `query` and every row of `rows` (`[n_rows, dim]`, row-major), in order.
///
/// # Panics
/// If `query` is empty.
pub fn dots(query: &[i8], rows: &[i8]) -> Vec<i32> {
    let wide = widened(query);
    rows.chunks_exact(query.len()).map(|row| dot_wide(&wide, row)).collect()
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable as engine;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128 as engine;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub(super) use simd128::lanes;

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod portable {
    use super::LANES;

    const HALF: usize = LANES / 2;

    /// Sixteen lanes of one side, ready to be multiplied.
    pub(crate) type Wide = [i16; LANES];

    pub(super) fn widen(chunk: &[i8; LANES]) -> Wide {
        chunk.map(i16::from)
    }

    /// Two halves that meet in eight sums are what compilers know as "multiply `i16`, add
    /// pairs" (`pmaddwd`, `smlal`). One running sum, or neighbours in pairs, takes twice to
    /// eight times as long on x86-64.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call a row costs as much as the product")]
    pub(super) fn dot(wide: impl Iterator<Item = Wide>, row: &[i8]) -> i32 {
        let (row, _) = row.as_chunks::<LANES>();
        let mut sums = [0; HALF];
        for (a, b) in wide.zip(row) {
            for lane in 0..HALF {
                let low = i32::from(a[lane]) * i32::from(b[lane]);
                let high = i32::from(a[lane + HALF]) * i32::from(b[lane + HALF]);
                sums[lane] += low + high;
            }
        }
        sums.iter().sum()
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the products")]
    pub(super) fn four<const N: usize>(wide: &[Wide], rows: &[[i8; N]; 4]) -> [i32; 4] {
        rows.each_ref().map(|row| dot(wide.iter().copied(), row))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use super::LANES;
    use core::arch::wasm32::{
        i16x8_extend_low_i8x16, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shuffle,
        i32x4_splat, u64x2, v128,
    };

    /// Sixteen lanes of one side as `i16`: the low eight, the high eight.
    pub(crate) type Wide = [v128; 2];

    #[inline]
    pub(super) fn widen(chunk: &[i8; LANES]) -> Wide {
        let (halves, _) = chunk.as_chunks();
        std::array::from_fn(|half| extended(&halves[half]))
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call a row costs as much as the product")]
    pub(super) fn dot(wide: impl Iterator<Item = Wide>, row: &[i8]) -> i32 {
        lanes(quarters(wide, row)).iter().sum()
    }

    /// Sums of one row meet those of the others: two and two, then all.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the products")]
    pub(super) fn four<const N: usize>(wide: &[Wide], rows: &[[i8; N]; 4]) -> [i32; 4] {
        let [a, b, c, d] = rows.each_ref().map(|row| quarters(wide.iter().copied(), row));
        let ab = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let cd = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        let low = i32x4_shuffle::<0, 1, 4, 5>(ab, cd);
        lanes(i32x4_add(low, i32x4_shuffle::<2, 3, 6, 7>(ab, cd)))
    }

    /// The dot product in four parts.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call a row costs as much as the product")]
    fn quarters(wide: impl Iterator<Item = Wide>, row: &[i8]) -> v128 {
        let (row, _) = row.as_chunks();
        wide.zip(row).fold(i32x4_splat(0), |sum, ([low, high], chunk)| {
            let [row_low, row_high] = widen(chunk);
            let pairs = i32x4_add(i32x4_dot_i16x8(low, row_low), i32x4_dot_i16x8(high, row_high));
            i32x4_add(sum, pairs)
        })
    }

    #[inline]
    pub(crate) fn lanes(of: v128) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(of),
            i32x4_extract_lane::<1>(of),
            i32x4_extract_lane::<2>(of),
            i32x4_extract_lane::<3>(of),
        ]
    }

    /// One load that extends eight bytes, spelled without a pointer; the compiler folds it into
    /// one. To load sixteen and extend them by halves takes a quarter longer.
    #[inline]
    fn extended(half: &[i8; 8]) -> v128 {
        i16x8_extend_low_i8x16(u64x2(u64::from_le_bytes(half.map(i8::cast_unsigned)), 0))
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
            let (chunks, _) = a.as_chunks();
            let wide = chunks.iter().map(portable::widen);
            prop_assert_eq!(portable::dot(wide, &b), naive(&a, &b));
        }

        #[test]
        fn four_rows_are_four_products(codes in proptest::collection::vec(any::<i8>(), 5 * 64)) {
            let (query, rows) = codes.split_at(64);
            let (rows, _) = rows.as_chunks::<64>();
            let rows: [[i8; 64]; 4] = std::array::from_fn(|at| rows[at]);
            let expected = rows.map(|row| naive(query, &row));
            prop_assert_eq!(four_wide(&widened(query), &rows), expected);
            let (chunks, _) = query.as_chunks();
            let wide: Vec<_> = chunks.iter().map(portable::widen).collect();
            prop_assert_eq!(portable::four(&wide, &rows), expected);
        }

        #[test]
        fn a_scan_matches_the_oracle((query, row) in pair(), n_rows in 0_usize..4) {
            let rows: Vec<i8> = (0..n_rows).flat_map(|turn| {
                let mut turned = row.clone();
                turned.rotate_left(turn);
                turned
            }).collect();
            let expected: Vec<i32> =
                rows.chunks(row.len()).map(|row| naive(&query, row)).collect();
            prop_assert_eq!(dots(&query, &rows), expected);
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
        assert_eq!(dots(&[1; 16], &rows), [120, 376, 632]);
    }
}
