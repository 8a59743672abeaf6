use serde::{Deserialize, Serialize};

/// What a shopper did, in the e-commerce words of GA4 that shops already emit.
///
/// The discriminants are part of the model format (the encoder holds one weight a kind):
/// append, never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
#[repr(u8)]
pub enum EventKind {
    /// Looked at a product page.
    ViewItem = 0,
    /// Was shown the item in a list (an impression).
    ViewItemList = 1,
    /// Clicked the item in a list.
    SelectItem = 2,
    /// Put the item on a wish list.
    AddToWishlist = 3,
    /// Put the item into the cart.
    AddToCart = 4,
    /// Took the item out of the cart.
    RemoveFromCart = 5,
    /// Looked at the cart.
    ViewCart = 6,
    /// Started to check out.
    BeginCheckout = 7,
    /// Bought the item.
    Purchase = 8,
    /// Searched; the words are in [`Event::query`].
    Search = 9,
    /// Said "not this one".
    Dismiss = 10,
}

impl EventKind {
    /// Every kind, in the order of their discriminants.
    pub const ALL: [Self; 11] = [
        Self::ViewItem,
        Self::ViewItemList,
        Self::SelectItem,
        Self::AddToWishlist,
        Self::AddToCart,
        Self::RemoveFromCart,
        Self::ViewCart,
        Self::BeginCheckout,
        Self::Purchase,
        Self::Search,
        Self::Dismiss,
    ];

    /// The GA4 word, for example `add_to_cart`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ViewItem => "view_item",
            Self::ViewItemList => "view_item_list",
            Self::SelectItem => "select_item",
            Self::AddToWishlist => "add_to_wishlist",
            Self::AddToCart => "add_to_cart",
            Self::RemoveFromCart => "remove_from_cart",
            Self::ViewCart => "view_cart",
            Self::BeginCheckout => "begin_checkout",
            Self::Purchase => "purchase",
            Self::Search => "search",
            Self::Dismiss => "dismiss",
        }
    }

    /// The kind a GA4 word names; `None` for any other word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the event says that the shopper wants the item: it feeds the interest, is a
    /// training example, and makes the item one the shopper has seen.
    pub fn is_interest(self) -> bool {
        matches!(
            self,
            Self::ViewItem
                | Self::SelectItem
                | Self::AddToWishlist
                | Self::AddToCart
                | Self::Purchase
        )
    }
}

impl TryFrom<String> for EventKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or_else(|| format!("`{name}` is no event type"))
    }
}

impl From<EventKind> for &'static str {
    fn from(kind: EventKind) -> Self {
        kind.name()
    }
}

/// The largest quantity of an event: what is above it is a mistake, not a shopper.
pub const MAX_QUANTITY: u32 = 1_000_000;

/// One thing the shopper did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// What it was.
    pub kind: EventKind,
    /// The shop's id of the product, if the event is about one. Ids the model has never
    /// seen are kept and have no weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// When: milliseconds since 1970, as the caller's clock says; 0 where it is not known.
    pub time_ms: u64,
    /// How long the shopper stayed with it, in milliseconds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dwell_ms: Option<u32>,
    /// The words of a search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// How many pieces, 1 to [`MAX_QUANTITY`]. `None`: one; where something is taken out of
    /// the cart, all there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// What one piece costs, in the currency of the catalogue: finite, at least 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
}

impl Event {
    /// An event about an item, at a time that is not known.
    pub fn new(kind: EventKind, item: &str) -> Self {
        Self { item: Some(item.to_owned()), ..Self::bare(kind) }
    }

    /// An event about no item, at a time that is not known.
    pub fn bare(kind: EventKind) -> Self {
        Self {
            kind,
            item: None,
            time_ms: 0,
            dwell_ms: None,
            query: None,
            quantity: None,
            price: None,
        }
    }
}
