//! Times what an event and the signals of a session cost at 100,000 items, natively:
//! `cargo bench --bench signals`. Prints one JSON object on stdout: the median and the 99th
//! percentile of each step, in microseconds. It needs no file; the model is made up.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "the times are its result")]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use mercer::Session;
use mercer::kernels::CodeWidth;
use mercer::model::{
    Attributes, Column, Encoder, FactorParts, InterestRule, Model, ModelParts, Terms, write,
};
use mercer::rng::Rng;
use mercer::session::{
    affinity, dislikes, encode, encode_with_taste, leanings, query, rotation, tastes,
};
use mercer::types::{Event, EventKind};

const N_ITEMS: usize = 100_000;
const DIM: usize = 64;
const N_TURNS: usize = 200;
const NOON_MS: u64 = 1_790_000_000_000;

type Times = BTreeMap<&'static str, Vec<u128>>;

fn main() -> Result<(), Box<dyn Error>> {
    let model = Model::read(&write(&parts())?)?;
    let (mut times, mut session) = (Times::new(), Session::new());
    visit(&mut session, 1)?;
    session.end_visit(NOON_MS);
    visit(&mut session, 2)?;
    let place: Vec<f32> = (0_u16..).take(DIM).map(|at| libm::sinf(f32::from(at))).collect();
    for turn in 0..N_TURNS {
        let view = Event { time_ms: NOON_MS, ..Event::new(EventKind::ViewItem, &id(turn * 7)) };
        take(&mut times, "observe", || session.observe(view))?;
        let steps = take(&mut times, "steps", || session.steps(|id| model.item_ix(id)));
        let tastes = take(&mut times, "tastes", || tastes(&model, &session, NOON_MS));
        take(&mut times, "encode", || encode(&model, &steps));
        take(&mut times, "encode with taste", || encode_with_taste(&model, &steps, &tastes, 0.5));
        let leanings = take(&mut times, "leanings", || leanings(&model, &session, &steps));
        take(&mut times, "affinity brand", || affinity(&model, &leanings, "brand", 1.0));
        take(&mut times, "affinity category", || affinity(&model, &leanings, "category", 1.0));
        take(&mut times, "affinity price", || affinity(&model, &leanings, "price", 1.0));
        take(&mut times, "dislikes", || dislikes(&model, &session, 0.5));
        take(&mut times, "query", || query(&model, &place, 0.5));
        take(&mut times, "rotation", || rotation(&model, &session, NOON_MS, 1.0));
    }
    let at = |taken: &[u128], percent: usize| taken[(taken.len() - 1) * percent / 100];
    let rows = times.iter_mut().map(|(name, taken)| {
        taken.sort_unstable();
        (*name, [at(taken, 50), at(taken, 99)])
    });
    println!("{}", serde_json::to_string_pretty(&rows.collect::<BTreeMap<_, _>>())?);
    Ok(())
}

/// Takes a step once and notes how long it took.
fn take<T>(times: &mut Times, name: &'static str, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(step());
    times.entry(name).or_default().push(start.elapsed().as_micros());
    result
}

/// Sixty events of a shopper who sees, looks, buys and refuses.
fn visit(session: &mut Session, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::new(seed);
    for n in 0..60 {
        let kind = EventKind::ALL[rng.below(EventKind::ALL.len())];
        let query = Some("blue mug".to_owned());
        let time_ms = NOON_MS + n * 10_000;
        session.observe(Event { time_ms, query, ..Event::new(kind, &id(rng.below(N_ITEMS))) })?;
    }
    Ok(())
}

fn id(item: usize) -> String {
    format!("SKU-{item:06}")
}

/// Three levels of categories (10 × 10 × 10), 500 brands, prices over four decades.
fn parts() -> ModelParts {
    let mut rng = Rng::new(7);
    let (mut category, mut brand) = (Terms::default(), Terms::default());
    for _ in 0..N_ITEMS {
        let top = format!("T{}", rng.below(10));
        let mid = format!("{top} > M{}", rng.below(10));
        let leaf = format!("{mid} > L{}", rng.below(10));
        category.push([top.as_str(), &mid, &leaf]);
        brand.push([format!("B{}", rng.below(500)).as_str()]);
    }
    let mut attributes = Attributes::default();
    attributes.insert("category", Column::Terms(category));
    attributes.insert("brand", Column::Terms(brand));
    let prices = (0..N_ITEMS).map(|_| libm::expf(9.0 * rng.unit_f32()));
    attributes.insert("price", Column::Numbers(prices.collect()));
    let mut code = || i8::try_from(rng.below(15)).unwrap_or_default() - 7;
    ModelParts {
        about: "{}".to_owned(),
        items: (0..N_ITEMS).map(id).collect(),
        popularity: vec![1.0; N_ITEMS],
        factors: Some(FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes: (0..N_ITEMS * DIM).map(|_| code()).collect(),
            lengths: None,
            biases: vec![0.0; N_ITEMS],
            interest: InterestRule::Attention(Encoder::flat(20, DIM)),
        }),
        attributes: Some(attributes),
        ..ModelParts::default()
    }
}
