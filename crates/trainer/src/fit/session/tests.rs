//! The hand-written gradients against finite differences, and a world small enough to know
//! the answer.

use super::batch::Example;
use super::calibrate::calibrate;
use super::encode::{Dropout, Encoded};
use super::held_out::HeldOut;
use super::loss::{Answer, Columns, Loss, Partial, Returns};
use super::negatives::Sampler;
use super::params::Params;
use super::returns::place_returns;
use super::settings::Settings;
use super::train::fit;
use crate::features::{Sequences, StepRow};
use crate::fit::Unwatched;
use crate::pack::{Packing, pack};
use mercer::kernels::CodeWidth;
use mercer::rng::Rng;
use mercer::types::{Event, EventKind, Request, Seen};
use mercer::{Engine, Session};
use ndarray::Array2;
use pulp::Arch;

const N_ITEMS: u32 = 12;

fn settings() -> Settings {
    Settings { dim: 16, max_steps: 4, negatives: 9, dropout: 0.25, ..Settings::default() }
}

/// Sessions with repeats, several kinds and dwell classes.
fn sequences() -> Sequences {
    let mut rng = Rng::new(3);
    let byte = |rng: &mut Rng, below: usize| u8::try_from(rng.below(below)).unwrap();
    let step = |rng: &mut Rng| StepRow {
        item: u32::from(byte(rng, N_ITEMS as usize)),
        kind: [0, 4, 8][rng.below(3)],
        dwell: byte(rng, 8),
    };
    let steps = (0..60).map(|_| step(&mut rng)).collect();
    let items = (0..N_ITEMS).map(|n| format!("{n:02}")).collect();
    let weights = (0..60).map(|_| [0.4, 1.0, 3.0][rng.below(3)]).collect();
    Sequences { items, steps, starts: (0..=10).map(|n| n * 6).collect(), weights }
}

/// Parameters away from the symmetric start, so that every gradient is alive.
fn params(settings: &Settings) -> Params {
    let mut rng = Rng::new(8);
    let mut params = Params::start(N_ITEMS as usize, settings, &mut rng);
    #[expect(clippy::cast_possible_truncation, reason = "noise")]
    let mut noise = |scale: f64| (scale * rng.normal()) as f32;
    params.small.flat.iter_mut().for_each(|x| *x += noise(0.3));
    *params.small.log_temperature_mut() = 1.2;
    params.biases.iter_mut().for_each(|x| *x = noise(0.5));
    params
}

/// The mean loss and its gradients, with dropout and negatives held fixed.
fn loss_of(params: &mut Params, sequences: &Sequences, returns: Returns) -> (f64, Partial) {
    params.refresh_norms();
    let settings = settings();
    let examples = Example::all(sequences);
    let mut sampler = Sampler::new(&sequences.counts(), settings.negatives);
    let columns = Columns::gather(params, sampler.draw(&mut Rng::new(21)));
    let mut chunk = Encoded::new();
    for (at, example) in (0..).zip(&examples) {
        let mut dropout = Dropout::new(settings.dropout, Rng::new(at));
        chunk.push(params, example.prefix(sequences, settings.max_steps), &mut dropout);
    }
    chunk.encode(params);
    let answer = |example: &Example| Answer {
        item: example.answer(sequences),
        weight: example.weight(sequences),
    };
    let answers: Vec<Answer> = examples.iter().map(answer).collect();
    let mut partial = Partial::new(columns.len(), settings.max_steps, settings.dim);
    let total: f32 = answers.iter().map(|answer| answer.weight).sum();
    let share = 1.0 / total;
    let loss = Loss { arch: Arch::new(), params, columns: &columns, returns, share };
    let mut logits = Array2::zeros((0, 0));
    let gradients = loss.backward(&chunk, &answers, &mut logits, &mut partial);
    chunk.backward(&gradients, &params.small, (&mut partial.small, &mut partial.items));
    let mean = partial.loss / f64::from(total);
    (mean, partial)
}

/// The slope of the mean loss along one number of the parameters.
fn slope(
    params: &Params,
    (sequences, returns): (&Sequences, Returns),
    number: impl Fn(&mut Params) -> &mut f32,
) -> f64 {
    const STEP: f32 = 4e-3;
    let loss_at = |offset: f32| {
        let mut moved = params.clone();
        *number(&mut moved) += offset;
        loss_of(&mut moved, sequences, returns).0
    };
    (loss_at(STEP) - loss_at(-STEP)) / (2.0 * f64::from(STEP))
}

fn assert_close(found: f32, expected: f64, what: &str) {
    let error = (f64::from(found) - expected).abs();
    assert!(error < 2e-4 + 0.02 * expected.abs(), "{what}: {found} should be {expected}");
}

#[test]
fn gradients_match_finite_differences() {
    for returns in [Returns::Learned, Returns::Weighed] {
        encoder_gradients_match(returns);
        item_gradients_match(returns);
    }
}

fn encoder_gradients_match(returns: Returns) {
    let (sequences, settings) = (sequences(), settings());
    let mut params = params(&settings);
    let (_, partial) = loss_of(&mut params, &sequences, returns);
    // All of temperature, positions, returns, kinds and dwell, and a part of the attention.
    for at in (0..28).chain((28..params.small.flat.len()).step_by(7)) {
        let expected = slope(&params, (&sequences, returns), |params| &mut params.small.flat[at]);
        assert_close(partial.small.flat[at], expected, &format!("weight {at}"));
    }
}

fn item_gradients_match(returns: Returns) {
    let (sequences, settings) = (sequences(), settings());
    let mut params = params(&settings);
    let (_, partial) = loss_of(&mut params, &sequences, returns);
    let mut sampler = Sampler::new(&sequences.counts(), settings.negatives);
    let shared = sampler.draw(&mut Rng::new(21)).items.clone();
    for item in 0..N_ITEMS {
        let (mut unit, mut bias) = (vec![0.0_f32; settings.dim], 0.0);
        let rows = partial.items.rows.chunks(settings.dim).zip(&partial.items.biases);
        let own = partial.items.items.iter().zip(rows);
        let columns = partial.columns.rows();
        let columns: Vec<Vec<f32>> = columns.into_iter().map(|row| row.to_vec()).collect();
        let column_rows = columns.iter().map(Vec::as_slice).zip(&partial.column_biases);
        for (_, (row, b)) in own.chain(shared.iter().zip(column_rows)).filter(|(i, _)| **i == item)
        {
            bias += b;
            unit.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        let norm = params.inverse_norms[item as usize];
        let direction: Vec<f32> = params.item(item).iter().map(|x| x * norm).collect();
        let free = super::encode::through_unit(&unit, &direction, norm);
        let expected =
            slope(&params, (&sequences, returns), |params| &mut params.biases[item as usize]);
        assert_close(bias, expected, &format!("bias of item {item}"));
        for coordinate in [0, 7, 15] {
            // A coordinate is about 0.1 long, so its slopes are steep: scale the step down
            // by measuring along the same small step.
            let expected = slope(&params, (&sequences, returns), |params| {
                &mut params.items[[item as usize, coordinate]]
            });
            assert_close(free[coordinate], expected, &format!("item {item}, {coordinate}"));
        }
    }
}

#[test]
fn signals_are_weighed_as_if_a_case_stood_there_as_often_as_it_counts() {
    let settings = settings();
    let mut params = params(&settings);
    params.refresh_norms();
    let weighed = |sequences: &Sequences, cases: &[Example]| {
        let held_out = HeldOut::new(&params, sequences, cases, 1);
        place_returns(calibrate(&held_out), &held_out)
    };
    let mut sequences = sequences();
    let cases = Example::all(&sequences);
    let often = |at: usize| at % 3;
    let repeated = cases.iter().enumerate();
    let repeated = repeated.flat_map(|(at, &case)| std::iter::repeat_n(case, often(at)));
    let repeated: Vec<Example> = repeated.collect();
    sequences.weights.clear();
    let expected = weighed(&sequences, &repeated);
    let plain = weighed(&sequences, &cases);
    // Sessions have six steps, the first of which is no answer.
    let count = |step: usize| [0.0, 1.0, 2.0][often((step - step / 6).saturating_sub(1))];
    sequences.weights = (0..60).map(count).collect();
    let found = weighed(&sequences, &cases);
    assert!((found.likeness - expected.likeness).abs() < 1e-3, "{found:?}, {expected:?}");
    assert!((found.popularity - expected.popularity).abs() < 1e-3, "{found:?}, {expected:?}");
    for (found, expected) in found.returning.iter().zip(&expected.returning) {
        assert!((found - expected).abs() < 1e-3, "{found}, {expected}");
    }
    assert!((plain.likeness - expected.likeness).abs() > 1e-2, "{plain:?}, {expected:?}");
}

/// Sessions walk round a ring: after item n comes n + 1.
fn ring() -> Sequences {
    let mut rng = Rng::new(5);
    let mut steps = Vec::new();
    for _ in 0..400 {
        let start = u32::try_from(rng.below(N_ITEMS as usize)).unwrap();
        steps.extend((0..5).map(|t| StepRow { item: (start + t) % N_ITEMS, kind: 0, dwell: 0 }));
    }
    let items = (0..N_ITEMS).map(|n| format!("{n:02}")).collect();
    let starts = (0..=400).map(|n| n * 5).collect();
    Sequences { items, steps, starts, weights: Vec::new() }
}

fn ring_settings(threads: usize) -> Settings {
    Settings { dim: 16, epochs: 30, batch: 64, threads, dropout: 0.1, ..Settings::default() }
}

/// The best item after a walk of three steps that ends on `newest`.
fn best_after(engine: &Engine, newest: u32) -> u32 {
    let mut session = Session::new();
    for back in [2, 1, 0] {
        let item = Some(format!("{:02}", (newest + N_ITEMS - back) % N_ITEMS));
        let kind = EventKind::ViewItem;
        session.observe(Event { kind, item, time_ms: 0, dwell_ms: None, query: None }).unwrap();
    }
    let request = Request { count: 1, seen: Seen::Include, ..Request::default() };
    engine.recommend(&session, &request).items[0].item.0
}

#[test]
fn a_ring_is_learned_and_the_packed_file_knows_it() {
    let sequences = ring();
    let fitted = fit(&sequences, &ring_settings(2), &Unwatched);
    let packing = Packing { width: CodeWidth::Four, min_sessions: 5 };
    let file = mercer::model::write(&pack(&sequences, fitted, packing, "{}".into())).unwrap();
    let engine = Engine::load(&file).unwrap();
    let right = (0..N_ITEMS).filter(|&item| best_after(&engine, item) == (item + 1) % N_ITEMS);
    let right = right.count();
    assert_eq!(right, N_ITEMS as usize);
}

#[test]
fn the_same_seed_and_threads_give_the_same_bits() {
    let settings = Settings { epochs: 2, ..ring_settings(3) };
    let first = fit(&ring(), &settings, &Unwatched);
    assert_eq!(first, fit(&ring(), &settings, &Unwatched));
    let other = fit(&ring(), &Settings { seed: 2, ..settings }, &Unwatched);
    assert_ne!(first, other);
}
