//! Logs with known propensities, and logs that do not tell.

use super::*;
use crate::features::Sequences;
use crate::log::LogSession;
use mercer::rng::Rng;
use mercer::types::EventKind::{Search, SelectItem, ViewItem, ViewItemList};

const N_ITEMS: u32 = 40;
const LENGTH: u32 = 8;

fn event(kind: EventKind, item: u32, list_position: Option<u32>) -> LogEvent {
    let item = Some(LogItem(item));
    LogEvent { kind, item, time_ms: None, dwell_ms: None, list_position, query: None, rating: None }
}

fn log(sessions: Vec<Vec<LogEvent>>) -> Log {
    let session = |events| LogSession { id: "s".into(), user: None, device: None, events };
    Log {
        items: (0..N_ITEMS).map(|n| format!("{n:02}").into()).collect(),
        sessions: sessions.into_iter().map(session).collect(),
    }
}

fn planted(position: u32) -> f64 {
    1.0 / f64::from(1 + position)
}

/// One list a session: `order` ranks the items, `appeal` and `looked` say how likely a click is.
fn lists(
    n_sessions: usize,
    order: impl Fn(&mut Rng) -> Vec<u32>,
    appeal: impl Fn(u32) -> f64,
    looked: impl Fn(u32) -> f64,
) -> Vec<Vec<LogEvent>> {
    let mut rng = Rng::new(11);
    let mut list = || {
        let shown: Vec<u32> = order(&mut rng).into_iter().take(LENGTH as usize).collect();
        let places = || shown.iter().copied().zip(0..);
        let mut events: Vec<LogEvent> =
            places().map(|(item, at)| event(ViewItemList, item, Some(at))).collect();
        for (item, at) in places() {
            if rng.unit_f64() < looked(at) * appeal(item) {
                events.push(event(SelectItem, item, Some(at)));
                events.push(event(ViewItem, item, None));
            }
        }
        events
    };
    (0..n_sessions).map(|_| list()).collect()
}

/// Any `LENGTH` items, those with small numbers mostly above the others.
fn biased(rng: &mut Rng) -> Vec<u32> {
    let mut items: Vec<u32> = (0..N_ITEMS).collect();
    rng.shuffle(&mut items);
    items.truncate(LENGTH as usize);
    let mut keyed: Vec<(f64, u32)> =
        items.into_iter().map(|item| (f64::from(item) + 12.0 * rng.normal(), item)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// Items that stand above are clicked less.
fn appeal(item: u32) -> f64 {
    0.1 + 0.8 * f64::from(item) / f64::from(N_ITEMS)
}

fn assert_planted(found: &Propensity, tolerance: f64) {
    for position in 0..LENGTH {
        let error = 1.0 / found.weight(position) / planted(position) - 1.0;
        assert!(error.abs() < tolerance, "{position}: {error} in {found:?}");
    }
}

#[test]
fn a_biased_ranking_does_not_hide_the_planted_propensities() {
    let log = log(lists(20_000, biased, appeal, planted));
    let found = Propensity::estimate(&log).unwrap();
    assert_planted(&found, 0.1);
    // What a count of clicks by position says is far off: worse items stand above.
    let clicks_at = |position| {
        let events = log.sessions.iter().flat_map(|session| &session.events);
        let clicks = events.filter(|e| (e.kind, e.list_position) == (SelectItem, Some(position)));
        f64::from(u32::try_from(clicks.count()).unwrap())
    };
    let naive = clicks_at(LENGTH - 1) / clicks_at(0) / planted(LENGTH - 1);
    assert!(naive > 1.5, "{naive}");
}

#[test]
fn words_of_a_search_keep_rankings_by_relevance_apart() {
    // Each item is wanted after one of two searches and stands on top there.
    let mut sessions = Vec::new();
    for (words, wanted) in [("cup", 0), ("tent", 1)] {
        let relevant = move |item: u32| if item % 2 == wanted { 0.8 } else { 0.1 };
        let order = move |rng: &mut Rng| {
            let mut items: Vec<(f64, u32)> = biased(rng)
                .into_iter()
                .map(|item| (0.8 * rng.normal() - 3.0 * relevant(item), item))
                .collect();
            items.sort_by(|a, b| a.0.total_cmp(&b.0));
            items.into_iter().map(|(_, item)| item).collect()
        };
        for mut events in lists(15_000, order, relevant, planted) {
            let search = LogEvent {
                kind: Search,
                item: None,
                query: Some(words.into()),
                ..event(Search, 0, None)
            };
            events.insert(0, search);
            sessions.push(events);
        }
    }
    let mut log = log(sessions);
    assert_planted(&Propensity::estimate(&log).unwrap(), 0.15);
    for event in log.sessions.iter_mut().flat_map(|session| &mut session.events) {
        event.query = None;
    }
    // Without the words relevance looks like position.
    let mixed = settle(&pooled(&harvest(&log)).1).unwrap();
    assert!(mixed[5] < 0.5 * planted(5), "{mixed:?}");
}

#[test]
fn lists_that_are_read_to_their_end_need_no_correction() {
    let log = log(lists(20_000, biased, appeal, |_| 0.5));
    let found = Propensity::estimate(&log);
    assert!(matches!(found, Err(NoCorrection::NoBias { clicks }) if clicks > 10_000), "{found:?}");
}

#[test]
fn lists_in_random_order_need_no_correction() {
    let shuffled = |rng: &mut Rng| {
        let mut items: Vec<u32> = (0..N_ITEMS).collect();
        rng.shuffle(&mut items);
        items
    };
    let found = Propensity::estimate(&log(lists(20_000, shuffled, appeal, planted)));
    assert_eq!(found, Err(NoCorrection::Shuffled));
}

#[test]
fn logs_that_do_not_tell_say_why() {
    let told = |sessions| Propensity::estimate(&log(sessions)).unwrap_err();
    let view = vec![event(ViewItem, 1, Some(3)), event(ViewItemList, 1, None)];
    assert_eq!(told(vec![view]), NoCorrection::NoImpressions);
    let elsewhere = vec![
        event(SelectItem, 1, Some(0)),
        event(ViewItemList, 1, Some(0)),
        event(SelectItem, 1, Some(2)),
        event(SelectItem, 2, Some(0)),
    ];
    assert_eq!(told(vec![elsewhere]), NoCorrection::NoClicks);
    let fixed = |_: &mut Rng| (0..N_ITEMS).collect();
    let never_moved = lists(5_000, fixed, appeal, planted);
    assert_eq!(told(never_moved), NoCorrection::TooFewClicks { found: 0 });
    let few = lists(60, biased, appeal, planted);
    assert!(matches!(told(few), NoCorrection::TooFewClicks { found } if found < 2 * MIN_CLICKS));
}

#[test]
fn positions_that_share_no_items_are_named() {
    // Two layouts: some items change places at 0 and 1, others at 5 and 6.
    let mut sessions = Vec::new();
    for nth in 0..400_u32 {
        for (item, at) in [(nth % 2, 0), (1 - nth % 2, 1), (2 + nth % 2, 5), (3 - nth % 2, 6)] {
            let shown = event(ViewItemList, item, Some(at));
            sessions.push(vec![shown, event(SelectItem, item, Some(at))]);
        }
    }
    let found = Propensity::estimate(&log(sessions)).unwrap_err();
    assert_eq!(found, NoCorrection::Unlinked { from: 5 });
    assert!(found.to_string().contains("around 5"), "{found}");
}

#[test]
fn a_click_belongs_to_one_impression() {
    let shown = |item| event(ViewItemList, item, Some(0));
    let click = |item| event(SelectItem, item, Some(0));
    let sessions = vec![vec![shown(1), shown(1), click(1), shown(2), click(1), click(1), click(3)]];
    let clicked: Vec<bool> = harvest(&log(sessions)).shown.iter().map(|s| s.clicked).collect();
    assert_eq!(clicked, [true, true, false]);
}

#[test]
fn far_and_rare_positions_are_pooled() {
    assert_eq!(pool(&[0, 1, 2, 3, 9], &[50, 20, 30, 49, 60]), [0, 1, 3]);
    assert_eq!(pool(&[0, 1, 2], &[60, 70, 3]), [0, 1], "the last ones join those above");
    assert_eq!(pool(&[0, 1], &[3, 4]), [0]);
    let most = u32::MAX - 1;
    let mut sessions = lists(20_000, biased, appeal, planted);
    sessions.push(vec![event(ViewItemList, 3, Some(most)), event(SelectItem, 3, Some(most))]);
    let found = Propensity::estimate(&log(sessions)).unwrap();
    assert_planted(&found, 0.1);
    assert_eq!(found.ranges().last().unwrap().to, None);
    assert!((found.weight(u32::MAX) - found.weight(LENGTH - 1)).abs() < 1e-12);
}

fn by_hand() -> Propensity {
    let range = |from, to, propensity| PositionRange { from, to, clicks: 50, propensity };
    let ranges = vec![range(0, Some(0), 1.0), range(1, Some(2), 0.5), range(3, None, 0.01)];
    Propensity { ranges }
}

#[test]
fn a_step_counts_by_the_click_it_began_with() {
    let events = vec![
        event(ViewItemList, 1, Some(1)),
        event(SelectItem, 1, Some(1)),
        event(ViewItem, 1, None),
        event(ViewItem, 2, Some(7)),
        event(SelectItem, 2, Some(7)),
        event(SelectItem, 3, None),
        event(SelectItem, 4, Some(2_000_000)),
    ];
    let log = log(vec![vec![event(ViewItemList, 9, Some(0))], events]);
    let weights = by_hand().step_weights(&log);
    // 1 at a propensity of a half, 2 reached otherwise, 3 nobody knows where, 4 far down.
    let expected = [2.0, 1.0, 1.0, MAX_WEIGHT];
    assert_eq!(weights.len(), Sequences::build(&log).unwrap().steps.len());
    for (weight, expected) in weights.iter().zip(expected) {
        assert!((f64::from(*weight) - expected / 3.5).abs() < 1e-6, "{weights:?}");
    }
}

#[test]
fn weights_are_worth_what_kish_says() {
    assert!((effective_share(&[2.0; 7]) - 1.0).abs() < 1e-12);
    assert!((effective_share(&[1.0, 3.0]) - 0.8).abs() < 1e-12);
    assert!((effective_share(&[]) - 1.0).abs() < 1e-12);
}

#[test]
fn the_likelihood_is_highest_where_it_settles() {
    let log = log(lists(3_000, biased, appeal, planted));
    let (_, table) = pooled(&harvest(&log));
    let settled = settle(&table).unwrap();
    let best = gain_over_flat(&table, &settled);
    for range in 0..settled.len() {
        for factor in [0.98, 1.02] {
            let mut moved = settled.clone();
            moved[range] *= factor;
            assert!(gain_over_flat(&table, &moved) < best, "range {range} × {factor}");
        }
    }
}
