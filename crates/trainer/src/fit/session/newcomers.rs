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
//! with `n_i` the sessions that hold `i`, all brought to a mean of 0.2. A pair `i`, `j` stands on at least as many sessions
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
/// Mean weight of what is carried, about that of what is described alike, so that the pull
/// on their weights is the same.
const MEAN: f32 = 0.2;
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
    let hidden: Vec<bool> = described.map(|told| rng.unit_f64() < HIDDEN && told).collect();
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
    let mut strongest = Strongest { lists: vec![Vec::new(); new.len()], sum: 0.0, n: 0 };
    for item in (0..new.len()).filter(|&item| new[item]) {
        for (with, pull) in visits.beside(&like[item], min_sessions) {
            let item = u32::try_from(item).expect("fewer than 2^32 items");
            strongest.push(with, (item, pull.sqrt()));
        }
    }
    strongest.scaled()
}

/// The strongest of each list, while ever more comes: all of it together would be a matrix of the
/// catalogue.
struct Strongest {
    lists: Lists,
    /// Of all weights, those that were dropped among them.
    sum: f64,
    n: usize,
}

impl Strongest {
    fn push(&mut self, of: u32, entry: (u32, f32)) {
        self.sum += f64::from(entry.1);
        self.n += 1;
        let list = &mut self.lists[of as usize];
        list.push(entry);
        if list.len() >= 4 * MOST {
            cut(list);
        }
    }

    /// The lists, with the mean of all weights brought to [`MEAN`].
    fn scaled(mut self) -> Lists {
        #[expect(clippy::cast_precision_loss, reason = "a mean")]
        #[expect(clippy::cast_possible_truncation, reason = "weights are narrow")]
        let scale = MEAN * (self.n as f64 / self.sum.max(f64::MIN_POSITIVE)) as f32;
        for list in &mut self.lists {
            cut(list);
            for (_, weight) in list {
                *weight *= scale;
            }
        }
        self.lists
    }
}

fn cut(list: &mut Vec<(u32, f32)>) {
    list.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    list.truncate(MOST);
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
                let pull =
                    others.map(|(_, other, share)| share / (other.abs_diff(at) as f32).sqrt());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::content::{ContentSettings, content};
    use crate::fit::session::{Settings, fit};
    use crate::fit::{Fitted, Unwatched};
    use crate::ingest::{Catalog, CatalogItem};

    fn sequences(n_items: usize, sessions: &[Vec<u32>]) -> Sequences {
        let mut starts = vec![0];
        let mut steps = Vec::new();
        for session in sessions {
            steps.extend(session.iter().map(|&item| StepRow { item, kind: 0, dwell: 0 }));
            starts.push(steps.len());
        }
        let items = (0..n_items).map(|n| format!("{n:03}")).collect();
        Sequences { items, steps, starts, weights: Vec::new() }
    }

    fn described(sequences: &Sequences, title: impl Fn(usize) -> String) -> Content {
        let item = |(at, id): (usize, &String)| CatalogItem {
            id: id.as_str().into(),
            title: title(at).into(),
            ..CatalogItem::default()
        };
        let catalog: Catalog = sequences.items.iter().enumerate().map(item).collect();
        content(&catalog, &sequences.items, &ContentSettings::default())
    }

    #[test]
    fn hidden_items_are_gone_from_older_sessions_only() {
        let sessions: Vec<Vec<u32>> =
            (0..50).map(|n| (0..40).map(|k| (n + k) % 40).collect()).collect();
        let mut log = sequences(40, &sessions);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let weights = (0..log.steps.len()).map(|at| at as f32).collect();
        log.weights = weights;
        let told =
            described(
                &log,
                |item| if item < 30 { format!("cup {}", item % 3) } else { String::new() },
            );
        let left = hide(&log, &told, log.starts[45], &mut Rng::new(3));
        let stands = |from: usize, to: usize, item: u32| {
            left.steps[left.starts[from]..left.starts[to]].iter().any(|step| step.item == item)
        };
        let hidden: Vec<u32> = (0..40).filter(|&item| !stands(0, 45, item)).collect();
        assert!((1..8).contains(&hidden.len()), "{hidden:?}");
        assert!(hidden.iter().all(|&item| item < 30 && stands(45, 50, item)), "{hidden:?}");
        let stays = |at: &usize| *at >= log.starts[45] || !hidden.contains(&log.steps[*at].item);
        let (steps, weights): (Vec<StepRow>, Vec<f32>) =
            (0..log.steps.len()).filter(stays).map(|at| (log.steps[at], log.weights[at])).unzip();
        assert_eq!((left.steps, left.weights), (steps, weights), "each step keeps its weight");
    }

    #[test]
    fn what_came_with_their_like_leads_to_newcomers() {
        // 2 is new and described like 1; 0 comes right before 1, 4 two steps before it.
        let mut sessions = vec![vec![0, 1]; 5];
        sessions.extend(vec![vec![4, 3, 1]; 5]);
        sessions.push(vec![5, 1]);
        let log = sequences(7, &sessions);
        let title =
            |item: usize| ["red pot", "cup", "cup", "lamp", "lamp", "red pot", "lamp"][item].into();
        let told = described(&log, title);
        let new = newcomers(Some(&told), &log.counts());
        assert_eq!(new, [false, false, true, false, false, false, true]);
        let mut only = vec![false; 7];
        only[2] = true;
        let rows = told.features.as_ref().unwrap();
        let lists = carried(&log, usize::MAX, (rows, &only), 5);
        let found: Vec<(usize, u32)> =
            (0..7).flat_map(|at| lists[at].iter().map(move |x| (at, x.0))).collect();
        assert_eq!(
            found,
            [(0, 2), (3, 2), (4, 2)],
            "5 stands on one session, 1 is the like itself"
        );
        let ratio = lists[0][0].1 / lists[4][0].1;
        assert!((ratio - 2.0_f32.powf(0.25)).abs() < 1e-5, "{ratio}");
        let mean = (lists[0][0].1 + lists[3][0].1 + lists[4][0].1) / 3.0;
        assert!((mean - MEAN).abs() < 1e-6, "{mean}");
        assert!(carried(&log, usize::MAX, (rows, &only), 6).iter().all(Vec::is_empty));
    }

    /// Twelve groups of six items; visits stay in a group; the last item of each is new.
    fn groups() -> (Sequences, Content) {
        let mut rng = Rng::new(6);
        let item =
            |session: u32, rng: &mut Rng| session % 12 * 6 + u32::try_from(rng.below(5)).unwrap();
        let visit = |session: u32| (0..5).map(|_| item(session, &mut rng)).collect();
        let log = sequences(72, &(0..1500).map(visit).collect::<Vec<Vec<u32>>>());
        let told = described(&log, |item| format!("thing{} of{}", item / 6, item / 6));
        (log, told)
    }

    fn fitted(settings: Settings) -> Fitted {
        let (log, told) = groups();
        fit(
            &log,
            Some(&told),
            &Settings { dim: 16, epochs: Some(4), threads: 2, ..settings },
            &Unwatched,
        )
    }

    /// How far the biases of the newcomers stand above those of the others, in the mean.
    fn lead(fitted: &Fitted) -> f32 {
        let biases = &fitted.factors.as_ref().unwrap().biases;
        let mean = |new: bool| {
            let of: Vec<f32> =
                (0..72).filter(|item| (item % 6 == 5) == new).map(|item| biases[item]).collect();
            of.iter().sum::<f32>() / if new { 12.0 } else { 60.0 }
        };
        mean(true) - mean(false)
    }

    #[test]
    fn a_rehearsal_with_hidden_items_teaches_how_often_newcomers_are_come_to() {
        let none = fitted(Settings { exposure: 0.0, ..Settings::default() });
        let some = fitted(Settings { exposure: 0.5, ..Settings::default() });
        assert!(none.weighed);
        // Hidden items were as good as any of their group.
        assert!(lead(&none).abs() < 0.7, "{}", lead(&none));
        assert!(lead(&some) > lead(&none), "{}, {}", lead(&some), lead(&none));
    }
}
