use super::walk::Walk;
use crate::explore::{Record, choose};
use crate::model::Model;
use crate::rng::Rng;
use crate::session::{EventError, Outcome, Session};
use crate::types::{Event, ItemIx, Scored, Slate, SmallMap};

/// Streams of chance, apart from those of single items.
const PLACES: u64 = 1 << 40;

/// The lists of several rankings as one. Each place goes to the first list; the part
/// `exploration` of them, by chance, to the list that Thompson sampling chooses by how each
/// way has fared with this shopper. What the first list has beyond the slate follows. Each
/// item stands with the position of its ranking.
pub(super) fn mixed(
    walk: &Walk<'_>,
    keys: &[&'static str],
    lists: Vec<Vec<Scored>>,
) -> Vec<(Scored, usize)> {
    let records: Vec<Record> = keys.iter().map(|key| walk.fared(key)).collect();
    let mut rng = Rng::new(walk.request.seed).fork(PLACES);
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut taken: SmallMap<ItemIx, ()> = SmallMap::new();
    let mut mixed = Vec::new();
    for _ in 0..walk.request.count {
        let is_tried = rng.unit_f32() < walk.request.exploration;
        let at = if is_tried { choose(&records, &mut rng).unwrap_or(0) } else { 0 };
        let mut next =
            |at: usize| lists[at].by_ref().find(|scored| taken.insert(scored.item, ()).is_none());
        let found = next(at).map(|scored| (scored, at));
        let Some(found) = found.or_else(|| next(0).map(|scored| (scored, 0))) else { break };
        mixed.push(found);
    }
    let rest = lists.into_iter().next().into_iter().flatten();
    let rest: Vec<(Scored, usize)> = rest
        .filter(|scored| taken.insert(scored.item, ()).is_none())
        .map(|scored| (scored, 0))
        .collect();
    mixed.extend(rest);
    mixed
}

/// How many items that stand for a try are remembered.
const MAX_PENDING: usize = 200;

/// What was shown as a try in this page's slates, so that the session can count how each way
/// fares. It is of the page: nothing of it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tries {
    /// The ids of items with the key of the way that showed them, longest ago first.
    pending: Vec<(String, &'static str)>,
}

impl Tries {
    /// Takes in a slate that is shown: each item of a way that shares its places counts as
    /// shown once.
    pub fn shown(&mut self, session: &mut Session, model: &Model, slate: &Slate) {
        for &(item, key) in &slate.tried {
            session.record(key, Outcome::Shown);
            let id = model.item_id(item);
            self.pending.retain(|(other, _)| other != id);
            self.pending.push((id.to_owned(), key));
        }
        let surplus = self.pending.len().saturating_sub(MAX_PENDING);
        self.pending.drain(..surplus);
    }

    /// Hands an event to the session. The first that says the shopper wants an item counts its way
    /// as chosen.
    ///
    /// # Errors
    /// Those of [`Session::observe`]; then nothing is counted.
    pub fn observe(&mut self, session: &mut Session, event: Event) -> Result<(), EventError> {
        let item = event.item.as_deref().filter(|_| event.kind.is_interest());
        let tried = item.and_then(|item| self.pending.iter().position(|(other, _)| other == item));
        session.observe(event)?;
        if let Some(at) = tried {
            let (_, key) = self.pending.remove(at);
            session.record(key, Outcome::Chosen);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{EventKind, Source};

    #[test]
    fn a_way_is_chosen_once_for_each_item_it_has_shown() {
        let file = include_bytes!("../../tests/golden/small.mercer");
        let model = Model::read(file).unwrap();
        let tried = vec![(ItemIx(0), "home/new"), (ItemIx(1), "home/popular")];
        let slate = Slate { source: Source::Popular, items: Vec::new(), shortfall: None, tried };
        let (mut tries, mut session) = (Tries::default(), Session::new());
        tries.shown(&mut session, &model, &slate);
        for item in [ItemIx(0), ItemIx(0), ItemIx(2)] {
            let event = Event::new(EventKind::ViewItem, model.item_id(item));
            tries.observe(&mut session, event).unwrap();
        }
        let nowhere = Event {
            quantity: Some(0),
            ..Event::new(EventKind::ViewItem, model.item_id(ItemIx(1)))
        };
        tries.observe(&mut session, nowhere).unwrap_err();
        let counts = |key| session.trial(key).map(|trial| (trial.shown, trial.chosen));
        assert_eq!(counts("home/new"), Some((1.0, 1.0)));
        assert_eq!(counts("home/popular"), Some((1.0, 0.0)));
    }
}
