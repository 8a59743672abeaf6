use super::watch::{Left, Stage, Watch};
use crate::types::{ItemIx, Scored, Source};
use std::cell::RefCell;

/// How many items one cause keeps out of a slate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The stable word for the cause.
    pub cause: &'static str,
    /// The position of the rule, where a rule is the cause.
    pub rule: Option<u16>,
    /// How many items that nothing before kept out.
    pub n: usize,
}

/// One stage, gone through once.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// The stage.
    pub stage: Stage,
    /// The way of ranking it belongs to, if it belongs to one.
    pub by: Option<Source>,
    /// How many items it left; for the session, how many steps.
    pub n: usize,
    /// Which items, with their scores (0 before they are ranked), in their order; empty
    /// where the stage names none.
    pub items: Vec<(ItemIx, f32)>,
}

/// What each stage left, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// The stages as they were gone through.
    pub passes: Vec<Pass>,
    /// What keeps items out, by the first cause, in the order of the causes.
    pub closed: Vec<Closed>,
}

impl Trace {
    /// Every pass through a stage, in order.
    pub fn of(&self, stage: Stage) -> impl DoubleEndedIterator<Item = &Pass> {
        self.passes.iter().filter(move |pass| pass.stage == stage)
    }
}

/// Writes a [`Trace`] down.
#[derive(Debug, Default)]
pub struct Tracer {
    trace: RefCell<Trace>,
}

impl Tracer {
    /// Whether a stage left an item.
    pub fn is_left(&self, stage: Stage, item: ItemIx) -> bool {
        let trace = self.trace.borrow();
        trace.of(stage).any(|pass| pass.items.iter().any(|(other, _)| *other == item))
    }

    /// What was written down.
    pub fn into_trace(self) -> Trace {
        self.trace.into_inner()
    }
}

impl Watch for Tracer {
    fn after(&self, stage: Stage, by: Option<Source>, left: Left<'_>) {
        let mut trace = self.trace.borrow_mut();
        let (n, items) = match left {
            Left::Count(n) => (n, Vec::new()),
            Left::Mask(mask, n_items) => {
                let open = (0..n_items).filter(|&at| mask.allows(ItemIx::from_usize(at)));
                (open.count(), Vec::new())
            }
            Left::Items(items) => (items.len(), items.iter().map(|&item| (item, 0.0)).collect()),
            Left::Scored(items) => {
                let pair = |scored: &Scored| (scored.item, scored.score);
                (items.len(), items.iter().map(pair).collect())
            }
        };
        trace.passes.push(Pass { stage, by, n, items });
    }
}
