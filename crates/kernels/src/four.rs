//! Four floats side by side, for what compilers do not see is one instruction. Every operation is
//! that of single floats, four times.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use portable::Four;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Four;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use core::arch::wasm32::{
        f32x4, f32x4_add, f32x4_convert_i32x4, f32x4_extract_lane, f32x4_mul, f32x4_pmax,
        f32x4_splat, i32x4, v128,
    };

    #[derive(Clone, Copy)]
    pub(crate) struct Four(v128);

    impl Four {
        #[inline]
        pub(crate) fn all(x: f32) -> Self {
            Self(f32x4_splat(x))
        }

        #[inline]
        pub(crate) fn of(&[a, b, c, d]: &[f32; 4]) -> Self {
            Self(f32x4(a, b, c, d))
        }

        #[inline]
        pub(crate) fn of_integers([a, b, c, d]: [i32; 4]) -> Self {
            Self(f32x4_convert_i32x4(i32x4(a, b, c, d)))
        }

        #[inline]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline]
        pub(crate) fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        /// Of each two the greater; the first where one of them is no number.
        #[inline]
        pub(crate) fn greater(self, other: Self) -> Self {
            Self(f32x4_pmax(self.0, other.0))
        }

        #[inline]
        pub(crate) fn each(self) -> [f32; 4] {
            [
                f32x4_extract_lane::<0>(self.0),
                f32x4_extract_lane::<1>(self.0),
                f32x4_extract_lane::<2>(self.0),
                f32x4_extract_lane::<3>(self.0),
            ]
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    #[derive(Clone, Copy)]
    pub(crate) struct Four([f32; 4]);

    impl Four {
        #[inline]
        pub(crate) fn all(x: f32) -> Self {
            Self([x; 4])
        }

        #[inline]
        pub(crate) fn of(four: &[f32; 4]) -> Self {
            Self(*four)
        }

        #[inline]
        #[expect(clippy::cast_precision_loss, reason = "dot products stay below 2^24")]
        pub(crate) fn of_integers(four: [i32; 4]) -> Self {
            Self(four.map(|x| x as f32))
        }

        #[inline]
        pub(crate) fn plus(self, other: Self) -> Self {
            self.with(other, |a, b| a + b)
        }

        #[inline]
        pub(crate) fn times(self, other: Self) -> Self {
            self.with(other, |a, b| a * b)
        }

        /// Of each two the greater; the first where one of them is no number.
        #[inline]
        pub(crate) fn greater(self, other: Self) -> Self {
            self.with(other, |a, b| if a < b { b } else { a })
        }

        #[inline]
        pub(crate) fn each(self) -> [f32; 4] {
            self.0
        }

        #[inline]
        fn with(self, other: Self, both: impl Fn(f32, f32) -> f32) -> Self {
            Self(std::array::from_fn(|lane| both(self.0[lane], other.0[lane])))
        }
    }
}
