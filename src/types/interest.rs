use super::{EventKind, ItemIx};

/// One step of the session as the encoder weighed it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttendedStep {
    /// The item the shopper was on.
    pub item: ItemIx,
    /// The strongest thing the shopper did with it there.
    pub kind: EventKind,
    /// The step's part of the interest vector: attention weight over the length of the
    /// weighted sum (unitless; the shares times the unit item vectors add up to the
    /// direction).
    pub share: f32,
}

/// What the shopper is after, as the session says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Interest {
    /// Unit vector in item space, `[dim]`.
    pub direction: Vec<f32>,
    /// The steps it was made of, newest first.
    pub steps: Vec<AttendedStep>,
}
