//! Neutral settings cost no accuracy: a slate of the whole pipeline, session to places, holds what the
//! bare model ranks first when it looks at every item of the catalogue, in that order, with those scores.
#![cfg(not(target_arch = "wasm32"))]

use mercer::kernels::CodeWidth;
use mercer::model::{Encoder, FactorParts, InterestRule, Model, ModelParts, NeighbourParts, write};
use mercer::ranking::rank;
use mercer::rng::Rng;
use mercer::session::encode;
use mercer::types::{Event, EventKind, Ground, ItemIx, Owned, Reading, Request, Scored, Seen};
use mercer::{Engine, Session};
use proptest::prelude::*;

const DIM: usize = 32;
/// Far more than the few hundred that are looked at closely.
const N: usize = 4000;
const COUNT: usize = 20;

fn model(rng: &mut Rng, has_neighbours: bool) -> Model {
    let mut encoder = Encoder::flat(6, DIM);
    for (at, position) in encoder.position.iter_mut().enumerate() {
        *position = -0.3 * f32::from(u8::try_from(at).unwrap());
    }
    encoder.temperature = 12.0;
    encoder.returning[0] = 1.5;
    let factors = FactorParts {
        dim: DIM,
        width: CodeWidth::Four,
        codes: (0..N * DIM).map(|_| [-7, -5, -2, -1, 0, 1, 3, 4, 7][rng.below(9)]).collect(),
        lengths: None,
        biases: (0..N).map(|_| 2.0 * rng.unit_f32()).collect(),
        interest: InterestRule::Attention(encoder),
    };
    let lists = (0..N).map(|item| vec![(ItemIx::from_usize((item * 7 + 1) % N), 1.5)]).collect();
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: (0..N).map(|at| format!("{at:05}")).collect(),
        popularity: (0..N).map(|_| 6.0 * rng.unit_f32()).collect(),
        factors: Some(factors),
        neighbours: has_neighbours.then(|| NeighbourParts { lists, reach: vec![1.0, 0.5] }),
        ..ModelParts::default()
    };
    Model::read(&write(&parts).unwrap()).unwrap()
}

/// The model alone: every item, by the formula.
fn bare(model: &Model, session: &Session) -> Vec<Scored> {
    let steps = session.steps(|id| model.item_ix(id));
    let interest = encode(model, &steps);
    let reading =
        Reading { interest, ground: Ground::Bias, shared: &[], heard: &[], own: Vec::new() };
    let all: Vec<ItemIx> = (0..model.n_items()).map(ItemIx::from_usize).collect();
    rank(model, &reading, &all, COUNT)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_pipeline_shows_what_the_bare_model_ranks_first(
        seed in any::<u64>(),
        n_events in 1_usize..12,
        has_neighbours in any::<bool>(),
    ) {
        let mut rng = Rng::new(seed);
        let model = model(&mut rng, has_neighbours);
        let mut session = Session::new();
        for _ in 0..n_events {
            let kind = [EventKind::ViewItem, EventKind::AddToCart][rng.below(2)];
            session.observe(Event::new(kind, &format!("{:05}", rng.below(N)))).unwrap();
        }
        let neutral = Request {
            count: COUNT,
            seen: Seen::Include,
            owned: Owned::Include,
            ..Request::default()
        };
        let bare = bare(&model, &session);
        let slate = Engine::new(model).recommend(&session, &neutral);
        let told = |all: &[Scored]| {
            all.iter().map(|one| (one.item, one.score.to_bits())).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(&slate.items), told(&bare));
    }
}
