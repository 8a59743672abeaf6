use mercer::rng::Rng;

/// The candidates that all examples of a step share.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    /// The items, in drawing order; an item may stand there more than once.
    pub(super) items: Vec<u32>,
    /// What is added to the logit of each: minus the log of its expected count in the draw.
    pub(super) offsets: Vec<f32>,
    /// The columns of each item, as a chain: `first[item]`, then `next[column]`.
    first: Vec<u32>,
    next: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Shared {
    /// Calls `each` with every column of `item`.
    pub(super) fn columns(&self, item: u32, mut each: impl FnMut(usize)) {
        let mut column = self.first[item as usize];
        while column != NONE {
            each(column as usize);
            column = self.next[column as usize];
        }
    }
}

/// Draws shared negatives with probability ∝ (count + 1)^½, with replacement; takes all
/// items, uncorrected, where they are no more than the draw. Items without an event are never
/// drawn: nobody has passed them over.
#[derive(Debug, Clone)]
pub(super) struct Sampler {
    cumulative: Vec<f64>,
    log_expected: Vec<f32>,
    shared: Shared,
    /// The last item that may be drawn: rounding must not lead beyond it.
    last: usize,
    draws: Option<usize>,
}

impl Sampler {
    #[expect(clippy::cast_possible_truncation, reason = "logits are f32")]
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub(super) fn new(counts: &[u32], negatives: usize) -> Self {
        let weight = |n: u32| if n == 0 { 0.0 } else { (f64::from(n) + 1.0).sqrt() };
        let weights: Vec<f64> = counts.iter().map(|&n| weight(n)).collect();
        let total: f64 = weights.iter().sum();
        let expected = |weight: &f64| (weight / total * negatives as f64).ln() as f32;
        let cumulative = weights.iter().scan(0.0, |sum, weight| {
            *sum += weight / total;
            Some(*sum)
        });
        let shared = Shared {
            items: Vec::new(),
            offsets: Vec::new(),
            first: vec![NONE; counts.len()],
            next: Vec::new(),
        };
        let mut sampler = Self {
            cumulative: cumulative.collect(),
            log_expected: weights.iter().map(expected).collect(),
            shared,
            last: weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0),
            draws: (negatives < counts.len()).then_some(negatives),
        };
        if sampler.draws.is_none() {
            sampler.take_all(counts);
        }
        sampler
    }

    /// How many candidates the examples of a step share.
    pub(super) fn n_columns(&self) -> usize {
        self.draws.unwrap_or(self.shared.items.len())
    }

    /// The shared candidates of the next step.
    pub(super) fn draw(&mut self, rng: &mut Rng) -> &Shared {
        let Some(draws) = self.draws else { return &self.shared };
        for item in std::mem::take(&mut self.shared.items) {
            self.shared.first[item as usize] = NONE;
        }
        self.shared.next.clear();
        self.shared.offsets.clear();
        for _ in 0..draws {
            let draw = rng.unit_f64();
            let at = self.cumulative.partition_point(|&sum| sum <= draw);
            let at = at.min(self.last);
            self.add(at, -self.log_expected[at]);
        }
        &self.shared
    }

    fn take_all(&mut self, counts: &[u32]) {
        for at in (0..counts.len()).filter(|&at| counts[at] > 0) {
            self.add(at, 0.0);
        }
    }

    fn add(&mut self, at: usize, offset: f32) {
        let shared = &mut self.shared;
        let column = u32::try_from(shared.items.len()).expect("fewer than 2^32 columns");
        shared.items.push(u32::try_from(at).expect("fewer than 2^32 items"));
        shared.offsets.push(offset);
        shared.next.push(std::mem::replace(&mut shared.first[at], column));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn draws_follow_the_square_root_of_the_count() {
        let mut sampler = Sampler::new(&[0, 3, 99, 15, 8], 4);
        let mut rng = Rng::new(5);
        let mut drawn = [0_u32; 5];
        for _ in 0..20_000 {
            for &item in &sampler.draw(&mut rng).items {
                drawn[item as usize] += 1;
            }
        }
        for (count, weight) in drawn.iter().zip([0.0, 2.0, 10.0, 4.0, 3.0]) {
            let expected = 80_000.0 * weight / 19.0;
            assert!((*count as f32 - expected).abs() < 0.06 * expected + 60.0, "{drawn:?}");
        }
    }

    #[test]
    fn columns_of_an_item_are_found_and_forgotten() {
        let mut sampler = Sampler::new(&[5; 10], 9);
        let mut rng = Rng::new(1);
        for _ in 0..20 {
            let shared = sampler.draw(&mut rng).clone();
            for item in 0..10 {
                let mut found = Vec::new();
                shared.columns(item, |column| found.push(column));
                found.sort_unstable();
                let expected: Vec<usize> = (0..9).filter(|&at| shared.items[at] == item).collect();
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn a_small_catalogue_is_taken_whole() {
        let mut sampler = Sampler::new(&[5; 10], 10);
        let shared = sampler.draw(&mut Rng::new(1));
        assert_eq!(shared.items, (0..10).collect::<Vec<u32>>());
        assert!(shared.offsets.iter().all(|&x| x == 0.0));
    }
}
