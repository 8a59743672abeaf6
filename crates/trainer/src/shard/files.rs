//! The files: cut to size, named by what is in them.

use super::cover;
use super::demand::{self, Surroundings};
use super::facts::{Facts, cover_of, facts_of};
use super::root::{left_out, names_left_out, root_rows};
use super::tree::{Cluster, clusters};
use mercer::model::{
    DirectoryParts, HASH_BYTES, MIN_COVER, Model, Section, Shard, Source, lookup_of,
};
use mercer::types::ItemIx;
use sha2::{Digest, Sha256};
use std::fmt;

/// The part of a cluster's bytes that its own items may take, one over this; the rest is for those
/// around it. The smaller, the better a group fits the interest that asked for it, and the more
/// groups there are.
const OWN_PART: usize = 6;
/// The most groups: a home is told in two bytes, and one number of theirs is no group.
const MAX_GROUPS: usize = 65_535;
/// How many of the lookups with the most items are cut to see whether they fit.
const FULLEST: usize = 8;
/// How often a file is cut anew to find how much it holds.
const CUTS: usize = 12;
/// What an item's home takes in a file.
const HOME_BYTES: usize = 2;
/// The most bits of a hash that name a lookup.
const MAX_LOOKUP_BITS: u8 = 16;

/// How large files may be, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The root.
    pub root: usize,
    /// A group.
    pub group: usize,
    /// A lookup.
    pub lookup: usize,
}

/// Why a model cannot be sharded so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShardError {
    /// All of its items fit the root.
    Small,
    /// There are too few items for eight clusters, or too many for 65,535 groups of eight.
    Clusters(usize),
    /// The root has no room for a single item: what it holds beside items, in bytes.
    Root(usize),
    /// The items of eight clusters do not fit a group.
    Group,
    /// Lookups told apart by 16 bits are too large still.
    Lookup,
}

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small => f.write_str("its items fit the root: serve the model as it is"),
            Self::Clusters(n) => write!(
                f,
                "its items make {n} clusters, and 8 to {} are needed; change --group-bytes",
                MAX_GROUPS * MIN_COVER
            ),
            Self::Root(bytes) => write!(
                f,
                "what the root holds beside items takes {bytes} bytes; raise --root-bytes, or raise \
                 --group-bytes, which makes fewer clusters"
            ),
            Self::Group => f.write_str("a group does not hold its clusters; raise --group-bytes"),
            Self::Lookup => f.write_str("too many items for such lookups; raise --lookup-bytes"),
        }
    }
}

impl std::error::Error for ShardError {}

/// A sharded model.
#[derive(Debug, Clone, PartialEq)]
pub struct Sharded {
    /// The root, a model file.
    pub root: Vec<u8>,
    /// The shards with their names.
    pub shards: Vec<(String, Vec<u8>)>,
    /// What it came to.
    pub facts: Facts,
}

/// A group before it is cut.
struct Plan {
    /// The items of its clusters.
    own: Vec<ItemIx>,
    /// What each of its clusters sends for beside them, most wanted first.
    wanted: Vec<Vec<ItemIx>>,
}

/// Cuts a model into a root and shards; `progress` is told of each cluster and group that is done,
/// from any thread.
///
/// # Errors
/// A [`ShardError`].
///
/// # Panics
/// If a thread panics, which none does.
pub fn shard(
    source: Source<'_>,
    limits: Limits,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Sharded, ShardError> {
    let model = source.model();
    let factors = model.factors().expect("a source has vectors");
    let of_a_cluster = limits.group * model.n_items() / bytes_of_items(model) / MIN_COVER;
    let clusters = clusters(factors, (of_a_cluster / OWN_PART).max(1));
    let n_clusters = clusters.len();
    if !(MIN_COVER..=MAX_GROUPS * MIN_COVER).contains(&n_clusters) {
        return Err(ShardError::Clusters(n_clusters));
    }
    let masses: Vec<f64> = clusters.iter().map(|cluster| mass(model, cluster)).collect();
    let groups = cover::groups(&masses);
    let n_groups = groups.iter().max().map_or(0, |&last| usize::from(last) + 1);
    let surroundings = Surroundings::of(model, factors, &clusters);
    let wanted = in_parallel(&clusters, &|cluster| {
        progress(1);
        surroundings.demand(cluster)
    });
    let homes = homes(&clusters, &groups, model.n_items());
    let source = &source.with_homes(homes);
    let model = source.model();
    let mut parts = DirectoryParts {
        set: set_of(source, limits),
        lookup_bits: lookup_bits(source, limits.lookup).ok_or(ShardError::Lookup)?,
        covers: covers(&groups, n_groups),
        ..DirectoryParts::default()
    };
    let leave = left_out(model, limits.root);
    parts.hashes = vec![[0; HASH_BYTES]; n_groups + (1 << parts.lookup_bits)];
    let (in_root, order) = root_rows(source, &parts, &leave, limits.root)?;
    if order.len() == model.n_items() {
        return Err(ShardError::Small);
    }
    let plans = plans(&clusters, wanted, &groups, &in_root);
    let mut files = cut_groups(source, &plans, &parts, limits.group, progress)?;
    let lookups = cut_lookups(source, &mut parts, &in_root, limits.lookup)?;
    let (of_groups, of_lookups) = (facts_of(&files), facts_of(&lookups));
    files.extend(lookups);
    parts.hashes = files.iter().map(|(_, file, _)| hash(file)).collect();
    let (root, order) = (source.root(&order, &parts, &leave), order.len());
    let read = Model::read(&root).expect("a root that was cut can be read");
    let directory = read.directory().expect("it was cut with one");
    let name = |shard| directory.file(shard).expect("every shard has a hash");
    let facts = Facts {
        items: model.n_items(),
        root_items: order,
        root_bytes: root.len(),
        directory_bytes: section_bytes(&read, Section::Groups)
            + section_bytes(&read, Section::Homes),
        clusters: n_clusters,
        groups: of_groups,
        lookups: of_lookups,
        cover: cover_of(&clusters, &masses, &groups, n_groups),
        left_out: names_left_out(model, &leave),
    };
    let shards = files.into_iter().map(|(shard, file, _)| (name(shard), file)).collect();
    Ok(Sharded { root, shards, facts })
}

fn mass(model: &Model, cluster: &Cluster) -> f64 {
    cluster.items.iter().map(|&item| demand::weight(model, item)).sum()
}

pub(super) fn section_bytes(model: &Model, section: Section) -> usize {
    let found = model.section_bytes().iter().find(|(other, _)| *other == section);
    found.map_or(0, |(_, bytes)| *bytes)
}

/// What the rows of all items take in shards, about.
fn bytes_of_items(model: &Model) -> usize {
    let of_items = [
        Section::Items,
        Section::Vectors,
        Section::Biases,
        Section::Popularity,
        Section::Lengths,
        Section::Attributes,
    ];
    let bytes: usize = of_items.iter().map(|&section| section_bytes(model, section)).sum();
    let bytes = bytes + HOME_BYTES * model.n_items();
    let is_spelt = section_bytes(model, Section::Spelt) > 0;
    let a_row = if is_spelt { model.dim() * usize::from(model.bits()) / 8 } else { 0 };
    bytes + a_row * model.n_items()
}

/// The group of the cluster of each item, `[n_items]`.
fn homes(clusters: &[Cluster], groups: &[u16], n_items: usize) -> Vec<u16> {
    let mut homes = vec![0; n_items];
    for (cluster, &group) in clusters.iter().zip(groups) {
        cluster.items.iter().for_each(|item| homes[item.at()] = group);
    }
    homes
}

/// How many clusters each group is of.
fn covers(groups: &[u16], n_groups: usize) -> Vec<u8> {
    let mut covers = vec![0; n_groups];
    for &group in groups {
        covers[usize::from(group)] += 1;
    }
    covers
}

/// What `work` makes of each, in order, on all threads.
fn in_parallel<T: Sync, U: Send>(all: &[T], work: &(dyn Fn(&T) -> U + Sync)) -> Vec<U> {
    let n_threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = all.len().div_ceil(n_threads).max(1);
    let done: Vec<Vec<U>> = std::thread::scope(|scope| {
        let threads: Vec<_> = all
            .chunks(part)
            .map(|chunk| scope.spawn(move || chunk.iter().map(work).collect()))
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    done.into_iter().flatten().collect()
}

fn plans(
    clusters: &[Cluster],
    wanted: Vec<Vec<ItemIx>>,
    groups: &[u16],
    in_root: &[bool],
) -> Vec<Plan> {
    let n_groups = groups.iter().max().map_or(0, |&last| usize::from(last) + 1);
    let mut plans: Vec<Plan> =
        (0..n_groups).map(|_| Plan { own: Vec::new(), wanted: Vec::new() }).collect();
    let is_elsewhere = |item: &ItemIx| !in_root[item.at()];
    for ((cluster, wanted), &group) in clusters.iter().zip(wanted).zip(groups) {
        let plan = &mut plans[usize::from(group)];
        plan.own.extend(cluster.items.iter().filter(|item| is_elsewhere(item)));
        plan.wanted.push(wanted.into_iter().filter(is_elsewhere).collect());
    }
    plans
}

impl Plan {
    /// The items of its clusters, and the first `n` that each sends for.
    fn rows(&self, n: usize) -> Vec<ItemIx> {
        let mut rows = self.own.clone();
        rows.extend(self.wanted.iter().flat_map(|wanted| wanted.iter().take(n)));
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// A shard's file and how many items it holds.
pub(super) type Cut = (Shard, Vec<u8>, usize);

fn cut_groups(
    source: &Source<'_>,
    plans: &[Plan],
    parts: &DirectoryParts,
    limit: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Cut>, ShardError> {
    let numbered: Vec<(u32, &Plan)> = (0..).zip(plans).collect();
    let cut = |&(number, plan): &(u32, &Plan)| {
        let shard = Shard::Group(number);
        let file = |n: usize| {
            let rows = plan.rows(n);
            (shard, source.shard(&rows, parts.set, shard), rows.len())
        };
        let cut = fullest(limit, plan.wanted.iter().map(Vec::len).max().unwrap_or(0), file);
        progress(MIN_COVER);
        cut.filter(|(_, _, n_items)| *n_items > 0).ok_or(ShardError::Group)
    };
    in_parallel(&numbered, &cut).into_iter().collect()
}

/// The largest file within the limit of those that hold from 0 to `most` more a cluster.
fn fullest(limit: usize, most: usize, file: impl Fn(usize) -> Cut) -> Option<Cut> {
    let mut best = Some(file(0)).filter(|cut| cut.1.len() <= limit)?;
    let (mut low, mut high) = (0, most + 1);
    for _ in 0..CUTS {
        if low + 1 >= high {
            break;
        }
        let middle = low.midpoint(high);
        let cut = file(middle);
        if cut.1.len() <= limit {
            (low, best) = (middle, cut);
        } else {
            high = middle;
        }
    }
    Some(best)
}

/// How few bits tell lookups apart so that the fullest of them are within the limit.
fn lookup_bits(source: &Source<'_>, limit: usize) -> Option<u8> {
    let model = source.model();
    let fits = |bits: u8| {
        let mut lookups: Vec<Vec<ItemIx>> = vec![Vec::new(); 1 << bits];
        for item in (0..model.n_items()).map(ItemIx::from_usize) {
            lookups[lookup_of(model.item_id(item), bits) as usize].push(item);
        }
        lookups.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
        let size = |rows: &Vec<ItemIx>| source.shard(rows, 0, Shard::Lookup(0)).len();
        lookups.iter().take(FULLEST).all(|rows| size(rows) <= limit)
    };
    let could_fit = |bits: &u8| limit << bits >= bytes_of_items(model);
    (0..=MAX_LOOKUP_BITS).filter(could_fit).find(|&bits| fits(bits))
}

/// The lookups, told apart by as many bits as they need.
fn cut_lookups(
    source: &Source<'_>,
    parts: &mut DirectoryParts,
    in_root: &[bool],
    limit: usize,
) -> Result<Vec<Cut>, ShardError> {
    let model = source.model();
    let mut lookups: Vec<Vec<ItemIx>> = vec![Vec::new(); 1 << parts.lookup_bits];
    for item in (0..model.n_items()).map(ItemIx::from_usize).filter(|item| !in_root[item.at()]) {
        lookups[lookup_of(model.item_id(item), parts.lookup_bits) as usize].push(item);
    }
    let mut cuts = Vec::with_capacity(lookups.len());
    for (number, rows) in (0..).zip(&lookups) {
        let shard = Shard::Lookup(number);
        let file = source.shard(rows, parts.set, shard);
        if rows.is_empty() || file.len() > limit {
            return Err(ShardError::Lookup);
        }
        cuts.push((shard, file, rows.len()));
    }
    Ok(cuts)
}

/// Stands in every shard: another model, or other sizes, have another.
fn set_of(source: &Source<'_>, limits: Limits) -> u64 {
    let mut sum = Sha256::new();
    sum.update(source.bytes());
    // Until here clusters were named by their centroids.
    sum.update(b"homes");
    for size in [limits.root, limits.group, limits.lookup] {
        sum.update((size as u64).to_le_bytes());
    }
    let sum = sum.finalize();
    u64::from_le_bytes(sum[..8].try_into().expect("eight bytes"))
}

fn hash(file: &[u8]) -> [u8; HASH_BYTES] {
    Sha256::digest(file)[..HASH_BYTES].try_into().expect("a SHA-256 is longer")
}
