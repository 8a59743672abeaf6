#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::factors::weights;
use super::ids::Names;
use super::numbers::Rule;

/// What a signal counts where the file does not say: what was never learned, but is asked for
/// by name (a search, a rotation), counts a little; what would change a slate unasked, nothing.
const DEFAULTS: [(&str, f32); 6] = [
    ("context", 1.0),
    ("dislike", 0.0),
    ("query", 0.5),
    ("rotation", 1.0),
    ("taste", 0.5),
    ("trend", 0.0),
];

/// Before the name of a field.
const AFFINITY: &str = "affinity.";

/// How much the signals count that no other section holds a weight for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signals {
    /// Ascending by name.
    weights: Vec<(String, f32)>,
}

impl Signals {
    pub(super) fn read(mut cursor: Cursor<'_>) -> Result<Self, Rule> {
        let n_bytes = cursor.u32().ok_or("no counts")? as usize;
        let names = cursor.take(n_bytes).ok_or("the names are cut short")?;
        let names = Names::read(Cursor::new(names))?;
        let weights = weights(&mut cursor, names.len())?;
        cursor.end()?;
        let pair = |(at, weight)| (names.at(at).to_owned(), weight);
        let weights: Vec<(String, f32)> = weights.into_iter().enumerate().map(pair).collect();
        if weights.iter().all(|(name, _)| is_known(name)) {
            Ok(Self { weights })
        } else {
            Err("a signal that this engine does not know")
        }
    }

    /// Every weight of the file, ascending by name.
    pub fn all(&self) -> &[(String, f32)] {
        &self.weights
    }

    /// What an item gains (log-odds) that says all in this field that the shopper is on; 0
    /// unless learned.
    pub fn affinity(&self, field: &str) -> f32 {
        self.find(|name| name.strip_prefix(AFFINITY) == Some(field)).unwrap_or(0.0)
    }

    /// How many steps of this visit the taste of earlier visits counts like; 0.5 unless
    /// learned.
    pub fn taste(&self) -> f32 {
        self.weight("taste")
    }

    /// What an item loses (log-odds), at most, that is like one the shopper said no to; 0
    /// unless the file says otherwise.
    pub fn dislike(&self) -> f32 {
        self.weight("dislike")
    }

    /// How much likeness to the words of a search counts beside likeness to the session; 0.5
    /// unless learned.
    pub fn query(&self) -> f32 {
        self.weight("query")
    }

    /// Factor on what an item loses (log-odds) that was shown and not clicked; 1 unless
    /// learned.
    pub fn rotation(&self) -> f32 {
        self.weight("rotation")
    }

    /// Factor on what hour, weekday, month, device and landing say
    /// ([`Priors::context`](super::Priors::context)); 1 unless learned.
    pub fn context(&self) -> f32 {
        self.weight("context")
    }

    /// Factor on the trend beside popularity ([`Priors::trend`](super::Priors::trend)); 0
    /// unless learned.
    pub fn trend(&self) -> f32 {
        self.weight("trend")
    }

    /// Log-odds of an item that nobody was on yet, if they were learned
    /// ([`Model::newcomer_bias`](super::Model::newcomer_bias)).
    pub fn newcomer(&self) -> Option<f32> {
        self.find(|name| name == "newcomer")
    }

    fn weight(&self, name: &str) -> f32 {
        let default = DEFAULTS.iter().find(|(known, _)| *known == name);
        self.find(|found| found == name)
            .or_else(|| default.map(|(_, weight)| *weight))
            .unwrap_or(0.0)
    }

    fn find(&self, is: impl Fn(&str) -> bool) -> Option<f32> {
        self.weights.iter().find(|(name, _)| is(name)).map(|(_, weight)| *weight)
    }
}

/// Whether the engine knows what a signal of this name is.
pub(super) fn is_known(name: &str) -> bool {
    let field = name.strip_prefix(AFFINITY);
    field.is_some_and(|field| !field.is_empty())
        || name == "newcomer"
        || DEFAULTS.iter().any(|(known, _)| *known == name)
}
