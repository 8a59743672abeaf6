//! The constants of the file format, once. Specification: `docs/model-format.md`.

/// First bytes of every model file. The first is no ASCII, the last a line feed: a transfer
/// that mends line ends or drops the high bit breaks them.
pub(super) const MAGIC: [u8; 8] = *b"\x89MERCER\n";

/// The format version this engine writes, and the newest it reads.
pub const VERSION: u16 = 1;

/// Bytes of the header: magic, version, section count, flags, file length, checksum.
pub(super) const HEADER_BYTES: usize = 32;

/// Where the checksum stands in the header.
pub(super) const CHECKSUM_AT: usize = 24;

/// Bytes of one entry of the section table: kind, zero, offset, length.
pub(super) const ENTRY_BYTES: usize = 24;

/// Every section starts at a multiple of this; the gap before it is zeros.
pub(super) const ALIGN: usize = 8;

/// A reader skips a section it does not know if this bit of its kind is set.
pub(super) const OPTIONAL: u32 = 1 << 31;

/// The most sections a file may have.
pub(super) const MAX_SECTIONS: usize = 64;

/// The largest dimension of the item vectors.
pub const MAX_DIM: usize = 512;

/// How many bits a coordinate spelt vectors may have: each byte of them spells eight coordinates
/// or fewer, so that no file takes more than eight times its bytes in memory.
pub(super) const SPELT_BITS: std::ops::RangeInclusive<u8> = 1..=3;

/// How many codes of a byte spell a vector at so many bits a coordinate.
pub(super) fn n_pieces(dim: usize, bits: u8) -> usize {
    (dim >> 3).saturating_mul(usize::from(bits))
}

/// The most steps an encoder may read.
pub const MAX_STEPS: usize = 64;

/// The largest weight in a file. Products of a few such numbers stay finite.
pub(super) const MAX_WEIGHT: f32 = 1e6;

/// The most neighbours an item may have.
pub const MAX_NEIGHBOURS: usize = 255;

/// How many clusters share a group at least: so many interests ask for the same file.
pub const MIN_COVER: usize = 8;

/// The most bits of an id's hash that name a lookup file.
pub(super) const MAX_LOOKUP_BITS: u8 = 16;

/// Bytes of a shard's SHA-256 that the directory holds.
pub const HASH_BYTES: usize = 16;

/// The most coordinates an imported embedding may have.
pub const MAX_INPUT: usize = 8192;

/// The sections of a model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Section {
    /// What the file says of itself: JSON for people and tools, not read by the engine.
    About,
    /// The shop's ids, in ascending order of their bytes.
    Items,
    /// The item vectors, 4 or 8 bits a coordinate.
    Vectors,
    /// One bias an item.
    Biases,
    /// The session encoder's weights.
    Encoder,
    /// How popular each item is.
    Popularity,
    /// The item vectors, spelt with words of small codebooks, in place of their codes.
    Spelt,
    /// For each item a few others that go with it.
    Neighbours,
    /// One length an item vector.
    Lengths,
    /// What folds a session into the item vectors, in place of an encoder.
    FoldIn,
    /// How much single signals count.
    Signals,
    /// For each item others that are bought with it.
    Companions,
    /// What a moment says of categories, and which items are chosen more often lately.
    Priors,
    /// The words and properties of products, with a place each.
    Lexicon,
    /// The map from imported embeddings to item space.
    ContentMap,
    /// What the catalogue says of each item.
    Attributes,
    /// How the catalogue is read, for products that come later.
    Reading,
    /// Whose shard a file is, and which.
    Shard,
    /// Where the shards of a root file are, and what they are about.
    Directory,
    /// The same, where items name the group they send for.
    Groups,
    /// The group that each item sends for.
    Homes,
}

impl Section {
    /// Every section of this version, in the order they are written.
    pub const ALL: [Self; 21] = [
        Self::About,
        Self::Items,
        Self::Vectors,
        Self::Spelt,
        Self::Biases,
        Self::Encoder,
        Self::Popularity,
        Self::Neighbours,
        Self::Lengths,
        Self::FoldIn,
        Self::Signals,
        Self::Companions,
        Self::Priors,
        Self::Lexicon,
        Self::ContentMap,
        Self::Attributes,
        Self::Reading,
        Self::Shard,
        Self::Directory,
        Self::Groups,
        Self::Homes,
    ];

    /// The section's number in the file. What changes scores is required; what only serves
    /// to place new products, or to be asked for by name, is optional.
    pub(super) fn kind(self) -> u32 {
        match self {
            Self::About => 1,
            Self::Items => 2,
            Self::Vectors => 3,
            Self::Biases => 4,
            Self::Encoder => 5,
            Self::Popularity => 6,
            Self::Neighbours => 7,
            Self::Lengths => 8,
            Self::FoldIn => 9,
            Self::Signals => 10,
            Self::Companions => 11,
            Self::Priors => 12,
            Self::Spelt => 13,
            Self::Shard => 14,
            Self::Lexicon => OPTIONAL | 1,
            Self::ContentMap => OPTIONAL | 2,
            Self::Attributes => OPTIONAL | 3,
            Self::Reading => OPTIONAL | 4,
            Self::Directory => OPTIONAL | 5,
            Self::Groups => OPTIONAL | 6,
            Self::Homes => OPTIONAL | 7,
        }
    }

    /// What it holds, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Items => "item ids",
            Self::Vectors => "item vectors",
            Self::Spelt => "spelt item vectors",
            Self::Biases => "item biases",
            Self::Encoder => "encoder weights",
            Self::Popularity => "popularity",
            Self::Neighbours => "neighbours",
            Self::Lengths => "vector lengths",
            Self::FoldIn => "fold-in",
            Self::Signals => "signal weights",
            Self::Companions => "companions",
            Self::Priors => "priors",
            Self::Lexicon => "lexicon",
            Self::ContentMap => "content map",
            Self::Attributes => "attributes",
            Self::Reading => "reading",
            Self::Shard => "shard",
            Self::Directory => "directory of shards",
            Self::Groups => "directory of groups",
            Self::Homes => "homes",
        }
    }
}
