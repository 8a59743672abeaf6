use crate::types::{Condition, FieldIx, ItemIx, Placement, Request};

/// A rule of a shop, resolved to a model's fields and items.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What the shop calls it.
    pub name: Option<String>,
    /// Where and when it holds.
    pub scope: Scope,
    /// What must be true of the items it speaks of; `None`: every item.
    pub items: Option<Condition>,
    /// What it does.
    pub action: Action,
}

/// Where and when a rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its placements; empty: all.
    pub placements: Vec<Placement>,
    /// From this time on, milliseconds since 1970.
    pub from: Option<u64>,
    /// Before this time, milliseconds since 1970.
    pub until: Option<u64>,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Shows its items and no others.
    Include,
    /// Never shows its items.
    Exclude,
    /// Says what to do with items that are out of stock, or nearly.
    Stock {
        /// What to do with `out_of_stock`.
        out: Treatment,
        /// What to do with `low_stock`.
        low: Treatment,
        /// What burying takes from a score (log-odds).
        by: f32,
    },
    /// Says whether the variants of a product stand for one.
    Variants(Variants),
    /// Adds to the score of its items (log-odds), above 0.
    Boost(f32),
    /// Takes from the score of its items (log-odds), above 0.
    Bury(f32),
    /// Adds to the score of new items, the less the older they are.
    Fresh {
        /// What an item gains on its first day (log-odds).
        by: f32,
        /// Days after which it is half of that.
        half_life_days: f32,
    },
    /// Puts items on places, one after the other; `None` for one the model does not know.
    Pin {
        /// The items.
        items: Vec<Option<ItemIx>>,
        /// The place of the first, from 1.
        at: usize,
    },
    /// Gives its items this share of the places, above 0 and at most 1.
    Promote(f64),
    /// Shows only so many of its items.
    Limit {
        /// Of what.
        per: Per,
        /// At most so many, at least 1.
        most: usize,
    },
    /// Shows no item whose score is further below the best (log-odds).
    Minimum(f32),
}

/// What to do with items of some stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// They are as good as any.
    Show,
    /// They lose some of their score.
    Bury,
    /// They are never shown.
    Exclude,
}

/// Whether the variants of a product, the items with one term of `group`, stand for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variants {
    /// Only the best of them is shown, and none of the page's own product.
    Collapse,
    /// Each stands for itself.
    All,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Its items together.
    All,
    /// Its items that share a term of this field; of a path, of this level, from 1, or its
    /// innermost.
    Term(FieldIx, Option<u8>),
    /// The model has no such field: it limits nothing.
    Nothing,
}

impl Scope {
    /// Whether the rule holds for a request. Without the time of day a rule with a window
    /// rests.
    pub fn covers(&self, request: &Request) -> bool {
        let now = request.moment.time_ms;
        let timed = self.from.is_some() || self.until.is_some();
        let in_window = self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
            && !(timed && now == 0);
        in_window && self.holds_in(request.placement)
    }

    /// Whether it holds in a placement at some time.
    pub(super) fn holds_in(&self, placement: Placement) -> bool {
        self.placements.is_empty() || self.placements.contains(&placement)
    }

    /// Whether it holds at a time, whatever the placement.
    pub(super) fn holds_at(&self, time_ms: u64) -> bool {
        self.from.is_none_or(|from| from <= time_ms)
            && self.until.is_none_or(|until| time_ms < until)
    }

    /// Whether both hold for some request.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let starts = [self.from.unwrap_or(0), other.from.unwrap_or(0)];
        starts.into_iter().any(|start| self.holds_at(start) && other.holds_at(start))
            && Placement::ALL.into_iter().any(|one| self.holds_in(one) && other.holds_in(one))
    }
}

impl Rule {
    /// The word for its kind in JSON.
    pub fn kind(&self) -> &'static str {
        match self.action {
            Action::Include => "include",
            Action::Exclude => "exclude",
            Action::Stock { .. } => "stock",
            Action::Variants(_) => "variants",
            Action::Boost(_) => "boost",
            Action::Bury(_) => "bury",
            Action::Fresh { .. } => "fresh",
            Action::Pin { .. } => "pin",
            Action::Promote(_) => "promote",
            Action::Limit { .. } => "limit",
            Action::Minimum(_) => "minimum",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Moment;

    fn scope(placements: &[Placement], from: Option<u64>, until: Option<u64>) -> Scope {
        Scope { placements: placements.to_vec(), from, until }
    }

    #[test]
    fn a_rule_holds_in_its_placements_and_its_time() {
        let covers = |scope: &Scope, placement, time_ms| {
            let moment = Moment { time_ms, ..Moment::default() };
            scope.covers(&Request { placement, moment, ..Request::default() })
        };
        let always = scope(&[], None, None);
        assert!(covers(&always, Placement::Cart, 0));
        let timed = scope(&[Placement::Home], Some(10), Some(20));
        let at = [0, 9, 10, 19, 20].map(|time| covers(&timed, Placement::Home, time));
        assert_eq!(at, [false, false, true, true, false]);
        assert!(!covers(&timed, Placement::Cart, 15));
        let until = scope(&[], None, Some(20));
        assert!(!covers(&until, Placement::Home, 0), "without a clock it rests");
    }

    #[test]
    fn scopes_meet_where_both_hold() {
        let home = scope(&[Placement::Home], None, Some(10));
        assert!(home.meets(&scope(&[], Some(9), None)));
        assert!(!home.meets(&scope(&[], Some(10), None)));
        assert!(!home.meets(&scope(&[Placement::Cart], None, None)));
    }
}
