use super::visits::distinct;
use super::{Score, Visits};

/// Visits seen with both items are divided by the root of each item's visits plus this, so
/// that two rare items are not alike for one visit.
const SHRINKAGE: f64 = 20.0;

/// How item-kNN looks for what is alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemKnnSettings {
    /// Items that are alike to one item; the others score nothing.
    pub neighbours: usize,
    /// How many of the shopper's newest steps are asked.
    pub last: usize,
}

impl Default for ItemKnnSettings {
    fn default() -> Self {
        Self { neighbours: 100, last: 1 }
    }
}

/// What goes with it: items are alike by the cosine of the visits they occur in (Sarwar et
/// al. 2001), `c_ij / √((c_i + λ)(c_j + λ))` with `c` counting visits and λ = 20, as the
/// session-rec experiments shrink it (Ludewig & Jannach 2018). An item's score is the sum of
/// its likeness to the shopper's last items.
#[derive(Debug, Clone)]
pub struct ItemKnn<'a> {
    visits: &'a Visits,
    settings: ItemKnnSettings,
}

impl<'a> ItemKnn<'a> {
    /// Likeness is counted when it is asked for; there is nothing to build.
    pub fn new(visits: &'a Visits, settings: ItemKnnSettings) -> Self {
        Self { visits, settings }
    }

    /// The items nearest to `item` with their likeness, best first, ties by number.
    #[expect(clippy::cast_precision_loss, reason = "counts of visits")]
    fn neighbours(&self, item: u32) -> Vec<(u32, f64)> {
        let support = |item: u32| self.visits.with_item(item).len() as f64 + SHRINKAGE;
        let visits = self.visits.with_item(item).iter();
        let mut met: Vec<u32> =
            visits.flat_map(|&visit| distinct(&self.visits.steps()[visit as usize])).collect();
        met.sort_unstable();
        let alike = met.chunk_by(u32::eq).filter(|same| same[0] != item).map(|same| {
            let likeness = same.len() as f64 / (support(item) * support(same[0])).sqrt();
            (same[0], likeness)
        });
        let mut alike: Vec<(u32, f64)> = alike.collect();
        alike.sort_by(|one, other| other.1.total_cmp(&one.1));
        alike.truncate(self.settings.neighbours);
        alike
    }
}

impl Score for ItemKnn<'_> {
    fn score(&self, steps: &[u32], scores: &mut [f64]) {
        let from = steps.len().saturating_sub(self.settings.last);
        for item in distinct(&steps[from..]) {
            for (other, likeness) in self.neighbours(item) {
                scores[other as usize] += likeness;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::tests::{assert_close, log, scores};

    #[test]
    fn likeness_is_the_shrunken_cosine() {
        let visits = Visits::new(&log(&[&[0, 1, 1], &[0, 1, 2], &[0, 2], &[1]]), None);
        let knn = ItemKnn::new(&visits, ItemKnnSettings::default());
        // Items 0, 1, 2 occur in 3, 3, 2 visits; 0 meets 1 twice and 2 twice.
        let with_1 = 2.0 / (23.0_f64 * 23.0).sqrt();
        let with_2 = 2.0 / (23.0_f64 * 22.0).sqrt();
        assert_close(&scores(&knn, &[2, 0])[..3], &[0.0, with_1, with_2]);
        let nearest = ItemKnnSettings { neighbours: 1, last: 1 };
        assert_close(&scores(&ItemKnn::new(&visits, nearest), &[0])[..3], &[0.0, 0.0, with_2]);
    }

    #[test]
    fn several_last_items_add_up() {
        let visits = Visits::new(&log(&[&[0, 2], &[1, 2], &[1, 3]]), None);
        let knn = ItemKnn::new(&visits, ItemKnnSettings { neighbours: 9, last: 2 });
        let likeness = |both: f64, a: f64, b: f64| both / ((a + 20.0) * (b + 20.0)).sqrt();
        let expected =
            [0.0, 0.0, likeness(1.0, 1.0, 2.0) + likeness(1.0, 2.0, 2.0), likeness(1.0, 2.0, 1.0)];
        assert_close(&scores(&knn, &[3, 0, 1])[..4], &expected);
    }
}
