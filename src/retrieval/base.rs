use crate::kernels::{Scan, quantise_i8};
use crate::model::{Factors, Model};
use crate::types::{Ground, ItemIx, Reading};

/// Likeness to the interest, and the ground: what an item has when nothing else is said of it.
pub(super) struct Base<'a> {
    likeness: Option<(&'a Factors, Scan)>,
    ground: Option<&'a [f32]>,
    /// Taken from the ground: how popular the most popular item is, where that is the measure.
    peak: f32,
    /// Whether an item that neighbours speak for has no ground.
    only_unspoken: bool,
}

impl<'a> Base<'a> {
    pub(super) fn of(model: &'a Model, reading: &Reading<'_>) -> Self {
        let factors = model.factors();
        let likeness = factors.filter(|_| !reading.interest.direction.is_empty()).map(|factors| {
            let (query, step) = quantise_i8(&reading.interest.direction);
            let scale = factors.interest().temperature() * step;
            (factors, Scan::new(&query, scale, factors.width()))
        });
        let stands = reading.ground == Ground::Bias && factors.is_none();
        let ground = match reading.ground {
            Ground::Bias if !stands => factors.map(Factors::biases),
            Ground::Bias | Ground::Popularity => Some(model.popularity()),
            Ground::Level => None,
        };
        let peak = if stands { model.peak() } else { 0.0 };
        Self { likeness, ground, peak, only_unspoken: stands }
    }

    /// The base of the items from `start` on, as many as there are `sums`.
    pub(super) fn fill(&self, start: usize, sums: &mut [f32]) {
        let items = start..start + sums.len();
        match self.ground.and_then(|ground| ground.get(items.clone())) {
            Some(ground) => sums.copy_from_slice(ground),
            None => sums.fill(0.0),
        }
        if self.only_unspoken {
            for sum in sums.iter_mut() {
                *sum -= self.peak;
            }
        }
        if let Some((factors, scan)) = &self.likeness {
            let dim = factors.dim();
            let rows = &factors.rows()[items.start * dim..items.end * dim];
            scan.add(rows, &factors.scales()[items], sums);
        }
    }

    /// The base of one item.
    pub(super) fn at(&self, item: ItemIx) -> f32 {
        let mut sum = [0.0];
        self.fill(item.at(), &mut sum);
        sum[0]
    }

    /// The base of an item that neighbours speak for.
    pub(super) fn beside_neighbours(&self, item: ItemIx) -> f32 {
        if self.only_unspoken { 0.0 } else { self.at(item) }
    }
}
