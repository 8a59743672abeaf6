//! How rows of numbers stand in a file: one byte behind a step, or behind a ratio.
#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::layout::MAX_WEIGHT;
use crate::kernels::{CodeWidth, unpack_nibbles};

/// The rule that is broken, in words.
pub(super) type Rule = &'static str;

/// Said of a number that a file may not hold.
pub(super) const UNUSABLE: Rule = "a number is not a usable weight";

/// Whether every number is finite and at most [`MAX_WEIGHT`] in magnitude.
pub(super) fn usable(weights: &[f32]) -> bool {
    weights.iter().all(|x| x.is_finite() && x.abs() <= MAX_WEIGHT)
}

/// The factor behind a row of codes: above 0, at most [`MAX_WEIGHT`].
pub(super) fn step(cursor: &mut Cursor<'_>) -> Result<f32, Rule> {
    let step = cursor.f32().ok_or("no step")?;
    if step > 0.0 && step <= MAX_WEIGHT { Ok(step) } else { Err("the step is not a usable weight") }
}

/// The lengths of `n` vectors, one byte each: 0 for no length, otherwise
/// `shortest · exp((code − 1) · ratio)`.
pub(super) fn lengths(cursor: &mut Cursor<'_>, n: usize) -> Result<Vec<f32>, Rule> {
    let shortest = step(cursor)?;
    let ratio = cursor.f32().ok_or("no ratio")?;
    let longest = shortest * libm::expf(254.0 * ratio);
    if !(ratio >= 0.0 && longest <= MAX_WEIGHT) {
        return Err("the ratio is not a usable weight");
    }
    let mut table = [0.0; 256];
    for (length, code) in table.iter_mut().skip(1).zip(0_u8..) {
        *length = shortest * libm::expf(f32::from(code) * ratio);
    }
    let codes = cursor.take(n).ok_or("not one length a vector")?;
    let length = |&code: &u8| table.get(usize::from(code)).copied().unwrap_or(0.0);
    Ok(codes.iter().map(length).collect())
}

/// `n_codes` codes of the given width, which are all that is left.
pub(super) fn codes(cursor: Cursor<'_>, width: CodeWidth, n_codes: usize) -> Option<Vec<i8>> {
    let bytes = cursor.rest();
    match width {
        CodeWidth::Four if bytes.len() == n_codes.div_ceil(2) => {
            let mut codes = Vec::with_capacity(n_codes);
            unpack_nibbles(bytes, &mut codes);
            Some(codes)
        }
        CodeWidth::Eight if bytes.len() == n_codes => {
            Some(bytes.iter().map(|byte| byte.cast_signed()).collect())
        }
        _ => None,
    }
}

/// Whether every code is within its width. Two's complement reaches one further down than
/// up; to look at every code is faster than to stop at the first.
pub(super) fn within(codes: &[i8], width: CodeWidth) -> bool {
    let lowest = codes.iter().fold(0, |lowest: i8, &code| lowest.min(code));
    lowest >= width.limit().saturating_neg()
}
