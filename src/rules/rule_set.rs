use super::catalogue::{Catalogue, Index};
use super::eligibility::variants;
use super::error::RuleError;
use super::note::RuleNote;
use super::plan::Plan;
use super::reader::Reader;
use super::rule::{Action, Rule, Treatment, Variants};
use super::{conflicts, lifts, read, remarks};
use crate::model::Model;
use crate::types::{Data, ItemIx, ItemSet, Lift, Request};
use std::sync::Arc;

/// The rules of a shop, resolved to a model's fields and items.
#[derive(Debug, Clone)]
pub struct RuleSet {
    /// The rules as they were declared, to be resolved anew when the model changes.
    declared: Data,
    rules: Vec<Rule>,
    /// The items each rule speaks of, `[n_rules]`; `None`: every item.
    plans: Vec<Option<Plan>>,
    out_of_stock: Arc<ItemSet>,
    low_stock: Arc<ItemSet>,
    n_items: usize,
    index: Index,
}

/// Two rule sets are equal if they say the same of the same model.
impl PartialEq for RuleSet {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules && self.plans == other.plans
    }
}

impl RuleSet {
    /// No rules. What is out of stock is left out and variants stand for one, as always.
    pub fn none(model: &Model) -> Self {
        Self::resolve(Data::List(Vec::new()), Vec::new(), model)
    }

    /// The rules that data declare, and what is to be noted of them. Which items they speak
    /// of is found out here, once, but for what is relative to a product.
    ///
    /// Whether data are refused depends on them alone and not on the model.
    ///
    /// # Errors
    /// A [`RuleError`] with the code
    /// - `rules/invalid`: something else belongs at its path;
    /// - `rules/unknown`: a kind, field, word or operator is none;
    /// - `rules/too-large`: more than [`MAX_RULES`](super::MAX_RULES) rules, 10,000 words, or
    ///   deeper than [`MAX_DEPTH`](crate::types::MAX_DEPTH);
    /// - `rules/conflict`: two rules cannot both be obeyed.
    pub fn read(data: &Data, model: &Model) -> Result<(Self, Vec<RuleNote>), RuleError> {
        let mut reader = Reader::new(model);
        let rules = read::rules(&mut reader, data)?;
        conflicts::check(&rules, data)?;
        let set = Self::resolve(data.clone(), rules, model);
        remarks::add(&mut reader, &set);
        Ok((set, reader.notes))
    }

    /// Resolves the rules anew, after items were added to the model or changed, and gives
    /// what is to be noted of them now.
    pub fn refresh(&mut self, model: &Model) -> Vec<RuleNote> {
        // What was read once is read again: no model makes a declaration wrong.
        let Ok((fresh, notes)) = Self::read(&self.declared, model) else { return Vec::new() };
        *self = fresh;
        notes
    }

    /// The rules, in the order they were declared.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The items a rule speaks of, whatever the request; `None` for a rule that speaks of
    /// none in particular or compares with the product of the page.
    pub fn items(&self, rule: usize) -> Option<Arc<ItemSet>> {
        match &self.rules.get(rule)?.action {
            Action::Pin { items, .. } => {
                let items = items.iter().flatten().copied();
                Some(Arc::new(ItemSet::of(self.n_items, items)))
            }
            Action::Stock { .. } => {
                let mut items = Arc::clone(&self.out_of_stock);
                Arc::make_mut(&mut items).unite(&self.low_stock);
                Some(items)
            }
            _ => self.meeting(rule),
        }
    }

    /// The items that meet a rule's condition, if it has one that compares with nothing.
    pub(super) fn meeting(&self, rule: usize) -> Option<Arc<ItemSet>> {
        self.plans.get(rule)?.as_ref()?.fixed()
    }

    /// Whether a rule compares with the product of the page.
    pub fn compares(&self, rule: usize) -> bool {
        let plan = self.plans.get(rule).and_then(Option::as_ref);
        plan.is_some_and(|plan| plan.fixed().is_none())
    }

    /// What the rules add to items' scores for a request: boosts, what is buried, freshness.
    pub fn lifts(&self, model: &Model, request: &Request) -> Vec<Lift> {
        lifts::of(self, self.catalogue(model), request)
    }

    /// Keeps what one slate of a page shows out of the next: its items and, where variants
    /// stand for one, their variants.
    pub fn keep_apart(&self, model: &Model, shown: &[ItemIx], next: &mut Request) {
        next.exclude.extend(shown);
        if self.variants(next) == Variants::Collapse {
            next.exclude.extend(variants(self.catalogue(model), shown).iter());
        }
    }

    fn resolve(declared: Data, rules: Vec<Rule>, model: &Model) -> Self {
        let index = Index::over(model);
        let catalogue = Catalogue { model, index: &index };
        let plan = |rule: &Rule| rule.items.as_ref().map(|items| Plan::of(items, catalogue));
        let plans = rules.iter().map(plan).collect();
        let out_of_stock = Arc::new(stock(catalogue, "out_of_stock"));
        let low_stock = Arc::new(stock(catalogue, "low_stock"));
        let n_items = model.n_items();
        Self { declared, rules, plans, out_of_stock, low_stock, n_items, index }
    }

    pub(super) fn catalogue<'a>(&'a self, model: &'a Model) -> Catalogue<'a> {
        Catalogue { model, index: &self.index }
    }

    /// The rules that hold for a request, with their positions.
    pub(super) fn holding<'a>(
        &'a self,
        request: &'a Request,
    ) -> impl Iterator<Item = (u16, &'a Rule)> {
        (0..).zip(&self.rules).filter(|(_, rule)| rule.scope.covers(request))
    }

    /// The items a rule speaks of for a request; `None` where it rests, because it only
    /// compares with a product that is not there.
    pub(super) fn items_for(
        &self,
        rule: u16,
        catalogue: Catalogue<'_>,
        request: &Request,
    ) -> Option<Reach> {
        match self.plans.get(usize::from(rule))? {
            None => Some(Reach::All),
            Some(plan) => plan.items(catalogue, request).map(Reach::Some),
        }
    }

    /// Items of each kind of stock with what is to be done with them, and by how much they
    /// are buried by which rule.
    pub(super) fn stock(&self, request: &Request) -> Stock<'_> {
        let rule = self.holding(request).find_map(|(at, rule)| match rule.action {
            Action::Stock { out, low, by } => Some((at, out, low, by)),
            _ => None,
        });
        let (rule, out, low, by) = rule.unwrap_or((0, Treatment::Exclude, Treatment::Show, 0.0));
        Stock { rule, by, kinds: [(&self.out_of_stock, out), (&self.low_stock, low)] }
    }

    /// Whether variants stand for one.
    pub(super) fn variants(&self, request: &Request) -> Variants {
        let rule = self.holding(request).find_map(|(_, rule)| match rule.action {
            Action::Variants(variants) => Some(variants),
            _ => None,
        });
        rule.unwrap_or(Variants::Collapse)
    }
}

/// The items a rule speaks of.
pub(super) enum Reach {
    All,
    Some(Arc<ItemSet>),
}

impl Reach {
    pub(super) fn has(&self, item: ItemIx) -> bool {
        match self {
            Self::All => true,
            Self::Some(items) => items.has(item),
        }
    }
}

/// What is to be done with items of some stock.
pub(super) struct Stock<'a> {
    pub(super) rule: u16,
    /// What burying takes (log-odds).
    pub(super) by: f32,
    pub(super) kinds: [(&'a Arc<ItemSet>, Treatment); 2],
}

/// The items of this availability.
fn stock(catalogue: Catalogue<'_>, availability: &str) -> ItemSet {
    let attributes = catalogue.model.attributes();
    let term = attributes.terms("availability").and_then(|terms| terms.find(availability));
    match (attributes.field("availability"), term) {
        (Some(field), Some(term)) => catalogue.having(field, &[term]),
        _ => ItemSet::none(catalogue.n_items()),
    }
}
