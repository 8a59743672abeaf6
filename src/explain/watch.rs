use super::trace::{Bars, Closed};
use crate::types::{ItemIx, Scored, Source};

/// A stage of the walk from a session to a slate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The session was read: its steps.
    Session,
    /// What may be shown is known: that many items.
    Eligible,
    /// The items that a way of ranking looks at closely.
    Candidates,
    /// Those of them that were kept, best first.
    Ranked,
    /// Of all ways of ranking, in the order that variety asks for.
    Arranged,
    /// The slate, after the shop's rules on places.
    Placed,
}

impl Stage {
    /// The stable word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Eligible => "eligible",
            Self::Candidates => "candidates",
            Self::Ranked => "ranked",
            Self::Arranged => "arranged",
            Self::Placed => "placed",
        }
    }
}

/// What a stage left.
#[derive(Debug, Clone, Copy)]
pub enum Left<'a> {
    /// So many.
    Count(usize),
    /// So many may be shown, and these causes closed the rest.
    Open(usize, &'a [Closed]),
    /// These items.
    Items(&'a [ItemIx]),
    /// These items with their scores, in order.
    Scored(&'a [Scored]),
    /// These items, and others that were passed over.
    Placed(&'a [Scored], &'a [(ItemIx, Bars)]),
}

/// Looks on while a slate is made. The engine has no clock; who looks on may have one.
pub trait Watch {
    /// A stage has come to its end. Candidates and ranked items are told of every way of
    /// ranking that is gone, and of those that the rules on places ask for in between.
    fn after(&self, stage: Stage, by: Option<Source>, left: Left<'_>);
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn after(&self, _: Stage, _: Option<Source>, _: Left<'_>) {}
}
