use crate::model::{Column, Model, Terms};
use crate::types::{FieldIx, ItemIx, ItemSet, levels};
use std::sync::OnceLock;

/// A term is frequent if more than one in so many items has it: uniting sets of all items is
/// quicker then than going through a list.
const FREQUENT: usize = 32;

/// The items of each term of a model's fields, made when a field is first asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    fields: Vec<OnceLock<Postings>>,
    /// How many levels each category has, `[n_terms]`: 2 for `Shoes > Boots`.
    levels: OnceLock<Vec<usize>>,
}

/// The items of each term.
#[derive(Debug, Clone)]
struct Postings {
    /// Where each term's items end in `items`, `[n_terms]`.
    ends: Vec<u32>,
    items: Vec<ItemIx>,
    /// Terms of more items than a set takes words of, with the set.
    frequent: Vec<(u32, ItemSet)>,
}

/// A model with the index over it: which items does a condition speak of?
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalogue<'a> {
    pub(super) model: &'a Model,
    pub(super) index: &'a Index,
}

impl Index {
    /// An index over the fields of a model, all still to be made.
    pub(super) fn over(model: &Model) -> Self {
        let fields = model.attributes().names().map(|_| OnceLock::new()).collect();
        Self { fields, levels: OnceLock::new() }
    }
}

impl Postings {
    /// Counts, then fills.
    fn over(terms: &Terms, n_items: usize) -> Self {
        let items = || (0..n_items).map(ItemIx::from_usize);
        let mut starts = vec![0_u32; terms.n_terms()];
        let mut total = 0;
        for &term in items().flat_map(|item| terms.of(item)) {
            starts[term as usize] += 1;
            total += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end - *start;
        }
        let mut filled = vec![ItemIx(0); total];
        for item in items() {
            for &term in terms.of(item) {
                let at = &mut starts[term as usize];
                filled[*at as usize] = item;
                *at += 1;
            }
        }
        let mut postings = Self { ends: starts, items: filled, frequent: Vec::new() };
        let sets = (0..).zip(&postings.ends).map(|(term, _)| (term, postings.of(term)));
        let frequent = sets.filter(|(_, items)| items.len() > n_items / FREQUENT);
        let frequent = frequent.map(|(term, items)| (term, set(n_items, items))).collect();
        postings.frequent = frequent;
        postings
    }

    fn of(&self, term: u32) -> &[ItemIx] {
        let end = |at: usize| self.ends.get(at).map_or(0, |&end| end as usize);
        let start = (term as usize).checked_sub(1).map_or(0, end);
        self.items.get(start..end(term as usize)).unwrap_or_default()
    }
}

fn set(n_items: usize, items: &[ItemIx]) -> ItemSet {
    ItemSet::of(n_items, items.iter().copied())
}

impl<'a> Catalogue<'a> {
    pub(super) fn n_items(self) -> usize {
        self.model.n_items()
    }

    pub(super) fn terms(self, field: FieldIx) -> Option<&'a Terms> {
        match self.model.attributes().column(field)? {
            Column::Terms(terms) => Some(terms),
            Column::Numbers(_) => None,
        }
    }

    /// An item's number; `None` where it is not known.
    pub(super) fn number(self, field: FieldIx, item: ItemIx) -> Option<f32> {
        self.numbers(field).get(item.at()).copied().filter(|x| !x.is_nan())
    }

    fn numbers(self, field: FieldIx) -> &'a [f32] {
        match self.model.attributes().column(field) {
            Some(Column::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// The items that have one of these terms.
    pub(super) fn having(self, field: FieldIx, terms: &[u32]) -> ItemSet {
        let slot = self.index.fields.get(usize::from(field.0));
        let (Some(column), Some(slot)) = (self.terms(field), slot) else {
            return ItemSet::none(self.n_items());
        };
        let postings = slot.get_or_init(|| Postings::over(column, self.n_items()));
        let mut found = ItemSet::none(self.n_items());
        for &term in terms {
            match postings.frequent.binary_search_by_key(&term, |(term, _)| *term) {
                Ok(at) => found.unite(&postings.frequent[at].1),
                Err(_) => postings.of(term).iter().for_each(|&item| found.insert(item)),
            }
        }
        found
    }

    /// How many levels each term of a field has, `[n_terms]`: of categories; `None` for other
    /// fields, whose terms stand side by side.
    pub(super) fn levels(self, field: FieldIx) -> Option<&'a [usize]> {
        if self.model.attributes().name(field) != "category" {
            return None;
        }
        let terms = self.terms(field)?;
        let level = |term| levels(terms.name(term)).count();
        let all = || (0..).take(terms.n_terms()).map(level).collect();
        Some(self.index.levels.get_or_init(all))
    }

    /// The items whose number is within bounds, both included.
    pub(super) fn within(self, field: FieldIx, (least, most): (f32, f32)) -> ItemSet {
        #[expect(clippy::needless_bitwise_bool, reason = "no branch: eight are compared at once")]
        let meets = |x| (least <= x) & (x <= most);
        ItemSet::meeting(self.n_items(), self.numbers(field), meets)
    }
}
