use super::ItemIx;

/// Which kind of unit on the page the slate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Placement {
    /// "For you": the session's interest; popularity for a stranger.
    #[default]
    Home,
    /// On a product page: the session, with the page's product as its newest step.
    Related,
    /// What most shoppers choose, whatever the session.
    Popular,
    /// The shopper's own items, newest first; nothing rather than filler.
    RecentlyViewed,
}

impl Placement {
    /// Every placement.
    pub const ALL: [Self; 4] = [Self::Home, Self::Related, Self::Popular, Self::RecentlyViewed];

    /// The word for it in the CLI and in JavaScript, for example `recently-viewed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Related => "related",
            Self::Popular => "popular",
            Self::RecentlyViewed => "recently-viewed",
        }
    }

    /// The placement a word names; `None` for any other word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placement| placement.name() == name)
    }
}

/// Whether items the shopper has already been on may be shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seen {
    /// New items only.
    #[default]
    LeaveOut,
    /// Repeats compete with the rest.
    Include,
}

/// Whether items in the cart and items already bought may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owned {
    /// Neither is shown.
    #[default]
    LeaveOut,
    /// Both compete with the rest.
    Include,
}

/// What the caller asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The kind of unit.
    pub placement: Placement,
    /// The product of the page, if it is in the model. Never part of the slate.
    pub item: Option<ItemIx>,
    /// How many items at most.
    pub count: usize,
    /// What to do with items the shopper has been on.
    pub seen: Seen,
    /// What to do with items in the cart or bought.
    pub owned: Owned,
    /// Items that must not appear, for example those of the page's other slates.
    pub exclude: Vec<ItemIx>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            placement: Placement::default(),
            item: None,
            count: 12,
            seen: Seen::default(),
            owned: Owned::default(),
            exclude: Vec::new(),
        }
    }
}
