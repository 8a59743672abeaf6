use super::ItemIx;

const BITS: usize = 64;

/// A set of items: one bit an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemSet {
    /// Bits of items beyond the last are 0.
    words: Vec<u64>,
    n_items: usize,
}

impl ItemSet {
    /// No item of `n_items`.
    pub fn none(n_items: usize) -> Self {
        Self { words: vec![0; n_items.div_ceil(BITS)], n_items }
    }

    /// Those of these that are among the first `n_items`.
    pub fn of(n_items: usize, items: impl IntoIterator<Item = ItemIx>) -> Self {
        let mut set = Self::none(n_items);
        for item in items {
            set.insert(item);
        }
        set
    }

    /// The items whose value meets a condition; an item without a value does not.
    pub fn meeting(n_items: usize, values: &[f32], meets: impl Fn(f32) -> bool) -> Self {
        let mut set = Self::none(n_items);
        let values = &values[..values.len().min(n_items)];
        for (word, values) in set.words.iter_mut().zip(values.chunks(BITS)) {
            let (eights, rest) = values.as_chunks::<8>();
            for (at, eight) in eights.iter().enumerate() {
                // Without a branch, so that eight are compared at once; the product moves the
                // eight lowest bits of the bytes side by side.
                let bytes = eight.map(|x| u8::from(meets(x)));
                let bits = u64::from_le_bytes(bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= bits << (8 * at);
            }
            for (at, &x) in (8 * eights.len()..).zip(rest) {
                *word |= u64::from(meets(x)) << at;
            }
        }
        set
    }

    /// Takes an item in. An index beyond the last has no effect: it is not an item.
    pub fn insert(&mut self, item: ItemIx) {
        if item.at() < self.n_items {
            self.words[item.at() / BITS] |= 1 << (item.at() % BITS);
        }
    }

    /// Takes an item out.
    pub fn remove(&mut self, item: ItemIx) {
        if let Some(word) = self.words.get_mut(item.at() / BITS) {
            *word &= !(1 << (item.at() % BITS));
        }
    }

    /// Whether an item is in it.
    pub fn has(&self, item: ItemIx) -> bool {
        self.words.get(item.at() / BITS).is_some_and(|word| word & (1 << (item.at() % BITS)) != 0)
    }

    /// How many items it holds.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Its items, ascending.
    pub fn iter(&self) -> impl Iterator<Item = ItemIx> {
        (0..).zip(&self.words).flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(ItemIx(64 * at + bit))
            })
        })
    }

    /// Adds the items of another set.
    pub fn unite(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
        self.trim();
    }

    /// Keeps what is in both.
    pub fn intersect(&mut self, other: &Self) {
        let others = other.words.iter().chain(std::iter::repeat(&0));
        for (word, other) in self.words.iter_mut().zip(others) {
            *word &= other;
        }
    }

    /// Takes out the items of another set.
    pub fn subtract(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Swaps what is in it for what is not.
    pub fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.trim();
    }

    /// Clears the bits beyond the last item.
    fn trim(&mut self) {
        if let (Some(last), used @ 1..) = (self.words.last_mut(), self.n_items % BITS) {
            *last &= (1 << used) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(n_items: usize, items: &[u32]) -> ItemSet {
        ItemSet::of(n_items, items.iter().copied().map(ItemIx))
    }

    fn items(set: &ItemSet) -> Vec<u32> {
        set.iter().map(|item| item.0).collect()
    }

    #[test]
    fn holds_what_was_put_in_and_no_more() {
        let set = set(130, &[129, 0, 64, 63, 130, 5_000_000]);
        assert_eq!(items(&set), [0, 63, 64, 129]);
        assert_eq!(set.len(), 4);
        assert!(set.has(ItemIx(64)) && !set.has(ItemIx(65)) && !set.has(ItemIx(130)));
        assert!(ItemSet::none(0).is_empty() && !set.is_empty());
    }

    #[test]
    fn sets_combine_as_sets_do() {
        let (a, b) = ([1, 5, 64, 99], [5, 6, 99]);
        let with = |change: fn(&mut ItemSet, &ItemSet)| {
            let mut both = set(100, &a);
            change(&mut both, &set(100, &b));
            items(&both)
        };
        assert_eq!(with(ItemSet::unite), [1, 5, 6, 64, 99]);
        assert_eq!(with(ItemSet::intersect), [5, 99]);
        assert_eq!(with(ItemSet::subtract), [1, 64]);
        let mut inverse = set(100, &a);
        inverse.invert();
        let rest: Vec<u32> = (0..100).filter(|ix| !a.contains(ix)).collect();
        assert_eq!(items(&inverse), rest);
    }

    #[test]
    fn a_set_of_fewer_items_holds_none_of_the_others() {
        let mut large = set(200, &[1, 150]);
        large.intersect(&set(100, &[1]));
        assert_eq!(items(&large), [1]);
        let mut small = set(100, &[1]);
        small.unite(&set(200, &[2, 101, 150]));
        assert_eq!(items(&small), [1, 2]);
    }

    #[test]
    fn numbers_are_tested_one_by_one() {
        for n in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
            let values: Vec<f32> = (0..n).map(|at: u16| f32::from(at * 37 % 100)).collect();
            let found = ItemSet::meeting(values.len(), &values, |x| x < 50.0);
            let naive = (0_u32..).zip(&values).filter(|(_, x)| **x < 50.0).map(|(ix, _)| ix);
            assert_eq!(items(&found), naive.collect::<Vec<u32>>());
        }
        assert_eq!(items(&ItemSet::meeting(3, &[f32::NAN, 1.0, 2.0, 3.0], |x| x > 0.0)), [1, 2]);
        assert_eq!(items(&ItemSet::meeting(70, &[1.0], |x| x > 0.0)), [0]);
    }
}
