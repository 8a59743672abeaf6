//! What the tests of the baselines share, and what all of them keep.

use super::*;
use crate::evaluate::Ranker;
use crate::log::{Log, LogEvent, LogItem, LogSession};
use mercer::types::{EventKind, ItemIx, Seen};

fn event(item: u32, kind: EventKind, time_ms: Option<i64>) -> LogEvent {
    LogEvent {
        kind,
        item: Some(LogItem(item)),
        time_ms,
        dwell_ms: None,
        list_position: None,
        query: None,
        rating: None,
    }
}

/// Sessions of views of the items `a` to `e`, without times.
pub(super) fn log(sessions: &[&[u32]]) -> Log {
    let sessions: Vec<_> = sessions.iter().map(|items| (None, *items)).collect();
    build(&sessions)
}

/// The same, each session with the time of its last event.
pub(super) fn timed(sessions: &[(i64, &[u32])]) -> Log {
    let sessions: Vec<_> = sessions.iter().map(|(end, items)| (Some(*end), *items)).collect();
    build(&sessions)
}

fn build(sessions: &[(Option<i64>, &[u32])]) -> Log {
    let session = |(end, items): &(Option<i64>, &[u32])| LogSession {
        id: "s".into(),
        user: None,
        device: None,
        events: items.iter().map(|&item| event(item, EventKind::ViewItem, *end)).collect(),
    };
    Log {
        items: ["a", "b", "c", "d", "e"].map(Box::from).to_vec(),
        sessions: sessions.iter().map(session).collect(),
    }
}

/// The scores of the items `a` to `e`.
pub(super) fn scores(formula: &dyn Score, steps: &[u32]) -> Vec<f64> {
    scores_of(5, formula, steps)
}

/// The scores of so many items.
pub(super) fn scores_of(n_items: usize, formula: &dyn Score, steps: &[u32]) -> Vec<f64> {
    let mut scores = vec![0.0; n_items];
    formula.score(steps, &mut scores);
    scores
}

pub(super) fn assert_close(found: &[f64], expected: &[f64]) {
    let near = |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-9;
    let same = found.len() == expected.len() && found.iter().zip(expected).all(near);
    assert!(same, "{found:?}, expected {expected:?}");
}

fn items(slate: &[crate::evaluate::Ranked]) -> Vec<u32> {
    slate.iter().map(|ranked| ranked.item.0).collect()
}

#[test]
fn a_baseline_ranks_every_item_as_the_evaluation_asks() {
    let visits = Visits::new(&log(&[&[0, 1], &[0, 1], &[0, 2]]), None);
    let baseline = Baseline::new(&visits, Box::new(Successors::new(&visits)));
    assert_eq!((baseline.n_items(), baseline.item_ix("b")), (5, Some(ItemIx(1))));
    assert_eq!((baseline.item_id(ItemIx(1)), baseline.item_ix("x")), ("b", None));
    assert_eq!(baseline.sessions(), [3.0, 2.0, 1.0, 0.0, 0.0]);

    let mut visit = baseline.begin();
    assert_eq!(items(&visit.slate(9, Seen::Include)), [0, 1, 2, 3, 4]);
    visit.observe("b", &event(7, EventKind::ViewItem, None));
    visit.observe("a", &event(7, EventKind::ViewItem, None));
    assert_eq!(items(&visit.slate(3, Seen::Include)), [1, 2, 0]);
    assert_eq!(items(&visit.slate(9, Seen::LeaveOut)), [2, 3, 4]);
}

#[test]
fn of_equals_the_item_visited_last_stands_first_and_the_unknown_are_tied() {
    let visits = Visits::new(&log(&[&[2], &[0, 1], &[0, 3], &[3]]), None);
    let baseline = Baseline::new(&visits, Box::new(Popularity::new(&visits)));
    for count in 1..=5 {
        let slate = baseline.begin().slate(count, Seen::Include);
        assert_eq!(items(&slate), [3, 0, 1, 2, 4][..count]);
        let scores: Vec<f32> = slate.iter().map(|ranked| ranked.score).collect();
        assert_eq!(scores, [5.0, 4.0, 3.0, 2.0, 0.0][..count]);
    }
}

#[test]
fn impressions_unknown_items_and_takings_out_are_no_steps() {
    let visits = Visits::new(&log(&[&[0, 1], &[2, 3]]), None);
    let baseline = Baseline::new(&visits, Box::new(Successors::new(&visits)));
    let mut visit = baseline.begin();
    visit.observe("a", &event(0, EventKind::AddToCart, None));
    visit.observe("c", &event(0, EventKind::ViewItemList, None));
    visit.observe("c", &event(0, EventKind::RemoveFromCart, None));
    visit.observe("nowhere", &event(0, EventKind::ViewItem, None));
    visit.observe("", &event(0, EventKind::Search, None));
    assert_eq!(items(&visit.slate(1, Seen::Include)), [1], "a is still the newest step");
}
