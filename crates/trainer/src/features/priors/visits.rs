//! Sessions as the priors read them: when, on what, and which items.

use crate::features::steps_of;
use crate::ingest::month;
use crate::log::{Log, LogItem, LogSession};
use mercer::model::{Attributes, Context, MAX_CATEGORIES};
use mercer::types::ItemIx;
use std::collections::BTreeMap;

/// One session: what is known of its moment, and its items in the order they were met.
pub(super) struct Visit {
    /// The case of each context in the order of [`Context::ALL`]; of the landing, the category
    /// of the first item.
    pub(super) cases: [Option<usize>; 5],
    /// Positions in the model, each once.
    pub(super) items: Vec<u32>,
    /// When it began, milliseconds since 1970.
    pub(super) start_ms: Option<i64>,
}

/// The top-level categories of a model's items.
pub(super) struct Categories {
    /// Ascending by their bytes, at most [`MAX_CATEGORIES`].
    pub(super) names: Vec<String>,
    /// Where each item's category stands among them, `[n_items]`.
    pub(super) of_item: Vec<Option<usize>>,
}

impl Categories {
    /// The categories most items are of; none without the field.
    pub(super) fn of(attributes: Option<&Attributes>, n_items: usize) -> Self {
        let terms = attributes.and_then(|attributes| attributes.terms("category"));
        let top = |item: u32| {
            let terms = terms?;
            terms.of(ItemIx(item)).first().map(|&term| terms.name(term))
        };
        let tops: Vec<Option<&str>> = (0..).take(n_items).map(top).collect();
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for name in tops.iter().copied().flatten() {
            *sizes.entry(name).or_default() += 1;
        }
        let mut largest: Vec<(&str, usize)> = sizes.into_iter().collect();
        largest.sort_by_key(|&(_, size)| std::cmp::Reverse(size));
        let mut names: Vec<&str> =
            largest.into_iter().take(MAX_CATEGORIES).map(|(name, _)| name).collect();
        names.sort_unstable();
        let place = |name: Option<&str>| names.binary_search(&name?).ok();
        let of_item = tops.into_iter().map(place).collect();
        Self { names: names.into_iter().map(str::to_owned).collect(), of_item }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// The visits of `sessions`, those without an item left out.
pub(super) fn visits(
    log: &Log,
    sessions: &[LogSession],
    (items, categories): (&[String], &Categories),
    offset_minutes: i64,
) -> Vec<Visit> {
    let place = |id: &str| items.binary_search_by(|item| item.as_str().cmp(id)).ok();
    let index: Vec<Option<u32>> =
        log.items.iter().map(|id| place(id).and_then(|at| u32::try_from(at).ok())).collect();
    let visit = |session: &LogSession| {
        let mut items: Vec<u32> = Vec::new();
        for LogItem(item) in steps_of(session).into_iter().map(|step| step.item) {
            if let Some(item) = index[item as usize].filter(|item| !items.contains(item)) {
                items.push(item);
            }
        }
        let landing = categories.of_item[*items.first()? as usize];
        let start_ms = session.events.first().and_then(|event| event.time_ms);
        let [hour, weekday, month] = clock(start_ms.map(|ms| ms + offset_minutes * 60_000));
        let device = session.device.map(|device| device as usize);
        Some(Visit { cases: [hour, weekday, month, device, landing], items, start_ms })
    };
    sessions.iter().filter_map(visit).collect()
}

/// Hour, weekday from Monday and month of a local time.
fn clock(local_ms: Option<i64>) -> [Option<usize>; 3] {
    let Some(ms) = local_ms else { return [None; 3] };
    let days = ms.div_euclid(86_400_000);
    let hour = ms.rem_euclid(86_400_000) / 3_600_000;
    // The first of January 1970 was a Thursday.
    let weekday = (days + 3).rem_euclid(7);
    [hour, weekday, i64::from(month(days))].map(|case| usize::try_from(case).ok())
}

/// How many cases a context tells apart here.
pub(super) fn n_cases(context: Context, categories: &Categories) -> usize {
    context.n_cases(categories.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_the_shop() {
        // 2026-11-24 01:49 UTC, a Tuesday.
        let ms = 1_795_484_940_000;
        assert_eq!(clock(Some(ms)), [Some(1), Some(1), Some(10)]);
        assert_eq!(clock(Some(ms - 2 * 3_600_000)), [Some(23), Some(0), Some(10)]);
        assert_eq!(clock(Some(-1)), [Some(23), Some(2), Some(11)]);
        assert_eq!(clock(None), [None; 3]);
    }
}
