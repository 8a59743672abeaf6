//! Rules that cannot all be obeyed, and rules that undo each other.

use super::at::At;
use super::error::{Flaw, RuleError};
use super::rule::{Action, Rule};
use crate::types::{Data, Placement};

/// A rule with its position and what was written.
type Written<'a> = (usize, &'a Rule, &'a Data);

/// Refuses rules that contradict each other where both hold.
pub(super) fn check(rules: &[Rule], data: &Data) -> Result<(), RuleError> {
    let written: Vec<Written<'_>> =
        rules.iter().zip(elements(data)).enumerate().map(|(at, (r, d))| (at, r, d)).collect();
    for (at, one) in written.iter().enumerate() {
        check_pin(one.0, one.2)?;
        for other in &written[..at] {
            if one.1.scope.meets(&other.1.scope)
                && let Some(about) = disagreement(one, other)
            {
                return Err(conflict(one.0, other.0, about));
            }
        }
    }
    check_shares(rules)
}

fn elements(data: &Data) -> &[Data] {
    match data {
        Data::List(list) => list,
        _ => field(data, "rules").map_or(&[], elements),
    }
}

fn field<'a>(data: &'a Data, name: &str) -> Option<&'a Data> {
    let Data::Object(fields) = data else { return None };
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value)
}

fn conflict(one: usize, other: usize, about: &'static str) -> RuleError {
    let root = At::root("rules");
    let with = root.index(other).path();
    RuleError::new(&root.index(one), Flaw::Conflict { with, about })
}

/// What two rules that hold at once disagree about.
fn disagreement(one: &Written<'_>, other: &Written<'_>) -> Option<&'static str> {
    let same_items = || field(one.2, "where") == field(other.2, "where");
    match (&one.1.action, &other.1.action) {
        (Action::Stock { .. }, Action::Stock { .. }) => Some("says what to do with stock"),
        (Action::Variants(_), Action::Variants(_)) => Some("says what to do with variants"),
        (Action::Minimum(_), Action::Minimum(_)) => Some("says how far below the best is too far"),
        (Action::Include, Action::Exclude) | (Action::Exclude, Action::Include) if same_items() => {
            Some("decides whether the same items are shown")
        }
        (Action::Boost(_), Action::Bury(_)) | (Action::Bury(_), Action::Boost(_))
            if same_items() =>
        {
            Some("moves the same items the other way")
        }
        (Action::Pin { items, at }, Action::Pin { items: others, at: start }) => {
            if *at < start + others.len() && *start < at + items.len() {
                return Some("pins to the same place");
            }
            let shared = pinned(one.2).any(|id| pinned(other.2).any(|other| other == id));
            shared.then_some("pins the same item")
        }
        _ => None,
    }
}

fn pinned(rule: &Data) -> impl Iterator<Item = &Data> {
    field(rule, "items").into_iter().flat_map(elements)
}

/// A rule pins an item once.
fn check_pin(at: usize, rule: &Data) -> Result<(), RuleError> {
    let items: Vec<&Data> = pinned(rule).collect();
    let twice = (1..items.len()).find(|&place| items[..place].contains(&items[place]));
    let Some(place) = twice else { return Ok(()) };
    let root = At::root("rules");
    let (rule, field) = (root.index(at), "items");
    let items = rule.field(field);
    Err(RuleError::expected(&items.index(place), "each item once", "it twice"))
}

/// The shares of promoting rules that hold at once add up to 1 at most. What holds at once
/// is most where one of them begins to hold.
fn check_shares(rules: &[Rule]) -> Result<(), RuleError> {
    let promoting = || rules.iter().enumerate().filter_map(share);
    for placement in Placement::ALL {
        for (_, start, _) in promoting() {
            let time = start.scope.from.unwrap_or(0);
            let holds = |rule: &Rule| rule.scope.holds_in(placement) && rule.scope.holds_at(time);
            let (mut sum, mut first) = (0.0, None);
            for (at, _, share) in promoting().filter(|(_, rule, _)| holds(rule)) {
                sum += share;
                if sum > 1.0 + 1e-9 {
                    let other = first.unwrap_or(at);
                    return Err(conflict(at, other, "promotes into more places than there are"));
                }
                first = first.or(Some(at));
            }
        }
    }
    Ok(())
}

fn share((at, rule): (usize, &Rule)) -> Option<(usize, &Rule, f64)> {
    match rule.action {
        Action::Promote(share) => Some((at, rule, share)),
        _ => None,
    }
}
