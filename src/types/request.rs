use super::{Condition, ItemIx};

/// Which kind of unit on the page the slate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Placement {
    /// "For you": the session's interest; what is popular for a stranger.
    #[default]
    Home,
    /// On a product page: the session, with the page's product as its newest step.
    Related,
    /// On a product page: what is bought with the page's product.
    BoughtTogether,
    /// In the cart: what goes with everything in it.
    Cart,
    /// On a product page: what the catalogue describes alike, whatever the session.
    MoreLikeThis,
    /// What is chosen more often lately than before.
    Trending,
    /// What most shoppers choose, whatever the session.
    Popular,
    /// The shopper's own items, newest first; nothing rather than filler.
    RecentlyViewed,
    /// The caller's list in the shopper's order.
    Search,
}

impl Placement {
    /// Every placement.
    pub const ALL: [Self; 9] = [
        Self::Home,
        Self::Related,
        Self::BoughtTogether,
        Self::Cart,
        Self::MoreLikeThis,
        Self::Trending,
        Self::Popular,
        Self::RecentlyViewed,
        Self::Search,
    ];

    /// The word for it in the CLI and in JavaScript, for example `recently-viewed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Related => "related",
            Self::BoughtTogether => "bought-together",
            Self::Cart => "cart",
            Self::MoreLikeThis => "more-like-this",
            Self::Trending => "trending",
            Self::Popular => "popular",
            Self::RecentlyViewed => "recently-viewed",
            Self::Search => "search",
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

/// What the shopper holds in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// A computer.
    Desktop,
}

impl Device {
    /// Every class, in the order of the model file.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Tablet, Self::Desktop];

    /// The word for it in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
        }
    }

    /// The class a word names; `None` for any other word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|device| device.name() == name)
    }
}

/// When and where the slate is asked for, as far as the caller says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moment {
    /// Milliseconds since 1970, as the caller's clock says; 0 where it is not known.
    pub time_ms: u64,
    /// Hour of the shopper's day, 0 to 23.
    pub hour: Option<u8>,
    /// Day of the week, 0 for Monday to 6.
    pub weekday: Option<u8>,
    /// Month, 0 for January to 11.
    pub month: Option<u8>,
    /// What the shopper holds in hand.
    pub device: Option<Device>,
    /// The category the visit began in, a term of the field `category`.
    pub landing: Option<u32>,
}

/// What the caller asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The kind of unit.
    pub placement: Placement,
    /// The product of the page, if it is in the model. Never part of the slate.
    pub item: Option<ItemIx>,
    /// What else the slate is for, for example the cart as the page shows it; empty: what the
    /// session says is in the cart. Never part of the slate.
    pub context: Vec<ItemIx>,
    /// The list to be ranked by [`Placement::Search`], in the caller's order.
    pub listed: Vec<ItemIx>,
    /// The words of the search; `None`: those of the session's latest search.
    pub query: Option<String>,
    /// How many items at most.
    pub count: usize,
    /// What to do with items the shopper has been on.
    pub seen: Seen,
    /// What to do with items in the cart or bought.
    pub owned: Owned,
    /// Items that must not appear, for example those of the page's other slates.
    pub exclude: Vec<ItemIx>,
    /// What must be true of every item.
    pub filter: Option<Condition>,
    /// How much variety counts beside the score, 0 to 1.
    pub diversity: f32,
    /// How much items shown before without a click give way to others, 0 to 1; a little by default.
    pub rotation: f32,
    /// How much items that little is known of are tried, 0 to 1.
    pub exploration: f32,
    /// When and where.
    pub moment: Moment,
    /// Decides whatever is left to chance.
    pub seed: u64,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            placement: Placement::default(),
            item: None,
            context: Vec::new(),
            listed: Vec::new(),
            query: None,
            count: 12,
            seen: Seen::default(),
            owned: Owned::default(),
            exclude: Vec::new(),
            filter: None,
            diversity: 0.0,
            rotation: 0.1,
            exploration: 0.0,
            moment: Moment::default(),
            seed: 0,
        }
    }
}
