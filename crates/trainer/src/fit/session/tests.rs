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
use crate::features::content::Content;
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
    Settings { dim: 16, max_steps: 4, negatives: 9, dropout: Some(0.25), ..Settings::default() }
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
    let mut params = Params::start(N_ITEMS as usize, None, settings, &mut rng);
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
        let mut dropout = Dropout::new(0.25, Rng::new(at));
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

/// The gradients of the free vectors, `[N_ITEMS, dim]`, and of the biases: what the partial
/// holds of each item, through the norm.
fn item_gradients(params: &Params, partial: &Partial, shared: &[u32]) -> (Array2<f32>, Vec<f32>) {
    let dim = params.items.ncols();
    let mut vectors = Array2::zeros(params.items.dim());
    let mut biases = vec![0.0; N_ITEMS as usize];
    for item in 0..N_ITEMS {
        let (mut unit, mut bias) = (vec![0.0_f32; dim], 0.0);
        let rows = partial.items.rows.chunks(dim).zip(&partial.items.biases);
        let own = partial.items.items.iter().zip(rows);
        let columns: Vec<Vec<f32>> =
            partial.columns.rows().into_iter().map(|r| r.to_vec()).collect();
        let column_rows = columns.iter().map(Vec::as_slice).zip(&partial.column_biases);
        for (_, (row, b)) in own.chain(shared.iter().zip(column_rows)).filter(|(i, _)| **i == item)
        {
            bias += b;
            unit.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        let norm = params.inverse_norms[item as usize];
        let direction: Vec<f32> = params.item(item).iter().map(|x| x * norm).collect();
        let free = super::encode::through_unit(&unit, &direction, norm);
        vectors.row_mut(item as usize).assign(&ndarray::ArrayView1::from(&free));
        biases[item as usize] = bias;
    }
    (vectors, biases)
}

fn shared(sequences: &Sequences) -> Vec<u32> {
    let mut sampler = Sampler::new(&sequences.counts(), settings().negatives);
    sampler.draw(&mut Rng::new(21)).items.clone()
}

fn item_gradients_match(returns: Returns) {
    let (sequences, settings) = (sequences(), settings());
    let mut params = params(&settings);
    let (_, partial) = loss_of(&mut params, &sequences, returns);
    let (vectors, biases) = item_gradients(&params, &partial, &shared(&sequences));
    for item in 0..N_ITEMS as usize {
        let expected = slope(&params, (&sequences, returns), |params| &mut params.biases[item]);
        assert_close(biases[item], expected, &format!("bias of item {item}"));
        for coordinate in [0, 7, 15] {
            // A coordinate is about 0.1 long, so its slopes are steep: scale the step down
            // by measuring along the same small step.
            let expected = slope(&params, (&sequences, returns), |params| {
                &mut params.items[[item, coordinate]]
            });
            assert_close(vectors[[item, coordinate]], expected, &format!("{item}, {coordinate}"));
        }
    }
}

#[test]
fn gradients_of_composed_items_match_finite_differences() {
    let (sequences, settings) = (sequences(), settings());
    let mut rng = Rng::new(17);
    #[expect(clippy::cast_possible_truncation, reason = "noise")]
    let mut noise = |scale: f64| (scale * rng.normal()) as f32;
    let content = Array2::from_shape_simple_fn((N_ITEMS as usize, 5), || noise(1.0));
    let mut params = Params::start(N_ITEMS as usize, Some(5), &settings, &mut Rng::new(8));
    let parts = params.parts.as_mut().unwrap();
    parts.own.iter_mut().for_each(|x| *x = noise(0.3));
    parts.own_biases.iter_mut().for_each(|x| *x = noise(0.5));
    parts.new_bias[0] = 0.3;
    // Every fourth item is shown as new.
    let counts: Vec<u32> = (0..N_ITEMS).map(|item| item % 4).collect();
    let loss = |params: &mut Params| {
        params.compose_all(&content, &counts, 2);
        loss_of(params, &sequences, Returns::Weighed)
    };
    let (_, partial) = loss(&mut params);
    let (vectors, biases) = item_gradients(&params, &partial, &shared(&sequences));
    let parts = params.parts.as_ref().unwrap();
    let (of_map, of_new) = parts.back(&vectors, &biases, 2);
    let slope = |number: &dyn Fn(&mut Params) -> &mut f32| {
        let at = |offset: f32| {
            let mut moved = params.clone();
            *number(&mut moved) += offset;
            loss(&mut moved).0
        };
        (at(4e-3) - at(-4e-3)) / 8e-3
    };
    let expected = slope(&|params| &mut params.parts.as_mut().unwrap().new_bias[0]);
    assert_close(of_new, expected, "bias of new items");
    for at in [(0, 0), (2, 7), (4, 15), (1, 3)] {
        let expected = slope(&|params| &mut params.parts.as_mut().unwrap().map[at]);
        assert_close(of_map[at], expected, &format!("map {at:?}"));
    }
    for (item, coordinate) in [(1, 0), (2, 9), (3, 15)] {
        let expected = slope(&|params| &mut params.parts.as_mut().unwrap().own[[item, coordinate]]);
        assert_close(vectors[[item, coordinate]], expected, &format!("own {item}, {coordinate}"));
    }
    let of_own_of_new = slope(&|params| &mut params.parts.as_mut().unwrap().own[[4, 3]]);
    assert!(of_own_of_new.abs() < 1e-9, "an item shown as new hides its own vector");
}

#[test]
fn signals_are_weighed_as_if_a_case_stood_there_as_often_as_it_counts() {
    let settings = settings();
    let mut params = params(&settings);
    params.refresh_norms();
    let weighed = |sequences: &Sequences, cases: &[Example]| {
        let held_out = HeldOut::new(&params, sequences, cases, 1);
        place_returns(calibrate(&held_out), &held_out).0
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
    Settings {
        dim: 16,
        epochs: Some(30),
        batch: 64,
        threads,
        dropout: Some(0.1),
        ..Settings::default()
    }
}

/// The best item after a walk of three steps that ends on `newest`.
fn best_after(engine: &Engine, newest: u32) -> u32 {
    let mut session = Session::new();
    for back in [2, 1, 0] {
        let item = format!("{:02}", (newest + N_ITEMS - back) % N_ITEMS);
        session.observe(Event::new(EventKind::ViewItem, &item)).unwrap();
    }
    let request = Request { count: 1, seen: Seen::Include, ..Request::default() };
    engine.recommend(&session, &request).items[0].item.0
}

#[test]
fn a_ring_is_learned_and_the_packed_file_knows_it() {
    let sequences = ring();
    let fitted = fit(&sequences, None, &ring_settings(2), &Unwatched);
    let packing = Packing { width: CodeWidth::Four, min_sessions: 5 };
    let file = mercer::model::write(&pack(&sequences, fitted, packing, "{}".into())).unwrap();
    let engine = Engine::load(&file).unwrap();
    let right = (0..N_ITEMS).filter(|&item| best_after(&engine, item) == (item + 1) % N_ITEMS);
    let right = right.count();
    assert_eq!(right, N_ITEMS as usize);
}

#[test]
fn the_same_seed_and_threads_give_the_same_bits() {
    let settings = Settings { epochs: Some(2), ..ring_settings(3) };
    let first = fit(&ring(), None, &settings, &Unwatched);
    assert_eq!(first, fit(&ring(), None, &settings, &Unwatched));
    let other = fit(&ring(), None, &Settings { seed: 2, ..settings }, &Unwatched);
    assert_ne!(first, other);
}

/// Four groups of six items; visits stay in a group; the last item of each has no event.
fn groups() -> (Sequences, Content) {
    let mut rng = Rng::new(6);
    let item = |session: usize, rng: &mut Rng| session % 4 * 6 + rng.below(5);
    let steps: Vec<usize> =
        (0..400).flat_map(|session| [session; 5]).map(|s| item(s, &mut rng)).collect();
    let step = |item: usize| StepRow { item: u32::try_from(item).unwrap(), kind: 0, dwell: 0 };
    let sequences = Sequences {
        items: (0..24).map(|n| format!("{n:02}")).collect(),
        steps: steps.into_iter().map(step).collect(),
        starts: (0..=400).map(|n| n * 5).collect(),
        weights: Vec::new(),
    };
    let mut vectors = Array2::zeros((24, 4));
    (0..24).for_each(|item| vectors[[item, item / 6]] = 1.0);
    (sequences, Content { vectors, features: None, lexicon: None, reading: None, reduction: None })
}

/// The mean place of the four items without an event, among all 24, after a visit to their
/// group; the best is about 6.
fn place_of_new_items(content: Option<&Content>) -> usize {
    let (sequences, _) = groups();
    let fitted = fit(&sequences, content, &ring_settings(2), &Unwatched);
    let packing = Packing { width: CodeWidth::Four, min_sessions: 5 };
    let file = mercer::model::write(&pack(&sequences, fitted, packing, "{}".into())).unwrap();
    let engine = Engine::load(&file).unwrap();
    let place = |group: usize| {
        let mut session = Session::new();
        for at in 0..3 {
            let item = format!("{:02}", group * 6 + at);
            session.observe(Event::new(EventKind::ViewItem, &item)).unwrap();
        }
        let request = Request { count: 24, seen: Seen::Include, ..Request::default() };
        let slate = engine.recommend(&session, &request);
        let new = u32::try_from(group * 6 + 5).unwrap();
        1 + slate.items.iter().position(|scored| scored.item.0 == new).unwrap_or(23)
    };
    (0..4).map(place).sum::<usize>() / 4
}

#[test]
fn content_places_items_without_an_event_in_their_group() {
    let (_, content) = groups();
    let with = place_of_new_items(Some(&content));
    let without = place_of_new_items(None);
    assert!(with <= 7, "with content new items stand at {with}");
    assert!(
        without > with + 1,
        "without content nothing speaks for them, yet they stand at {without}"
    );
}

#[test]
fn the_bonus_of_newcomers_makes_up_for_their_bias() {
    let mut params = params(&settings());
    params.refresh_norms();
    let sequences = sequences();
    let cases = Example::all(&sequences);
    let new: Vec<bool> = (0..N_ITEMS).map(|item| item % 3 == 0).collect();
    let weighed = |params: &Params| {
        let mut held_out = HeldOut::new(params, &sequences, &cases, 2);
        held_out.set_new(&new, &[false; N_ITEMS as usize]);
        calibrate(&held_out)
    };
    let even = weighed(&params);
    for item in (0..N_ITEMS as usize).filter(|&item| new[item]) {
        params.biases[item] -= 1.0;
    }
    let low = weighed(&params);
    let made_up = low.new - even.new;
    assert!((made_up - low.popularity).abs() < 0.15, "{low:?}, {even:?}");
}

#[test]
fn items_that_nobody_can_have_come_to_are_no_candidates() {
    let mut params = params(&settings());
    params.refresh_norms();
    let sequences = sequences();
    let cases: Vec<Example> =
        Example::all(&sequences).into_iter().filter(|case| case.answer(&sequences) > 0).collect();
    let mut out = [false; N_ITEMS as usize];
    out[0] = true;
    let weighed = |params: &Params| {
        let mut held_out = HeldOut::new(params, &sequences, &cases, 1);
        held_out.set_new(&[false; N_ITEMS as usize], &out);
        calibrate(&held_out)
    };
    let usual = weighed(&params);
    params.biases[0] = 3.0;
    let tempting = weighed(&params);
    assert!((usual.likeness - tempting.likeness).abs() < 1e-3, "{usual:?}, {tempting:?}");
}
