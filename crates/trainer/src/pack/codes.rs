use mercer::kernels::{CodeWidth, quantise};
use ndarray::Array2;

/// How much of a vector's largest coordinate may be cut off to refine the others.
const CLIPS: [f32; 12] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45];

/// Rounds every row of `vectors`, `[n_items, dim]`, to codes of the given width, row-major.
/// Only directions matter, so each row takes the clip whose codes point closest to it.
pub fn codes(vectors: &Array2<f32>, width: CodeWidth) -> Vec<i8> {
    let row_codes = |row: &[f32]| -> Vec<i8> {
        let tries = CLIPS.into_iter().map(|clip| quantise(row, width.limit(), clip));
        let scored = tries.map(|codes| (alignment(row, &codes), codes));
        scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, codes)| codes).unwrap_or_default()
    };
    vectors.rows().into_iter().flat_map(|row| row_codes(&row.to_vec())).collect()
}

/// The cosine of codes with the row they stand for, but for the row's own length.
fn alignment(row: &[f32], codes: &[i8]) -> f32 {
    let dot: f32 = row.iter().zip(codes).map(|(x, &code)| x * f32::from(code)).sum();
    let squares: f32 = codes.iter().map(|&code| f32::from(code) * f32::from(code)).sum();
    if squares == 0.0 { f32::NEG_INFINITY } else { dot / squares.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::rng::Rng;

    #[test]
    #[expect(clippy::cast_possible_truncation, reason = "noise needs no precision")]
    fn codes_point_where_the_vectors_point() {
        let mut rng = Rng::new(4);
        let vectors = Array2::from_shape_simple_fn((50, 64), || rng.normal() as f32);
        for (width, least) in [(CodeWidth::Four, 0.985), (CodeWidth::Eight, 0.999_95)] {
            let codes = codes(&vectors, width);
            for (row, codes) in vectors.rows().into_iter().zip(codes.chunks(64)) {
                let row = row.to_vec();
                let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
                assert!(alignment(&row, codes) / length > least);
            }
        }
    }

    #[test]
    fn a_zero_vector_has_zero_codes() {
        assert_eq!(codes(&Array2::zeros((1, 16)), CodeWidth::Four), vec![0; 16]);
    }
}
