use super::{ItemIx, ItemSet};

/// Which items may be shown: one bit an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    open: ItemSet,
}

impl Mask {
    /// A mask over `n_items` that lets everything through.
    pub fn open(n_items: usize) -> Self {
        let mut open = ItemSet::none(n_items);
        open.invert();
        Self { open }
    }

    /// Keeps `item` out. An index beyond the mask has no effect: it is not an item.
    pub fn close(&mut self, item: ItemIx) {
        self.open.remove(item);
    }

    /// Keeps these out.
    pub fn close_all(&mut self, items: &ItemSet) {
        self.open.subtract(items);
    }

    /// Keeps everything else out.
    pub fn close_others(&mut self, items: &ItemSet) {
        self.open.intersect(items);
    }

    /// The items that may be shown, ascending.
    pub fn items(&self) -> Vec<ItemIx> {
        self.open.iter().collect()
    }

    /// Whether `item` may be shown.
    pub fn allows(&self, item: ItemIx) -> bool {
        self.open.has(item)
    }

    /// How many items may be shown.
    pub fn n_open(&self) -> usize {
        self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(mask: &Mask) -> Vec<u32> {
        let open: Vec<u32> = (0..200).filter(|&ix| mask.allows(ItemIx(ix))).collect();
        assert_eq!(mask.items().iter().map(|item| item.0).collect::<Vec<_>>(), open);
        open
    }

    #[test]
    fn closes_only_what_it_was_told() {
        let mut mask = Mask::open(130);
        mask.close(ItemIx(64));
        mask.close(ItemIx(1_000_000));
        let closed: Vec<u32> = (0..130).filter(|&ix| !mask.allows(ItemIx(ix))).collect();
        assert_eq!(closed, [64]);
        assert_eq!(mask.n_open(), 129);
        assert!(!mask.allows(ItemIx(130)));
    }

    #[test]
    fn closes_sets_and_all_but_sets() {
        let mut mask = Mask::open(6);
        mask.close_all(&ItemSet::of(6, [ItemIx(1), ItemIx(2)]));
        assert_eq!(open(&mask), [0, 3, 4, 5]);
        mask.close_others(&ItemSet::of(6, [ItemIx(2), ItemIx(4), ItemIx(5)]));
        assert_eq!(open(&mask), [4, 5]);
    }
}
