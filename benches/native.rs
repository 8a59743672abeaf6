//! Times the engine natively: `cargo bench --bench native -- MODEL`.
//!
//! Prints one JSON object on stdout: the times of each step, in milliseconds, in the order
//! they were taken. `cargo xtask bench` runs it in several rounds beside the browsers and
//! makes the table; `benches/measure.mjs` takes the same steps in JavaScript.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads its file and the clock")]
#![expect(clippy::print_stdout, reason = "the times are its result")]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use mercer::kernels::{dots, quantise_i8};
use mercer::types::{Event, EventKind, ItemIx, Placement, Request};
use mercer::{Engine, Session};

/// How often a round takes the steps that last milliseconds, and the others.
const N_LOADS: usize = 3;
const N_SLATES: usize = 60;

type Times = BTreeMap<&'static str, Vec<f64>>;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let model = std::env::args().skip(1).find(|word| word != "--bench");
    let file = std::fs::read(model.ok_or("which model? `cargo bench --bench native -- MODEL`")?)?;
    let mut times = Times::new();
    for _ in 0..N_LOADS {
        take(&mut times, "load", || Engine::load(&file))?;
    }
    let engine = Engine::load(&file)?;
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
        take(&mut times, "recommend home", || engine.recommend(&session, &home));
        take(&mut times, "recommend related", || engine.recommend(&session, &related));
        take(&mut times, "scan alone", || scan(&query, factors.rows()));
        take(&mut times, "reading the same bytes", || read(factors.rows()));
        take(&mut times, "observe + recommend", || -> Result<_, Box<dyn Error>> {
            session.observe(shopper.view(turn))?;
            Ok(engine.recommend(&session, &home))
        })?;
        session = shopper.after_five_events()?;
    }
    println!("{}", serde_json::to_string(&times)?);
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

fn scan(query: &[i8], rows: &[i8]) -> i32 {
    let mut best = i32::MIN;
    dots(query, rows, |_, dot| best = best.max(dot));
    best
}

/// What the memory alone costs.
fn read(rows: &[i8]) -> u64 {
    let (words, _) = rows.as_chunks::<8>();
    let word = |bytes: &[i8; 8]| u64::from_le_bytes(bytes.map(i8::cast_unsigned));
    words.iter().fold(0, |sum, bytes| sum.wrapping_add(word(bytes)))
}
