//! The stock, by kind and style: where shoppers draw from.

use super::chance::Cumulative;
use super::vocabulary::{N_KINDS, N_STYLES};
use super::world::Item;
use mercer::rng::Rng;
use std::collections::HashMap;

/// Items by kind and style, each shelf ready for draws in proportion to appeal. A draw
/// takes the same time however large the shop is.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    by_style: Vec<Shelf>,
    /// Share of each kind in the draws of [`Shelves::any`].
    kinds: Cumulative,
    /// By collection and kind; empty where nobody is devoted to a collection.
    by_collection: HashMap<(u32, u8), Shelf>,
}

#[derive(Debug, Clone, Default)]
struct Shelf {
    items: Vec<u32>,
    appeal: Cumulative,
}

impl Shelves {
    pub(super) fn stock(items: &[Item]) -> Self {
        let mut sorted = vec![Vec::new(); N_KINDS * N_STYLES];
        for (ix, item) in (0_u32..).zip(items) {
            sorted[usize::from(item.kind) * N_STYLES + usize::from(item.style)].push(ix);
        }
        let by_style = sorted.into_iter().map(|ixs| Shelf::of(ixs, items)).collect();
        let mut stocked = Self { by_style, ..Self::default() };
        stocked.kinds = Cumulative::new((0..N_KINDS).map(|kind| stocked.kind_mass(kind)));
        stocked
    }

    /// The same with the items by collection and kind beside.
    pub(super) fn with_collections(mut self, items: &[Item]) -> Self {
        let mut sorted: HashMap<(u32, u8), Vec<u32>> = HashMap::new();
        for (ix, item) in (0_u32..).zip(items) {
            sorted.entry((item.collection, item.kind)).or_default().push(ix);
        }
        self.by_collection =
            sorted.into_iter().map(|(key, ixs)| (key, Shelf::of(ixs, items))).collect();
        self
    }

    /// The appeal of all items of a kind and style.
    pub(super) fn mass(&self, kind: usize, style: usize) -> f64 {
        self.shelf(kind, style).appeal.total()
    }

    /// The appeal of all items of a kind; 0 if the shop has none.
    pub(super) fn kind_mass(&self, kind: usize) -> f64 {
        (0..N_STYLES).map(|style| self.mass(kind, style)).sum()
    }

    /// An item of a kind and style, in proportion to appeal.
    pub(super) fn draw(&self, kind: usize, style: usize, rng: &mut Rng) -> Option<u32> {
        let shelf = self.shelf(kind, style);
        shelf.appeal.draw(rng).map(|position| shelf.items[position])
    }

    /// An item of a collection and kind, in proportion to appeal.
    pub(super) fn of_collection(&self, collection: u32, kind: u8, rng: &mut Rng) -> Option<u32> {
        let shelf = self.by_collection.get(&(collection, kind))?;
        shelf.appeal.draw(rng).map(|position| shelf.items[position])
    }

    /// An item of a kind, of any style, in proportion to appeal.
    pub(super) fn of_kind(&self, kind: usize, rng: &mut Rng) -> Option<u32> {
        let masses: [f64; N_STYLES] = std::array::from_fn(|style| self.mass(kind, style));
        let style = super::chance::pick(&masses, rng)?;
        self.draw(kind, style, rng)
    }

    /// Any item, in proportion to appeal.
    pub(super) fn any(&self, rng: &mut Rng) -> Option<u32> {
        let kind = self.kinds.draw(rng)?;
        self.of_kind(kind, rng)
    }

    fn shelf(&self, kind: usize, style: usize) -> &Shelf {
        &self.by_style[kind * N_STYLES + style]
    }
}

impl Shelf {
    fn of(ixs: Vec<u32>, items: &[Item]) -> Self {
        let appeal = Cumulative::new(ixs.iter().map(|&ix| items[ix as usize].appeal));
        Self { items: ixs, appeal }
    }
}
