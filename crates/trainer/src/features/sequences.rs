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
    /// The shop's ids, ascending by their bytes: every item some shopper was on, and those
    /// that were added to them.
    pub items: Vec<String>,
    /// The steps of all sessions, one session after the other.
    pub steps: Vec<StepRow>,
    /// Where each session starts in `steps`, and the end of the last: `[n_sessions + 1]`.
    pub starts: Vec<usize>,
    /// What each step counts where it is to be predicted, `[n_steps]`, the mean 1; empty where
    /// all count alike ([`super::propensity`]).
    pub weights: Vec<f32>,
}

impl Sequences {
    /// Reads a log as sequences. Sessions without a step on any item are left out.
    ///
    /// # Errors
    /// - [`SequencesError::NoSteps`]: no shopper was on any item.
    /// - [`SequencesError::NothingFollows`]: no session has two steps.
    pub fn build(log: &Log) -> Result<Self, SequencesError> {
        Self::build_with(log, std::iter::empty())
    }

    /// Reads a log as sequences, like [`Sequences::build`], over a vocabulary that also holds
    /// the items of `extra`: products of the catalogue that nobody was on yet. They stand on
    /// no step, so their count and popularity are 0. Ids may repeat.
    ///
    /// # Errors
    /// Those of [`Sequences::build`].
    ///
    /// # Panics
    /// Never: dwell classes fit a byte.
    pub fn build_with<'a>(
        log: &Log,
        extra: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, SequencesError> {
        let sessions: Vec<Vec<Step<LogItem>>> =
            log.sessions.iter().map(steps_of).filter(|steps| !steps.is_empty()).collect();
        if sessions.is_empty() {
            return Err(SequencesError::NoSteps);
        }
        if sessions.iter().all(|steps| steps.len() < 2) {
            return Err(SequencesError::NothingFollows);
        }
        let (items, index) = vocabulary(log, &sessions, extra);
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
        Ok(Self { items, steps, starts, weights: Vec::new() })
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

    /// What the step at this position of `steps` counts.
    pub fn weight(&self, step: usize) -> f32 {
        self.weights.get(step).copied().unwrap_or(1.0)
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

/// The ids of the items that occur and of `extra`, sorted, each once; and the position of
/// each log item among them (`u32::MAX` for those that are not there).
fn vocabulary<'a>(
    log: &Log,
    sessions: &[Vec<Step<LogItem>>],
    extra: impl IntoIterator<Item = &'a str>,
) -> (Vec<String>, Vec<u32>) {
    let mut occurs = vec![false; log.items.len()];
    for step in sessions.iter().flatten() {
        occurs[step.item.at()] = true;
    }
    let occurring = log.items.iter().zip(&occurs).filter(|(_, occurs)| **occurs);
    let mut items: Vec<String> = occurring.map(|(id, _)| id.to_string()).collect();
    items.extend(extra.into_iter().map(str::to_owned));
    items.sort_unstable();
    items.dedup();
    let place = |id: &str| items.binary_search_by(|item| item.as_str().cmp(id)).ok();
    let index = log.items.iter().map(|id| {
        place(id).map_or(u32::MAX, |at| u32::try_from(at).expect("fewer than 2^32 items"))
    });
    let index = index.collect();
    (items, index)
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
            device: None,
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
    fn items_that_nobody_was_on_stand_in_the_vocabulary_and_on_no_step() {
        let log = log(&[&[0, 2, 0], &[2]]);
        let sequences = Sequences::build_with(&log, ["m", "a", "zz", "m", "0"]).unwrap();
        assert_eq!(sequences.items, ["0", "a", "m", "z", "zz"]);
        assert_eq!(sequences.counts(), [0, 2, 0, 2, 0]);
        assert!(crate::features::popularity(&sequences, 1)[2].abs() < 1e-9);
        let same = Sequences::build(&log).unwrap();
        assert_eq!(sequences.starts, same.starts);
    }

    #[test]
    fn logs_without_a_lesson_say_why() {
        assert_eq!(Sequences::build(&log(&[])), Err(SequencesError::NoSteps));
        assert_eq!(Sequences::build(&log(&[&[0], &[2]])), Err(SequencesError::NothingFollows));
    }
}
