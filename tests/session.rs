//! What the session's signals do to slates, through the whole engine: every signal on, any
//! visits, every placement.
#![cfg(not(target_arch = "wasm32"))]

use mercer::kernels::CodeWidth;
use mercer::model::words::{Group, key};
use mercer::model::{
    Attributes, Column, Encoder, FactorParts, InterestRule, LexiconParts, ModelParts, Terms, write,
};
use mercer::rng::Rng;
use mercer::session::Outcome;
use mercer::types::{
    Contribution, Event, EventKind, ItemIx, Moment, Placement, Request, Scored, Signal, Slate,
    Source,
};
use mercer::{Engine, Session};
use proptest::prelude::*;

const N_ITEMS: usize = 80;
const DIM: usize = 16;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const NOW_MS: u64 = 20_000 * DAY_MS;

/// A shop in which every signal of the session has weight.
fn engine(seed: u64) -> Engine {
    let mut rng = Rng::new(seed);
    let (mut category, mut brand) = (Terms::default(), Terms::default());
    let mut prices = Vec::new();
    for _ in 0..N_ITEMS {
        let top = format!("T{}", rng.below(3));
        let leaf = format!("{top} > L{}", rng.below(3));
        category.push([top.as_str(), &leaf]);
        brand.push([format!("B{}", rng.below(6)).as_str()]);
        prices.push(if rng.below(8) == 0 { f32::NAN } else { 1.0 + 200.0 * rng.unit_f32() });
    }
    let mut attributes = Attributes::default();
    attributes.insert("brand", Column::Terms(brand));
    attributes.insert("category", Column::Terms(category));
    attributes.insert("price", Column::Numbers(prices));
    let signals = [
        ("affinity.brand", 0.7),
        ("affinity.category", 1.1),
        ("affinity.price", 0.4),
        ("dislike", 0.5),
        ("rotation", 1.0),
        ("taste", 0.5),
    ];
    let mut code = || i8::try_from(rng.below(15)).unwrap() - 7;
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: (0..N_ITEMS).map(id).collect(),
        popularity: vec![1.0; N_ITEMS],
        factors: Some(FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes: (0..N_ITEMS * DIM).map(|_| code()).collect(),
            lengths: None,
            biases: vec![0.1; N_ITEMS],
            interest: InterestRule::Attention(Encoder {
                temperature: 9.0,
                ..Encoder::flat(8, DIM)
            }),
        }),
        attributes: Some(attributes),
        lexicon: Some(LexiconParts {
            features: vec![key(Group::Title, "tent")],
            weights: vec![1.0],
            width: CodeWidth::Four,
            codes: (0..DIM).map(|at| if at == 0 { 7 } else { 0 }).collect(),
            lengths: vec![1.0],
        }),
        signals: signals.map(|(name, weight)| (name.to_owned(), weight)).to_vec(),
        ..ModelParts::default()
    };
    Engine::load(&write(&parts).unwrap()).unwrap()
}

fn id(item: usize) -> String {
    format!("item-{item:02}")
}

fn view(item: &str, time_ms: u64) -> Event {
    Event { time_ms, ..Event::new(EventKind::ViewItem, item) }
}

fn search(words: &str) -> Event {
    Event { query: Some(words.to_owned()), ..Event::bare(EventKind::Search) }
}

/// Two visits of any events, one of them over.
fn shopper(seed: u64, n_events: usize) -> Session {
    let mut rng = Rng::new(seed).fork(3);
    let mut session = Session::new();
    for n in 0..n_events {
        let item = if rng.below(7) == 0 { "gone".to_owned() } else { id(rng.below(N_ITEMS)) };
        let event = Event {
            time_ms: [0, NOW_MS - DAY_MS + 1000 * n as u64, 5, u64::MAX][rng.below(40) / 12],
            query: Some("words".to_owned()),
            quantity: (rng.below(3) == 0).then_some(2),
            price: (rng.below(3) == 0).then_some([0.0, 1e-300, 17.5, 1e300][rng.below(4)]),
            ..Event::new(EventKind::ALL[rng.below(EventKind::ALL.len())], &item)
        };
        session.observe(event).unwrap();
        session.record(&item, if rng.below(2) == 0 { Outcome::Shown } else { Outcome::Chosen });
        if n == n_events / 2 {
            session.end_visit(NOW_MS - DAY_MS);
        }
    }
    session
}

fn request(placement: Placement, model: &mercer::model::Model) -> Request {
    Request {
        placement,
        item: model.item_ix("item-07"),
        listed: (0..20).map(ItemIx).collect(),
        count: 10,
        rotation: 0.8,
        exploration: 0.3,
        moment: Moment { time_ms: NOW_MS, ..Moment::default() },
        ..Request::default()
    }
}

fn slates(engine: &Engine, session: &Session) -> Vec<Slate> {
    let request = |placement| request(placement, engine.model());
    Placement::ALL.map(|placement| engine.recommend(session, &request(placement))).to_vec()
}

fn says(scored: &Scored, is: impl Fn(Signal) -> bool) -> bool {
    scored.contributions.iter().any(|part| is(part.signal))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn scores_are_finite_and_are_their_parts(seed in any::<u64>(), n_events in 0_usize..70) {
        let engine = engine(seed);
        for slate in slates(&engine, &shopper(seed, n_events)) {
            for scored in &slate.items {
                let sum = scored.contributions.iter().fold(0.0_f32, |sum, part| sum + part.value);
                prop_assert!(scored.score.is_finite());
                prop_assert_eq!(sum.to_bits(), scored.score.to_bits());
            }
        }
    }

    #[test]
    fn an_event_about_something_unknown_changes_no_slate(
        seed in any::<u64>(),
        n_events in 0_usize..30,
        kind in 0..EventKind::ALL.len(),
    ) {
        let kind = EventKind::ALL[kind];
        // The words of a search are known, whatever the item.
        prop_assume!(kind != EventKind::Search);
        let (engine, mut session) = (engine(seed), shopper(seed, n_events));
        let before = slates(&engine, &session);
        session.observe(Event { time_ms: NOW_MS, ..Event::new(kind, "nobody-knows") }).unwrap();
        prop_assert_eq!(slates(&engine, &session), before);
    }

    #[test]
    fn a_session_from_storage_gets_the_same_slates(seed in any::<u64>(), n_events in 0_usize..70) {
        let (engine, session) = (engine(seed), shopper(seed, n_events));
        let again = Session::restore(session.state().clone()).unwrap();
        prop_assert_eq!(slates(&engine, &again), slates(&engine, &session));
    }
}

#[test]
fn whoever_comes_back_gets_a_personal_home_and_one_look_leads_again() {
    let engine = engine(11);
    let home = Request { rotation: 0.0, ..request(Placement::Home, engine.model()) };
    let home = Request { item: None, exploration: 0.0, ..home };
    let mut session = Session::new();
    assert_eq!(engine.recommend(&session, &home).source, Source::Popular);
    for item in ["item-03", "item-05", "item-03"] {
        session.observe(view(item, NOW_MS - 3 * DAY_MS)).unwrap();
    }
    session.roll_over(NOW_MS);
    assert!(session.state().events.is_empty());
    let back = engine.recommend(&session, &home);
    assert_eq!((back.source, back.items.len()), (Source::Session, 10));
    let is_taste = |signal| matches!(signal, Signal::Taste { .. });
    assert!(back.items.iter().all(|scored| says(scored, is_taste)));
    session.observe(view("item-40", NOW_MS)).unwrap();
    let looked = engine.recommend(&session, &home);
    let part = |scored: &Scored, is: &dyn Fn(Signal) -> bool| -> f32 {
        let parts = scored.contributions.iter().filter(|part| is(part.signal));
        parts.map(|part| part.value.abs()).sum()
    };
    let is_likeness = |signal| matches!(signal, Signal::Likeness { .. });
    let sum = |is: &dyn Fn(Signal) -> bool| -> f32 {
        looked.items.iter().map(|scored| part(scored, is)).sum()
    };
    assert!(sum(&is_likeness) > sum(&is_taste), "this visit leads");
    assert!(sum(&is_taste) > 0.0);
}

#[test]
fn words_of_a_search_speak_before_the_first_click_and_fade_after_it() {
    let engine = engine(14);
    let home = Request { rotation: 0.0, ..request(Placement::Home, engine.model()) };
    let home = Request { item: None, exploration: 0.0, ..home };
    let factors = engine.model().factors().unwrap();
    let gain = |slate: &Slate| {
        let part = |part: &&Contribution| part.signal == Signal::Query;
        let best = &slate.items[0];
        let value = best.contributions.iter().find(part).map_or(0.0, |part| part.value);
        let cosine = f32::from(factors.row(best.item)[0]) * factors.inverse_norm(best.item);
        value / (0.5 * 9.0 * cosine)
    };
    let mut session = Session::new();
    session.observe(search("flying carpet")).unwrap();
    assert_eq!(engine.recommend(&session, &home).source, Source::Popular, "no such word");
    session.observe(search("Tent!")).unwrap();
    let searched = engine.recommend(&session, &home);
    assert_eq!(searched.source, Source::Session);
    assert!((gain(&searched) - 1.0).abs() < 0.02, "weight times temperature times cosine");
    for _ in 0..5 {
        session.observe(view("gone", NOW_MS)).unwrap();
    }
    assert!((gain(&engine.recommend(&session, &home)) - 0.5).abs() < 0.02, "half after five");
    let asked = Request { query: Some("tent".into()), ..home };
    assert!((gain(&engine.recommend(&session, &asked)) - 1.0).abs() < 0.02);
}

#[test]
fn what_is_shown_again_and_again_gives_way_and_comes_back() {
    let engine = engine(12);
    let home = Request { item: None, exploration: 0.0, ..request(Placement::Home, engine.model()) };
    let mut session = Session::new();
    session.observe(view("item-03", NOW_MS)).unwrap();
    let first = engine.recommend(&session, &home).items[0].item;
    for _ in 0..40 {
        let shown = Event::new(EventKind::ViewItemList, engine.model().item_id(first));
        session.observe(Event { time_ms: NOW_MS, ..shown }).unwrap();
    }
    assert!(engine.recommend(&session, &home).items[0].item != first);
    let still = Request { rotation: 0.0, ..home.clone() };
    assert_eq!(engine.recommend(&session, &still).items[0].item, first);
    let moment = Moment { time_ms: NOW_MS + 90 * DAY_MS, ..Moment::default() };
    assert_eq!(engine.recommend(&session, &Request { moment, ..home }).items[0].item, first);
}

#[test]
fn what_the_shopper_refuses_takes_its_like_down() {
    let engine = engine(13);
    let home = Request { item: None, exploration: 0.0, ..request(Placement::Home, engine.model()) };
    let mut session = Session::new();
    session.observe(view("item-03", NOW_MS)).unwrap();
    session.observe(Event::new(EventKind::Dismiss, "item-20")).unwrap();
    let slate = engine.recommend(&session, &Request { count: N_ITEMS, ..home });
    let refused = engine.model().item_ix("item-20").unwrap();
    assert!(slate.items.iter().all(|scored| scored.item != refused));
    let near = |scored: &&Scored| engine.model().cosine(refused, scored.item) > 0.5;
    let mut near = slate.items.iter().filter(near).peekable();
    assert!(near.peek().is_some());
    for scored in near {
        let loss = scored.contributions.iter().find(|part| part.signal == Signal::Dislike);
        assert!(loss.is_some_and(|part| (-0.5..-0.1).contains(&part.value)));
    }
}
