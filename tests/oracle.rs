//! The engine against a naive reading of its own documents: everything in `f64`, every item
//! scored, no candidates, no rounding of the interest. Random models, random sessions.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/naive.rs"]
mod naive;

use mercer::kernels::CodeWidth;
use mercer::model::{
    Attributes, Column, Encoder, FactorParts, FoldIn, InterestRule, Model, ModelParts,
    N_DWELL_BUCKETS, NeighbourParts, PriorParts, Terms, write,
};
use mercer::rng::Rng;
use mercer::types::{
    Event, EventKind, ItemIx, Owned, Placement, Request, Seen, Shortfall, Slate, Source,
};
use mercer::{Engine, Session};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// How far a score may be from the naive one.
const TOLERANCE: f64 = 1e-3;

/// A random shop, a random visit and a random question.
#[derive(Debug, Clone)]
struct World {
    n_items: usize,
    dim: usize,
    width: CodeWidth,
    seed: u64,
    n_events: usize,
    request: Request,
    holds: Holds,
}

/// What the file of a world holds to rank by.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one an optional section")]
struct Holds {
    rule: Option<Rule>,
    lengths: bool,
    neighbours: bool,
    companions: bool,
    trend: bool,
    categories: bool,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Attention,
    FoldIn,
    Sum,
}

fn holds() -> impl Strategy<Value = Holds> {
    let rules = [Some(Rule::Attention), Some(Rule::FoldIn), Some(Rule::Sum), None];
    let more = (any::<bool>(), any::<bool>(), any::<bool>());
    (0_usize..4, any::<bool>(), any::<bool>(), more).prop_map(
        move |(rule, lengths, neighbours, (companions, trend, categories))| {
            let neighbours = neighbours || rules[rule].is_none();
            Holds { rule: rules[rule], lengths, neighbours, companions, trend, categories }
        },
    )
}

fn worlds() -> impl Strategy<Value = World> {
    let size = (1_usize..320, 1_usize..=4, any::<bool>(), any::<u64>(), 0_usize..40);
    let counts = prop_oneof![4 => 0_usize..25, 1 => Just(usize::MAX), 1 => 100_usize..400];
    let switches = (0..Placement::ALL.len(), any::<bool>(), any::<bool>());
    let some = |most| proptest::collection::vec(0_u32..320, 0..most);
    let items = (proptest::option::of(0_u32..320), some(12), some(4), some(30));
    (size, counts, switches, items, holds()).prop_map(|(size, count, switches, items, holds)| {
        let (n_items, chunks, four_bits, seed, n_events) = size;
        let known = |item: &u32| (*item as usize) < n_items;
        let request = Request {
            placement: Placement::ALL[switches.0],
            item: items.0.filter(known).map(ItemIx),
            count,
            seen: if switches.1 { Seen::Include } else { Seen::LeaveOut },
            owned: if switches.2 { Owned::Include } else { Owned::LeaveOut },
            exclude: items.1.into_iter().filter(known).map(ItemIx).collect(),
            context: items.2.into_iter().filter(known).map(ItemIx).collect(),
            listed: items.3.into_iter().filter(known).map(ItemIx).collect(),
            // `tests/session.rs` holds what was shown before against its formula.
            rotation: 0.0,
            ..Request::default()
        };
        let width = if four_bits { CodeWidth::Four } else { CodeWidth::Eight };
        World { n_items, dim: 16 * chunks, width, seed, n_events, request, holds }
    })
}

impl World {
    fn model(&self) -> Model {
        Model::read(&write(&self.parts()).unwrap()).unwrap()
    }

    fn parts(&self) -> ModelParts {
        let mut rng = Rng::new(self.seed);
        // Few distinct values, so that ties are common.
        let popularity = (0..self.n_items).map(|_| [0.0, 1.0, 1.5, 2.0, 4.0][rng.below(5)]);
        let popularity = popularity.collect();
        let factors = self.holds.rule.map(|rule| self.factors(&mut rng, rule));
        let neighbours = self.holds.neighbours.then(|| self.neighbours(&mut rng));
        ModelParts {
            about: "{}".to_owned(),
            items: (0..self.n_items).map(|n| format!("item-{n:04}")).collect(),
            popularity,
            factors,
            neighbours,
            companions: self.holds.companions.then(|| self.neighbours(&mut rng)),
            priors: self.holds.trend.then(|| self.priors(&mut rng)),
            attributes: self.holds.categories.then(|| self.attributes(&mut rng)),
            ..ModelParts::default()
        }
    }

    fn priors(&self, rng: &mut Rng) -> PriorParts {
        let trend = (0..self.n_items).map(|_| [-1.0, 0.0, 0.0, 0.5, 2.0][rng.below(5)]).collect();
        PriorParts { trend, ..PriorParts::default() }
    }

    /// Paths of up to three levels; some items stand nowhere.
    fn attributes(&self, rng: &mut Rng) -> Attributes {
        const PATHS: [&[&str]; 6] = [
            &[],
            &["Cups"],
            &["Cups", "Cups > Mugs"],
            &["Cups", "Cups > Mugs", "Cups > Mugs > Tall"],
            &["Tents"],
            &["Tents", "Tents > Large"],
        ];
        let mut terms = Terms::default();
        for item in 0..self.n_items {
            // A field that says nothing of any item is none.
            let path = if item == 0 { 2 } else { rng.below(PATHS.len()) };
            terms.push(PATHS[path].iter().copied());
        }
        let mut attributes = Attributes::default();
        attributes.insert("category", Column::Terms(terms));
        attributes
    }

    fn factors(&self, rng: &mut Rng, rule: Rule) -> FactorParts {
        let limit = i16::from(self.width.limit());
        let codes = (0..self.n_items * self.dim).map(|_| {
            let code = i16::try_from(rng.below(2 * 127 + 1)).unwrap() - 127;
            i8::try_from(code * limit / 127).unwrap()
        });
        let codes = codes.collect();
        let lengths = (0..self.n_items).map(|_| [0.0, 0.03, 0.5, 1.0, 2.5][rng.below(5)]);
        let lengths: Vec<f32> = lengths.collect();
        FactorParts {
            dim: self.dim,
            width: self.width,
            codes,
            lengths: self.holds.lengths.then_some(lengths),
            biases: random(rng, self.n_items, 0.7),
            interest: match rule {
                Rule::Attention => InterestRule::Attention(encoder(rng, self.dim)),
                Rule::FoldIn => InterestRule::FoldIn(fold_in(rng, self.dim)),
                Rule::Sum => InterestRule::FoldIn(FoldIn::sum(1 + rng.below(24))),
            },
        }
    }

    /// Lists of every length up to eight, some of them empty, weights of 0 among them.
    fn neighbours(&self, rng: &mut Rng) -> NeighbourParts {
        let mut list = || -> Vec<(ItemIx, f32)> {
            let items: BTreeSet<usize> =
                (0..rng.below(9)).map(|_| rng.below(self.n_items)).collect();
            let weight = |rng: &mut Rng| [0.0, 0.1, 0.7, 1.5, 4.0][rng.below(5)];
            items.into_iter().map(|item| (ItemIx::from_usize(item), weight(rng))).collect()
        };
        let lists = (0..self.n_items).map(|_| list()).collect();
        let reach = (0..=rng.below(12)).map(|_| [0.0, 0.2, 1.0, 3.0][rng.below(4)]).collect();
        NeighbourParts { lists, reach }
    }

    /// Events of every kind; every fifth about an item the model has never seen, some with a
    /// clock that runs back.
    fn events(&self) -> Vec<Event> {
        let mut rng = Rng::new(self.seed).fork(1);
        let mut time_ms = 1_000_000_000;
        let mut item = 0;
        let event = |_| {
            time_ms = time_ms + 200_000 - [0, 100_000, 190_000, 199_500, 230_000][rng.below(5)];
            // Staying at an item is what makes steps merge.
            item = if rng.below(2) == 0 { item } else { rng.below(self.n_items) };
            let id = if rng.below(5) == 0 { "unknown".into() } else { format!("item-{item:04}") };
            let dwell_ms =
                (rng.below(3) == 0).then(|| u32::try_from(rng.below(3_000_000)).unwrap());
            let kind = EventKind::ALL[rng.below(EventKind::ALL.len())];
            let query = Some("words".into());
            let quantity = (rng.below(4) == 0).then(|| 1 + u32::try_from(rng.below(3)).unwrap());
            Event { time_ms, dwell_ms, query, quantity, ..Event::new(kind, &id) }
        };
        (0..self.n_events).map(event).collect()
    }

    fn session(&self) -> Session {
        let mut session = Session::new();
        for event in self.events() {
            session.observe(event).unwrap();
        }
        session
    }

    /// Whether the items come in the order of one score: no way of ranking fills up what
    /// another leaves empty, and no shelf gives way to another.
    fn is_of_one_order(&self, source: Source) -> bool {
        match self.request.placement {
            Placement::BoughtTogether | Placement::Cart | Placement::MoreLikeThis => false,
            Placement::Home => source != Source::Popular || !self.holds.categories,
            _ => true,
        }
    }

    fn slate(&self, model: &Model) -> Slate {
        Engine::new(model.clone()).recommend(&self.session(), &self.request)
    }
}

fn random(rng: &mut Rng, n: usize, scale: f32) -> Vec<f32> {
    (0..n).map(|_| scale * (2.0 * rng.unit_f32() - 1.0) * 2.0).collect()
}

fn encoder(rng: &mut Rng, dim: usize) -> Encoder {
    let max_steps = 1 + rng.below(24);
    let mut encoder = Encoder {
        position: random(rng, max_steps, 0.5),
        attention: random(rng, dim * dim, 0.3),
        temperature: 1.0 + 19.0 * rng.unit_f32(),
        returning: random(rng, max_steps, 2.0),
        ..Encoder::flat(max_steps, dim)
    };
    encoder.kind.copy_from_slice(&random(rng, EventKind::ALL.len(), 0.5));
    encoder.dwell.copy_from_slice(&random(rng, N_DWELL_BUCKETS, 0.5));
    encoder
}

fn fold_in(rng: &mut Rng, dim: usize) -> FoldIn {
    let mut fold_in = FoldIn::sum(1 + rng.below(24));
    if rng.below(2) == 0 {
        // A diagonal that outweighs its row is positive definite.
        let entry = |i: usize, j: usize, x: f32| if i == j { 1.0 + 0.2 * x } else { 0.01 * x };
        let triangle = (0..dim).flat_map(|i| (0..=i).map(move |j| (i, j)));
        fold_in.gram = triangle.map(|(i, j)| entry(i, j, rng.unit_f32())).collect();
    }
    fold_in.ridge = 0.2 + rng.unit_f32();
    for confidence in &mut fold_in.confidence {
        *confidence = 3.0 * rng.unit_f32();
    }
    fold_in.pull.copy_from_slice(&random(rng, EventKind::ALL.len(), 1.0));
    fold_in.temperature = 0.5 + rng.unit_f32();
    fold_in.returning = random(rng, fold_in.returning.len(), 1.0);
    fold_in
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_engine_ranks_what_the_formulas_rank(world in worlds()) {
        let model = world.model();
        let slate = world.slate(&model);
        let naive = naive::recommend(&model, &world.events(), &world.request);
        prop_assume!(!naive.is_unstable);
        prop_assert_eq!(slate.source, naive.source);
        let wanted = world.request.count.min(naive.ranked.len());
        prop_assert_eq!(slate.items.len(), wanted, "a slate is full where the rules let it be");
        for (scored, (_, best)) in slate.items.iter().zip(&naive.ranked) {
            let own = naive.ranked.iter().find(|(item, _)| *item == scored.item);
            let (_, own) = own.expect("only eligible items");
            let score = f64::from(scored.score);
            prop_assert!((score - own).abs() < TOLERANCE, "{score} for {own}");
            prop_assert!((score - best).abs() < TOLERANCE, "{score} where {best} was to be had");
        }
    }

    #[test]
    fn a_slate_keeps_its_promises(world in worlds()) {
        let model = world.model();
        let slate = world.slate(&model);
        let items: BTreeSet<ItemIx> = slate.items.iter().map(|scored| scored.item).collect();
        prop_assert_eq!(items.len(), slate.items.len(), "no item twice");
        prop_assert!(items.iter().all(|item| item.at() < world.n_items));
        let never = world.request.exclude.iter().chain(&world.request.item);
        for item in never {
            prop_assert!(!items.contains(item), "{item:?} was excluded");
        }
        for scored in &slate.items {
            let sum = scored.contributions.iter().fold(0.0, |sum: f32, part| sum + part.value);
            prop_assert_eq!(sum.to_bits(), scored.score.to_bits(), "an explanation is the score");
        }
        let pairs = if world.is_of_one_order(slate.source) { slate.items.windows(2) } else { [].windows(2) };
        for pair in pairs {
            let by_score = pair[0].score.total_cmp(&pair[1].score).reverse();
            let order = by_score.then(pair[0].item.cmp(&pair[1].item));
            prop_assert!(order.is_lt(), "best first, ties by index: {pair:?}");
        }
    }

    #[test]
    fn a_longer_slate_begins_with_the_shorter(world in worlds()) {
        let model = world.model();
        let longer = world.slate(&model);
        let count = world.request.count / 2;
        let request = Request { count, ..world.request.clone() };
        let shorter = World { request, ..world.clone() }.slate(&model);
        let start = &longer.items[..shorter.items.len()];
        let is_exact = !matches!(longer.source, Source::Session | Source::Together | Source::Content);
        prop_assume!(world.is_of_one_order(longer.source));
        if is_exact {
            prop_assert_eq!(start, shorter.items.as_slice());
        }
        // A longer slate is ranked from more candidates: it may only be better.
        for (long, short) in start.iter().zip(&shorter.items) {
            prop_assert!(long.score >= short.score);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn chance_is_the_seeds_and_costs_no_item(world in worlds(), level in 0.0_f32..1.0, seed: u64) {
        let model = world.model();
        let request = Request { exploration: level, seed, ..world.request.clone() };
        let tried = World { request, ..world.clone() };
        let slate = tried.slate(&model);
        prop_assert_eq!(&slate, &tried.slate(&model), "the same seed, the same slate");
        prop_assert_eq!(slate.items.len(), world.slate(&model).items.len(), "and it is as full");
        let items: BTreeSet<ItemIx> = slate.items.iter().map(|scored| scored.item).collect();
        prop_assert_eq!(items.len(), slate.items.len(), "no item twice");
        for scored in &slate.items {
            let sum = scored.contributions.iter().fold(0.0, |sum: f32, part| sum + part.value);
            prop_assert_eq!(sum.to_bits(), scored.score.to_bits(), "an explanation is the score");
        }
    }

    #[test]
    fn no_product_stands_on_a_page_twice(world in worlds(), level in 0.0_f32..1.0) {
        let engine = Engine::new(world.model());
        let count = world.request.count.min(30);
        let unit = |placement| Request {
            placement,
            count,
            exploration: level,
            ..world.request.clone()
        };
        let slates = engine.page(&world.session(), &Placement::ALL.map(unit));
        let shown: Vec<ItemIx> =
            slates.iter().flat_map(|slate| &slate.items).map(|scored| scored.item).collect();
        let each: BTreeSet<ItemIx> = shown.iter().copied().collect();
        prop_assert_eq!(each.len(), shown.len());
        let excluded = |item: &ItemIx| world.request.exclude.contains(item);
        prop_assert!(!shown.iter().any(excluded));
    }

    #[test]
    fn what_is_about_no_item_of_the_shop_changes_nothing(world in worlds(), kind in 0_usize..11) {
        let engine = Engine::new(world.model());
        let mut session = world.session();
        let before = engine.recommend(&session, &world.request);
        let event = Event { query: Some("words".into()), ..Event::new(EventKind::ALL[kind], "nowhere") };
        // Of the times between events the engine learns how long the shopper stayed.
        session.observe(event).unwrap();
        let after = engine.recommend(&session, &world.request);
        prop_assume!(world.n_events < 40);
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_short_slate_says_why(world in worlds()) {
        let slate = world.slate(&world.model());
        let is_short = slate.items.len() < world.request.count;
        prop_assert_eq!(slate.shortfall.is_some(), is_short);
        let own = world.request.placement == Placement::RecentlyViewed;
        prop_assert!(slate.shortfall != Some(Shortfall::History) || own);
    }
}

/// The scan knows nothing of the bonus for going back: among many items that are nearer, an
/// item of the session must still be ranked.
#[test]
fn an_item_of_the_session_is_ranked_however_far_it_is() {
    let n_items = 400;
    let (far, near) = ("item-0000", "item-0001");
    let mut codes = vec![0; n_items * 16];
    for (item, row) in codes.chunks_exact_mut(16).enumerate() {
        row[0] = if item == 0 { -7 } else { 7 };
    }
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: (0..n_items).map(|n| format!("item-{n:04}")).collect(),
        popularity: vec![0.0; n_items],
        factors: Some(FactorParts {
            dim: 16,
            width: CodeWidth::Four,
            codes,
            lengths: None,
            biases: vec![0.0; n_items],
            interest: InterestRule::Attention(Encoder {
                position: vec![0.0, -20.0],
                returning: vec![0.0, 50.0],
                ..Encoder::flat(2, 16)
            }),
        }),
        ..ModelParts::default()
    };
    let engine = Engine::load(&write(&parts).unwrap()).unwrap();
    let mut session = Session::new();
    for (time_ms, id) in (0..).zip([far, near]) {
        session.observe(Event { time_ms, ..Event::new(EventKind::ViewItem, id) }).unwrap();
    }
    let request = Request { count: 1, seen: Seen::Include, ..Request::default() };
    let slate = engine.recommend(&session, &request);
    assert_eq!(engine.model().item_id(slate.items[0].item), far);
}
