//! What a session remembers beside its events.

use serde::{Deserialize, Serialize};

/// The largest count or weight that is kept.
pub(super) const MOST: f32 = 1000.0;

/// Counts and weights are kept in steps of 1/64: exact in every engine, and short as JSON.
const GRID: f32 = 64.0;

/// An item that was shown and not clicked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Impression {
    /// The shop's id of the item.
    pub item: String,
    /// How often, as of `time_ms`: earlier times count less the longer ago they are.
    pub shown: f32,
    /// When it was shown last, milliseconds since 1970; 0 where that is not known.
    pub time_ms: u64,
}

/// An item of earlier visits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liking {
    /// The shop's id of the item.
    pub item: String,
    /// How much the shopper did with it, as of `day`.
    pub weight: f32,
    /// The day of the last visit that was about it, days since 1970.
    pub day: u32,
}

/// What was tried under a name, and how it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// The name of what is tried, 1 to 256 bytes.
    pub key: String,
    /// How often it was shown.
    pub shown: f32,
    /// How often what it showed was chosen.
    pub chosen: f32,
}

/// How a trial went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was shown.
    Shown,
    /// What it showed was chosen.
    Chosen,
}

impl Impression {
    pub(super) fn fits(&self) -> bool {
        is_kept(self.shown)
    }
}

impl Liking {
    pub(super) fn fits(&self) -> bool {
        is_kept(self.weight)
    }
}

impl Trial {
    pub(super) fn fits(&self) -> bool {
        is_kept(self.shown) && is_kept(self.chosen)
    }

    /// Counts once more. Where the count is full, both counts are halved: what is long ago
    /// counts less.
    pub(super) fn count(&mut self, outcome: Outcome) {
        if self.shown.max(self.chosen) > MOST - 1.0 {
            self.shown = on_grid(self.shown / 2.0);
            self.chosen = on_grid(self.chosen / 2.0);
        }
        match outcome {
            Outcome::Shown => self.shown += 1.0,
            Outcome::Chosen => self.chosen += 1.0,
        }
    }
}

/// The number as it is kept: a multiple of 1/64, from 0 to 1000.
pub(super) fn on_grid(number: f32) -> f32 {
    if number > MOST { MOST } else { libm::roundf(number * GRID) / GRID }
}

fn is_kept(number: f32) -> bool {
    (0.0..=MOST).contains(&number) && on_grid(number).to_bits() == number.to_bits()
}
