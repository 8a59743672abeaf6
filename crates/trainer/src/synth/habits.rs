//! What every shopper does, as numbers: the planted rates that a trainer should find again.

use serde::Serialize;

/// Items shown in one list.
pub const LIST_LENGTH: usize = 8;

/// The rates of one world. All are probabilities unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Habits {
    /// A visit's lists are in the log.
    pub lists_logged: f64,
    /// In such a visit, a later choice is made from a list; the first one always is.
    pub list_again: f64,
    /// An item looked at in a list is clicked with this times its fit, at most 1.
    pub click: f64,
    /// A shopper looks at the list position `p` (from 0) with `1 / (1 + p)^this`.
    pub position_exponent: f64,
    /// A visit is by a guest without a user id.
    pub guest: f64,
    /// A returning shopper starts at the last item of the visit before.
    pub resume: f64,
    /// A visit starts with a search.
    pub search: f64,
    /// A visit ends after a view.
    pub leave: f64,
    /// The next view goes back to an item seen in this visit, once there are two.
    pub repeat: f64,
    /// The next view is a companion of this item; the first companion is the likeliest.
    pub companion: f64,
    /// The next view is a whim: anything, in proportion to appeal.
    pub whim: f64,
    /// The next view is of the kind looked for, in visits after one kind.
    pub stay_in_kind: f64,
    /// Weights of the first, second and third companion.
    pub companion_weights: [f64; 3],
    /// Into the cart after a view: this much for any item, and more by its fit.
    pub cart: [f64; 2],
    /// More of it for a companion of something in the cart.
    pub cart_companion: f64,
    /// On to the wish list after a view: this much for any item, and more by its fit.
    pub wishlist: [f64; 2],
    /// An item is taken out of the cart before the end.
    pub remove: f64,
    /// A visit with a cart ends with a purchase.
    pub purchase: f64,
    /// Median milliseconds on a product page: this much for any item, and more by its fit.
    pub dwell_ms: [f64; 2],
    /// Standard deviation of the logarithm of that time.
    pub dwell_spread: f64,
}

/// The rates of the planted world.
pub static HABITS: Habits = Habits {
    lists_logged: 0.5,
    list_again: 0.4,
    click: 6.0,
    position_exponent: 0.7,
    guest: 0.35,
    resume: 0.25,
    search: 0.25,
    leave: 0.17,
    repeat: 0.16,
    companion: 0.2,
    whim: 0.05,
    stay_in_kind: 0.86,
    companion_weights: [0.5, 0.3, 0.2],
    cart: [0.04, 0.3],
    cart_companion: 0.25,
    wishlist: [0.02, 0.12],
    remove: 0.12,
    purchase: 0.45,
    dwell_ms: [5_000.0, 45_000.0],
    dwell_spread: 0.6,
};

/// How likely a shopper looks at a list position, from 0: the planted position bias.
pub fn examination(position: usize) -> f64 {
    1.0 / libm::pow(1.0 + super::chance::real(position), HABITS.position_exponent)
}
