use super::{Interest, Lift};

/// What a way of ranking goes by, before it looks at any item.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'a> {
    /// What the shopper is after; empty where it does not count.
    pub interest: Interest,
    /// What an item has whatever the shopper is after.
    pub ground: Ground,
    /// What else speaks for items, whichever way they are ranked.
    pub shared: &'a [Lift],
    /// What the session says beside its interest, where that counts.
    pub heard: &'a [Lift],
    /// What else speaks for items ranked this way.
    pub own: Vec<Lift>,
}

impl Reading<'_> {
    /// Everything else that speaks for items, in the order in which it is added up.
    pub fn lifts(&self) -> impl Iterator<Item = &Lift> {
        self.shared.iter().chain(self.heard).chain(&self.own)
    }
}

/// What an item has whatever the shopper is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The model's bias (log-odds beside an interest). In a model without vectors, for an
    /// item that no neighbour speaks for: how far it is from the most popular one.
    Bias,
    /// How many sessions were on it, `ln(1 + sessions)`.
    Popularity,
    /// Nothing.
    Level,
}
