//! How likely was a place in a list looked at? The position bias of a log, estimated from the
//! log, and the weights that take it out of what is learned.
//!
//! The position-based model (Richardson, Dominowska & Ragno 2007; Craswell et al. 2008) says
//! of an item `i` shown at position `p`
//!
//! ```text
//! P(click) = θ_p · γ_i
//! ```
//!
//! with the propensity `θ_p` that the place is looked at and the appeal `γ_i`. A click at `p`
//! then counts `1 / θ_p` (Joachims, Swaminathan & Schnabel 2017, eq. 4), so that an item is
//! learned as often as it would have been clicked had every place been looked at alike.
//! `docs/position-bias.md` has the derivation and the limits.

mod chance;
mod likelihood;
mod shown;

use crate::log::{Log, LogEvent, LogItem};
use likelihood::{gain_over_flat, settle, unlinked};
use mercer::session::{Step, merge};
use mercer::types::EventKind;
use shown::{Harvest, Table, harvest};
use std::fmt;

/// Clicks that must stand behind each propensity. Places that have fewer share one with
/// their neighbours.
pub const MIN_CLICKS: u32 = 50;
/// The most a click counts, whatever its propensity: a bound on the variance that the
/// correction may add (Ionides 2008).
pub const MAX_WEIGHT: f64 = 10.0;
/// Ranges of positions, at most: a long log may have a click everywhere.
const MAX_RANGES: u32 = 100;

/// How likely each place of a list is looked at, relative to the place looked at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Propensity {
    ranges: Vec<PositionRange>,
}

/// Neighbouring positions that share a propensity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PositionRange {
    /// The first position, from 0.
    pub from: u32,
    /// The last one; `None` for the last range, which holds whatever is further down.
    pub to: Option<u32>,
    /// Clicks that the estimate stands on.
    pub clicks: u32,
    /// `θ`: above 0, and 1 for the range that is looked at most.
    pub propensity: f64,
}

impl Propensity {
    /// Estimates the propensities from the impressions (`view_item_list`) and clicks
    /// (`select_item`) of a log that have a `list_position`.
    ///
    /// No experiment is needed: an item that a shop showed at several positions compares them
    /// (intervention harvesting, Agarwal et al. 2019). Items are compared with themselves
    /// only, and only after the same words of a search. Given how often it was clicked, the
    /// places of those clicks do not depend on `γ`, so that `θ` maximises
    ///
    /// ```text
    /// L(θ) = Σ_i Σ_p clicks_ip · ln( shown_ip θ_p / Σ_q shown_iq θ_q )
    /// ```
    ///
    /// # Errors
    /// A [`NoCorrection`] that says why the log does not tell:
    /// - it has no impressions, or no clicks on them;
    /// - the clicks on items that stood at several positions do not give two parts of the list
    ///   [`MIN_CLICKS`] each;
    /// - no items link some positions with the others, or too few to settle on an answer;
    /// - positions differ no more than chance makes them;
    /// - the lists' order favours no item more than chance does.
    pub fn estimate(log: &Log) -> Result<Self, NoCorrection> {
        let harvest = harvest(log);
        if harvest.shown.is_empty() {
            return Err(NoCorrection::NoImpressions);
        }
        if harvest.shown.iter().all(|shown| !shown.clicked) {
            return Err(NoCorrection::NoClicks);
        }
        let (starts, table) = pooled(&harvest);
        let clicks = table.clicks();
        if starts.len() < 2 {
            let found = Table::new(&harvest, &harvest.positions()).clicks().iter().sum();
            return Err(NoCorrection::TooFewClicks { found });
        }
        if let Some(range) = unlinked(&table) {
            return Err(NoCorrection::Unlinked { from: starts[range] });
        }
        let propensities = settle(&table).ok_or(NoCorrection::Unsettled)?;
        if gain_over_flat(&table, &propensities) < chance::limit(starts.len() - 1) {
            return Err(NoCorrection::NoBias { clicks: clicks.iter().sum() });
        }
        let ends = starts[1..].iter().map(|next| Some(next - 1)).chain([None]);
        let ranges = starts.iter().zip(ends).zip(clicks.iter().zip(propensities));
        let range =
            |((&from, to), (&clicks, propensity))| PositionRange { from, to, clicks, propensity };
        let found = Self { ranges: ranges.map(range).collect() };
        if chance::is_shuffled(&harvest, |position| found.range(position).propensity) {
            return Err(NoCorrection::Shuffled);
        }
        Ok(found)
    }

    /// The ranges of positions, from the top of the list down.
    pub fn ranges(&self) -> &[PositionRange] {
        &self.ranges
    }

    /// What a click at a position counts: `1 / θ`, at most [`MAX_WEIGHT`].
    pub fn weight(&self, position: u32) -> f64 {
        self.range(position).weight()
    }

    /// The weight of every step of [`super::Sequences::build`] on the same log, in its order,
    /// scaled so that their mean is 1. A step that began with a click in a list counts by
    /// the place of that click, any other as if it had been looked at for certain.
    pub fn step_weights(&self, log: &Log) -> Vec<f32> {
        let sessions = log.sessions.iter();
        let weights = sessions.flat_map(|session| places_of(&session.events));
        let weights: Vec<f64> =
            weights.map(|place| place.map_or(1.0, |position| self.weight(position))).collect();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 steps")]
        let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "weights of losses, which are f32")]
        let scaled = weights.into_iter().map(|weight| (weight / mean) as f32);
        scaled.collect()
    }

    /// The first range begins at 0, so every position is in one.
    fn range(&self, position: u32) -> &PositionRange {
        &self.ranges[self.ranges.partition_point(|range| range.from <= position) - 1]
    }
}

impl PositionRange {
    /// What a click here counts: `1 / θ`, at most [`MAX_WEIGHT`].
    pub fn weight(&self) -> f64 {
        (1.0 / self.propensity).min(MAX_WEIGHT)
    }
}

/// As how many equal weights these are worth, as a share of their number: Kish's effective
/// sample size `(Σw)² / (n Σw²)`, from above 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52 weights")]
pub fn effective_share(weights: &[f32]) -> f64 {
    let sum = |power: i32| weights.iter().map(|&w| f64::from(w).powi(power)).sum::<f64>();
    if weights.is_empty() { 1.0 } else { sum(1).powi(2) / (weights.len() as f64 * sum(2)) }
}

/// Why a log does not tell how likely its positions were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoCorrection {
    /// No `view_item_list` has a `list_position`.
    NoImpressions,
    /// No `select_item` is on something shown before in the session at the same position.
    NoClicks,
    /// Too few clicks are on items that stood at several positions.
    TooFewClicks {
        /// How many are.
        found: u32,
    },
    /// The positions from `from` share no clicked items with the others, in one direction.
    Unlinked {
        /// The first of them.
        from: u32,
    },
    /// Positions share so few items that the estimate does not settle.
    Unsettled,
    /// Positions differ no more than chance makes them.
    NoBias {
        /// Clicks that say so.
        clicks: u32,
    },
    /// Lists are in random order, so that no item gains from its positions.
    Shuffled,
}

impl fmt::Display for NoCorrection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoImpressions => {
                f.write_str("the log has no `view_item_list` events with a `list_position`")
            }
            Self::NoClicks => f.write_str(
                "no `select_item` is on an item and `list_position` that a `view_item_list` \
                 showed before in its session",
            ),
            Self::TooFewClicks { found } => write!(
                f,
                "{found} clicks are on items that stood at several positions of a list, too few \
                 to give two parts of the list {MIN_CLICKS} each"
            ),
            Self::Unlinked { from } => write!(
                f,
                "no clicked item links the positions around {from} of a list with the others, so \
                 they cannot be compared"
            ),
            Self::Unsettled => {
                f.write_str("too few items stood at several positions of a list to compare these")
            }
            Self::NoBias { clicks } => write!(
                f,
                "{clicks} clicks on items that stood at several positions of a list show no \
                 difference beyond chance"
            ),
            Self::Shuffled => f.write_str(
                "lists are in random order, or nearly, so no item gains from its positions",
            ),
        }
    }
}

impl std::error::Error for NoCorrection {}

/// Pools neighbouring positions until clicks enough stand behind each range. A comparison
/// within a range says nothing, so pooling costs clicks, and is done again until it holds.
fn pooled(harvest: &Harvest) -> (Vec<u32>, Table) {
    let mut starts = harvest.positions();
    loop {
        let table = Table::new(harvest, &starts);
        let merged = pool(&starts, &table.clicks());
        if merged.len() == starts.len() {
            return (starts, table);
        }
        starts = merged;
    }
}

fn pool(starts: &[u32], clicks: &[u32]) -> Vec<u32> {
    let needed = MIN_CLICKS.max(clicks.iter().sum::<u32>() / MAX_RANGES);
    let (mut merged, mut held) = (Vec::new(), u32::MAX);
    for (&start, &here) in starts.iter().zip(clicks) {
        if held >= needed {
            merged.push(start);
            held = 0;
        }
        held += here;
    }
    if held < needed && merged.len() > 1 {
        merged.pop();
    }
    merged
}

/// Where in a list each step of a session began, if it did.
fn places_of(events: &[LogEvent]) -> Vec<Option<u32>> {
    let steps = merge(events.iter().filter_map(|event| {
        let is_click = event.kind == EventKind::SelectItem;
        let place = event.list_position.filter(|_| is_click);
        let item = Placed { item: event.item?, place };
        Some(Step { item, kind: event.kind, dwell_ms: None })
    }));
    steps.into_iter().map(|step| step.item.place).collect()
}

/// An item, and where the click was that led there. Merging steps asks whether two are about
/// the same item, and keeps the earlier one.
#[derive(Debug, Clone, Copy)]
struct Placed {
    item: LogItem,
    place: Option<u32>,
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.item == other.item
    }
}

#[cfg(test)]
mod tests;
