//! Times the engine natively: `cargo bench --bench native -- MODEL LARGE`, where LARGE is the
//! model of 100,000 products that `cargo bench --bench native -- --write-large LARGE` writes.
//! `-- --write-bare CODES MODEL` writes a model of nothing but vectors, for the search benchmark.
//!
//! Prints one JSON object on stdout: `{ "milliseconds": … }`, the times of each step in the order
//! they were taken. `cargo xtask bench` runs it in several rounds beside the browsers and
//! makes the table; `benches/measure.mjs` takes the same steps in JavaScript.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads its file and the clock")]
#![expect(clippy::print_stdout, reason = "the times are its result")]

#[path = "support/large.rs"]
mod large;

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use mercer::explain::tell;
use mercer::kernels::{BLOCK, Scan, quantise_i8};
use mercer::model::Factors;
use mercer::rules::RuleSet;
use mercer::types::{Event, EventKind, ItemIx, Moment, Placement, Request};
use mercer::{Engine, Session};

/// How often a round takes the steps that last milliseconds, and the others.
const N_LOADS: usize = 3;
const N_SLATES: usize = 60;
const N_FULL: usize = 200;

type Times = BTreeMap<&'static str, Vec<f64>>;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [flag, codes, model] = words.as_slice()
        && flag == "--write-bare"
    {
        let codes = std::fs::read(codes)?.into_iter().map(u8::cast_signed).collect();
        return Ok(std::fs::write(model, large::bare(codes)?)?);
    }
    let [model, large] = words.as_slice() else {
        return Err("which models? `cargo bench --bench native -- MODEL LARGE`".into());
    };
    if model == "--write-large" {
        std::fs::write(large, large::file()?)?;
        return Ok(());
    }
    let mut times = Times::new();
    take_full_slates(&mut times, &std::fs::read(large)?)?;
    take_steps(&mut times, &std::fs::read(model)?)?;
    println!("{}", serde_json::json!({ "milliseconds": times }));
    Ok(())
}

/// An event and a full slate of 20 with rules, variety and reasons, of 100,000 products.
fn take_full_slates(times: &mut Times, file: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut engine = Engine::load(file)?;
    let rules = serde_json::from_str(include_str!("rules.json"))?;
    let (rules, _) = RuleSet::read(&rules, engine.model())?;
    engine.set_rules(rules);
    let shopper = Shopper::of(&engine);
    let mut session = shopper.after_five_events()?;
    let moment = Moment { time_ms: 1_790_000_060_000, ..Moment::default() };
    let full = Request { count: 20, diversity: 0.3, moment, ..Request::default() };
    for turn in 0..N_FULL {
        take(times, "event + full slate of 100,000", || -> Result<_, Box<dyn Error>> {
            session.observe(shopper.view(turn))?;
            let slate = engine.recommend(&session, &full);
            let told = slate.items.iter().map(|scored| tell(engine.model(), scored).len());
            Ok((told.sum::<usize>(), slate))
        })?;
        if turn % 10 == 9 {
            session = shopper.after_five_events()?;
        }
    }
    Ok(())
}

fn take_steps(times: &mut Times, file: &[u8]) -> Result<(), Box<dyn Error>> {
    for _ in 0..N_LOADS {
        take(times, "load", || Engine::load(file))?;
    }
    let engine = Engine::load(file)?;
    let shopper = Shopper::of(&engine);
    let mut session = shopper.after_five_events()?;
    let home = Request { count: 12, ..Request::default() };
    let related = Request {
        placement: Placement::Related,
        item: Some(shopper.items[shopper.items.len() / 2]),
        ..home.clone()
    };
    let factors = engine.model().factors().ok_or("the model has no vectors to scan")?;
    let (query, _) = quantise_i8(&wave(factors.dim()));
    for turn in 0..N_SLATES {
        take(times, "recommend home", || engine.recommend(&session, &home));
        take(times, "recommend related", || engine.recommend(&session, &related));
        take(times, "scan alone", || scan(&query, factors));
        take(times, "reading the same bytes", || read(factors.rows()));
        take(times, "observe + recommend", || -> Result<_, Box<dyn Error>> {
            session.observe(shopper.view(turn))?;
            Ok(engine.recommend(&session, &home))
        })?;
        session = shopper.after_five_events()?;
    }
    Ok(())
}

/// Takes a step once and notes how long it took.
fn take<T>(times: &mut Times, name: &'static str, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(step());
    times.entry(name).or_default().push(start.elapsed().as_secs_f64() * 1e3);
    result
}

/// Someone who looks at popular products; `benches/measure.mjs` has the same one.
struct Shopper<'a> {
    engine: &'a Engine,
    items: Vec<ItemIx>,
}

impl<'a> Shopper<'a> {
    fn of(engine: &'a Engine) -> Self {
        let request = Request { placement: Placement::Popular, count: 100, ..Request::default() };
        let slate = engine.recommend(&Session::new(), &request);
        Self { engine, items: slate.items.iter().map(|scored| scored.item).collect() }
    }

    fn after_five_events(&self) -> Result<Session, Box<dyn Error>> {
        let mut session = Session::new();
        for at in 0..5 {
            session.observe(self.view(at * 10))?;
        }
        Ok(session)
    }

    fn view(&self, at: usize) -> Event {
        let item = self.items[at % self.items.len()];
        Event {
            time_ms: 1_790_000_000_000 + at as u64 * 1000,
            ..Event::new(EventKind::ViewItem, self.engine.model().item_id(item))
        }
    }
}

/// Any direction will do: a scan does not look at the numbers.
fn wave(dim: usize) -> Vec<f32> {
    (0_u16..).take(dim).map(|at| libm::sinf(f32::from(at))).collect()
}

fn scan(query: &[i8], factors: &Factors) -> f32 {
    let scan = Scan::new(query, 1.0, factors.width());
    let mut sums = [0.0; BLOCK];
    let mut best = f32::NEG_INFINITY;
    let rows = factors.rows().chunks(BLOCK * factors.dim());
    for (rows, scales) in rows.zip(factors.scales().chunks(BLOCK)) {
        let sums = &mut sums[..scales.len()];
        sums.fill(0.0);
        scan.add(rows, scales, sums);
        best = sums.iter().copied().fold(best, f32::max);
    }
    best
}

/// What the memory alone costs.
fn read(rows: &[i8]) -> u64 {
    let (words, _) = rows.as_chunks::<8>();
    let word = |bytes: &[i8; 8]| u64::from_le_bytes(bytes.map(i8::cast_unsigned));
    words.iter().fold(0, |sum, bytes| sum.wrapping_add(word(bytes)))
}
