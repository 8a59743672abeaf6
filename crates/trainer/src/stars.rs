//! On what scale does a shop rate? What a fit sees of ratings, and how its answer is told in the
//! shop's own units.

use serde::{Deserialize, Serialize};

/// The standard deviation of ratings from 1 to 5, as `MovieLens` has them: what is known to be a
/// good rate or ridge is known of stars.
pub const DEVIATION: f64 = 1.125;

/// Where ratings lie, and how far apart. A fit sees `(r − mean) / star`, so its settings mean
/// the same whether a shop rates from 1 to 5 or from 0 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatingScale {
    /// The mean of all ratings.
    pub mean: f64,
    /// Their standard deviation divided by [`DEVIATION`], in the same units; 0 where all are
    /// equal, and only there.
    pub star: f64,
}

impl RatingScale {
    /// The scale of these ratings; `None` where there are none.
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    pub fn of(ratings: &[f32]) -> Option<Self> {
        let first = ratings.first()?;
        // The mean of equal ratings may be off in its last bit, and they would differ then.
        if ratings.iter().all(|rating| rating.total_cmp(first).is_eq()) {
            return Some(Self { mean: f64::from(*first), star: 0.0 });
        }
        let each = || ratings.iter().map(|&rating| f64::from(rating));
        let n = ratings.len() as f64;
        let mean = each().sum::<f64>() / n;
        let squares: f64 = each().map(|rating| (rating - mean).powi(2)).sum();
        Some(Self { mean, star: (squares / n).sqrt() / DEVIATION })
    }

    /// How many stars a rating is above the mean.
    #[expect(clippy::cast_possible_truncation, reason = "a few stars")]
    pub fn stars(self, rating: f32) -> f32 {
        ((f64::from(rating) - self.mean) / self.star) as f32
    }

    /// The rating that is so many stars above the mean, in the shop's own units.
    pub fn rating(self, stars: f32) -> f64 {
        self.mean + self.star * f64::from(stars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_comes_and_goes() {
        for (low, high) in [(1.0_f32, 5.0), (0.0, 1000.0), (-1e30, 1e30), (1e-30, 3e-30)] {
            let scale = RatingScale::of(&[low, high]).unwrap();
            assert!((scale.stars(low) + 1.125).abs() < 1e-6, "{scale:?}");
            let back = scale.rating(scale.stars(high));
            assert!((back / f64::from(high) - 1.0).abs() < 1e-6, "{scale:?}: {back}");
        }
        // Ten tenths do not add up to ten times the tenth.
        let equal = RatingScale::of(&[0.1; 10]).unwrap();
        assert_eq!(equal, RatingScale { mean: 0.1_f32.into(), star: 0.0 });
        assert_eq!(RatingScale::of(&[]), None);
    }
}
