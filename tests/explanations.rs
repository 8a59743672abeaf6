//! An explanation is the score, opened, and a trace is the walk, told: on random sessions and
//! requests with the golden models and a shop's rules.
#![cfg(not(target_arch = "wasm32"))]

use mercer::explain::{Stage, Trace, Tracer, Why, reasons, tell};
use mercer::model::{Attributes, Column, Model, Terms};
use mercer::rng::Rng;
use mercer::rules::RuleSet;
use mercer::types::{Event, EventKind, ItemIx, Placement, Request, Scored, Seen, Slate};
use mercer::{Engine, Session};
use proptest::prelude::*;

const MODELS: [&[u8]; 4] = [
    include_bytes!("golden/small.mercer"),
    include_bytes!("golden/blend.mercer"),
    include_bytes!("golden/fold-in.mercer"),
    include_bytes!("golden/lists.mercer"),
];

const RULES: &str = r#"[
    { "kind": "boost", "name": "summer", "where": { "brand": "b1" }, "by": 0.7 },
    { "kind": "bury", "where": { "brand": "b2" }, "by": 0.4 },
    { "kind": "exclude", "where": { "brand": "b3" } },
    { "kind": "limit", "field": "brand", "most": 2 }
]"#;

/// A random visit and a random question.
#[derive(Debug, Clone)]
struct World {
    model: usize,
    seed: u64,
    n_events: usize,
    placement: Placement,
    count: usize,
    diversity: f32,
    ruled: bool,
}

fn worlds() -> impl Strategy<Value = World> {
    let ask = (prop::sample::select(&Placement::ALL[..]), 1_usize..40);
    let levels = (prop_oneof![Just(0.0_f32), 0.0_f32..=1.0], any::<bool>());
    (0..MODELS.len(), any::<u64>(), 0_usize..25, ask, levels).prop_map(
        |(model, seed, n_events, (placement, count), (diversity, ruled))| World {
            model,
            seed,
            n_events,
            placement,
            count,
            diversity,
            ruled,
        },
    )
}

impl World {
    fn engine(&self) -> Engine {
        let model = Model::read(MODELS[self.model]).unwrap();
        let mut brands = Terms::default();
        (0..model.n_items()).for_each(|at| brands.push([["b0", "b1", "b2", "b3"][at % 4]]));
        let mut attributes = Attributes::default();
        attributes.insert("brand", Column::Terms(brands));
        let mut engine = Engine::new(model.with_attributes(attributes));
        if self.ruled {
            let rules = serde_json::from_str(RULES).unwrap();
            let (rules, _) = RuleSet::read(&rules, engine.model()).unwrap();
            engine.set_rules(rules);
        }
        engine
    }

    fn session(&self, engine: &Engine) -> Session {
        let mut rng = Rng::new(self.seed);
        let mut session = Session::new();
        let kinds = [EventKind::ViewItem, EventKind::AddToCart, EventKind::Dismiss];
        for at in 0..self.n_events {
            let item = ItemIx::from_usize(rng.below(engine.model().n_items()));
            let event = serde_json::json!({
                "kind": kinds[rng.below(8).saturating_sub(5)].name(),
                "item": engine.model().item_id(item),
                "timeMs": 1_790_000_000_000_u64 + 1000 * at as u64,
            });
            let event: Event = serde_json::from_value(event).unwrap();
            session.observe(event).unwrap();
        }
        session
    }

    fn request(&self, engine: &Engine) -> Request {
        let mut rng = Rng::new(self.seed).fork(1);
        let mut item = || ItemIx::from_usize(rng.below(engine.model().n_items()));
        Request {
            placement: self.placement,
            item: Some(item()),
            listed: (0..20).map(|_| item()).collect(),
            count: self.count,
            seen: Seen::Include,
            diversity: self.diversity,
            ..Request::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn contributions_sum_to_the_score_and_shares_to_one(world in worlds()) {
        let engine = world.engine();
        let slate = engine.recommend(&world.session(&engine), &world.request(&engine));
        for scored in &slate.items {
            let sum = scored.contributions.iter().fold(0.0_f32, |sum, part| sum + part.value);
            prop_assert_eq!(sum.to_bits(), scored.score.to_bits());
            let reasons = reasons(scored);
            prop_assert!(reasons.iter().all(|reason| reason.share > 0.0 && reason.share <= 1.0));
            prop_assert!(reasons.is_sorted_by(|a, b| a.share >= b.share));
            let total: f32 = reasons.iter().map(|reason| reason.share).sum();
            prop_assert!(reasons.is_empty() || (total - 1.0).abs() < 1e-5, "{}", total);
            let speaks = scored.contributions.iter().any(|part| part.value > 0.0);
            prop_assert!(speaks || reasons.is_empty());
            prop_assert_eq!(tell(engine.model(), scored).len(), reasons.len());
        }
    }

    #[test]
    fn watching_changes_nothing_and_misses_nothing(world in worlds()) {
        let engine = world.engine();
        let (session, request) = (world.session(&engine), world.request(&engine));
        let tracer = Tracer::default();
        let slate = engine.watched(&session, &request, &tracer);
        prop_assert_eq!(&slate, &engine.recommend(&session, &request));
        let trace = tracer.into_trace();
        let count = |stage| trace.of(stage).map(|pass| pass.n).sum::<usize>();
        let closed: usize = trace.closed.iter().map(|closed| closed.n).sum();
        prop_assert_eq!(count(Stage::Eligible) + closed, engine.model().n_items());
        prop_assert_eq!(count(Stage::Placed), slate.items.len());
        prop_assert!(count(Stage::Candidates) >= count(Stage::Ranked));
        let order = [trace.passes.first(), trace.passes.get(1), trace.passes.last()];
        let order = order.map(|pass| pass.map(|pass| pass.stage));
        prop_assert_eq!(order, [Stage::Session, Stage::Eligible, Stage::Placed].map(Some));
    }

    #[test]
    fn every_item_has_its_answer(world in worlds()) {
        let engine = world.engine();
        let (session, request) = (world.session(&engine), world.request(&engine));
        let tracer = Tracer::default();
        let slate = engine.watched(&session, &request, &tracer);
        let trace = tracer.into_trace();
        let mut closed = 0;
        for at in 0..engine.model().n_items() {
            let item = ItemIx::from_usize(at);
            let why = engine.why(&session, &request, engine.model().item_id(item));
            check(&why, item, (&slate, &trace, &request));
            closed += usize::from(matches!(why, Why::Closed { .. }));
        }
        let told: usize = trace.closed.iter().map(|closed| closed.n).sum();
        prop_assert_eq!(closed, told);
        prop_assert_eq!(engine.why(&session, &request, "no such item"), Why::Unknown);
    }
}

/// What an answer claims is what the slate and the trace show.
fn check(why: &Why, item: ItemIx, (slate, trace, request): (&Slate, &Trace, &Request)) {
    let place = slate.items.iter().position(|scored: &Scored| scored.item == item);
    match *why {
        Why::Shown { place: told } => assert_eq!(place, Some(told - 1)),
        _ => assert_eq!(place, None, "{why:?}"),
    }
    let score = |item| {
        let mut passes = trace.of(Stage::Ranked).flat_map(|pass| &pass.items);
        passes.find(|(other, _)| *other == item).map(|(_, score)| *score)
    };
    match *why {
        Why::Below { score: told, rank, .. } => {
            assert_eq!(score(item).map(f32::to_bits), Some(told.to_bits()));
            assert!(rank > 0 && slate.items.len() >= request.count.min(1));
        }
        Why::Moved { rank, to } => {
            assert!(request.diversity > 0.0 && rank <= request.count && to > rank);
        }
        Why::Dropped { by, .. } => assert!(trace.dropped.contains(&(item, by))),
        Why::NotRetrieved { score, last } => {
            if let (Some(score), Some(last), 1) = (score, last, trace.of(Stage::Ranked).count()) {
                assert!(score <= last + 0.05, "{score} is above the last, {last}");
            }
        }
        _ => {}
    }
}

#[test]
fn reasons_by_name_hold_what_a_phrase_needs() {
    let world = World {
        model: 0,
        seed: 1,
        n_events: 1,
        placement: Placement::Home,
        count: 20,
        diversity: 0.0,
        ruled: true,
    };
    let engine = world.engine();
    let session = world.session(&engine);
    let slate = engine.recommend(&session, &Request { count: 20, ..Request::default() });
    let told: Vec<_> = slate.items.iter().flat_map(|scored| tell(engine.model(), scored)).collect();
    assert!(told.iter().any(|one| one.kind == "viewed" && one.item.is_some()));
    assert!(told.iter().any(|one| one.kind == "rule" && one.rule == Some(0)));
}
