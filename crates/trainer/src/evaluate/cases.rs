use crate::log::{Log, LogEvent, LogItem, LogSession};
use mercer::session::{Step, merge};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Which steps of a session are predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Protocol {
    /// Every step but the first, from all that came before it. Repeats count.
    EveryPrefix,
    /// The last step only, from all that came before it (leave-one-out).
    LastItem,
    /// After every step but the last, all items still to come, each of them a right answer.
    RestOfSession,
}

impl Protocol {
    /// The word for it on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::EveryPrefix => "every-prefix",
            Self::LastItem => "last-item",
            Self::RestOfSession => "rest-of-session",
        }
    }

    /// Whether a case may have more than one right answer.
    pub fn has_several_answers(self) -> bool {
        self == Self::RestOfSession
    }
}

/// One session of the test log with what came before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case<'a> {
    /// Events known before the first prediction, oldest first: the same session or user in
    /// the history.
    pub history: Vec<(&'a str, &'a LogEvent)>,
    /// Events of the test log, oldest first, with their shop's item ids (empty for events
    /// about no item).
    pub events: Vec<(&'a str, &'a LogEvent)>,
    /// What is predicted, in order.
    pub predictions: Vec<Prediction>,
    /// The items of the predicted steps, in order: the right answers of
    /// [`Prediction::right`].
    pub answers: Vec<&'a str>,
    /// Whether the shopper was here before.
    pub shopper: Shopper,
}

impl<'a> Case<'a> {
    /// The right answers of one of its predictions, in order; an item may be there twice.
    pub fn right(&self, prediction: &Prediction) -> &[&'a str] {
        &self.answers[prediction.right.clone()]
    }

    /// The item of the step that follows, of those that count.
    pub fn next(&self, prediction: &Prediction) -> &'a str {
        self.answers[prediction.right.start]
    }
}

/// One prediction of a [`Case`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// How many of [`Case::events`] are known before it.
    pub known: usize,
    /// How many steps these and the history come to.
    pub steps: usize,
    /// Which of [`Case::answers`] are right; the first is the next item. Not empty.
    pub right: Range<usize>,
}

/// Whether a shopper was here before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shopper {
    /// No earlier visit in the history or the test log.
    New,
    /// An earlier visit in the history or the test log.
    Returning,
    /// Neither history nor user ids tell.
    Unknown,
}

/// Lays out the sessions of `test` as cases; `history` gives each session what the same
/// session id, or the same user where the logs have users, did before. Sessions without a
/// prediction are left out.
pub fn cases<'a>(test: &'a Log, history: Option<&'a Log>, protocol: Protocol) -> Vec<Case<'a>> {
    let mut before: HashMap<&str, Vec<(&str, &LogEvent)>> = HashMap::new();
    let past = history.into_iter().flat_map(|log| log.sessions.iter().map(move |s| (log, s)));
    for (log, session) in past {
        before.entry(owner(session)).or_default().extend(named(log, &session.events));
    }
    let mut met: HashSet<&str> = HashSet::new();
    let case = |session: &'a LogSession| {
        let history = before.get(owner(session)).cloned().unwrap_or_default();
        let was_met = session.user.as_deref().is_some_and(|user| !met.insert(user));
        let shopper = match (history.is_empty(), was_met) {
            (false, _) | (_, true) => Shopper::Returning,
            _ if before.is_empty() && session.user.is_none() => Shopper::Unknown,
            _ => Shopper::New,
        };
        let events = named(test, &session.events).collect();
        let (predictions, answers) = predictions(test, session, &history);
        Case {
            history,
            events,
            predictions: protocol_part(predictions, protocol),
            answers,
            shopper,
        }
    };
    test.sessions.iter().map(case).filter(|case| !case.predictions.is_empty()).collect()
}

/// Only the predictions of items that `counts` says yes to, and of no other right answer;
/// what a session knows stays as it is.
pub fn only<'a>(cases: Vec<Case<'a>>, counts: impl Fn(&str) -> bool) -> Vec<Case<'a>> {
    let kept = |mut case: Case<'a>| {
        // How many answers before each place are kept.
        let mut places = vec![0];
        let mut n_kept = 0;
        for answer in &case.answers {
            n_kept += usize::from(counts(answer));
            places.push(n_kept);
        }
        for Prediction { right, .. } in &mut case.predictions {
            *right = places[right.start]..places[right.end];
        }
        case.predictions.retain(|prediction| !prediction.right.is_empty());
        case.answers.retain(|answer| counts(answer));
        case
    };
    cases.into_iter().map(kept).filter(|case| !case.predictions.is_empty()).collect()
}

/// Whose history a session continues.
fn owner(session: &LogSession) -> &str {
    session.user.as_deref().unwrap_or(&session.id)
}

fn named<'a>(
    log: &'a Log,
    events: &'a [LogEvent],
) -> impl Iterator<Item = (&'a str, &'a LogEvent)> {
    events.iter().map(|event| (event.item.map_or("", |item| &*log.items[item.at()]), event))
}

fn n_steps(events: &[(&str, &LogEvent)]) -> usize {
    let about_items = events.iter().filter(|(item, _)| !item.is_empty());
    merge(about_items.map(|(item, event)| Step { item: *item, kind: event.kind, dwell_ms: None }))
        .len()
}

fn protocol_part(mut predictions: Vec<Prediction>, protocol: Protocol) -> Vec<Prediction> {
    match protocol {
        Protocol::EveryPrefix => {}
        Protocol::LastItem => {
            let last = predictions.len().saturating_sub(1);
            predictions.drain(..last);
        }
        Protocol::RestOfSession => {
            let end = predictions.len();
            for prediction in &mut predictions {
                prediction.right.end = end;
            }
        }
    }
    predictions
}

/// The events that begin a new step after something is known, each predicted from the events
/// before it, and the items of these steps.
fn predictions<'a>(
    log: &'a Log,
    session: &LogSession,
    history: &[(&str, &LogEvent)],
) -> (Vec<Prediction>, Vec<&'a str>) {
    let (mut found, mut answers): (Vec<Prediction>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut newest: Option<Step<LogItem>> = None;
    let mut steps = n_steps(history);
    for (known, event) in session.events.iter().enumerate() {
        let Some(item) = event.item.filter(|_| event.kind.is_interest()) else { continue };
        let step = Step { item, kind: event.kind, dwell_ms: None };
        // Whether a step begins hangs on the event before alone. Merging all of them again each
        // time would cost a robot's long session the square of its length.
        let begins = newest.is_none_or(|newest| merge([newest, step].into_iter()).len() == 2);
        if begins && (newest.is_some() || !history.is_empty()) {
            found.push(Prediction { known, steps, right: found.len()..found.len() + 1 });
            answers.push(&log.items[item.at()]);
        }
        steps += usize::from(begins);
        newest = Some(step);
    }
    (found, answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::types::EventKind::{self, AddToCart, SelectItem, ViewItem};

    fn log(sessions: &[(&str, &[(u32, EventKind)])]) -> Log {
        let event = |&(item, kind): &(u32, EventKind)| LogEvent {
            kind,
            item: Some(LogItem(item)),
            time_ms: None,
            dwell_ms: None,
            list_position: None,
            query: None,
            rating: None,
        };
        let session = |(id, events): &(&str, &[(u32, EventKind)])| LogSession {
            id: (*id).into(),
            user: None,
            device: None,
            events: events.iter().map(event).collect(),
        };
        Log {
            items: ["a", "b", "c", "d"].map(Box::from).to_vec(),
            sessions: sessions.iter().map(session).collect(),
        }
    }

    #[test]
    fn every_prefix_predicts_each_new_step_once() {
        let events = [(0, ViewItem), (1, SelectItem), (1, ViewItem), (1, AddToCart), (2, ViewItem)];
        let log = log(&[("s", &events), ("single", &[(3, ViewItem)])]);
        let cases = cases(&log, None, Protocol::EveryPrefix);
        assert_eq!(cases.len(), 1);
        assert_eq!(known(&cases[0]), [1, 4]);
        assert_eq!(cases[0].answers, ["b", "c"]);
        let steps: Vec<usize> = cases[0].predictions.iter().map(|p| p.steps).collect();
        assert_eq!(steps, [1, 2]);
    }

    fn known(case: &Case<'_>) -> Vec<usize> {
        case.predictions.iter().map(|prediction| prediction.known).collect()
    }

    #[test]
    fn the_rest_of_the_session_is_right_each_time() {
        let log = log(&[("s", &[(0, ViewItem), (1, ViewItem), (2, ViewItem), (1, ViewItem)])]);
        let cases = cases(&log, None, Protocol::RestOfSession);
        let right: Vec<&[&str]> =
            cases[0].predictions.iter().map(|p| &cases[0].answers[p.right.clone()]).collect();
        assert_eq!(right, [&["b", "c", "b"][..], &["c", "b"], &["b"]]);
    }

    #[test]
    fn only_some_answers_count_and_the_rest_stays_known() {
        let events = [(0, ViewItem), (1, ViewItem), (2, ViewItem), (1, ViewItem), (3, ViewItem)];
        let log = log(&[("s", &events), ("t", &events[1..3])]);
        let kept = |protocol| only(cases(&log, None, protocol), |item| item == "b" || item == "d");
        let single = kept(Protocol::EveryPrefix);
        assert_eq!(single.len(), 1, "the second session predicts nothing that counts");
        assert_eq!((known(&single[0]), &single[0].answers), (vec![1, 3, 4], &vec!["b", "b", "d"]));
        let right: Vec<_> =
            kept(Protocol::RestOfSession)[0].predictions.iter().map(|p| p.right.clone()).collect();
        assert_eq!(right, [0..3, 1..3, 1..3, 2..3]);
    }

    #[test]
    fn shoppers_are_new_returning_or_not_known() {
        let events = [(0, ViewItem), (1, ViewItem)];
        let mut test = log(&[("1", &events[..]); 3]);
        let shoppers = |test: &Log, past: Option<&Log>| {
            let cases = cases(test, past, Protocol::EveryPrefix);
            cases.iter().map(|case| case.shopper).collect::<Vec<_>>()
        };
        assert_eq!(shoppers(&test, None), [Shopper::Unknown; 3]);
        let past = log(&[("2", &[(0, ViewItem)])]);
        assert_eq!(shoppers(&test, Some(&past)), [Shopper::New; 3]);
        for (session, user) in test.sessions.iter_mut().zip(["u", "v", "u"]) {
            session.user = Some(user.into());
        }
        let expected = [Shopper::New, Shopper::New, Shopper::Returning];
        assert_eq!(shoppers(&test, None), expected);
    }

    #[test]
    fn a_prediction_stands_where_the_merged_session_grows() {
        let kinds = [SelectItem, ViewItem];
        let mut rng = mercer::rng::Rng::new(5);
        let mut below = |n: u64| rng.next_u64() % n;
        let events: Vec<(u32, EventKind)> = (0..200)
            .map(|_| (u32::from(below(2) == 0), if below(2) == 0 { kinds[0] } else { kinds[1] }))
            .collect();
        let step = |&(item, kind): &(u32, EventKind)| Step { item, kind, dwell_ms: None };
        let steps = |n: usize| merge(events[..n].iter().map(step)).len();
        let grows: Vec<usize> = (1..200).filter(|&at| steps(at + 1) > steps(at)).collect();
        let log = log(&[("s", &events)]);
        assert_eq!(known(&cases(&log, None, Protocol::EveryPrefix)[0]), grows);
    }

    #[test]
    fn last_item_predicts_once_and_history_makes_a_single_event_predictable() {
        let test = log(&[("u", &[(2, ViewItem)]), ("v", &[(0, ViewItem), (1, ViewItem)])]);
        let past = log(&[("u", &[(0, ViewItem), (1, ViewItem)])]);
        let cases = cases(&test, Some(&past), Protocol::LastItem);
        let shape = |case: &Case<'_>| (case.history.len(), known(case));
        assert_eq!(cases.iter().map(shape).collect::<Vec<_>>(), [(2, vec![0]), (0, vec![1])]);
    }
}
