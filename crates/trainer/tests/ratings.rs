//! Ratings that a packed file predicts, on a planted world.

#![expect(clippy::cast_possible_truncation, reason = "planted numbers")]

use mercer::model::Model;
use mercer::rng::Rng;
use mercer::types::EventKind;
use mercer_trainer::evaluate::rating_errors;
use mercer_trainer::features::{Ratings, Sequences};
use mercer_trainer::fit::Unwatched;
use mercer_trainer::fit::families::{Choices, Family, Lesson};
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
    let parts = pack(&sequences, fitted, packing, "{}".to_owned());
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

#[test]
fn without_ratings_there_is_no_error() {
    let (known, mut held_out) = world();
    let model = packed(&known, mercer::kernels::CodeWidth::Eight);
    held_out.sessions.iter_mut().flat_map(|s| &mut s.events).for_each(|e| e.rating = None);
    assert_eq!(rating_errors(&model, &known, &held_out), None);
    assert_eq!(rating_errors(&model, &held_out, &known), None);
}
