use super::*;
use proptest::prelude::*;

/// Ids of every length, with what JSON has to escape.
fn ids() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-e]",
        2 => "SKU-[0-9]{6}",
        1 => Just("\u{1}".repeat(256)),
        1 => Just("\"".repeat(256)),
        1 => Just("🙂".repeat(64)),
        1 => Just("x".repeat(256)),
        1 => "\\PC{1,60}",
    ]
}

fn queries() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z ]{1,30}",
        1 => Just("\u{2}".repeat(300)),
        1 => Just("🙂".repeat(300)),
        1 => Just(String::new()),
    ]
}

fn times() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => NOON_MS..NOON_MS + 90 * DAY_MS,
        1 => Just(0),
        1 => Just(u64::MAX),
        1 => any::<u64>(),
    ]
}

/// Events, broken ones among them.
fn events() -> impl Strategy<Value = Event> {
    let numbers = (
        proptest::option::of(any::<u32>()),
        proptest::option::of(prop_oneof![4 => 1_u32..5, 1 => any::<u32>()]),
        proptest::option::of(prop_oneof![2 => 0.0..1e4, 1 => any::<f64>()]),
    );
    let texts = (proptest::option::of(ids()), proptest::option::of(queries()));
    (0..EventKind::ALL.len(), texts, times(), numbers).prop_map(
        |(kind, (item, query), time_ms, (dwell_ms, quantity, price))| {
            let kind = EventKind::ALL[kind];
            Event { kind, item, time_ms, dwell_ms, query, quantity, price }
        },
    )
}

/// What is done to a session.
#[derive(Debug, Clone)]
enum Deed {
    Observe(Event),
    Record(String, Outcome),
    EndVisit(u64),
    RollOver(u64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let outcome = any::<bool>().prop_map(|b| if b { Outcome::Shown } else { Outcome::Chosen });
    let deed = prop_oneof![
        20 => events().prop_map(Deed::Observe),
        3 => (ids(), outcome).prop_map(|(key, outcome)| Deed::Record(key, outcome)),
        1 => times().prop_map(Deed::EndVisit),
        1 => times().prop_map(Deed::RollOver),
    ];
    proptest::collection::vec(deed, 0..160)
}

fn does(session: &mut Session, deed: Deed) {
    match deed {
        // A broken event is refused, and that is all.
        Deed::Observe(event) => {
            let before = session.clone();
            if session.observe(event).is_err() {
                assert_eq!(*session, before);
            }
        }
        Deed::Record(key, outcome) => session.record(&key, outcome),
        Deed::EndVisit(now_ms) => session.end_visit(now_ms),
        Deed::RollOver(now_ms) => {
            session.roll_over(now_ms);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn whatever_happens_the_state_is_small_and_comes_back_as_it_was(deeds in deeds()) {
        let mut session = Session::new();
        for deed in deeds {
            does(&mut session, deed);
            let bytes = size::of(session.state());
            prop_assert!(bytes <= MAX_STATE_BYTES, "{bytes} bytes");
        }
        let text = json(&session);
        prop_assert!(text.len() <= size::of(session.state()), "{} bytes", text.len());
        prop_assert_eq!(&Session::restore(session.state().clone()).unwrap(), &session);
        let (read, before) = (serde_json::from_str(&text).unwrap(), session.state().clone());
        // The reader of JSON rounds long prices in their last digit.
        prop_assert_eq!(without_prices(read), without_prices(before));
    }

    #[test]
    fn the_newest_event_is_never_forgotten(deeds in deeds(), mut last in events()) {
        let mut session = Session::new();
        for deed in deeds {
            does(&mut session, deed);
        }
        last.kind = EventKind::ViewItem;
        if session.observe(last.clone()).is_ok() {
            prop_assert_eq!(&session.state().events.last().unwrap().item, &last.item);
        }
    }
}

fn without_prices(mut state: SessionState) -> SessionState {
    state.events.iter_mut().for_each(|event| event.price = None);
    state
}

/// Everything as long as it gets, in every list.
#[test]
fn the_worst_case_fits() {
    let mut session = Session::new();
    for n in 0..400_u32 {
        let item: String = format!("{n}").chars().chain(['\u{1}'; 253]).collect();
        let kinds = [EventKind::AddToCart, EventKind::Purchase, EventKind::ViewItemList];
        for kind in kinds {
            let event = Event {
                time_ms: u64::MAX,
                dwell_ms: Some(u32::MAX),
                query: Some("\u{3}".repeat(500)),
                quantity: Some(1_000_000),
                price: Some(1.234_567_890_123_456_7e-300),
                ..event(kind, &format!("{kind:?}{item}")[..250], 0)
            };
            session.observe(event).unwrap();
            session.record(&item, Outcome::Shown);
        }
        if n % 7 == 0 {
            session.end_visit(u64::MAX);
        }
        let bytes = json(&session).len();
        assert!(bytes <= size::of(session.state()) && bytes <= MAX_STATE_BYTES, "{bytes}");
    }
    assert!(!session.state().taste.is_empty(), "no list starves another");
}

#[test]
fn an_ordinary_visit_is_remembered_whole() {
    let mut session = Session::new();
    for n in 0..60_u64 {
        let id = format!("SKU-{:06}", n * 37);
        session.observe(event(EventKind::ViewItem, &id, NOON_MS + n * 20_000)).unwrap();
        for other in 0..3 {
            let id = format!("SKU-{:06}", 10_000 + (n * 3 + other) % 24);
            session.observe(event(EventKind::ViewItemList, &id, NOON_MS + n * 20_000)).unwrap();
        }
    }
    assert_eq!(session.state().events.len(), 60);
    assert_eq!(session.state().impressions.len(), 24);
}

#[test]
fn a_million_events_take_no_more_room_than_a_thousand() {
    let mut session = Session::new();
    let mut most = 0;
    for n in 0..1_000_000_u64 {
        let kind = EventKind::ALL[usize::try_from(n % 11).unwrap()];
        let id = format!("item-{}", n % 5_003);
        let query = Some("words of a search".to_owned());
        session.observe(Event { query, ..event(kind, &id, NOON_MS + n * 1000) }).unwrap();
        if n % 1000 == 0 {
            most = most.max(json(&session).len());
        }
    }
    assert!(most <= MAX_STATE_BYTES);
    let state = session.state();
    assert!(state.events.capacity() <= 2 * MAX_EVENTS && state.cart.capacity() <= 2 * MAX_OWNED);
    assert!(state.impressions.capacity() <= 2 * MAX_IMPRESSIONS + 2);
}
