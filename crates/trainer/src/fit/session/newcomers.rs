//! Items that the catalogue describes and nobody was on yet: how much do the signals say of
//! them?
//!
//! No session can tell, for what is sold in a session has an event. So the rehearsal hides a
//! few items: their steps are taken out of all older sessions, and the held-out sessions show
//! how often, and after what, the hidden ones are come to. The newcomers of the shop are taken
//! to be like them.
//!
//! Beside its place in item space a newcomer `j` has two lists that lead to it: from what is
//! described like it, and from what came with its like,
//!
//! ```text
//! carried_ij = (Σ_k R_jk · S_ik)^½        k: the known items described most like j
//! R_jk = cos_jk³ / (Σ_k cos_jk³ + 0.1)
//! S_ik = Σ over sessions with i and k of 1 / √(distance) / √((n_i + 3) · (n_k + 3))
//! ```
//!
//! with `n_i` the sessions that hold `i`. A pair `i`, `j` stands on at least as many sessions
//! with `i` and any of the items that stand in for `j` as the shop asks of all it ships.

use super::successors::Lists;
use crate::features::content::{Content, Rows};
use crate::features::{Sequences, StepRow};
use mercer::rng::Rng;
use std::collections::BTreeMap;

/// Share of the described items that a rehearsal hides.
const HIDDEN: f64 = 0.1;
/// Newcomers a list.
const MOST: usize = 20;
/// Known items that stand in for a newcomer.
const ALIKE: usize = 30;
/// Newest sessions of an item that are looked at.
const MAX_SESSIONS: usize = 500;
/// Items of a session that are looked at, newest first.
const MAX_STEPS: usize = 20;

/// The items that the catalogue describes and `counts` has no event of, `[n_items]`.
pub(super) fn newcomers(content: Option<&Content>, counts: &[u32]) -> Vec<bool> {
    let Some(content) = content else { return vec![false; counts.len()] };
    let described = |item| content.vectors.row(item).iter().any(|&x| x != 0.0);
    counts.iter().enumerate().map(|(item, &count)| count == 0 && described(item)).collect()
}

/// The sequences without the steps on a tenth of the described items in the sessions that
/// start before `end`, a position of [`Sequences::steps`].
pub(super) fn hide(
    sequences: &Sequences,
    content: &Content,
    end: usize,
    rng: &mut Rng,
) -> Sequences {
    let described = content.vectors.rows().into_iter().map(|row| row.iter().any(|&x| x != 0.0));
    let hidden: Vec<bool> = described.map(|told| rng.unit_f64() < std::env::var("HIDDEN").map_or(HIDDEN, |x| x.parse().unwrap()) && told).collect();
    let mut left = Sequences {
        items: sequences.items.clone(),
        steps: Vec::new(),
        starts: vec![0],
        weights: Vec::new(),
    };
    for ends in sequences.starts.windows(2) {
        for at in ends[0]..ends[1] {
            let step = sequences.steps[at];
            if ends[0] >= end || !hidden[step.item as usize] {
                left.steps.push(step);
                left.weights.extend(sequences.weights.get(at));
            }
        }
        left.starts.push(left.steps.len());
    }
    left
}

/// For each item the newcomers (`new`) that are described most like it.
pub(super) fn alike_newcomers(rows: &Rows, new: &[bool]) -> Lists {
    rows.nearest(MOST, new)
}

/// For each item the newcomers (`new`) whose like came with it most in the sessions that end
/// before `end`.
pub(super) fn carried(
    sequences: &Sequences,
    end: usize,
    (rows, new): (&Rows, &[bool]),
    min_sessions: u32,
) -> Lists {
    let known: Vec<bool> = new.iter().map(|new| !new).collect();
    let like = rows.nearest(ALIKE, &known);
    let visits = Visits::read(sequences, end);
    let mut lists = vec![Vec::new(); new.len()];
    for item in (0..new.len()).filter(|&item| new[item]) {
        for (with, pull) in visits.beside(&like[item], min_sessions) {
            let item = u32::try_from(item).expect("fewer than 2^32 items");
            lists[with as usize].push((item, pull.sqrt()));
        }
    }
    let all: Vec<f32> = lists.iter().flatten().map(|x: &(u32, f32)| x.1).collect();
    let mean = all.iter().sum::<f32>() / all.len().max(1) as f32;
    eprintln!("taken carried n {} mean {mean}", all.len());
    for list in &mut lists {
        list.iter_mut().for_each(|x| x.1 *= 0.2 / mean);
        list.sort_unstable_by(|a: &(u32, f32), b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(MOST);
    }
    lists
}

/// Sessions as sets of items, and where each item stands.
struct Visits {
    /// The items of each session, each once, in their order.
    items: Vec<Vec<u32>>,
    /// The newest sessions of each item, with its position there, `[n_items]`.
    of: Vec<Vec<(usize, usize)>>,
    /// `(n_i + 3)^−½`, `[n_items]`.
    rarity: Vec<f32>,
}

impl Visits {
    #[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
    fn read(sequences: &Sequences, end: usize) -> Self {
        let mut of = vec![Vec::new(); sequences.n_items()];
        let mut items = Vec::new();
        for ends in sequences.starts.windows(2).filter(|ends| ends[1] <= end) {
            let once = once(&sequences.steps[ends[0]..ends[1]]);
            for (at, &item) in once.iter().enumerate() {
                of[item as usize].push((items.len(), at));
            }
            items.push(once);
        }
        let rarity = of.iter().map(|visits: &Vec<_>| (visits.len() as f32 + 3.0).sqrt().recip());
        let rarity = rarity.collect();
        for visits in &mut of {
            visits.drain(..visits.len().saturating_sub(MAX_SESSIONS));
        }
        Self { items, of, rarity }
    }

    /// What came with these items, each at its share, in enough sessions, ascending.
    #[expect(clippy::cast_precision_loss, reason = "at most 20 items apart")]
    fn beside(&self, like: &[(u32, f32)], min_sessions: u32) -> Vec<(u32, f32)> {
        let total = like.iter().map(|(_, near)| near.powi(3)).sum::<f32>() + 0.1;
        // By session: which of the items, and where.
        let mut met: Vec<(usize, usize, f32)> = Vec::new();
        for &(item, near) in like {
            let share = near.powi(3) / total * self.rarity[item as usize];
            met.extend(self.of[item as usize].iter().map(|&(session, at)| (session, at, share)));
        }
        met.sort_unstable_by_key(|&(session, at, _)| (session, at));
        let mut found: BTreeMap<u32, (u32, f32)> = BTreeMap::new();
        for met in met.chunk_by(|a, b| a.0 == b.0) {
            for (at, &with) in self.items[met[0].0].iter().enumerate() {
                let others = met.iter().filter(|(_, other, _)| *other != at);
                let pull = others.map(|(_, other, share)| share / (other.abs_diff(at) as f32).sqrt());
                let pull: f32 = pull.sum();
                if pull > 0.0 {
                    let (sessions, sum) = found.entry(with).or_default();
                    *sessions += 1;
                    *sum += pull * self.rarity[with as usize];
                }
            }
        }
        let enough = found.into_iter().filter(|(_, (sessions, _))| *sessions >= min_sessions);
        enough.map(|(item, (_, sum))| (item, sum)).collect()
    }
}

/// The items of a session, each where it stands first, the newest few of them.
fn once(session: &[StepRow]) -> Vec<u32> {
    let mut items: Vec<u32> = Vec::new();
    for step in session {
        if !items.contains(&step.item) {
            items.push(step.item);
        }
    }
    items.drain(..items.len().saturating_sub(MAX_STEPS));
    items
}
