//! Ratings that a packed file predicts, on a planted world.

#![expect(clippy::cast_possible_truncation, reason = "planted numbers")]

use mercer::model::Model;
use mercer::rng::Rng;
use mercer::types::EventKind;
use mercer_trainer::evaluate::rating_errors;
use mercer_trainer::features::{Ratings, Sequences};
use mercer_trainer::fit::Unwatched;
use mercer_trainer::fit::families::{Choices, Family, FitError, Lesson};
use mercer_trainer::log::{Log, LogEvent, LogItem, LogSession};
use mercer_trainer::pack::{Packing, pack};

/// 150 users with a taste of one coordinate and a mood rate 40 items, 15 of 20 known.
fn world() -> (Log, Log) {
    let mut rng = Rng::new(3);
    let items: Vec<[f64; 2]> = (0..40).map(|_| [rng.normal(), rng.normal() * 0.5]).collect();
    let ids: Vec<Box<str>> = (0..40).map(|n| format!("i{n:02}").into()).collect();
    let mut logs = [(); 2].map(|()| Log { items: ids.clone(), sessions: Vec::new() });
    for user in 0..150 {
        let (taste, mood) = (rng.normal(), rng.normal() * 0.5);
        let mut order: Vec<usize> = (0..40).collect();
        rng.shuffle(&mut order);
        for (log, items_of) in logs.iter_mut().zip([&order[..15], &order[15..20]]) {
            let event = |&item: &usize| LogEvent {
                kind: EventKind::ViewItem,
                item: Some(LogItem(item as u32)),
                time_ms: None,
                dwell_ms: None,
                list_position: None,
                query: None,
                rating: Some((3.0 + mood + items[item][1] + taste * items[item][0]) as f32),
            };
            log.sessions.push(LogSession {
                id: format!("{user}").into(),
                user: Some(format!("{user}").into()),
                device: None,
                events: items_of.iter().map(event).collect(),
            });
        }
    }
    let [known, held_out] = logs;
    (known, held_out)
}

fn packed(log: &Log, width: mercer::kernels::CodeWidth) -> Model {
    packed_saying(log, width, |ratings| serde_json::json!({ "ratings": ratings.scale }).to_string())
}

/// A model that says `about` of the ratings it learned.
fn packed_saying(
    log: &Log,
    width: mercer::kernels::CodeWidth,
    about: impl Fn(&Ratings) -> String,
) -> Model {
    let sequences = Sequences::build(log).unwrap();
    let ratings = Ratings::build(log, &sequences);
    let choices = Choices {
        dim: Some(16),
        epochs: Some(150),
        rate: Some(0.02),
        seed: 1,
        threads: 1,
        ..Choices::default()
    };
    let plan = (Family::named("ratings").unwrap().plan)(&choices).unwrap();
    let lesson = Lesson { sequences: &sequences, ratings: ratings.as_ref(), content: None };
    let fitted = plan.fit(&lesson, &Unwatched).unwrap();
    let packing = Packing { width, min_sessions: 5 };
    let parts = pack(&sequences, fitted, packing, about(&ratings.unwrap()));
    Model::read(&mercer::model::write(&parts).unwrap()).unwrap()
}

#[test]
fn a_packed_model_predicts_what_a_user_will_give() {
    let (known, held_out) = world();
    // The ratings deviate by about 1.2 from their mean.
    for (width, most) in
        [(mercer::kernels::CodeWidth::Eight, 0.3), (mercer::kernels::CodeWidth::Four, 0.35)]
    {
        let errors = rating_errors(&packed(&known, width), &known, &held_out).unwrap();
        assert_eq!(errors.ratings, 750);
        assert!(errors.mae < errors.rmse && errors.rmse < most, "{errors}");
    }
}

/// The same log with every rating `r` as `f(r)`.
fn rescaled(log: &Log, f: impl Fn(f32) -> f32) -> Log {
    let mut log = log.clone();
    let events = log.sessions.iter_mut().flat_map(|session| &mut session.events);
    events.filter_map(|event| event.rating.as_mut()).for_each(|rating| *rating = f(*rating));
    log
}

#[test]
fn any_scale_is_learned_alike_and_judged_in_its_own_units() {
    let (known, held_out) = world();
    let width = mercer::kernels::CodeWidth::Eight;
    let stars = rating_errors(&packed(&known, width), &known, &held_out).unwrap();
    for (factor, offset) in [(200.0, 0.0), (0.01, 0.0), (-1e6, 5e6), (1e30, 0.0)] {
        let [known, held_out] =
            [&known, &held_out].map(|log| rescaled(log, |rating| rating * factor + offset));
        let errors = rating_errors(&packed(&known, width), &known, &held_out).unwrap();
        for (scaled, stars) in [(errors.rmse, stars.rmse), (errors.mae, stars.mae)] {
            let ratio = scaled / f64::from(factor.abs()) / stars;
            assert!((ratio - 1.0).abs() < 0.05, "{factor}: {errors} beside {stars}");
        }
    }
}

#[test]
fn a_file_that_says_nothing_of_its_scale_is_read_in_stars() {
    let (known, held_out) = world();
    // A star of this world is 1: what older trainers wrote, they had learned in stars.
    let scale = |log: &Log| {
        let sequences = Sequences::build(log).unwrap();
        Ratings::build(log, &sequences).unwrap().scale
    };
    let star = scale(&known).star as f32;
    let [known, held_out] = [&known, &held_out].map(|log| rescaled(log, |r| r / star));
    let width = mercer::kernels::CodeWidth::Eight;
    let silent = packed_saying(&known, width, |_| "{}".to_owned());
    let [said, silent] = [packed(&known, width), silent]
        .map(|model| rating_errors(&model, &known, &held_out).unwrap());
    assert!((said.rmse - silent.rmse).abs() < 1e-4, "{said} beside {silent}");
}

#[test]
fn a_user_of_twenty_thousand_ratings_is_folded_in_at_once() {
    let (mut known, held_out) = world();
    let model = packed(&known, mercer::kernels::CodeWidth::Eight);
    let before = rating_errors(&model, &known, &held_out).unwrap();
    // As often as it takes, the same ratings: the mean error per rating has the same minimum.
    let events = &mut known.sessions[0].events;
    *events = std::iter::repeat_n(events.clone(), 1334).flatten().collect();
    assert!(events.len() > 20_000);
    let started = std::time::Instant::now();
    let after = rating_errors(&model, &known, &held_out).unwrap();
    // One number a rating would be a system of 20,010 unknowns: 1.6 GB, and minutes.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert!((after.rmse - before.rmse).abs() < 1e-4, "{after} beside {before}");
}

#[test]
fn ratings_that_are_all_equal_are_refused() {
    let (known, _) = world();
    let known = rescaled(&known, |_| 0.1);
    let sequences = Sequences::build(&known).unwrap();
    let ratings = Ratings::build(&known, &sequences);
    let choices = Choices { dim: Some(16), threads: 1, ..Choices::default() };
    let plan = (Family::named("ratings").unwrap().plan)(&choices).unwrap();
    let lesson = Lesson { sequences: &sequences, ratings: ratings.as_ref(), content: None };
    assert_eq!(plan.fit(&lesson, &Unwatched), Err(FitError::EqualRatings));
}

#[test]
fn without_ratings_there_is_no_error() {
    let (known, mut held_out) = world();
    let model = packed(&known, mercer::kernels::CodeWidth::Eight);
    held_out.sessions.iter_mut().flat_map(|s| &mut s.events).for_each(|e| e.rating = None);
    assert_eq!(rating_errors(&model, &known, &held_out), None);
    assert_eq!(rating_errors(&model, &held_out, &known), None);
}
