//! Models in pieces: a root that serves alone, and shards of further items that join it.
//!
//! *Input → output:* a model file → a root and shards ([`Source`]); a root and a shard → a model
//! that also ranks the shard's items ([`Model::join`](super::Model::join)).
//!
//! A shard is a *group* of clusters that lie far apart, or a *lookup*: the items whose ids share
//! the first bits of their hash, for an item that the shopper is on and the model lacks. What
//! joins has the very numbers of the whole file, so it scores what it scores there.

mod cut;
mod directory;
mod join;

pub use cut::Source;
pub use directory::{Directory, DirectoryParts, Shard, lookup_of};

use crate::types::ItemIx;
use std::ops::Range;

/// What a model knows of its shards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shards {
    pub(super) directory: Directory,
    /// Whether each shard has joined, groups before lookups.
    joined: Vec<bool>,
    /// The items that came with each.
    rows: Vec<Range<usize>>,
}

impl Shards {
    pub(super) fn of(directory: Directory) -> Self {
        let joined = vec![false; directory.n_shards()];
        Self { directory, joined, rows: Vec::new() }
    }

    /// How many items came with shards.
    pub(super) fn n_items(&self) -> usize {
        self.rows.iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether an item came with a shard.
    pub(super) fn holds(&self, item: ItemIx) -> bool {
        self.rows.iter().any(|rows| rows.contains(&item.at()))
    }
}
