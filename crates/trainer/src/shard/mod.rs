//! One model file as a small root and shards: clusters of the item space, put into groups that
//! hide which of them is wanted.
//!
//! *Input → output:* [`Source`](mercer::model::Source) → root, shards, and what they came to.

mod cover;
mod demand;
mod facts;
mod files;
mod root;
mod tree;

pub use facts::{Cover, Facts, Files};
pub use files::{Limits, ShardError, Sharded, shard};
