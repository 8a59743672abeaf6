//! Is this cheap or dear, in this shop?

/// Bands a scale is cut into.
const N_BANDS: usize = 8;

/// A scale cut into bands that hold about the same number of items each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bands {
    /// The smallest number of each band but the first, ascending.
    edges: Vec<f64>,
}

impl Bands {
    /// Cuts at the eighths of the numbers; equal numbers stand in one band, so few distinct
    /// numbers make fewer bands. Numbers that are not finite are left out.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> =
            numbers.into_iter().filter(|number| number.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut edges: Vec<f64> = (1..N_BANDS)
            .filter_map(|nth| sorted.get(sorted.len() * nth / N_BANDS).copied())
            .collect();
        edges.dedup();
        edges.retain(|edge| Some(edge) != sorted.first());
        Self { edges }
    }

    /// Bands with these edges, the smallest number of each but the first; `None` unless they
    /// are finite, ascending, and at most seven.
    pub fn with_edges(edges: Vec<f64>) -> Option<Self> {
        let is_sound = edges.len() < N_BANDS
            && edges.iter().all(|edge| edge.is_finite())
            && edges.windows(2).all(|pair| pair[0] < pair[1]);
        is_sound.then_some(Self { edges })
    }

    /// The smallest number of each band but the first, ascending.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The band of a number, from 0; `None` where all numbers are one.
    pub fn band(&self, number: f64) -> Option<usize> {
        (!self.edges.is_empty()).then(|| self.edges.partition_point(|edge| *edge <= number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_hold_as_many_each() {
        let bands = Bands::of((0..80).map(f64::from));
        let mut sizes = [0; N_BANDS];
        for number in 0..80 {
            sizes[bands.band(f64::from(number)).unwrap()] += 1;
        }
        assert_eq!(sizes, [10; N_BANDS]);
        assert_eq!(bands.band(-5.0), Some(0));
        assert_eq!(bands.band(1e9), Some(7));
    }

    #[test]
    fn one_price_says_nothing_and_two_make_two_bands() {
        assert_eq!(Bands::of([5.0; 30]).band(5.0), None);
        assert_eq!(Bands::of([]).band(5.0), None);
        assert_eq!(Bands::of([f64::NAN, 5.0]).band(5.0), None);
        let bands = Bands::of([5.0, 5.0, 5.0, 9.0, 9.0, 9.0]);
        assert_eq!((bands.band(5.0), bands.band(9.0)), (Some(0), Some(1)));
    }
}
