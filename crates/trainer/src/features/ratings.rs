use super::{Sequences, Sparse};
use crate::log::Log;
use std::collections::{BTreeMap, HashMap};

/// Who rated what how: the explicit part of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    /// `[n_users, n_items]`; of several ratings of one item by one user the newest counts. A
    /// log without users has a row a session.
    pub cells: Sparse,
    /// The mean of all cells.
    pub mean: f32,
}

impl Ratings {
    /// The ratings of a log, over the items of its `sequences`; `None` where it has none.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a mean")]
    pub fn build(log: &Log, sequences: &Sequences) -> Option<Self> {
        let mut users: HashMap<&str, usize> = HashMap::new();
        let mut newest: BTreeMap<(usize, usize), f32> = BTreeMap::new();
        for session in &log.sessions {
            let rated = session.events.iter().filter_map(|e| Some((e.item?, e.rating?)));
            for (item, rating) in rated {
                let id = &log.items[item.at()];
                let known = sequences.items.binary_search_by(|other| other.as_str().cmp(id));
                let Ok(item) = known else { continue };
                let next = users.len();
                let owner = session.user.as_deref().unwrap_or(&session.id);
                let user = *users.entry(owner).or_insert(next);
                newest.insert((user, item), rating);
            }
        }
        if newest.is_empty() {
            return None;
        }
        let sum: f64 = newest.values().map(|&rating| f64::from(rating)).sum();
        let mean = (sum / newest.len() as f64) as f32;
        let triples = newest.into_iter().map(|((user, item), rating)| (user, item, rating));
        Some(Self { cells: Sparse::sum(users.len(), sequences.n_items(), triples), mean })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{LogEvent, LogItem, LogSession};
    use mercer::types::EventKind;

    #[test]
    fn the_newest_rating_of_a_user_counts_across_visits() {
        let event = |item, rating| LogEvent {
            kind: EventKind::ViewItem,
            item: Some(LogItem(item)),
            time_ms: None,
            dwell_ms: None,
            list_position: None,
            query: None,
            rating,
        };
        let session = |user: &str, events| LogSession {
            id: user.into(),
            user: Some(user.into()),
            device: None,
            events,
        };
        let mut log = Log {
            items: ["b", "a"].map(Box::from).to_vec(),
            sessions: vec![
                session("u", vec![event(0, Some(1.0)), event(1, None)]),
                session("v", vec![event(1, Some(4.0))]),
                session("u", vec![event(0, Some(3.0))]),
            ],
        };
        let sequences = Sequences::build(&log).unwrap();
        let ratings = Ratings::build(&log, &sequences).unwrap();
        // Items are sorted by id: b is the second.
        assert_eq!(ratings.cells.cells().collect::<Vec<_>>(), [(0, 1, 3.0), (1, 0, 4.0)]);
        assert!((ratings.mean - 3.5).abs() < 1e-6);
        log.sessions.iter_mut().flat_map(|s| &mut s.events).for_each(|e| e.rating = None);
        assert_eq!(Ratings::build(&log, &sequences), None);
    }
}
