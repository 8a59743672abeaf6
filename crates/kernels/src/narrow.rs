//! Four rows of small codes against a direction, where the runtime multiplies bytes: with
//! WebAssembly's relaxed SIMD. Elsewhere there is nothing here, and every row goes through
//! [`dot`](super::dot).

#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
pub(super) use none::Narrow;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub(super) use relaxed::Narrow;

/// Coordinates of a row.
pub(super) const DIM: usize = 64;

#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod none {
    use super::DIM;
    use crate::CodeWidth;

    /// Nothing of the kind.
    #[derive(Debug)]
    pub(crate) enum Narrow {}

    impl Narrow {
        pub(crate) fn of(_: &[i8], _: CodeWidth) -> Option<Self> {
            None
        }

        pub(crate) fn four(&self, _: &[[i8; DIM]; 4]) -> [i32; 4] {
            match *self {}
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod relaxed {
    use super::DIM;
    use crate::CodeWidth;
    use crate::dot::lanes;
    use core::arch::wasm32::{
        i8x16_add, i8x16_splat, i16x8_add, i16x8_relaxed_dot_i8x16_i7x16, i16x8_splat, i32x4_add,
        i32x4_extadd_pairwise_i16x8, i32x4_shuffle, i32x4_splat, i32x4_sub, u64x2, v128,
    };

    const LANES: usize = 16;
    /// Brings the codes of four bits, −8 to 7, to 0 to 15.
    const SHIFT: i8 = 8;

    /// A direction of 64 coordinates for rows of four-bit codes.
    ///
    /// What is relaxed is what machines do with bytes of more than seven bits on the right and
    /// with sums of pairs beyond 16 bits. Neither occurs: codes are shifted to 0 to 15, so a pair
    /// is at most 2 · 128 · 15 = 3,840, the four pairs of a lane 15,360, and two lanes 30,720. So
    /// the sums are the same integers on every machine, and those of [`dot`](crate::dot) once the
    /// shift, `SHIFT · Σ query`, is taken off again.
    #[derive(Debug)]
    pub(crate) struct Narrow {
        query: [v128; DIM / LANES],
        shift: v128,
        shifted: v128,
    }

    impl Narrow {
        /// `None` where the codes are wider or the direction is not of 64 coordinates.
        pub(crate) fn of(query: &[i8], width: CodeWidth) -> Option<Self> {
            let query = query.as_array::<DIM>().filter(|_| width == CodeWidth::Four)?;
            let sum: i32 = query.iter().map(|&code| i32::from(code)).sum();
            let (chunks, _) = query.as_chunks();
            Some(Self {
                query: std::array::from_fn(|at| loaded(&chunks[at])),
                shift: i8x16_splat(SHIFT),
                shifted: i32x4_splat(i32::from(SHIFT) * sum),
            })
        }

        /// The dot products of the direction and four rows.
        #[inline(always)]
        #[expect(clippy::inline_always, reason = "a call costs as much as the products")]
        pub(crate) fn four(&self, rows: &[[i8; DIM]; 4]) -> [i32; 4] {
            let [a, b, c, d] = rows.each_ref().map(|row| self.eighths(row));
            let (ab, cd) = (met(a, b), met(c, d));
            let low = i32x4_shuffle::<0, 1, 4, 5>(ab, cd);
            let sums = i32x4_add(low, i32x4_shuffle::<2, 3, 6, 7>(ab, cd));
            lanes(i32x4_sub(sums, self.shifted))
        }

        /// The shifted dot product in eight parts.
        #[inline(always)]
        #[expect(clippy::inline_always, reason = "a call a row costs as much as the product")]
        fn eighths(&self, row: &[i8; DIM]) -> v128 {
            let (chunks, _) = row.as_chunks();
            self.query.iter().zip(chunks).fold(i16x8_splat(0), |sum, (&query, chunk)| {
                let codes = i8x16_add(loaded(chunk), self.shift);
                i16x8_add(sum, i16x8_relaxed_dot_i8x16_i7x16(query, codes))
            })
        }
    }

    /// Two rows' eight parts each become two of each row, in turn.
    #[inline]
    fn met(a: v128, b: v128) -> v128 {
        let (low, high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        i32x4_extadd_pairwise_i16x8(i16x8_add(low, high))
    }

    /// One load, spelled without a pointer.
    #[inline]
    fn loaded(chunk: &[i8; LANES]) -> v128 {
        let (halves, _) = chunk.as_chunks::<8>();
        let half = |at: usize| u64::from_le_bytes(halves[at].map(i8::cast_unsigned));
        u64x2(half(0), half(1))
    }
}
