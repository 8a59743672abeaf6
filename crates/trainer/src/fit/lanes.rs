//! Loops over `f32` slices with the widest registers the machine has, chosen when the
//! program runs. Sums are kept in sixteen lanes, so their order does not depend on the width.

#![expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]

use pulp::{Arch, Simd, WithSimd};

const LANES: usize = 16;

/// Turns `row` into `exp(row − max)` and returns the sum.
pub(super) fn exp_shifted(arch: Arch, row: &mut [f32], max: f32) -> f32 {
    arch.dispatch(ExpShifted { row, max })
}

/// Adds `offsets` to `row` and returns the largest element.
pub(super) fn add_and_max(arch: Arch, row: &mut [f32], offsets: &[f32]) -> f32 {
    arch.dispatch(AddAndMax { row, offsets })
}

/// `row *= factor`, added to `sums` on the way.
pub(super) fn scale_and_sum(arch: Arch, row: &mut [f32], factor: f32, sums: &mut [f32]) {
    arch.dispatch(ScaleAndSum { row, factor, sums });
}

// Types of their own, not closures: a closure that only borrows is called through a shim that
// is compiled without the wide registers.

struct ExpShifted<'a> {
    row: &'a mut [f32],
    max: f32,
}

impl WithSimd for ExpShifted<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f32 {
        let mut sums = [0.0_f32; LANES];
        let (chunks, rest) = self.row.as_chunks_mut::<LANES>();
        for chunk in chunks {
            for (x, sum) in chunk.iter_mut().zip(&mut sums) {
                *x = exp(*x - self.max);
                *sum += *x;
            }
        }
        for x in rest.iter_mut() {
            *x = exp(*x - self.max);
            sums[0] += *x;
        }
        sums.iter().sum()
    }
}

struct AddAndMax<'a> {
    row: &'a mut [f32],
    offsets: &'a [f32],
}

impl WithSimd for AddAndMax<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f32 {
        let mut peaks = [f32::NEG_INFINITY; LANES];
        let (chunks, rest) = self.row.as_chunks_mut::<LANES>();
        let (offset_chunks, offset_rest) = self.offsets.as_chunks::<LANES>();
        for (chunk, offset) in chunks.iter_mut().zip(offset_chunks) {
            for ((x, o), peak) in chunk.iter_mut().zip(offset).zip(&mut peaks) {
                *x += o;
                *peak = if *x > *peak { *x } else { *peak };
            }
        }
        for (x, o) in rest.iter_mut().zip(offset_rest) {
            *x += o;
            peaks[0] = peaks[0].max(*x);
        }
        peaks.into_iter().fold(f32::NEG_INFINITY, f32::max)
    }
}

struct ScaleAndSum<'a> {
    row: &'a mut [f32],
    factor: f32,
    sums: &'a mut [f32],
}

impl WithSimd for ScaleAndSum<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (x, sum) in self.row.iter_mut().zip(self.sums) {
            *x *= self.factor;
            *sum += *x;
        }
    }
}

/// `exp(x)` for `x ≤ 88`, relative error below 3e-7; below −87 it gives about 1e-38. Range
/// reduction by a power of two, then the polynomial of Cephes' `expf` (Moshier 1989).
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it rounds to an integer that stands in the low bits of the mantissa.
    const ROUND: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let power = shifted - ROUND;
    let r = x - power * 0.693_359_4 - power * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 5.0e-1;
    let fraction = p * r * r + r + 1.0;
    let exponent = shifted.to_bits().wrapping_add(127) << 23;
    fraction * f32::from_bits(exponent)
}

/// The dot product of two vectors of the same length.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// `to += factor · from`.
#[inline(always)]
pub(super) fn add_scaled(to: &mut [f32], factor: f32, from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small integers")]
    fn exp_is_accurate_over_its_range() {
        for step in 0..100_000 {
            let x = -87.0 + step as f32 * 0.00175;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn a_softmax_row_sums_to_one() {
        let mut row: Vec<f32> = (0..37_u8).map(|x| f32::from(x % 7)).collect();
        let max = add_and_max(Arch::new(), &mut row, &[0.5; 37]);
        assert!((max - 6.5).abs() < 1e-6);
        let sum = exp_shifted(Arch::new(), &mut row, max);
        let mut sums = vec![0.0; 37];
        scale_and_sum(Arch::new(), &mut row, 1.0 / sum, &mut sums);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(row, sums);
    }
}
