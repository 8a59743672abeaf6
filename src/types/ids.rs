/// The longest item id, in bytes. Shops' ids are far shorter: product feeds allow 50
/// characters.
pub const MAX_ID_BYTES: usize = 256;

/// The position of an item in the model file: `0..n_items`, in the order of the item ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemIx(pub u32);

impl ItemIx {
    /// The same position as a slice index.
    pub fn at(self) -> usize {
        self.0 as usize
    }

    /// The index of the `position`-th item.
    ///
    /// # Panics
    /// If `position` does not fit 32 bits; a model file never holds that many items.
    pub fn from_usize(position: usize) -> Self {
        Self(u32::try_from(position).expect("a model holds fewer than 2^32 items"))
    }
}

/// Position of a field among the model's attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldIx(pub u16);
