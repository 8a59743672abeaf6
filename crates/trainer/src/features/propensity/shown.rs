//! Which items stood where in the lists of a log, and were they clicked there?

use crate::log::{Log, LogEvent, LogItem};
use mercer::types::EventKind;
use std::collections::HashMap;

/// One item at one place of a list, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shown {
    /// Which item after which words.
    pub(super) group: u32,
    pub(super) position: u32,
    pub(super) clicked: bool,
}

/// Every impression of a log.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    /// Sorted by group and position.
    pub(super) shown: Vec<Shown>,
}

impl Harvest {
    /// Every position that occurs, ascending, the first one called 0.
    pub(super) fn positions(&self) -> Vec<u32> {
        let mut positions: Vec<u32> = self.shown.iter().map(|shown| shown.position).collect();
        positions.sort_unstable();
        positions.dedup();
        if let Some(first) = positions.first_mut() {
            *first = 0;
        }
        positions
    }
}

/// Reads the impressions of a log. A click belongs to the newest impression of its session
/// that shows the item at its position and has none yet.
pub(super) fn harvest(log: &Log) -> Harvest {
    let mut harvest = Harvest::default();
    let mut groups = HashMap::new();
    for session in &log.sessions {
        read_session(&session.events, &mut groups, &mut harvest.shown);
    }
    harvest.shown.sort_unstable();
    harvest
}

/// Items are told apart by the words of the newest search before them: a ranking by words
/// puts an item on top where it is wanted most, and such places do not compare.
fn read_session<'l>(
    events: &'l [LogEvent],
    groups: &mut HashMap<(LogItem, Option<&'l str>), u32>,
    shown: &mut Vec<Shown>,
) {
    let mut words = None;
    let mut open: HashMap<(LogItem, u32), Vec<usize>> = HashMap::new();
    for event in events {
        words = event.query.as_deref().or(words);
        let (Some(item), Some(position)) = (event.item, event.list_position) else { continue };
        if event.kind == EventKind::ViewItemList {
            let next = u32::try_from(groups.len()).expect("fewer than 2^32 events");
            let group = *groups.entry((item, words)).or_insert(next);
            open.entry((item, position)).or_default().push(shown.len());
            shown.push(Shown { group, position, clicked: false });
        } else if event.kind == EventKind::SelectItem
            && let Some(at) = open.get_mut(&(item, position)).and_then(Vec::pop)
        {
            shown[at].clicked = true;
        }
    }
}

/// Impressions and clicks of one group in one range of positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) range: usize,
    pub(super) shown: u32,
    pub(super) clicked: u32,
}

/// The groups that compare ranges of positions: shown in several, and clicked.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) n_ranges: usize,
    /// The cells of each group, ascending by range.
    pub(super) groups: Vec<Vec<Cell>>,
}

impl Table {
    /// Counts by the ranges that begin at `starts`.
    pub(super) fn new(harvest: &Harvest, starts: &[u32]) -> Self {
        let range_of = |position| starts.partition_point(|&start| start <= position) - 1;
        let same_group = harvest.shown.chunk_by(|a, b| a.group == b.group);
        let groups = same_group.map(|group| {
            let mut cells: Vec<Cell> = Vec::new();
            for shown in group {
                let (range, clicked) = (range_of(shown.position), u32::from(shown.clicked));
                match cells.last_mut() {
                    Some(cell) if cell.range == range => {
                        cell.shown += 1;
                        cell.clicked += clicked;
                    }
                    _ => cells.push(Cell { range, shown: 1, clicked }),
                }
            }
            cells
        });
        let tells = |cells: &Vec<Cell>| cells.len() > 1 && cells.iter().any(|c| c.clicked > 0);
        Self { n_ranges: starts.len(), groups: groups.filter(tells).collect() }
    }

    /// Clicks in each range, `[n_ranges]`.
    pub(super) fn clicks(&self) -> Vec<u32> {
        let mut clicks = vec![0; self.n_ranges];
        for cell in self.groups.iter().flatten() {
            clicks[cell.range] += cell.clicked;
        }
        clicks
    }
}
