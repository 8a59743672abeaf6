use crate::types::Lift;

/// The rules of a shop, resolved to a model's fields and items.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleSet {}

impl RuleSet {
    /// What the rules add to items' scores.
    pub fn lifts(&self) -> Vec<Lift> {
        Vec::new()
    }
}
