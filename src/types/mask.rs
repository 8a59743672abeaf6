use super::ItemIx;

/// Which items may be shown: one bit an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    closed: Vec<u64>,
}

impl Mask {
    /// A mask over `n_items` that lets everything through.
    pub fn open(n_items: usize) -> Self {
        Self { closed: vec![0; n_items.div_ceil(64)] }
    }

    /// Keeps `item` out. An index beyond the mask has no effect: it is not an item.
    pub fn close(&mut self, item: ItemIx) {
        if let Some(word) = self.closed.get_mut(item.at() / 64) {
            *word |= 1 << (item.at() % 64);
        }
    }

    /// Whether `item` may be shown.
    pub fn allows(&self, item: ItemIx) -> bool {
        self.closed.get(item.at() / 64).is_some_and(|word| word & (1 << (item.at() % 64)) == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closes_only_what_it_was_told() {
        let mut mask = Mask::open(130);
        mask.close(ItemIx(64));
        mask.close(ItemIx(1_000_000));
        let closed: Vec<u32> = (0..130).filter(|&ix| !mask.allows(ItemIx(ix))).collect();
        assert_eq!(closed, [64]);
    }
}
