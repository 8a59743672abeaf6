//! A planted shop whose lists put bad items on top.

use mercer::rng::Rng;
use mercer::types::EventKind;
use mercer_trainer::log::{Log, LogEvent, LogItem, LogSession};

/// Products; each is for the shoppers of one taste.
pub(crate) const N_ITEMS: u32 = 60;
pub(crate) const N_TASTES: u32 = 3;
/// Items a list shows.
pub(crate) const LENGTH: u32 = 10;
const N_SESSIONS: usize = 4_000;

/// How likely a shopper looks at a position, from 0.
pub(crate) type Examination = fn(u32) -> f64;

/// `1 / (1 + p)`: half as often at the second place, a tenth at the last.
pub(crate) fn steep(position: u32) -> f64 {
    1.0 / f64::from(1 + position)
}

/// Every place alike, and as many clicks as with [`steep`].
pub(crate) fn even(_position: u32) -> f64 {
    0.3
}

/// In what order a list shows its items.
#[derive(Clone, Copy)]
pub(crate) enum Ranker {
    /// Worse items above better ones, mostly, and the worst third well above.
    Perverse,
    /// By chance.
    Blind,
}

/// The truth: what each item is worth to whom.
pub(crate) struct Shop {
    qualities: Vec<f64>,
    seed: u64,
}

impl Shop {
    pub(crate) fn plant(seed: u64) -> Self {
        let mut rng = Rng::new(seed).fork(1);
        // Each taste has the whole range of qualities, so none is more popular than another.
        let mut qualities = Vec::new();
        for _ in 0..N_TASTES {
            let of_taste = N_ITEMS / N_TASTES;
            let mut steps: Vec<u32> = (0..of_taste).collect();
            rng.shuffle(&mut steps);
            qualities.extend(steps.iter().map(|&n| 0.1 + 0.8 * f64::from(n) / f64::from(of_taste)));
        }
        Self { qualities, seed }
    }

    /// How likely a shopper of a taste clicks an item that is looked at.
    pub(crate) fn appeal(&self, taste: u32, item: u32) -> f64 {
        let fit = if taste_of(item) == taste { 1.0 } else { 0.1 };
        fit * self.quality(item)
    }

    pub(crate) fn quality(&self, item: u32) -> f64 {
        self.qualities[item as usize]
    }

    /// Sessions that see every item once, in lists of [`LENGTH`], with the order of each
    /// by `ranker` and every impression and click logged.
    pub(crate) fn log(&self, ranker: Ranker, examination: Examination) -> Log {
        let root = Rng::new(self.seed).fork(2);
        let session = |nth: u64| {
            let mut rng = root.fork(nth);
            LogSession {
                id: format!("s{nth}").into(),
                user: None,
                device: None,
                events: self.visit(ranker, examination, &mut rng),
            }
        };
        Log {
            items: (0..N_ITEMS).map(|item| id(item).into()).collect(),
            sessions: (0..N_SESSIONS as u64).map(session).collect(),
        }
    }

    fn visit(&self, ranker: Ranker, examination: Examination, rng: &mut Rng) -> Vec<LogEvent> {
        let taste = u32::try_from(rng.below(N_TASTES as usize)).unwrap();
        let mut items: Vec<u32> = (0..N_ITEMS).collect();
        rng.shuffle(&mut items);
        let mut events = Vec::new();
        for list in items.chunks_mut(LENGTH as usize) {
            if matches!(ranker, Ranker::Perverse) {
                self.worst_first(list, rng);
            }
            let places = || list.iter().copied().zip(0..);
            events
                .extend(places().map(|(item, at)| event(EventKind::ViewItemList, item, Some(at))));
            for (item, at) in places() {
                if rng.unit_f64() < examination(at) * self.appeal(taste, item) {
                    events.push(event(EventKind::SelectItem, item, Some(at)));
                    events.push(event(EventKind::ViewItem, item, None));
                }
            }
        }
        events
    }

    /// With noise, as stock and campaigns come and go: otherwise no item ever changed places.
    fn worst_first(&self, list: &mut [u32], rng: &mut Rng) {
        let mut key = |item: u32| {
            let quality = self.quality(item);
            quality - if quality < 0.37 { 0.5 } else { 0.0 } + 0.3 * rng.normal()
        };
        let mut keyed: Vec<(f64, u32)> = list.iter().map(|&item| (key(item), item)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (place, (_, item)) in list.iter_mut().zip(keyed) {
            *place = item;
        }
    }
}

/// Whose item it is.
pub(crate) fn taste_of(item: u32) -> u32 {
    item / (N_ITEMS / N_TASTES)
}

/// The id of an item; ids sort as their numbers do.
pub(crate) fn id(item: u32) -> String {
    format!("i{item:02}")
}

fn event(kind: EventKind, item: u32, list_position: Option<u32>) -> LogEvent {
    let item = Some(LogItem(item));
    LogEvent { kind, item, time_ms: None, dwell_ms: None, list_position, query: None, rating: None }
}
