use super::memory::{Impression, Liking, Trial};
use super::size::{self, MAX_STATE_BYTES};
use super::{EventError, RestoreError, check};
use crate::types::{Event, MAX_ID_BYTES};
use serde::{Deserialize, Serialize};

/// The version of [`SessionState`] this engine writes, and the newest it restores.
pub const STATE_VERSION: u32 = 2;
/// How many events are remembered; older ones are forgotten.
pub const MAX_EVENTS: usize = 100;
/// How many items in the cart, and how many bought, are remembered.
pub const MAX_OWNED: usize = 100;
/// How many items that were shown and not clicked are remembered.
pub const MAX_IMPRESSIONS: usize = 100;
/// How many items of earlier visits are remembered.
pub const MAX_TASTE: usize = 50;
/// How many trials are remembered.
pub const MAX_TRIALS: usize = 32;
/// How much of a search is kept, in characters.
pub const MAX_QUERY_CHARS: usize = 200;

/// Everything a session holds, readable: this is what is exported, stored and restored. As
/// JSON it never has more than [`MAX_STATE_BYTES`] bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionState {
    /// [`STATE_VERSION`] of the engine that wrote it.
    pub version: u32,
    /// What happened in this visit, oldest first; impressions are in `impressions`.
    pub events: Vec<Event>,
    /// What is in the cart, oldest first.
    pub cart: Vec<Line>,
    /// Ids of the items bought, oldest first.
    pub bought: Vec<String>,
    /// What was shown and not clicked, longest ago first.
    #[serde(default)]
    pub impressions: Vec<Impression>,
    /// What earlier visits were about, strongest first.
    #[serde(default)]
    pub taste: Vec<Liking>,
    /// What was tried, longest ago first.
    #[serde(default)]
    pub trials: Vec<Trial>,
}

/// One item in the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredLine")]
pub struct Line {
    /// The shop's id of the item.
    pub item: String,
    /// How many pieces, at least 1.
    pub quantity: u32,
}

/// Version 1 kept ids alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredLine {
    Id(String),
    Line { item: String, quantity: u32 },
}

impl From<StoredLine> for Line {
    fn from(line: StoredLine) -> Self {
        match line {
            StoredLine::Id(item) => Self { item, quantity: 1 },
            StoredLine::Line { item, quantity } => Self { item, quantity },
        }
    }
}

impl Default for SessionState {
    /// A stranger's.
    fn default() -> Self {
        Self {
            version: STATE_VERSION,
            events: Vec::new(),
            cart: Vec::new(),
            bought: Vec::new(),
            impressions: Vec::new(),
            taste: Vec::new(),
            trials: Vec::new(),
        }
    }
}

impl SessionState {
    /// Whether an engine of its version could have written it.
    ///
    /// # Errors
    /// - [`RestoreError::Newer`]: the version is newer than this engine, or none.
    /// - [`RestoreError::TooLarge`]: a list, a search or the whole is longer than any engine
    ///   writes.
    /// - [`RestoreError::Event`]: an event or an id that no session takes.
    /// - [`RestoreError::Number`]: a number that no session holds.
    pub(super) fn check(&self) -> Result<(), RestoreError> {
        if self.version == 0 || self.version > STATE_VERSION {
            let found = self.version;
            return Err(RestoreError::Newer { found, supported: STATE_VERSION });
        }
        if self.is_too_long() {
            return Err(RestoreError::TooLarge);
        }
        if let Some(error) = self.events.iter().find_map(|event| check::event(event).err()) {
            return Err(RestoreError::Event(error));
        }
        if self.ids().any(|id| id.is_empty() || id.len() > MAX_ID_BYTES) {
            return Err(RestoreError::Event(EventError::ItemTooLong));
        }
        if self.numbers_fit() { Ok(()) } else { Err(RestoreError::Number) }
    }

    fn is_too_long(&self) -> bool {
        let mut queries = self.events.iter().filter_map(|event| event.query.as_deref());
        queries.any(|query| query.chars().nth(MAX_QUERY_CHARS).is_some())
            || self.events.len() > MAX_EVENTS
            || self.cart.len().max(self.bought.len()) > MAX_OWNED
            || self.impressions.len() > MAX_IMPRESSIONS
            || self.taste.len() > MAX_TASTE
            || self.trials.len() > MAX_TRIALS
            // Version 1 counted entries, not bytes; what is too much of it is forgotten.
            || (self.version > 1 && size::of(self) > MAX_STATE_BYTES)
    }

    /// The ids and keys of everything but the events.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let cart = self.cart.iter().map(|line| line.item.as_str());
        let bought = self.bought.iter().map(String::as_str);
        let shown = self.impressions.iter().map(|shown| shown.item.as_str());
        let taste = self.taste.iter().map(|liking| liking.item.as_str());
        let trials = self.trials.iter().map(|trial| trial.key.as_str());
        cart.chain(bought).chain(shown).chain(taste).chain(trials)
    }

    fn numbers_fit(&self) -> bool {
        self.cart.iter().all(|line| line.quantity > 0)
            && self.impressions.iter().all(Impression::fits)
            && self.taste.iter().all(Liking::fits)
            && self.trials.iter().all(Trial::fits)
    }
}
