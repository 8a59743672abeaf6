use super::{FieldIx, ItemIx};

/// What must be true of an item, resolved to the model's fields and terms.
///
/// An item of which the catalogue does not say a field's value meets no condition on it.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of them hold; true of every item where there are none.
    All(Vec<Condition>),
    /// One of them holds; true of no item where there are none.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The item has one of these terms.
    Terms {
        /// The field.
        field: FieldIx,
        /// Its terms.
        terms: Vec<u32>,
    },
    /// The item's number is within bounds, both included.
    Range {
        /// The field.
        field: FieldIx,
        /// At least this.
        least: f32,
        /// At most this.
        most: f32,
    },
    /// The item shares a term with the product the slate is for.
    Same {
        /// The field.
        field: FieldIx,
        /// Of a path, how many levels from the outermost must agree; `None`: all that the
        /// context product has.
        levels: Option<u8>,
    },
    /// The item's number is this near to that of the product the slate is for: between
    /// `below · x` and `above · x`.
    Near {
        /// The field.
        field: FieldIx,
        /// Factor of the lower bound.
        below: f32,
        /// Factor of the upper bound.
        above: f32,
    },
    /// The item is one of these, strictly ascending.
    Items(Vec<ItemIx>),
}
