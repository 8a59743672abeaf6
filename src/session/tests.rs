//! What holds of a session whatever happens, and its signals against naive twins in `f64`.

mod bounds;
mod signals;
mod world;

use super::*;
use crate::types::{Event, EventKind};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const NOON_MS: u64 = 20_000 * DAY_MS + DAY_MS / 2;

fn event(kind: EventKind, item: &str, time_ms: u64) -> Event {
    Event { time_ms, ..Event::new(kind, item) }
}

fn session(events: &[(EventKind, &str, u64)]) -> Session {
    let mut session = Session::new();
    for &(kind, item, time_ms) in events {
        session.observe(event(kind, item, time_ms)).unwrap();
    }
    session
}

fn json(session: &Session) -> String {
    serde_json::to_string(session.state()).unwrap()
}

fn first_letter(id: &str) -> Option<char> {
    id.chars().next()
}

#[test]
fn the_cart_follows_the_shopper() {
    use EventKind::{AddToCart, Purchase, RemoveFromCart};
    let session = session(&[
        (AddToCart, "a", 0),
        (AddToCart, "b", 1),
        (AddToCart, "c", 2),
        (RemoveFromCart, "a", 3),
        (Purchase, "b", 4),
    ]);
    assert_eq!(session.cart().collect::<Vec<_>>(), ["c"]);
    assert_eq!(session.state().bought, ["b"]);
    assert_eq!(session.owned().collect::<Vec<_>>(), ["c", "b"]);
}

#[test]
fn what_is_taken_out_in_part_stays_in_the_cart() {
    let several = |kind, quantity| Event { quantity: Some(quantity), ..event(kind, "a", 0) };
    let mut session = Session::new();
    session.observe(several(EventKind::AddToCart, 2)).unwrap();
    session.observe(event(EventKind::AddToCart, "a", 0)).unwrap();
    session.observe(several(EventKind::RemoveFromCart, 2)).unwrap();
    assert_eq!(session.state().cart, [Line { item: "a".into(), quantity: 1 }]);
    assert_eq!(session.refused(), []);
    session.observe(several(EventKind::RemoveFromCart, 9)).unwrap();
    assert_eq!(session.state().cart, []);
    assert_eq!(session.refused(), [("a", Refusal::Removed)]);
    session.observe(several(EventKind::AddToCart, 9)).unwrap();
    session.observe(event(EventKind::RemoveFromCart, "a", 0)).unwrap();
    assert_eq!(session.state().cart, [], "without a quantity, all of it");
}

#[test]
fn dwell_is_the_time_to_the_next_event_and_unknown_at_the_end() {
    use EventKind::{ViewItem, ViewItemList};
    let dwell = |events: &[_]| -> Vec<_> {
        session(events).steps(first_letter).iter().map(|step| step.dwell_ms).collect()
    };
    assert_eq!(dwell(&[(ViewItem, "a", 1_000), (ViewItem, "b", 5_000)]), [Some(4_000), None]);
    assert_eq!(dwell(&[(ViewItem, "a", 0), (ViewItem, "b", 0)]), [None, None]);
    assert_eq!(dwell(&[(ViewItem, "a", 9_000), (ViewItem, "b", 5_000)]), [None, None]);
    let shown = [(ViewItem, "a", 1_000), (ViewItemList, "x", 2_500), (ViewItem, "b", 5_000)];
    assert_eq!(dwell(&shown), [Some(1_500), None], "an impression ends the stay");
}

#[test]
fn a_no_holds_until_the_shopper_turns_back() {
    use EventKind::{Dismiss, ViewItem};
    let session = session(&[(Dismiss, "a", 1), (Dismiss, "b", 2), (ViewItem, "a", 3)]);
    assert_eq!(session.dismissed(), ["b"]);
}

#[test]
fn a_no_outlives_what_is_taken_out_after_it() {
    use EventKind::{AddToCart, Dismiss, RemoveFromCart};
    let no = session(&[(Dismiss, "a", 1), (RemoveFromCart, "a", 2), (RemoveFromCart, "b", 3)]);
    assert_eq!(no.refused(), [("a", Refusal::Dismissed), ("b", Refusal::Removed)]);
    let again = session(&[(RemoveFromCart, "b", 3), (AddToCart, "b", 4)]);
    assert_eq!(again.refused(), []);
}

#[test]
fn broken_events_are_refused_with_a_code_and_leave_no_trace() {
    let view = || event(EventKind::ViewItem, "a", 0);
    let search =
        |query: &str| Event { query: Some(query.into()), ..Event::bare(EventKind::Search) };
    let broken = [
        (Event::bare(EventKind::ViewItem), "event/missing-item"),
        (Event::bare(EventKind::ViewItemList), "event/missing-item"),
        (Event::bare(EventKind::Dismiss), "event/missing-item"),
        (event(EventKind::ViewCart, "", 0), "event/missing-item"),
        (event(EventKind::ViewItem, &"x".repeat(257), 0), "event/item-too-long"),
        (event(EventKind::ViewItem, &"ß".repeat(129), 0), "event/item-too-long"),
        (event(EventKind::ViewItem, &"x".repeat(10_000), 0), "event/item-too-long"),
        (Event::bare(EventKind::Search), "event/missing-query"),
        (search(""), "event/missing-query"),
        (search(" \t\n"), "event/missing-query"),
        (Event { quantity: Some(0), ..view() }, "event/quantity"),
        (Event { quantity: Some(1_000_001), ..view() }, "event/quantity"),
        (Event { price: Some(f64::NAN), ..view() }, "event/price"),
        (Event { price: Some(f64::INFINITY), ..view() }, "event/price"),
        (Event { price: Some(-0.01), ..view() }, "event/price"),
    ];
    let mut session = Session::new();
    for (event, code) in broken {
        let refused = session.observe(event.clone());
        assert_eq!(refused.map_err(EventError::code), Err(code), "{event:?}");
    }
    assert_eq!(session, Session::new());
    let extremes = Event {
        quantity: Some(1_000_000),
        price: Some(f64::MAX),
        time_ms: u64::MAX,
        dwell_ms: Some(u32::MAX),
        ..event(EventKind::AddToCart, &"x".repeat(256), 0)
    };
    session.observe(extremes).unwrap();
    session.observe(search(&"🙂".repeat(100_000))).unwrap();
    let query = session.latest_search().unwrap().0;
    assert_eq!(query.chars().count(), MAX_QUERY_CHARS);
}

#[test]
fn impressions_are_kept_apart_and_a_click_wipes_them() {
    use EventKind::{SelectItem, ViewItem, ViewItemList};
    let shown = session(&[
        (ViewItem, "z", NOON_MS),
        (ViewItemList, "a", NOON_MS),
        (ViewItemList, "b", NOON_MS),
        (ViewItemList, "a", NOON_MS),
    ]);
    assert_eq!(shown.state().events.len(), 1);
    let impression = |item: &str, shown| Impression { item: item.into(), shown, time_ms: NOON_MS };
    assert_eq!(shown.state().impressions, [impression("b", 1.0), impression("a", 2.0)]);
    let mut clicked = shown;
    clicked.observe(event(SelectItem, "a", NOON_MS)).unwrap();
    assert_eq!(clicked.state().impressions, [impression("b", 1.0)]);
}

#[test]
fn the_order_of_impressions_of_one_moment_does_not_matter() {
    use EventKind::ViewItemList;
    let shown = |items: [&str; 4]| {
        let mut shown =
            session(&items.map(|item| (ViewItemList, item, NOON_MS))).state().impressions.clone();
        shown.sort_by(|a, b| a.item.cmp(&b.item));
        shown
    };
    assert_eq!(shown(["a", "b", "c", "a"]), shown(["c", "a", "a", "b"]));
}

#[test]
fn a_visit_that_ends_leaves_its_taste_and_what_was_refused() {
    use EventKind::{AddToCart, Dismiss, Purchase, SelectItem, ViewItem};
    let mut session = session(&[
        (ViewItem, "mug", NOON_MS),
        (Dismiss, "hat", NOON_MS + 1),
        (ViewItem, "hat", NOON_MS + 2),
        (Dismiss, "hat", NOON_MS + 3),
        (SelectItem, "cup", NOON_MS + 4),
        (AddToCart, "tent", NOON_MS + 5),
        (Purchase, "stove", NOON_MS + 6),
        (ViewItem, "mug", NOON_MS + 7),
    ]);
    assert!(!session.roll_over(NOON_MS + 7 + MAX_PAUSE_MS));
    assert_eq!(session.state().events.len(), 8, "a pause of 30 minutes is none");
    assert!(session.roll_over(NOON_MS + 8 + MAX_PAUSE_MS));
    let liking = |item: &str, weight| Liking { item: item.into(), weight, day: 20_000 };
    let taste = [liking("stove", 3.0), liking("tent", 3.0), liking("mug", 2.0), liking("cup", 0.5)];
    assert_eq!(session.state().taste, taste);
    assert_eq!(session.dismissed(), ["hat"]);
    assert_eq!(session.steps(Some), []);
    assert_eq!(session.owned().collect::<Vec<_>>(), ["tent", "stove"]);
    let before = session.clone();
    assert!(!session.roll_over(NOON_MS + 30 * DAY_MS));
    assert_eq!(session, before, "an empty visit changes nothing");
}

#[test]
fn likings_fade_from_visit_to_visit() {
    let mut session = Session::new();
    for (day, item) in [(20_000, "old"), (20_030, "new"), (20_060, "new")] {
        session.observe(event(EventKind::ViewItem, item, day * DAY_MS)).unwrap();
        session.end_visit(0);
    }
    let [new, old] = &session.state().taste[..] else { panic!("two likings") };
    assert_eq!((new.item.as_str(), new.weight, new.day), ("new", 1.5, 20_060));
    assert_eq!((old.item.as_str(), old.weight, old.day), ("old", 1.0, 20_000));
    session.observe(event(EventKind::Dismiss, "new", 20_061 * DAY_MS)).unwrap();
    session.end_visit(0);
    assert_eq!(session.state().taste.len(), 1, "what is refused is no taste");
}

#[test]
fn trials_are_counted_and_bounded() {
    let mut session = Session::new();
    for n in 0..3 * MAX_TRIALS {
        session.record(&format!("key-{n}"), Outcome::Shown);
    }
    session.record("key-70", Outcome::Shown);
    session.record("key-70", Outcome::Chosen);
    session.record("", Outcome::Shown);
    session.record(&"x".repeat(257), Outcome::Shown);
    assert!(session.state().trials.len() <= MAX_TRIALS);
    assert_eq!(session.trial("key-0"), None);
    let trial = session.trial("key-70").unwrap();
    assert_eq!((trial.shown, trial.chosen), (2.0, 1.0));
    for _ in 0..5_000 {
        session.record("key-70", Outcome::Shown);
    }
    let trial = session.trial("key-70").unwrap();
    assert!((500.0..=1_000.0).contains(&trial.shown) && trial.chosen < 0.25);
}

#[test]
fn a_state_of_version_1_is_taken_over() {
    let text = r#"{"version":1,"events":[
        {"kind":"view_item_list","item":"shown","timeMs":1000},
        {"kind":"view_item","item":"a","timeMs":2000},
        {"kind":"view_item_list","item":"shown","timeMs":3500},
        {"kind":"search","timeMs":5000,"query":"tent"},
        {"kind":"add_to_cart","item":"b","timeMs":6000}],
        "cart":["b"],"bought":["c"]}"#;
    let session = Session::restore(serde_json::from_str(text).unwrap()).unwrap();
    let state = session.state();
    assert_eq!((state.version, state.events.len()), (STATE_VERSION, 3));
    assert_eq!(state.cart, [Line { item: "b".into(), quantity: 1 }]);
    assert_eq!(state.bought, ["c"]);
    assert_eq!((state.impressions.len(), state.impressions[0].shown), (1, 2.0));
    assert_eq!(session.steps(first_letter)[0].dwell_ms, Some(1_500));
    let huge = SessionState {
        version: 1,
        events: vec![event(EventKind::ViewItem, &"x".repeat(256), 1); MAX_EVENTS],
        ..SessionState::default()
    };
    assert!(json(&Session::restore(huge).unwrap()).len() <= MAX_STATE_BYTES);
}

#[test]
fn states_no_engine_writes_are_refused() {
    let good = SessionState::default;
    let restore = |state| Session::restore(state).map_err(RestoreError::code);
    for version in [0, STATE_VERSION + 1] {
        let other = SessionState { version, ..good() };
        assert_eq!(restore(other), Err("state/newer-version"));
    }
    let view = event(EventKind::ViewItem, "x", 0);
    let search = |query: String| Event { query: Some(query), ..Event::bare(EventKind::Search) };
    let line = |quantity| Line { item: "x".into(), quantity };
    let shown = |shown| Impression { item: "x".into(), shown, time_ms: 0 };
    let large = [
        SessionState { events: vec![view; MAX_EVENTS + 1], ..good() },
        SessionState { cart: vec![line(1); MAX_OWNED + 1], ..good() },
        SessionState { impressions: vec![shown(1.0); MAX_IMPRESSIONS + 1], ..good() },
        SessionState { bought: vec!["x".repeat(256); 40], ..good() },
        SessionState { events: vec![search("ß".repeat(MAX_QUERY_CHARS + 1))], ..good() },
    ];
    for state in large {
        assert_eq!(restore(state), Err("state/too-large"));
    }
    let fits = SessionState { events: vec![search("ß".repeat(MAX_QUERY_CHARS))], ..good() };
    assert!(restore(fits).is_ok());
    let long = SessionState { bought: vec!["x".repeat(257)], ..good() };
    assert_eq!(restore(long), Err("state/event"));
    let liking = |weight| Liking { item: "x".into(), weight, day: 0 };
    for state in [
        SessionState { cart: vec![line(0)], ..good() },
        SessionState { impressions: vec![shown(f32::NAN)], ..good() },
        SessionState { impressions: vec![shown(-1.0)], ..good() },
        SessionState { taste: vec![liking(f32::INFINITY)], ..good() },
        SessionState { taste: vec![liking(0.1)], ..good() },
    ] {
        assert_eq!(restore(state), Err("state/number"));
    }
}
