use super::facts::Facts;
use super::metrics::{Cutoffs, name};
use super::ranker::{Ranked, Ranker};
use super::table::Quotient;
use mercer::types::{ItemIx, Seen};

/// How much of the session's own mix is blended into the slate's, so that a category the slate
/// lacks costs much and not everything (Steck 2018, section 3).
const BLEND: f64 = 0.01;

/// Columns of a row a length of slate: sums over cases, and over how many.
#[derive(Clone, Copy)]
enum Column {
    Slates,
    Information,
    Popularity,
    /// Popularity of the slate, and of what the shopper was on, where the latter is known.
    PopularityBeside,
    PopularityOfKnown,
    Diversity,
    DiverseSlates,
    Divergence,
    Calibrated,
    Cases,
    Serendipity,
}

const N_COLUMNS: usize = Column::Serendipity as usize + 1;

/// The names of the figures and the columns they are made of: `sum / of − less`.
const FIGURES: [(&str, Column, Column, f64); 6] = [
    ("calibration", Column::Divergence, Column::Calibrated, 0.0),
    ("diversity", Column::Diversity, Column::DiverseSlates, 0.0),
    ("novelty", Column::Information, Column::Slates, 0.0),
    ("popularity", Column::Popularity, Column::Slates, 0.0),
    ("popularity_lift", Column::PopularityBeside, Column::PopularityOfKnown, 1.0),
    ("serendipity", Column::Serendipity, Column::Cases, 0.0),
];

/// Judges slates by more than being right. Formulas and sources: `docs/metrics.md`.
pub(super) struct Beyond<'a> {
    pub(super) ranker: &'a dyn Ranker,
    pub(super) facts: &'a Facts<'a>,
    pub(super) at: &'a Cutoffs,
    pub(super) seen: Seen,
}

/// What the shopper was on so far.
pub(super) struct Past<'a> {
    /// The items the ranker knows, each once.
    pub(super) items: &'a [ItemIx],
    /// How many items there are, known to the ranker or not.
    pub(super) n_items: usize,
    /// How many items there are of each category, `[n_categories]`.
    pub(super) categories: &'a [f64],
}

impl Beyond<'_> {
    pub(super) fn width(&self) -> usize {
        N_COLUMNS * self.at.lengths().len()
    }

    /// One case as a row. `found` holds the right answers in the slate with their ranks (from
    /// 1), of `n_right` in all.
    pub(super) fn row(
        &self,
        slate: &[Ranked],
        past: &Past<'_>,
        found: &[(ItemIx, usize)],
        n_right: usize,
    ) -> Vec<f64> {
        let mut row = vec![0.0; self.width()];
        let parts = row.chunks_exact_mut(N_COLUMNS).zip(self.at.lengths());
        let diversity = self.diversity(slate);
        for (column, &length) in parts {
            let slate = &slate[..length.min(slate.len())];
            column[Column::Cases as usize] = 1.0;
            column[Column::Serendipity as usize] = self.serendipity(length, past, found, n_right);
            if slate.is_empty() {
                continue;
            }
            column[Column::Slates as usize] = 1.0;
            column[Column::Information as usize] = mean_of(slate, &self.facts.information);
            self.popularity(column, slate, past);
            if let Some(value) = diversity[slate.len() - 1] {
                column[Column::Diversity as usize] = value;
                column[Column::DiverseSlates as usize] = 1.0;
            }
            if let Some(value) = self.divergence(slate, past) {
                column[Column::Divergence as usize] = value;
                column[Column::Calibrated as usize] = 1.0;
            }
        }
        row
    }

    fn popularity(&self, column: &mut [f64], slate: &[Ranked], past: &Past<'_>) {
        let shown = mean_of(slate, &self.facts.sessions);
        column[Column::Popularity as usize] = shown;
        let known: f64 = past.items.iter().map(|item| self.facts.sessions[item.at()]).sum();
        if known > 0.0 {
            column[Column::PopularityBeside as usize] = shown;
            column[Column::PopularityOfKnown as usize] = known / count(past.n_items);
        }
    }

    /// Which share of the right answers is in the slate and not in the popularity slate of the
    /// same length, which obeys the same rule for seen items.
    fn serendipity(
        &self,
        length: usize,
        past: &Past<'_>,
        found: &[(ItemIx, usize)],
        n_right: usize,
    ) -> f64 {
        let place = |item: ItemIx| self.facts.place[item.at()];
        let surprises = |&&(item, rank): &&(ItemIx, usize)| {
            let left_out = match self.seen {
                Seen::LeaveOut => past.items.iter().filter(|&&s| place(s) < place(item)).count(),
                Seen::Include => 0,
            };
            rank <= length && place(item) - left_out >= length
        };
        count(found.iter().filter(surprises).count()) / count(n_right)
    }

    /// For every beginning of the slate, 1 − the mean cosine of its pairs: with `s` the sum of
    /// the unit vectors, the pairs' cosines sum to `(|s|² − Σ|u|²) / 2`. `None` for less than
    /// two items and without vectors.
    fn diversity(&self, slate: &[Ranked]) -> Vec<Option<f64>> {
        let (mut sum, mut squares): (Vec<f64>, f64) = (Vec::new(), 0.0);
        let mut found = Vec::with_capacity(slate.len());
        for (before, ranked) in slate.iter().enumerate() {
            let Some(direction) = self.ranker.direction(ranked.item) else {
                return vec![None; slate.len()];
            };
            sum.resize(direction.len(), 0.0);
            for (sum, &x) in sum.iter_mut().zip(&direction) {
                *sum += f64::from(x);
            }
            squares += direction.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>();
            let pairs = count(before) * count(before + 1);
            let cosines = sum.iter().map(|x| x * x).sum::<f64>() - squares;
            found.push((before > 0).then(|| 1.0 - cosines / pairs));
        }
        found
    }

    /// How far the slate's mix of categories is from the session's: `Σ p ln(p / q)` with `q`
    /// blended with `p`, in nats. `None` where no item of the session has a category.
    fn divergence(&self, slate: &[Ranked], past: &Past<'_>) -> Option<f64> {
        let in_session: f64 = past.categories.iter().sum();
        if in_session <= 0.0 {
            return None;
        }
        let mut shown = vec![0.0; self.facts.n_categories];
        let mut n_shown = 0.0_f64;
        for category in slate.iter().filter_map(|ranked| self.facts.category[ranked.item.at()]) {
            shown[category] += 1.0;
            n_shown += 1.0;
        }
        let term = |(&of_session, of_slate): (&f64, f64)| {
            let (p, q) = (of_session / in_session, of_slate / n_shown.max(1.0));
            p * (p / (BLEND * p + (1.0 - BLEND) * q)).ln()
        };
        let mixes = past.categories.iter().zip(shown).filter(|(of_session, _)| **of_session > 0.0);
        Some(mixes.map(term).sum())
    }

    /// Each figure's name and how it follows from the columns.
    pub(super) fn quotients(&self) -> Vec<(String, Quotient)> {
        let mut quotients = Vec::new();
        for (at, &length) in self.at.lengths().iter().enumerate() {
            for (figure, sum, of, less) in FIGURES {
                let column = |column: Column| at * N_COLUMNS + column as usize;
                let quotient = Quotient { sum: column(sum), of: column(of), less };
                quotients.push((name(figure, length), quotient));
            }
        }
        quotients
    }
}

fn mean_of(slate: &[Ranked], values: &[f64]) -> f64 {
    slate.iter().map(|ranked| values[ranked.item.at()]).sum::<f64>() / count(slate.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of items")]
pub(super) fn count(n: usize) -> f64 {
    n as f64
}
