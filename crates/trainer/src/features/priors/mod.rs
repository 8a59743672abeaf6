//! What do the hour, the weekday, the month, the device and the landing say of what is chosen,
//! and what is chosen more often lately? (`docs/priors.md`)
//!
//! *Input → output:* older and newest sessions of a log, the items' categories → what the model
//! file holds of it, and what it was worth. Each part is counted on the older sessions, judged on
//! the newest, and, if it predicts them better than popularity alone, counted again on all.

mod judge;
mod tables;
mod trend;
mod visits;

pub use judge::Gain;

use crate::log::{Log, LogSession};
use judge::Popularity;
use mercer::model::{Attributes, Context, PriorParts};
use serde::Serialize;
use visits::{Categories, Visit, visits};

/// Days a log must span before its months are more than the course of time.
const YEAR_DAYS: i64 = 330;
/// Factors on the lifts that are tried.
const FACTORS: [f64; 5] = [0.25, 0.5, 0.75, 1.0, 1.25];

/// How priors are counted.
#[derive(Debug, Clone, Copy)]
pub struct PriorSettings {
    /// Sessions that must stand behind a number before it is shipped.
    pub min_sessions: u32,
    /// Minutes the shop's clock is ahead of UTC.
    pub offset_minutes: i64,
}

/// What was found, and what of it is packed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Priors {
    /// For the model file; `None` where nothing is worth its bytes.
    pub parts: Option<PriorParts>,
    /// Weights of the signals `context` and `trend`, those that were found.
    pub signals: Vec<(String, f32)>,
    /// What each part was worth.
    pub findings: Findings,
}

/// What each part was worth on held-out sessions.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Findings {
    /// Each context that the log tells of, alone.
    pub contexts: Vec<Finding>,
    /// Those that are packed, together; `None` where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<Together>,
    /// The trend, beside popularity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<TrendFinding>,
}

/// What one context was worth alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Finding {
    /// Which.
    pub context: &'static str,
    /// Whether it is packed.
    pub packed: bool,
    /// What it was worth.
    #[serde(flatten)]
    pub gain: Gain,
}

/// What the packed contexts were worth together, but for the landing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Together {
    /// Factor on their lifts.
    pub weight: f64,
    /// What they were worth.
    #[serde(flatten)]
    pub gain: Gain,
    /// Share of the sessions whose first item is among the 20 most popular.
    pub hit_rate_popularity: f64,
    /// The same with the moment.
    pub hit_rate_moment: f64,
}

/// What the trend was worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TrendFinding {
    /// Days of the newest part.
    pub newest_days: f64,
    /// Factor beside popularity; 0 where it is no better.
    pub weight: f64,
    /// What it was worth at its best factor.
    #[serde(flatten)]
    pub gain: Gain,
}

/// Counts, judges and packs. `older` and `newest` are the sessions of `log` in their order.
pub fn priors(
    log: &Log,
    (older, newest): (&[LogSession], &[LogSession]),
    (items, attributes): (&[String], Option<&Attributes>),
    settings: PriorSettings,
) -> Priors {
    let categories = Categories::of(attributes, items.len());
    let read = |sessions| visits(log, sessions, (items, &categories), settings.offset_minutes);
    let counting = Counting {
        older: read(older),
        newest: read(newest),
        categories: &categories,
        min_sessions: settings.min_sessions,
    };
    let (contexts, mut findings) = counting.contexts();
    let together = counting.together(&contexts);
    let (weight, gain) = counting.trend_weight();
    let mut signals = Vec::new();
    if let Some(together) = &together {
        signals.push(("context".to_owned(), single(together.weight)));
    }
    if weight > 0.0 {
        signals.push(("trend".to_owned(), single(weight)));
    }
    findings.together = together;
    let Counting { mut older, newest, .. } = counting;
    older.extend(newest);
    let trend = trend::trend(&older, items.len(), settings.min_sessions);
    let days = trend::newest_days(&older).filter(|_| trend.is_some());
    findings.trend = days.map(|newest_days| TrendFinding { newest_days, weight, gain });
    let table = |&context: &Context| {
        (context, tables::table(context, &older, &categories, settings.min_sessions))
    };
    let parts = PriorParts {
        tables: contexts.iter().map(table).collect(),
        categories: if contexts.is_empty() { Vec::new() } else { categories.names.clone() },
        trend: trend.unwrap_or_default(),
    };
    let is_there = !(parts.tables.is_empty() && parts.trend.is_empty());
    Priors { parts: is_there.then_some(parts), signals, findings }
}

/// What is counted on, and what is judged on.
struct Counting<'a> {
    older: Vec<Visit>,
    newest: Vec<Visit>,
    categories: &'a Categories,
    min_sessions: u32,
}

impl Counting<'_> {
    /// The contexts that predict better than popularity, in the order of [`Context::ALL`].
    fn contexts(&self) -> (Vec<Context>, Findings) {
        let popularity = Popularity::of(&self.older, self.categories);
        let mut findings = Findings::default();
        let mut chosen = Vec::new();
        if self.categories.len() < 2 {
            return (chosen, findings);
        }
        for context in Context::ALL.into_iter().filter(|&context| self.tells_of(context)) {
            let table = tables::table(context, &self.older, self.categories, self.min_sessions);
            let gain = Gain::of(&self.gains(&popularity, &[(context, table)], 1.0));
            let packed = gain.is_sure();
            findings.contexts.push(Finding { context: context.name(), packed, gain });
            chosen.extend(packed.then_some(context));
        }
        (chosen, findings)
    }

    /// Whether the log says of a context anything that could hold beyond it.
    fn tells_of(&self, context: Context) -> bool {
        let cases = || self.older.iter().filter_map(|visit| visit.cases[context as usize]);
        let first = cases().next();
        let times = || self.older.iter().filter_map(|visit| visit.start_ms);
        let days = times().max().zip(times().min()).map_or(0, |(a, b)| (a - b) / 86_400_000);
        cases().any(|case| Some(case) != first) && (context != Context::Month || days >= YEAR_DAYS)
    }

    /// The gain of each session that the contexts speak of: of its first item, or, given the
    /// category of that, of its second.
    fn gains(
        &self,
        popularity: &Popularity<'_>,
        tables: &[(Context, Vec<f32>)],
        factor: f64,
    ) -> Vec<f64> {
        let is_landing = tables.iter().any(|(context, _)| *context == Context::Landing);
        let gain = |visit: &Visit| {
            let lifts = self.lifts(visit, tables, factor)?;
            Some(popularity.gain(*visit.items.get(usize::from(is_landing))?, &lifts))
        };
        self.newest.iter().filter_map(gain).collect()
    }

    /// What the tables add to each category at the moment of a visit; `None` where they say
    /// nothing of it.
    fn lifts(
        &self,
        visit: &Visit,
        tables: &[(Context, Vec<f32>)],
        factor: f64,
    ) -> Option<Vec<f64>> {
        let n = self.categories.len();
        let rows: Vec<&[f32]> = tables
            .iter()
            .filter_map(|(context, table)| table.chunks(n).nth(visit.cases[*context as usize]?))
            .collect();
        let sum = |at: usize| rows.iter().map(|row| f64::from(row[at])).sum::<f64>() * factor;
        (!rows.is_empty()).then(|| (0..n).map(sum).collect())
    }

    /// The best factor for the chosen contexts, the landing left out: it is judged on other
    /// items. With the landing alone the factor is 1.
    #[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
    fn together(&self, contexts: &[Context]) -> Option<Together> {
        let popularity = Popularity::of(&self.older, self.categories);
        let table = |&context: &Context| {
            (context, tables::table(context, &self.older, self.categories, self.min_sessions))
        };
        let tables: Vec<(Context, Vec<f32>)> =
            contexts.iter().filter(|context| **context != Context::Landing).map(table).collect();
        if tables.is_empty() {
            return None;
        }
        let tried = FACTORS.map(|w| (w, Gain::of(&self.gains(&popularity, &tables, w))));
        let (weight, gain) = tried.into_iter().max_by(|a, b| a.1.gain.total_cmp(&b.1.gain))?;
        let hits = |factor: f64| {
            let hit = |visit: &&Visit| {
                let lifts = self.lifts(visit, &tables, factor).unwrap_or_default();
                visit.items.first().is_some_and(|&item| popularity.hits(item, &lifts))
            };
            self.newest.iter().filter(hit).count() as f64 / self.newest.len().max(1) as f64
        };
        Some(Together {
            weight,
            gain,
            hit_rate_popularity: hits(0.0),
            hit_rate_moment: hits(weight),
        })
    }

    /// The best factor on the trend beside popularity, 0 where none is better, and the gain.
    fn trend_weight(&self) -> (f64, Gain) {
        let n_items = self.categories.of_item.len();
        let Some(trend) = trend::trend(&self.older, n_items, self.min_sessions) else {
            return (0.0, Gain::default());
        };
        let counts = Popularity::of(&self.older, self.categories).counts;
        let all: f64 = counts.iter().sum();
        let gain = |factor: f64| {
            let of = |item: usize| factor * f64::from(trend[item]);
            let lifted: f64 = counts.iter().enumerate().map(|(at, n)| n * of(at).exp()).sum();
            let first = self.newest.iter().filter_map(|visit| visit.items.first());
            let known = first.map(|&item| item as usize).filter(|&item| counts[item] > 0.0);
            Gain::of(&known.map(|item| of(item) - (lifted / all).ln()).collect::<Vec<f64>>())
        };
        let tried = FACTORS.map(|factor| (factor, gain(factor)));
        let best = tried.into_iter().max_by(|a, b| a.1.gain.total_cmp(&b.1.gain));
        let (factor, gain) = best.unwrap_or_default();
        (if gain.is_sure() { factor } else { 0.0 }, gain)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a factor of two digits")]
fn single(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests;
