use crate::rules::RuleError;
use std::fmt;

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable word for it, for example `request/invalid`.
    pub code: &'static str,
    /// Which field is wrong, and what it should be.
    pub message: String,
}

impl Refusal {
    /// A refusal whose message is made of `parts`.
    pub(super) fn new(code: &'static str, parts: &[&str]) -> Self {
        Self { code, message: parts.concat() }
    }

    /// The refusal of rules or of a filter.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
    pub fn of_rules(error: RuleError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
