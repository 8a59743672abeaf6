use super::{EventKind, FieldIx, ItemIx};

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
    /// The item is like one of an earlier visit.
    Taste {
        /// The item of the earlier visit.
        to: ItemIx,
    },
    /// The shopper is on items that say the same in this field.
    Affinity {
        /// The field.
        field: FieldIx,
    },
    /// The item is like one the shopper said no to.
    Dislike,
    /// The item is what the shopper searched for.
    Query,
    /// It is chosen at this time, on such a device, by who lands here.
    Context,
    /// It is chosen more often lately than before.
    Trend,
    /// Where it stands in the caller's list.
    Listed,
    /// It was shown before and not clicked.
    Rotation,
    /// A rule of the shop.
    Rule {
        /// Its position in the rule set.
        rule: u16,
    },
    /// Little is known of it yet.
    Exploration,
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
    /// What goes together with the product or the cart.
    Together,
    /// What the catalogue describes like the page's product.
    Content,
    /// What is chosen more often lately.
    Trending,
    /// Nothing known of the shopper: ranked by popularity.
    Popular,
    /// The shopper's own recent items, newest first.
    Recent,
    /// The caller's own order.
    Listed,
}

impl Source {
    /// The word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Together => "together",
            Self::Content => "content",
            Self::Trending => "trending",
            Self::Popular => "popular",
            Self::Recent => "recent",
            Self::Listed => "listed",
        }
    }
}

/// Why a slate has fewer items than were asked for: what took the most away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The model knows no more items, or the caller's list has no more.
    Catalogue,
    /// What the shopper has seen, owns or dismissed.
    Known,
    /// What the caller excludes.
    Excluded,
    /// The filter of the request.
    Filter,
    /// The rules of the shop.
    Rules,
    /// The placement shows the shopper's own items only, and there are no more.
    History,
}

impl Shortfall {
    /// The word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Known => "known",
            Self::Excluded => "excluded",
            Self::Filter => "filter",
            Self::Rules => "rules",
            Self::History => "history",
        }
    }
}

/// The answer: items in order, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Slate {
    /// What ranked it: the first strategy of the placement's chain that had anything to say.
    pub source: Source,
    /// The items, no item twice.
    pub items: Vec<Scored>,
    /// Why there are fewer than were asked for, if there are.
    pub shortfall: Option<Shortfall>,
    /// Where ways of ranking share the places of a slate: the items that each has filled,
    /// with the key under which the session keeps how it fares. Empty where nothing is tried.
    pub tried: Vec<(ItemIx, &'static str)>,
}
