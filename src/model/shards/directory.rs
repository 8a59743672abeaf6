#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use crate::kernels::{CodeWidth, Scan, TopK, inverse_norm, quantise_i8};
use crate::model::cursor::Cursor;
use crate::model::factors::check_dim;
use crate::model::layout::{HASH_BYTES, MAX_LOOKUP_BITS, MIN_COVER};
use crate::model::numbers::{self, Rule};
use xxhash_rust::xxh64::xxh64;

/// Which shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shard {
    /// Clusters that lie far apart.
    Group(u32),
    /// The items whose ids share the first bits of their hash.
    Lookup(u32),
}

impl Shard {
    /// Its kind and its number, as a file holds them.
    pub(super) fn code(self) -> (u32, u32) {
        match self {
            Self::Group(number) => (0, number),
            Self::Lookup(number) => (1, number),
        }
    }
}

/// The lookup of an id where lookups are told apart by so many bits: the first bits of its
/// XXH64, seed 0.
pub fn lookup_of(id: &str, bits: u8) -> u32 {
    let rest = 64_u32.saturating_sub(bits.into());
    u32::try_from(xxh64(id.as_bytes(), 0).checked_shr(rest).unwrap_or(0)).unwrap_or(0)
}

/// What a directory is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryParts {
    /// Stands in every shard of the same making.
    pub set: u64,
    /// The width of `centroids`.
    pub bits: u8,
    /// How many bits of an id's hash name its lookup; 2 to this power is how many there are.
    pub lookup_bits: u8,
    /// Where each cluster lies, `[n_clusters, dim]`, row-major.
    pub centroids: Vec<i8>,
    /// The group of each cluster, `[n_clusters]`.
    pub groups: Vec<u16>,
    /// How many clusters each group is of, `[n_groups]`, where items name the group they send for;
    /// `centroids` and `groups` are empty there, and this is where they are not.
    pub covers: Vec<u8>,
    /// The first bytes of the SHA-256 of each shard, groups before lookups.
    pub hashes: Vec<[u8; HASH_BYTES]>,
}

const NARROW: Rule = "a group has fewer than eight clusters";
const LOOKUPS: Rule = "more than 16 bits name a lookup";

/// A hash a shard, to the end.
fn hashes(cursor: Cursor<'_>, n_groups: usize, bits: u8) -> Result<Vec<[u8; HASH_BYTES]>, Rule> {
    let n_shards = n_groups.saturating_add(1_usize.wrapping_shl(bits.into()));
    let (hashes, rest) = cursor.rest().as_chunks::<HASH_BYTES>();
    if hashes.len() != n_shards || !rest.is_empty() {
        return Err("not one hash a shard");
    }
    Ok(hashes.to_vec())
}

/// Where shards are, and what they are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Directory {
    parts: DirectoryParts,
    n_groups: usize,
    inverse_norms: Vec<f32>,
}

impl Directory {
    pub(in crate::model) fn read(mut cursor: Cursor<'_>, dim: usize) -> Result<Self, Rule> {
        let short = "it is cut short";
        let set = cursor.u64().ok_or(short)?;
        check_dim(usize::from(cursor.u16().ok_or(short)?), dim)?;
        let (bits, lookup_bits) = (cursor.u8().ok_or(short)?, cursor.u8().ok_or(short)?);
        let width = CodeWidth::from_bits(bits).ok_or("neither 4 nor 8 bits")?;
        if lookup_bits > MAX_LOOKUP_BITS {
            return Err(LOOKUPS);
        }
        let (n_clusters, n_groups) = (cursor.u16().ok_or(short)?, cursor.u16().ok_or(short)?);
        let (n_clusters, n_groups) = (usize::from(n_clusters), usize::from(n_groups));
        let n_codes = n_clusters.saturating_mul(dim);
        let n_bytes = n_codes.saturating_mul(usize::from(bits)).div_ceil(8);
        let codes = Cursor::new(cursor.take(n_bytes).ok_or(short)?);
        let centroids = numbers::codes(codes, width, n_codes).ok_or(short)?;
        if !numbers::within(&centroids, width) {
            return Err("a code is outside its width");
        }
        let mut groups = Vec::with_capacity(n_clusters);
        let mut covers = vec![0_usize; n_groups];
        for _ in 0..n_clusters {
            let group = cursor.u16().ok_or(short)?;
            let cover = covers.get_mut(usize::from(group)).ok_or("a cluster is of no group")?;
            *cover = cover.saturating_add(1);
            groups.push(group);
        }
        if n_groups == 0 || covers.iter().any(|&cover| cover < MIN_COVER) {
            return Err(NARROW);
        }
        let hashes = hashes(cursor, n_groups, lookup_bits)?;
        let inverse_norms = centroids.chunks_exact(dim).map(inverse_norm).collect();
        let covers = Vec::new();
        let parts = DirectoryParts { set, bits, lookup_bits, centroids, groups, covers, hashes };
        Ok(Self { parts, n_groups, inverse_norms })
    }

    /// That of a root whose items name the group they send for.
    pub(in crate::model) fn of_groups(mut cursor: Cursor<'_>) -> Result<Self, Rule> {
        let short = "it is cut short";
        let set = cursor.u64().ok_or(short)?;
        let n_groups = cursor.u16().map(usize::from).ok_or(short)?;
        let [lookup_bits, 0] = cursor.u16().ok_or(short)?.to_le_bytes() else {
            return Err("a reserved byte is set");
        };
        if lookup_bits > MAX_LOOKUP_BITS {
            return Err(LOOKUPS);
        }
        let covers = cursor.take(n_groups).ok_or(short)?.to_vec();
        if n_groups == 0 || covers.iter().any(|&cover| usize::from(cover) < MIN_COVER) {
            return Err(NARROW);
        }
        let hashes = hashes(cursor, n_groups, lookup_bits)?;
        let parts =
            DirectoryParts { set, lookup_bits, covers, hashes, ..DirectoryParts::default() };
        Ok(Self { parts, n_groups, inverse_norms: Vec::new() })
    }

    /// Whether items name the group they send for; otherwise what lies nearest is asked for.
    pub fn has_homes(&self) -> bool {
        !self.parts.covers.is_empty()
    }

    /// What it was made of.
    pub fn parts(&self) -> &DirectoryParts {
        &self.parts
    }

    /// How many groups there are.
    pub fn n_groups(&self) -> usize {
        self.n_groups
    }

    /// How many shards there are, groups and lookups.
    pub fn n_shards(&self) -> usize {
        self.parts.hashes.len()
    }

    /// The lookup of an id.
    pub fn lookup(&self, id: &str) -> Shard {
        Shard::Lookup(lookup_of(id, self.parts.lookup_bits))
    }

    /// The groups of the clusters nearest to a direction `[dim]`, nearest first; of a group
    /// that holds two of them the nearer counts. `among`: how many clusters are looked at.
    pub fn nearest(&self, direction: &[f32], among: usize) -> Vec<Shard> {
        let (query, step) = quantise_i8(direction);
        let mut sums = vec![0.0; self.inverse_norms.len()];
        let scan = Scan::new(&query, step, CodeWidth::Eight);
        scan.add(&self.parts.centroids, &self.inverse_norms, &mut sums);
        let mut top = TopK::new(among);
        for (at, sum) in (0..).zip(sums) {
            top.push(at, sum);
        }
        let mut groups = Vec::new();
        for (cluster, _) in top.into_sorted() {
            let group = self.parts.groups.get(cluster as usize).map_or(0, |&group| group.into());
            if !groups.contains(&Shard::Group(group)) {
                groups.push(Shard::Group(group));
            }
        }
        groups
    }

    /// The first bytes of the SHA-256 of a shard; `None` for one that is none of these.
    pub fn hash(&self, shard: Shard) -> Option<&[u8; HASH_BYTES]> {
        self.parts.hashes.get(self.place(shard)?)
    }

    /// The place of a shard among all.
    pub(super) fn place(&self, shard: Shard) -> Option<usize> {
        let (kind, number) = shard.code();
        let at = number as usize;
        let place = if kind == 0 { at } else { self.n_groups.saturating_add(at) };
        let end = if kind == 0 { self.n_groups } else { self.n_shards() };
        (place < end).then_some(place)
    }

    /// What a shard's file is called: its kind, its number and its hash, so that another making
    /// has other names and whoever fetches it can hold it against its name. `None` for one that is none of these.
    pub fn file(&self, shard: Shard) -> Option<String> {
        let hash = self.hash(shard)?;
        let (kind, number) = shard.code();
        let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digit = |digit: u8| char::from_digit(digit.into(), 16).unwrap_or('0');
        let mut name = String::from(if kind == 0 { "g" } else { "i" });
        name.push_str(&number.to_string());
        name.push('-');
        name.extend(digits.map(digit));
        name.push_str(".mercer");
        Some(name)
    }
}
