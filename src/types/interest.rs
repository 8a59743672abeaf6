use super::{EventKind, ItemIx};

/// When the shopper was on an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// In this visit.
    This,
    /// In an earlier one.
    Earlier,
}

/// One step of the session, or an item of the shopper's taste, as the interest reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttendedStep {
    /// The item the shopper was on.
    pub item: ItemIx,
    /// The strongest thing the shopper did with it there.
    pub kind: EventKind,
    /// The step's part of the interest vector (unitless): the shares times the steps'
    /// vectors add up to the direction.
    pub share: f32,
    /// In which visit it was.
    pub visit: Visit,
}

/// One step of the session whose neighbours are asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReachedStep {
    /// The item the shopper was on.
    pub item: ItemIx,
    /// The strongest thing the shopper did with it there.
    pub kind: EventKind,
    /// Factor on the weights of its neighbours, above 0.
    pub reach: f32,
}

/// What the shopper is after, as the session says it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Interest {
    /// Vector in item space, `[dim]`; empty where the session points nowhere there.
    pub direction: Vec<f32>,
    /// The steps the direction was made of, newest first; then the items of the shopper's
    /// taste, strongest first.
    pub steps: Vec<AttendedStep>,
    /// The vector of each of them, `[n_steps, dim]`, row-major; empty where it is the unit
    /// vector of the item itself.
    pub vectors: Vec<f32>,
    /// The steps whose neighbours are asked for, newest first.
    pub reached: Vec<ReachedStep>,
}

impl Interest {
    /// Whether the session says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.direction.is_empty() && self.reached.is_empty()
    }
}
