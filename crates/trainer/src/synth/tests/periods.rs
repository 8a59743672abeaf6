//! What is seen before the split and after it.

use super::super::calendar::{SPLIT_DAY, SPLIT_MS, START_MS};
use super::*;

#[test]
fn cold_items_are_seen_in_the_test_period_only() {
    let made = world(600, 20_000, 1);
    let is_cold = |id: &str| {
        let at = (0..600).find(|&ix| made.id(ix) == id).unwrap();
        made.item(at).is_cold()
    };
    assert_eq!(made.items().iter().filter(|item| item.is_cold()).count(), 18);
    let training = made.log(Period::Training);
    assert!(!training.items.iter().any(|id| is_cold(id)));
    let test = made.log(Period::Test);
    assert!(test.items.iter().filter(|id| is_cold(id)).count() >= 15);
}

#[test]
fn nothing_is_seen_before_its_release() {
    let made = world(300, 5_000, 1);
    for visit in made.visits() {
        let mut items = visit.rows.iter().filter_map(|row| row.item);
        assert!(items.all(|ix| made.item(ix).is_released(visit.day())), "{visit:?}");
    }
}

#[test]
fn time_runs_forward_and_the_periods_do_not_mix() {
    let made = world(200, 4_000, 1);
    let mut last_start = START_MS;
    for visit in made.visits() {
        assert!(visit.start_ms >= last_start && !visit.rows.is_empty());
        assert!(visit.rows.is_sorted_by_key(|row| row.time_ms));
        assert_eq!(visit.is_test(), visit.day() >= SPLIT_DAY);
        last_start = visit.start_ms;
    }
    let training = made.log(Period::Training);
    let test = made.log(Period::Test);
    assert_eq!(training.sessions.len() + test.sessions.len(), 4_000);
    let share = chance::real(test.sessions.len()) / 4_000.0;
    assert!((0.08..0.13).contains(&share), "{share}");
    assert!(test.sessions.iter().all(|session| session.events[0].time_ms >= Some(SPLIT_MS)));
}
