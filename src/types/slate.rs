use super::{EventKind, ItemIx};

/// A named part of an item's score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Signal {
    /// The item is like one the shopper was on, and what they did with it.
    Likeness {
        /// The item of the session.
        to: ItemIx,
        /// What the shopper did with it.
        kind: EventKind,
    },
    /// The item goes together with one the shopper was on, and what they did with that.
    Neighbours {
        /// The item of the session.
        of: ItemIx,
        /// What the shopper did with it.
        kind: EventKind,
    },
    /// Shoppers of this shop go back to an item seen so many steps ago.
    Return,
    /// How often the item is chosen whatever the session.
    Popularity,
}

/// What one signal adds to a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// Which signal.
    pub signal: Signal,
    /// How much (log-odds; may be negative).
    pub value: f32,
}

/// An item with its score, opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The item.
    pub item: ItemIx,
    /// The sum of the contributions, in their order (log-odds; higher is better).
    pub score: f32,
    /// Every part of the score.
    pub contributions: Vec<Contribution>,
}

impl Scored {
    /// The item with the score that `contributions` add up to.
    pub fn new(item: ItemIx, contributions: Vec<Contribution>) -> Self {
        let score = contributions.iter().fold(0.0, |sum, part| sum + part.value);
        Self { item, score, contributions }
    }
}

/// Where a slate came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Ranked by the session's interest.
    Session,
    /// Nothing known of the shopper: ranked by popularity.
    Popular,
    /// The shopper's own recent items, newest first.
    Recent,
}

impl Source {
    /// The word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Popular => "popular",
            Self::Recent => "recent",
        }
    }
}

/// The answer: items in order, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Slate {
    /// What ranked it.
    pub source: Source,
    /// The items, no item twice.
    pub items: Vec<Scored>,
}
