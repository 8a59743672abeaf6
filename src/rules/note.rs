use std::fmt;

/// Something in a declaration that is no error and probably not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleNote {
    /// The place it is about, for example `rules[2].where.brand`.
    pub path: String,
    /// What is to be said of it.
    pub remark: Remark,
}

/// What is to be said of a place in a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// The model has no such field, so no item meets the condition.
    NoField {
        /// A field of the model that was probably meant.
        nearest: Option<String>,
    },
    /// No item of the model has this term.
    NoTerm {
        /// The term.
        term: String,
        /// A term of the model that was probably meant.
        nearest: Option<String>,
    },
    /// The field holds another kind of value, so no item meets the condition.
    OtherKind {
        /// What the field holds.
        holds: &'static str,
    },
    /// The model does not know some of these items.
    NoItems {
        /// How many.
        n: usize,
        /// The first of them.
        first: String,
    },
    /// No item of the model meets the condition.
    MatchesNothing,
    /// Every item of the model meets the condition.
    MatchesEverything,
    /// It compares with the product of the page, and none of its placements has one.
    NeverCompares,
    /// It pins an item that another rule never shows.
    PinClosed {
        /// The item.
        item: String,
        /// The path of the other rule.
        by: String,
    },
    /// Together with the rules before it, it leaves no item to show.
    LeavesNothing,
}

impl RuleNote {
    /// The stable word for it in JavaScript.
    pub fn code(&self) -> &'static str {
        match self.remark {
            Remark::NoField { .. } => "rules/no-field",
            Remark::NoTerm { .. } => "rules/no-term",
            Remark::OtherKind { .. } => "rules/other-kind",
            Remark::NoItems { .. } => "rules/no-item",
            Remark::MatchesNothing => "rules/matches-nothing",
            Remark::MatchesEverything => "rules/matches-everything",
            Remark::NeverCompares => "rules/never-compares",
            Remark::PinClosed { .. } => "rules/pin-closed",
            Remark::LeavesNothing => "rules/leaves-nothing",
        }
    }
}

impl fmt::Display for RuleNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        let meant = |nearest: &Option<String>| match nearest {
            Some(nearest) => ["; did you mean `", nearest, "`?"].concat(),
            None => String::new(),
        };
        match &self.remark {
            Remark::NoField { nearest } => {
                write!(f, "the model has no such field{}", meant(nearest))
            }
            Remark::NoTerm { term, nearest } => {
                write!(f, "no item has `{term}`{}", meant(nearest))
            }
            Remark::OtherKind { holds } => write!(f, "the field holds {holds}"),
            Remark::NoItems { n: 1, first } => write!(f, "the model does not know `{first}`"),
            Remark::NoItems { n, first } => {
                write!(f, "the model does not know {n} of the items, for example `{first}`")
            }
            Remark::MatchesNothing => f.write_str("no item meets it"),
            Remark::MatchesEverything => f.write_str("every item meets it"),
            Remark::NeverCompares => f.write_str(
                "it compares with the product of the page, and its placements have none",
            ),
            Remark::PinClosed { item, by } => write!(f, "`{item}` is never shown, by {by}"),
            Remark::LeavesNothing => {
                f.write_str("together with the rules before it, it leaves no item to show")
            }
        }
    }
}
