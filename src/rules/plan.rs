use super::catalogue::Catalogue;
use crate::types::{Condition, FieldIx, ItemIx, ItemSet, Request};
use std::sync::Arc;

/// A condition whose answer is already known, but for what is relative to the product the
/// slate is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan {
    /// These items, whatever the request.
    Fixed(Arc<ItemSet>),
    /// The items of all parts.
    All(Vec<Plan>),
    /// The items of any part.
    Any(Vec<Plan>),
    /// The items that are not these.
    Not(Box<Plan>),
    /// Those that share a term with the product.
    Same { field: FieldIx, levels: Option<u8> },
    /// Those whose number is near the product's.
    Near { field: FieldIx, below: f32, above: f32 },
}

/// What the slate is for: the page's product, or else what the caller says it is for.
pub(super) fn context(request: &Request) -> &[ItemIx] {
    request.item.as_ref().map_or(request.context.as_slice(), std::slice::from_ref)
}

impl Plan {
    /// Answers what can be answered without a request.
    pub(super) fn of(condition: &Condition, catalogue: Catalogue<'_>) -> Self {
        let fixed = |set| Self::Fixed(Arc::new(set));
        let n_items = catalogue.n_items();
        match condition {
            Condition::All(parts) => Self::of_parts(parts, catalogue, Self::All),
            Condition::Any(parts) => Self::of_parts(parts, catalogue, Self::Any),
            Condition::Not(part) => Self::Not(Box::new(Self::of(part, catalogue))).folded(n_items),
            Condition::Terms { field, terms } => fixed(catalogue.having(*field, terms)),
            Condition::Range { field, least, most } => {
                fixed(catalogue.within(*field, (*least, *most)))
            }
            Condition::Items(items) => fixed(ItemSet::of(n_items, items.iter().copied())),
            &Condition::Same { field, levels } => Self::Same { field, levels },
            &Condition::Near { field, below, above } => Self::Near { field, below, above },
        }
    }

    fn of_parts(
        parts: &[Condition],
        catalogue: Catalogue<'_>,
        join: impl Fn(Vec<Self>) -> Self,
    ) -> Self {
        let plans = parts.iter().map(|part| Self::of(part, catalogue)).collect();
        join(plans).folded(catalogue.n_items())
    }

    /// The answer instead of the question, where nothing in it is relative.
    fn folded(self, n_items: usize) -> Self {
        let parts = match &self {
            Self::All(parts) | Self::Any(parts) => parts.as_slice(),
            Self::Not(part) => std::slice::from_ref(&**part),
            _ => &[],
        };
        let is_fixed = parts.iter().all(|part| matches!(part, Self::Fixed(_)));
        let joined = if is_fixed { self.join(n_items, Self::fixed) } else { None };
        joined.map_or(self, Self::Fixed)
    }

    /// Its items, if they do not depend on the request.
    pub(super) fn fixed(&self) -> Option<Arc<ItemSet>> {
        match self {
            Self::Fixed(set) => Some(Arc::clone(set)),
            _ => None,
        }
    }

    /// The items that meet the condition for a request.
    ///
    /// A part that compares with the product the slate is for is left out, as if it were not
    /// written, where there is no product or the catalogue does not say its value. `None`
    /// where nothing is left of the condition.
    pub(super) fn items(
        &self,
        catalogue: Catalogue<'_>,
        request: &Request,
    ) -> Option<Arc<ItemSet>> {
        match self {
            Self::Fixed(set) => Some(Arc::clone(set)),
            Self::Same { field, levels } => {
                same(catalogue, *field, *levels, context(request)).map(Arc::new)
            }
            Self::Near { field, below, above } => {
                near(catalogue, *field, (*below, *above), context(request)).map(Arc::new)
            }
            _ => self.join(catalogue.n_items(), |part| part.items(catalogue, request)),
        }
    }

    /// Joins the items of its parts; `None` where there were parts and none has an answer.
    fn join(
        &self,
        n_items: usize,
        answer: impl Fn(&Self) -> Option<Arc<ItemSet>>,
    ) -> Option<Arc<ItemSet>> {
        let (parts, change): (_, fn(&mut ItemSet, &ItemSet)) = match self {
            Self::All(parts) => (parts, ItemSet::intersect),
            Self::Any(parts) => (parts, ItemSet::unite),
            Self::Not(part) => {
                let mut set = answer(part)?;
                Arc::make_mut(&mut set).invert();
                return Some(set);
            }
            _ => return answer(self),
        };
        if parts.is_empty() {
            let mut set = ItemSet::none(n_items);
            if matches!(self, Self::All(_)) {
                set.invert();
            }
            return Some(Arc::new(set));
        }
        let mut answers = parts.iter().filter_map(answer);
        let mut set = answers.next()?;
        for other in answers {
            change(Arc::make_mut(&mut set), &other);
        }
        Some(set)
    }
}

/// Items that share a term with the products.
fn same(
    catalogue: Catalogue<'_>,
    field: FieldIx,
    levels: Option<u8>,
    products: &[ItemIx],
) -> Option<ItemSet> {
    let own = |product: &ItemIx| counted(catalogue, (field, levels), *product);
    let wanted: Vec<u32> = products.iter().flat_map(own).collect();
    (!wanted.is_empty()).then(|| catalogue.having(field, &wanted))
}

/// The terms that an item is compared or counted by: all it has; of categories the innermost,
/// or the one so many levels from the outermost.
pub(super) fn counted(
    catalogue: Catalogue<'_>,
    (field, levels): (FieldIx, Option<u8>),
    item: ItemIx,
) -> Vec<u32> {
    let Some(terms) = catalogue.terms(field) else { return Vec::new() };
    let own = terms.of(item);
    let Some(all) = catalogue.levels(field) else { return own.to_vec() };
    let level = |term: &u32| all.get(*term as usize).copied().unwrap_or(0);
    let innermost = own.iter().map(level).max().unwrap_or(0);
    let wanted = levels.map_or(innermost, |levels| innermost.min(usize::from(levels)));
    own.iter().copied().filter(|term| level(term) == wanted).collect()
}

/// Items whose number is between `below` and `above` times that of one of the products.
fn near(
    catalogue: Catalogue<'_>,
    field: FieldIx,
    (below, above): (f32, f32),
    products: &[ItemIx],
) -> Option<ItemSet> {
    let numbers = products.iter().filter_map(|product| catalogue.number(field, *product));
    let ranges = numbers.map(|x| (below * x, above * x));
    let sets = ranges.map(|(a, b)| catalogue.within(field, (a.min(b), a.max(b))));
    sets.reduce(|mut all, set| {
        all.unite(&set);
        all
    })
}
