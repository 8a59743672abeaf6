use super::RuleSet;
use crate::types::{Request, Scored};

/// The slate of at most `request.count` items that the rules make of ranked items, best first.
pub fn place(_rules: &RuleSet, request: &Request, mut ranked: Vec<Scored>) -> Vec<Scored> {
    ranked.truncate(request.count);
    ranked
}
