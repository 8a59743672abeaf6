use super::{Sequences, Sparse};
use crate::log::Log;
use crate::stars::RatingScale;
use std::collections::{BTreeMap, HashMap};

/// Who rated what how: the explicit part of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    /// `[n_users, n_items]`; of several ratings of one item by one user the newest counts. A
    /// log without users has a row a session.
    pub cells: Sparse,
    /// Where they lie, and how far apart.
    pub scale: RatingScale,
}

impl Ratings {
    /// The ratings of a log, over the items of its `sequences`; `None` where it has none.
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
        let triples = newest.into_iter().map(|((user, item), rating)| (user, item, rating));
        Self::of(Sparse::sum(users.len(), sequences.n_items(), triples))
    }

    /// The ratings in these cells, `[n_users, n_items]`; `None` where there are none.
    pub fn of(cells: Sparse) -> Option<Self> {
        let values: Vec<f32> = cells.cells().map(|(_, _, rating)| rating).collect();
        let scale = RatingScale::of(&values)?;
        Some(Self { cells, scale })
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
        assert_eq!(ratings.scale, RatingScale { mean: 3.5, star: 0.5 / crate::stars::DEVIATION });
        log.sessions.iter_mut().flat_map(|s| &mut s.events).for_each(|e| e.rating = None);
        assert_eq!(Ratings::build(&log, &sequences), None);
    }
}
