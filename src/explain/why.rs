use super::trace::{Pass, Trace};
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
        /// The stable word for the first cause.
        cause: &'static str,
        /// The position of the rule, where a rule is the cause.
        rule: Option<u16>,
    },
    /// It is not among the candidates: others score higher, or no way of ranking that was
    /// needed speaks of it.
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
        /// What it lacks to the lowest score of the slate.
        lacks: f32,
    },
    /// By its score it would be in the slate; variety put others before it.
    Moved {
        /// Its place by score, from 1.
        rank: usize,
        /// Its place after variety, from 1.
        to: usize,
    },
    /// It stood before an item of the slate, and the shop's rules on places (a limit, a
    /// minimum, variants, pins, promoted places) left it out.
    Dropped {
        /// Its place before these rules, from 1.
        rank: usize,
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

/// What the trace of a slate of at most `count` items says of one that may be shown; `score`
/// is what it would score where no way of ranking looked at it.
pub fn why(trace: &Trace, item: ItemIx, count: usize, score: Option<f32>) -> Why {
    let slate = trace.of(Stage::Placed).next_back().map_or(&[][..], |pass| &pass.items);
    if let Some(place) = place_of(slate, item) {
        return Why::Shown { place };
    }
    let arranged = last_look(trace, Stage::Arranged);
    let ranked = last_look(trace, Stage::Ranked);
    let (Some(rank), Some(to)) = (place_of(&ranked, item), place_of(&arranged, item)) else {
        return Why::NotRetrieved { score, last: lowest(&ranked) };
    };
    // Behind the last of the slate in the order that was arranged: the slate ended before.
    let places = slate.iter().filter_map(|(shown, _)| place_of(&arranged, *shown));
    let stood_before = places.filter(|&place| place > to).count();
    if stood_before > 0 || to <= count {
        return Why::Dropped { rank: to };
    }
    if rank <= count {
        return Why::Moved { rank, to };
    }
    let score = ranked[rank - 1].1;
    Why::Below { rank, score, lacks: lowest(slate).unwrap_or(score) - score }
}

fn lowest(items: &[(ItemIx, f32)]) -> Option<f32> {
    items.iter().map(|(_, score)| *score).reduce(f32::min)
}

/// The lists that a stage gave in the last, deepest look, one behind the other.
fn last_look(trace: &Trace, stage: Stage) -> Vec<(ItemIx, f32)> {
    let before = |pass: &&Pass| pass.stage != Stage::Placed;
    let placed_last = trace.passes.iter().rev().skip_while(before).skip(1);
    let look = placed_last.take_while(before).filter(|pass| pass.stage == stage);
    let mut passes: Vec<&Pass> = look.collect();
    passes.reverse();
    passes.into_iter().flat_map(|pass| pass.items.iter().copied()).collect()
}

/// The place of an item, from 1.
fn place_of(items: &[(ItemIx, f32)], item: ItemIx) -> Option<usize> {
    items.iter().position(|(other, _)| *other == item).map(|at| at + 1)
}
