//! Planted rankers on small logs: what they must be worth is worked out by hand.

mod accuracy;
mod beyond;
mod pairs;
mod segments;

use super::*;
use crate::log::{Log, LogEvent, LogItem, LogSession};
use mercer::rng::Rng;
use mercer::types::{EventKind, ItemIx, Seen};

/// How a planted ranker scores items for a shopper.
enum Plan {
    /// The item that follows (from the newest on: the next number) is best.
    Knows,
    /// The item that follows is worst.
    Avoids,
    /// Every item alike.
    Constant,
    /// By a draw that depends on nothing but the visit.
    Random(u64),
    /// Always in this order.
    Order(Vec<f32>),
}

/// Items `0..n`, named by their number; training sessions as given.
struct Planted {
    ids: Vec<String>,
    sessions: Vec<f64>,
    directions: Option<Vec<Vec<f32>>>,
    plan: Plan,
}

impl Planted {
    fn new(n_items: usize, plan: Plan) -> Self {
        let ids = (0..n_items).map(|at| at.to_string()).collect();
        Self { ids, sessions: vec![1.0; n_items], directions: None, plan }
    }
}

impl Ranker for Planted {
    fn n_items(&self) -> usize {
        self.ids.len()
    }

    fn item_ix(&self, id: &str) -> Option<ItemIx> {
        self.ids.iter().position(|other| other == id).map(ItemIx::from_usize)
    }

    fn item_id(&self, item: ItemIx) -> &str {
        &self.ids[item.at()]
    }

    fn sessions(&self) -> Vec<f64> {
        self.sessions.clone()
    }

    fn direction(&self, item: ItemIx) -> Option<Vec<f32>> {
        self.directions.as_ref().map(|directions| directions[item.at()].clone())
    }

    fn begin(&self) -> Box<dyn Visit + '_> {
        Box::new(PlantedVisit { planted: self, seen: Vec::new() })
    }
}

struct PlantedVisit<'a> {
    planted: &'a Planted,
    seen: Vec<ItemIx>,
}

impl Visit for PlantedVisit<'_> {
    fn observe(&mut self, item: &str, _: &LogEvent) {
        self.seen.extend(self.planted.item_ix(item));
    }

    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked> {
        let n_items = self.planted.n_items();
        let next = self.seen.last().map_or(0, |newest| (newest.at() + 1) % n_items.max(1));
        let mark = |value: f32| {
            (0..n_items).map(|at| if at == next { value } else { 0.0 }).collect::<Vec<f32>>()
        };
        let scores = match &self.planted.plan {
            Plan::Knows => mark(1.0),
            Plan::Avoids => mark(-1.0),
            Plan::Constant => vec![0.0; n_items],
            Plan::Random(seed) => {
                let visit = self.seen.iter().fold(*seed, |mix, item| mix * 31 + u64::from(item.0));
                let mut rng = Rng::new(visit);
                (0..n_items).map(|_| rng.unit_f32()).collect()
            }
            Plan::Order(scores) => scores.clone(),
        };
        let left_out = if seen == Seen::LeaveOut { &self.seen[..] } else { &[] };
        best(&scores, left_out, count)
    }
}

/// A log of sessions of views over items `0..n_items`.
fn log(n_items: usize, sessions: &[Vec<u32>]) -> Log {
    let event = |&item: &u32| LogEvent {
        kind: EventKind::ViewItem,
        item: Some(LogItem(item)),
        time_ms: None,
        dwell_ms: None,
        list_position: None,
        query: None,
        rating: None,
    };
    let session = |(at, items): (usize, &Vec<u32>)| LogSession {
        id: at.to_string().into(),
        user: None,
        device: None,
        events: items.iter().map(event).collect(),
    };
    Log {
        items: (0..n_items).map(|at| at.to_string().into()).collect(),
        sessions: sessions.iter().enumerate().map(session).collect(),
    }
}

/// Sessions in which each item is followed by the next number.
fn walks(n_items: u32, n_sessions: u32) -> Log {
    let walk = |start: u32| (0..4).map(|step| (start * 7 + step) % n_items).collect();
    log(n_items as usize, &(0..n_sessions).map(walk).collect::<Vec<_>>())
}

fn judged(planted: &Planted, log: &Log, options: &Options) -> Report {
    evaluate(planted, &cases(log, None, Protocol::EveryPrefix), options, &|_| ())
}

fn everything() -> Options {
    Options {
        at: "1,5".parse().unwrap(),
        threads: 2,
        segments: true,
        beyond: true,
        ..Options::default()
    }
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} and not {expected}");
}
