use crate::log::{Log, LogItem, LogSession};
use mercer::model::dwell_bucket;
use mercer::session::{Step, merge};
use std::fmt;

/// One step of a session, as the fits read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRow {
    /// Position in [`Sequences::items`].
    pub item: u32,
    /// Discriminant of the [`mercer::types::EventKind`].
    pub kind: u8,
    /// Class of the dwell time ([`dwell_bucket`]); 0 where it is not known.
    pub dwell: u8,
}

/// The sessions of a log as sequences of steps over a sorted vocabulary, which is the order
/// of the items in the model file.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequences {
    /// The shop's ids, ascending by their bytes; every item some shopper was on.
    pub items: Vec<String>,
    /// The steps of all sessions, one session after the other.
    pub steps: Vec<StepRow>,
    /// Where each session starts in `steps`, and the end of the last: `[n_sessions + 1]`.
    pub starts: Vec<usize>,
}

impl Sequences {
    /// Reads a log as sequences. Sessions without a step on any item are left out.
    ///
    /// # Errors
    /// - [`SequencesError::NoSteps`]: no shopper was on any item.
    /// - [`SequencesError::NothingFollows`]: no session has two steps.
    ///
    /// # Panics
    /// Never: dwell classes fit a byte.
    pub fn build(log: &Log) -> Result<Self, SequencesError> {
        let sessions: Vec<Vec<Step<LogItem>>> =
            log.sessions.iter().map(steps_of).filter(|steps| !steps.is_empty()).collect();
        if sessions.is_empty() {
            return Err(SequencesError::NoSteps);
        }
        if sessions.iter().all(|steps| steps.len() < 2) {
            return Err(SequencesError::NothingFollows);
        }
        let (items, index) = vocabulary(log, &sessions);
        let row = |step: &Step<LogItem>| StepRow {
            item: index[step.item.at()],
            kind: step.kind as u8,
            dwell: u8::try_from(dwell_bucket(step.dwell_ms)).expect("a handful of classes"),
        };
        let steps = sessions.iter().flatten().map(row).collect();
        let mut starts = vec![0];
        starts.extend(sessions.iter().scan(0, |end, session| {
            *end += session.len();
            Some(*end)
        }));
        Ok(Self { items, steps, starts })
    }

    /// The number of items.
    pub fn n_items(&self) -> usize {
        self.items.len()
    }

    /// The number of sessions.
    pub fn n_sessions(&self) -> usize {
        self.starts.len() - 1
    }

    /// The steps of each session, oldest first.
    pub fn sessions(&self) -> impl Iterator<Item = &[StepRow]> {
        self.starts.windows(2).map(|ends| &self.steps[ends[0]..ends[1]])
    }

    /// How many steps stand on each item, `[n_items]`.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.n_items()];
        for step in &self.steps {
            counts[step.item as usize] += 1;
        }
        counts
    }
}

/// The steps of one session, oldest first.
pub(crate) fn steps_of(session: &LogSession) -> Vec<Step<LogItem>> {
    merge(session.events.iter().filter_map(|event| {
        Some(Step { item: event.item?, kind: event.kind, dwell_ms: event.dwell_ms })
    }))
}

/// The ids of the items that occur, sorted, and the position of each log item among them
/// (`u32::MAX` for those that do not occur).
fn vocabulary(log: &Log, sessions: &[Vec<Step<LogItem>>]) -> (Vec<String>, Vec<u32>) {
    let mut occurs = vec![false; log.items.len()];
    for step in sessions.iter().flatten() {
        occurs[step.item.at()] = true;
    }
    let mut order: Vec<usize> = (0..log.items.len()).filter(|&at| occurs[at]).collect();
    order.sort_unstable_by_key(|&at| &log.items[at]);
    let mut index = vec![u32::MAX; log.items.len()];
    for (ix, &at) in (0..).zip(&order) {
        index[at] = ix;
    }
    (order.iter().map(|&at| log.items[at].to_string()).collect(), index)
}

/// Why a log gives nothing to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SequencesError {
    /// No event says that a shopper was on an item.
    NoSteps,
    /// Every session has a single step.
    NothingFollows,
}

impl fmt::Display for SequencesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSteps => {
                "no event says that a shopper was on an item: the log needs events like \
                 `view_item`, `add_to_cart` or `purchase` with an item id"
            }
            Self::NothingFollows => {
                "every session has a single step, so there is no next item to learn from: \
                 check that --column session_id=… or user_id=… names the right column"
            }
        })
    }
}

impl std::error::Error for SequencesError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::LogEvent;
    use mercer::types::EventKind;

    fn log(sessions: &[&[u32]]) -> Log {
        let event = |&item: &u32| LogEvent {
            kind: EventKind::ViewItem,
            item: Some(LogItem(item)),
            time_ms: None,
            dwell_ms: None,
            list_position: None,
            query: None,
            rating: None,
        };
        let session = |items: &&[u32]| LogSession {
            id: "s".into(),
            user: None,
            events: items.iter().map(event).collect(),
        };
        Log {
            items: ["z", "unused", "a"].map(Box::from).to_vec(),
            sessions: sessions.iter().map(session).collect(),
        }
    }

    #[test]
    fn the_vocabulary_is_sorted_and_holds_only_what_occurs() {
        let sequences = Sequences::build(&log(&[&[0, 2, 0], &[2]])).unwrap();
        assert_eq!(sequences.items, ["a", "z"]);
        let items: Vec<u32> = sequences.steps.iter().map(|step| step.item).collect();
        assert_eq!(items, [1, 0, 1, 0]);
        assert_eq!(sequences.starts, [0, 3, 4]);
        assert_eq!(sequences.counts(), [2, 2]);
    }

    #[test]
    fn logs_without_a_lesson_say_why() {
        assert_eq!(Sequences::build(&log(&[])), Err(SequencesError::NoSteps));
        assert_eq!(Sequences::build(&log(&[&[0], &[2]])), Err(SequencesError::NothingFollows));
    }
}
