use crate::log::{Log, LogEvent, LogItem};
use mercer::session::{Step, merge};
use std::collections::HashMap;

/// Which steps of a session are predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Protocol {
    /// Every step but the first, from all that came before it. Repeats count.
    EveryPrefix,
    /// The last step only, from all that came before it (leave-one-out).
    LastItem,
}

impl Protocol {
    /// The word for it on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::EveryPrefix => "every-prefix",
            Self::LastItem => "last-item",
        }
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
    /// For each prediction, in order: how many of `events` are known before it.
    pub predictions: Vec<usize>,
}

/// Lays out the sessions of `test` as cases; `history` gives each session what the same
/// session id, or the same user where the logs have users, did before. Sessions without a
/// prediction are left out.
pub fn cases<'a>(test: &'a Log, history: Option<&'a Log>, protocol: Protocol) -> Vec<Case<'a>> {
    let mut before: HashMap<&str, Vec<(&str, &LogEvent)>> = HashMap::new();
    let past = history.into_iter().flat_map(|log| log.sessions.iter().map(move |s| (log, s)));
    for (log, session) in past {
        let owner = session.user.as_deref().unwrap_or(&session.id);
        before.entry(owner).or_default().extend(named(log, &session.events));
    }
    let case = |session: &'a crate::log::LogSession| {
        let owner = session.user.as_deref().unwrap_or(&session.id);
        let history = before.get(owner).cloned().unwrap_or_default();
        let predictions = predictions(&session.events, !history.is_empty());
        let events = named(test, &session.events).collect();
        Case { history, events, predictions: protocol_part(predictions, protocol) }
    };
    test.sessions.iter().map(case).filter(|case| !case.predictions.is_empty()).collect()
}

fn named<'a>(
    log: &'a Log,
    events: &'a [LogEvent],
) -> impl Iterator<Item = (&'a str, &'a LogEvent)> {
    events.iter().map(|event| (event.item.map_or("", |item| &*log.items[item.at()]), event))
}

fn protocol_part(mut predictions: Vec<usize>, protocol: Protocol) -> Vec<usize> {
    if protocol == Protocol::LastItem {
        let last = predictions.len().saturating_sub(1);
        predictions.drain(..last);
    }
    predictions
}

/// The events that begin a new step after something is known: each is predicted from the
/// events before it.
fn predictions(events: &[LogEvent], has_history: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut newest: Option<Step<LogItem>> = None;
    for (at, event) in events.iter().enumerate() {
        let Some(item) = event.item.filter(|_| event.kind.is_interest()) else { continue };
        let step = Step { item, kind: event.kind, dwell_ms: None };
        // Whether a step begins hangs on the event before alone. Merging all of them again each
        // time would cost a robot's long session the square of its length.
        let begins = newest.is_none_or(|newest| merge([newest, step].into_iter()).len() == 2);
        if begins && (newest.is_some() || has_history) {
            found.push(at);
        }
        newest = Some(step);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::LogSession;
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
        assert_eq!(cases[0].predictions, [1, 4]);
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
        assert_eq!(cases(&log, None, Protocol::EveryPrefix)[0].predictions, grows);
    }

    #[test]
    fn last_item_predicts_once_and_history_makes_a_single_event_predictable() {
        let test = log(&[("u", &[(2, ViewItem)]), ("v", &[(0, ViewItem), (1, ViewItem)])]);
        let past = log(&[("u", &[(0, ViewItem), (1, ViewItem)])]);
        let cases = cases(&test, Some(&past), Protocol::LastItem);
        let shape = |case: &Case<'_>| (case.history.len(), case.predictions.clone());
        assert_eq!(cases.iter().map(shape).collect::<Vec<_>>(), [(2, vec![0]), (0, vec![1])]);
    }
}
