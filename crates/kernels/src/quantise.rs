//! Floats to a few bits and back. Only the direction of a vector matters to the score, so
//! no scale is stored with an item: its inverse norm is computed when the file is loaded.

/// How many bits one coordinate of an item vector takes in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeWidth {
    /// Four bits: codes −7 to 7, two coordinates a byte.
    Four,
    /// Eight bits: codes −127 to 127.
    Eight,
}

impl CodeWidth {
    /// Bits a coordinate.
    pub fn bits(self) -> u8 {
        match self {
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The width of so many bits; `None` unless 4 or 8.
    pub fn from_bits(bits: u8) -> Option<Self> {
        [Self::Four, Self::Eight].into_iter().find(|width| width.bits() == bits)
    }

    /// The largest code.
    pub fn limit(self) -> i8 {
        match self {
            Self::Four => 7,
            Self::Eight => 127,
        }
    }
}

/// Rounds `vector` to codes of at most `limit`, the largest coordinate (divided by
/// `clip`, 0–1: smaller cuts the peaks and refines the rest) becoming `limit`. Returns the
/// codes; a zero vector gives zeros.
pub fn quantise(vector: &[f32], limit: i8, clip: f32) -> Vec<i8> {
    let peak = vector.iter().fold(0.0_f32, |peak, x| peak.max(x.abs())) * clip;
    if peak == 0.0 || !peak.is_finite() {
        return vec![0; vector.len()];
    }
    let limit = f32::from(limit);
    vector.iter().map(|x| to_code(x * (limit / peak), limit)).collect()
}

/// How much of a vector's largest coordinate may be cut off to refine the others.
const CLIPS: [f32; 12] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45];

/// Rounds `vector` to codes of this width that point closest to where it points: of several
/// clips the best.
pub fn quantise_along(vector: &[f32], width: CodeWidth) -> Vec<i8> {
    let mut best = (f32::NEG_INFINITY, vec![0; vector.len()]);
    for clip in CLIPS {
        let codes = quantise(vector, width.limit(), clip);
        let alignment = alignment(vector, &codes);
        if alignment.total_cmp(&best.0).is_ge() {
            best = (alignment, codes);
        }
    }
    best.1
}

/// The cosine of codes with the vector they stand for, but for the vector's own length.
pub fn alignment(vector: &[f32], codes: &[i8]) -> f32 {
    let dot = vector.iter().zip(codes).fold(0.0, |sum, (x, &code)| sum + x * f32::from(code));
    let squares = codes.iter().fold(0.0, |sum, &code| sum + f32::from(code) * f32::from(code));
    if squares == 0.0 { f32::NEG_INFINITY } else { dot / squares.sqrt() }
}

/// Rounds `vector` to eight bits for the scan. Returns the codes and the factor that turns
/// a code back into a coordinate.
pub fn quantise_i8(vector: &[f32]) -> (Vec<i8>, f32) {
    let peak = vector.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    (quantise(vector, 127, 1.0), peak / 127.0)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of a code first")]
fn to_code(x: f32, limit: f32) -> i8 {
    // Not `clamp`: its panic prints floats, and what prints floats is a sixth of the module.
    let code = libm::roundf(x);
    if code > limit {
        limit as i8
    } else if code < -limit {
        -limit as i8
    } else {
        code as i8
    }
}

/// `1 / |codes|`, or 0 for a zero vector. The sum of squares is an integer and the square
/// root is exact to the last bit in IEEE 754, so every machine gets the same.
#[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
pub fn inverse_norm(codes: &[i8]) -> f32 {
    let squares: i32 = codes.iter().map(|&code| i32::from(code) * i32::from(code)).sum();
    if squares == 0 { 0.0 } else { 1.0 / (squares as f32).sqrt() }
}

/// Two four-bit codes a byte, the first in the low half. A code is stored as its two's
/// complement; an odd last code stands alone.
pub fn pack_nibbles(codes: &[i8]) -> Vec<u8> {
    let nibble = |code: i8| code.cast_unsigned() & 0x0F;
    codes
        .chunks(2)
        .map(|pair| nibble(pair[0]) | pair.get(1).map_or(0, |&high| nibble(high) << 4))
        .collect()
}

/// The inverse of [`pack_nibbles`], appended to `codes`.
pub fn unpack_nibbles(bytes: &[u8], codes: &mut Vec<i8>) {
    let start = codes.len();
    // Room first, then pairs in place: many bytes at a time, where an iterator of pairs would
    // ask for room at every code.
    codes.resize(start + 2 * bytes.len(), 0);
    let (pairs, _) = codes[start..].as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        let byte = byte.cast_signed();
        *pair = [(byte << 4) >> 4, byte >> 4];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nibbles_round_trip(codes in proptest::collection::vec(-8_i8..8, 0..64)) {
            let even = &codes[..codes.len() & !1];
            let mut back = vec![9];
            unpack_nibbles(&pack_nibbles(even), &mut back);
            prop_assert_eq!(&back[1..], even, "appended");
            prop_assert_eq!(back[0], 9);
        }

        #[test]
        fn eight_bits_keep_every_coordinate_within_half_a_step(
            vector in proptest::collection::vec(-3.0_f32..3.0, 1..64),
        ) {
            let (codes, step) = quantise_i8(&vector);
            for (x, code) in vector.iter().zip(codes) {
                prop_assert!((x - f32::from(code) * step).abs() <= step * 0.501 + 1e-7);
            }
        }
    }

    #[test]
    fn four_bits_use_the_whole_range() {
        assert_eq!(quantise(&[-2.0, 1.0, 0.1, 2.0], 7, 1.0), [-7, 4, 0, 7]);
        assert_eq!(quantise(&[-2.0, 1.0, 0.1, 2.0], 7, 0.5), [-7, 7, 1, 7]);
        assert_eq!(quantise(&[0.0; 3], 7, 1.0), [0; 3]);
        assert_eq!(quantise(&[f32::NAN, f32::INFINITY], 7, 1.0), [0; 2]);
    }

    #[test]
    fn inverse_norm_of_codes() {
        assert!((inverse_norm(&[3, 4]) - 0.2).abs() < 1e-7);
        assert!(inverse_norm(&[0, 0]).abs() < f32::EPSILON);
    }
}
