//! What does the shop insist on?
//!
//! *Input → output:* declared rules → [`RuleSet`]; rules, request and what the shopper knows →
//! [`Eligibility`] before retrieval, [`Lift`](crate::types::Lift)s for ranking, and the last
//! word on places. What can be declared: `docs/rules.md`.
//!
//! *Useful for:* what a merchandiser decides. *Not for:* taste: a rule that says what is shown
//! hides nowhere in ranking.
//!
//! **Architecture Invariant:** rules say what may be shown before anything is retrieved, and
//! placing asks for more where it passes items over, so that rules never empty a slate that
//! could be full. No declaration, however hostile, makes the reader panic.

mod at;
mod catalogue;
mod condition;
mod conflicts;
mod eligibility;
mod error;
pub mod filter;
mod insists;
mod lifts;
mod note;
mod place;
mod plan;
mod read;
mod reader;
mod remarks;
mod rule;
mod rule_set;

pub use condition::{JOINTS, OPERATORS, SHORTHANDS};
pub use eligibility::{Bar, Eligibility, Known, eligible};
pub use error::{Flaw, RuleError};
pub use note::{Remark, RuleNote};
pub use place::{Placed, Ranker, Shelf, full_for, place};
pub use read::{COMMON_FIELDS, KINDS, MAX_PLACE, MAX_RULES};
pub use reader::MAX_WORDS;
pub use rule::{Action, Per, Rule, Scope, Treatment, Variants};
pub use rule_set::RuleSet;
