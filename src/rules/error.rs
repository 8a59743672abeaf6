use super::at::At;
use std::fmt;

/// Why a declaration is refused, and where in it the fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The place of the fault, for example `rules[2].where.price.atLeast`.
    pub path: String,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What is wrong in a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Something else belongs here.
    Expected {
        /// What belongs here.
        expected: &'static str,
        /// What is here instead.
        found: &'static str,
    },
    /// No such kind, field or word.
    Unknown {
        /// The word as it was written.
        word: String,
        /// The words that are known here, with commas between them.
        known: String,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
    /// Two rules cannot both be obeyed.
    Conflict {
        /// The path of the other.
        with: String,
        /// What they disagree about.
        about: &'static str,
    },
    /// It is larger than any shop needs.
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much may be.
        most: usize,
    },
}

impl RuleError {
    #[cold]
    #[inline(never)]
    pub(super) fn new(at: &At<'_>, flaw: Flaw) -> Self {
        Self { path: at.path(), flaw }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn expected(at: &At<'_>, expected: &'static str, found: &'static str) -> Self {
        Self::new(at, Flaw::Expected { expected, found })
    }

    /// The stable word for it in JavaScript: `rules/…`, or `filter/…` for a request's filter.
    pub fn code(&self) -> &'static str {
        let filter = self.path.starts_with("filter");
        match self.flaw {
            Flaw::Expected { .. } if filter => "filter/invalid",
            Flaw::Expected { .. } => "rules/invalid",
            Flaw::Unknown { .. } if filter => "filter/unknown",
            Flaw::Unknown { .. } => "rules/unknown",
            Flaw::TooLarge { .. } if filter => "filter/too-large",
            Flaw::TooLarge { .. } => "rules/too-large",
            Flaw::Conflict { .. } => "rules/conflict",
        }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.flaw {
            Flaw::Expected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Flaw::Unknown { word, known, nearest } => {
                write!(f, "`{word}` is not known here")?;
                if let Some(nearest) = nearest {
                    write!(f, "; did you mean `{nearest}`?")?;
                }
                write!(f, "; known: {known}")
            }
            Flaw::Conflict { with, about } => write!(f, "{about}, and so does {with}"),
            Flaw::TooLarge { what, most } => write!(f, "at most {most} {what}"),
        }
    }
}

impl std::error::Error for RuleError {}
