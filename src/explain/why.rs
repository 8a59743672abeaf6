use super::trace::{Bars, Trace};
use super::watch::Stage;
use crate::types::ItemIx;

/// Why an item is in a slate, or what kept it out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// It is in the slate.
    Shown {
        /// Its place, from 1.
        place: usize,
    },
    /// The model does not know it.
    Unknown,
    /// It may not be shown.
    Closed {
        /// By the first cause.
        by: Bars,
    },
    /// It is not among the candidates: enough others score higher, or no way of ranking that
    /// was needed speaks of it.
    NotRetrieved {
        /// What it would score, where a way of ranking speaks of the whole catalogue.
        score: Option<f32>,
        /// The lowest score that was ranked, where any was.
        last: Option<f32>,
    },
    /// It is ranked, and the slate ends before it.
    Below {
        /// Its place among the ranked, from 1.
        rank: usize,
        /// What it scores.
        score: f32,
        /// What it lacks to the lowest score of the slate; below 0 where the rules on places
        /// put lower ones in.
        lacks: f32,
    },
    /// By its score it would be in the slate; variety put others before it.
    Moved {
        /// Its place by score, from 1.
        rank: usize,
        /// Its place after variety, from 1.
        to: usize,
    },
    /// The rules on places passed it over: a limit, a minimum, or a variant that is shown.
    Dropped {
        /// Its place before these rules, from 1; `None` where it was not ranked before them.
        rank: Option<usize>,
        /// By the first cause.
        by: Bars,
    },
}

impl Why {
    /// The stable word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shown { .. } => "shown",
            Self::Unknown => "unknown",
            Self::Closed { .. } => "closed",
            Self::NotRetrieved { .. } => "not-retrieved",
            Self::Below { .. } => "below",
            Self::Moved { .. } => "moved",
            Self::Dropped { .. } => "dropped",
        }
    }
}

/// What the trace of a slate of at most `count` items says of one that the model knows.
/// `closed` is what keeps the item out of any slate, `score` what it would score; it is asked
/// for only where no way of ranking looked at the item.
pub fn why(
    trace: &Trace,
    (item, closed): (ItemIx, Option<Bars>),
    count: usize,
    score: impl FnOnce() -> Option<f32>,
) -> Why {
    let slate = trace.of(Stage::Placed).next_back().map_or(&[][..], |pass| &pass.items);
    if let Some(place) = place_of(slate, item) {
        return Why::Shown { place };
    }
    if let Some(by) = closed {
        return Why::Closed { by };
    }
    let arranged = trace.of(Stage::Arranged).next_back().map_or(&[][..], |pass| &pass.items);
    let to = place_of(arranged, item);
    if let Some((_, by)) = trace.dropped.iter().find(|(dropped, _)| *dropped == item) {
        return Why::Dropped { rank: to, by: *by };
    }
    let ranked = ranked(trace);
    let (Some(rank), Some(to)) = (place_of(&ranked, item), to) else {
        return Why::NotRetrieved { score: score(), last: lowest(&ranked) };
    };
    if rank <= count && to > rank {
        return Why::Moved { rank, to };
    }
    let score = ranked[rank - 1].1;
    Why::Below { rank, score, lacks: lowest(slate).unwrap_or(score) - score }
}

/// What the ways of ranking gave before anything was arranged, one behind the other.
fn ranked(trace: &Trace) -> Vec<(ItemIx, f32)> {
    let before = trace.passes.iter().take_while(|pass| pass.stage != Stage::Arranged);
    let ranked = before.filter(|pass| pass.stage == Stage::Ranked);
    ranked.flat_map(|pass| pass.items.iter().copied()).collect()
}

fn lowest(items: &[(ItemIx, f32)]) -> Option<f32> {
    items.iter().map(|(_, score)| *score).reduce(f32::min)
}

/// The place of an item, from 1.
fn place_of(items: &[(ItemIx, f32)], item: ItemIx) -> Option<usize> {
    items.iter().position(|(other, _)| *other == item).map(|at| at + 1)
}
