use mercer::kernels::{CodeWidth, quantise_along};
use ndarray::Array2;

/// Rounds every row of `vectors`, `[n_items, dim]`, to codes of the given width, row-major.
/// Only directions matter, so each row takes the clip whose codes point closest to it.
pub fn codes(vectors: &Array2<f32>, width: CodeWidth) -> Vec<i8> {
    vectors.rows().into_iter().flat_map(|row| quantise_along(&row.to_vec(), width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::kernels::alignment;
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
