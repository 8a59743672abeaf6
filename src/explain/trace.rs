use super::watch::{Left, Stage, Watch};
use crate::types::{ItemIx, Scored, Source};
use std::cell::{Ref, RefCell};

/// What keeps an item out of a slate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bars {
    /// The stable word for it, of [`Bar::name`](crate::rules::Bar::name).
    pub cause: &'static str,
    /// The position of the rule, where a rule is the cause.
    pub rule: Option<u16>,
}

/// How many items one cause keeps out of a slate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// The cause.
    pub by: Bars,
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
    /// Ranked items that the rules on places passed over.
    pub dropped: Vec<(ItemIx, Bars)>,
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
    /// What was written down so far.
    pub fn trace(&self) -> Ref<'_, Trace> {
        self.trace.borrow()
    }

    /// What was written down.
    pub fn into_trace(self) -> Trace {
        self.trace.into_inner()
    }
}

impl Watch for Tracer {
    fn after(&self, stage: Stage, by: Option<Source>, left: Left<'_>) {
        let mut trace = self.trace.borrow_mut();
        let scored = |items: &[Scored]| items.iter().map(|one| (one.item, one.score)).collect();
        let items: Vec<(ItemIx, f32)> = match left {
            Left::Count(_) | Left::Open(..) => Vec::new(),
            Left::Items(items) => items.iter().map(|&item| (item, 0.0)).collect(),
            Left::Scored(items) | Left::Placed(items, _) => scored(items),
        };
        let n = match left {
            Left::Count(n) | Left::Open(n, _) => n,
            _ => items.len(),
        };
        match left {
            Left::Open(_, closed) => trace.closed = closed.to_vec(),
            Left::Placed(_, dropped) => trace.dropped = dropped.to_vec(),
            _ => {}
        }
        trace.passes.push(Pass { stage, by, n, items });
    }
}
