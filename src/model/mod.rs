//! What did the trainer know? The model file: layout, writer and total reader, in one place.
//!
//! *Input → output:* bytes → [`Model`]; [`ModelParts`] → bytes.
//!
//! **Architecture Invariant:** no bytes, however hostile, make the reader panic, read out of
//! bounds, loop, or allocate out of proportion to the file. The specification is
//! `docs/model-format.md`.

mod attributes;
mod content;
mod cursor;
mod encoder;
mod error;
mod factors;
mod gain;
mod ids;
mod later;
mod layout;
mod live;
mod neighbours;
mod numbers;
mod parts;
mod priors;
mod read;
mod rule;
mod sections;
mod shards;
mod signals;
pub mod words;
mod write;

pub use attributes::{Attributes, Column, MAX_FIELD_BYTES, MAX_FIELDS, Terms};
pub use content::{Content, ContentMap, Lexicon};
pub use encoder::{Encoder, N_DWELL_BUCKETS, dwell_bucket};
pub use error::{ModelError, PartsError};
pub use factors::Factors;
pub use layout::{
    HASH_BYTES, MAX_DIM, MAX_INPUT, MAX_NEIGHBOURS, MAX_STEPS, MIN_COVER, Section, VERSION,
};
pub use live::{Change, ItemError, MAX_ADDED, NewItem, Value};
pub use neighbours::Neighbours;
pub use parts::{
    ContentMapParts, FactorParts, LexiconParts, ModelParts, NeighbourParts, PriorParts, WordParts,
};
pub use priors::{Context, MAX_CATEGORIES, Priors};
pub use read::Model;
pub use rule::{FoldIn, InterestRule};
pub use shards::{Directory, DirectoryParts, Shard, Source, lookup_of};
pub use signals::Signals;
pub use write::write;
