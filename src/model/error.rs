use super::layout::Section;
use std::fmt;

/// Why bytes are not a model this engine can serve.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The first bytes are not those of a model file.
    NotAModel,
    /// Written in a format this engine does not know yet.
    Newer {
        /// The file's version.
        version: u16,
        /// The newest version this engine reads.
        supported: u16,
    },
    /// The file says it is longer than it is.
    Truncated {
        /// Bytes the header promises.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// More bytes than the header promises.
    TrailingBytes {
        /// Bytes the header promises.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// The bytes are not those that were written.
    Checksum,
    /// The table of sections does not describe the file.
    Table(&'static str),
    /// A section this engine cannot serve without is not there.
    MissingSection(Section),
    /// A section's content breaks one of its rules.
    Corrupt {
        /// Which section.
        section: Section,
        /// The rule that is broken.
        rule: &'static str,
    },
}

impl ModelError {
    /// A broken rule of one section.
    pub(super) fn corrupt(section: Section, rule: &'static str) -> Self {
        Self::Corrupt { section, rule }
    }

    /// The stable word for it, for example `model/checksum`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAModel => "model/not-a-model",
            Self::Newer { .. } => "model/newer-version",
            Self::Truncated { .. } => "model/truncated",
            Self::TrailingBytes { .. } => "model/trailing-bytes",
            Self::Checksum => "model/checksum",
            Self::Table(_) => "model/table",
            Self::MissingSection(_) => "model/missing-section",
            Self::Corrupt { .. } => "model/corrupt",
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAModel => f.write_str("this is not a Mercer model file"),
            Self::Newer { version, supported } => write!(
                f,
                "the model is format version {version}, this engine reads up to {supported}: \
                 update the `mercer` package"
            ),
            Self::Truncated { expected, found } => {
                write!(f, "the model should be {expected} bytes long, only {found} are there")
            }
            Self::TrailingBytes { expected, found } => {
                write!(f, "the model should be {expected} bytes long, but {found} are there")
            }
            Self::Checksum => f.write_str("the model's bytes were changed after it was written"),
            Self::Table(rule) => write!(f, "the model's section table is broken: {rule}"),
            Self::MissingSection(section) => {
                write!(f, "the model has no section of {}", section.name())
            }
            Self::Corrupt { section, rule } => {
                write!(f, "the model's section of {} is broken: {rule}", section.name())
            }
        }
    }
}

impl std::error::Error for ModelError {}

/// Why parts cannot be written as a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartsError {
    /// There is nothing to recommend.
    NoItems,
    /// There are neither factors nor neighbours.
    NothingToRankBy,
    /// A lexicon or a content map, and no factors that it could lead to.
    NoFactors,
    /// The item ids, or the features of a lexicon, are not in strictly ascending order; the position of the first that
    /// is not.
    UnsortedItems(usize),
    /// An item id is empty or longer than [`crate::types::MAX_ID_BYTES`]; its position.
    ItemId(usize),
    /// A part has not the length the others ask for.
    Length {
        /// Which part.
        part: &'static str,
        /// The length it should have.
        expected: usize,
        /// The length it has.
        found: usize,
    },
    /// The dimension is not a multiple of 16 up to [`super::MAX_DIM`].
    Dim(usize),
    /// The number of steps is not 1 to [`super::MAX_STEPS`].
    Steps(usize),
    /// A number is not finite, or too large to be a weight.
    Weight(&'static str),
    /// A code is larger than its width allows; the item's position.
    Code(usize),
    /// The words of an item do not spell its vector; its position.
    Words(usize),
    /// A field of the attributes has a name or a value that a file cannot hold; its position.
    Field(usize),
    /// A weight is of a signal that the engine does not know; its position.
    Signal(usize),
    /// An item's neighbours are not ascending, too many, or none of the items; its position.
    Neighbours(usize),
}

impl fmt::Display for PartsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoItems => f.write_str("a model needs at least one item"),
            Self::NothingToRankBy => f.write_str("a model needs factors or neighbours"),
            Self::NoFactors => f.write_str("a lexicon or content map needs factors to lead to"),
            Self::UnsortedItems(at) => write!(f, "item ids are not ascending at position {at}"),
            Self::ItemId(at) => {
                write!(f, "the item id at position {at} is empty or longer than 256 bytes")
            }
            Self::Length { part, expected, found } => {
                write!(f, "{part} should have length {expected}, has {found}")
            }
            Self::Dim(dim) => write!(
                f,
                "the dimension must be a multiple of 16 up to {}, not {dim}",
                super::MAX_DIM
            ),
            Self::Steps(steps) => {
                write!(f, "a session is read over 1 to {} steps, not {steps}", super::MAX_STEPS)
            }
            Self::Weight(part) => write!(f, "{part} holds a number that is not a usable weight"),
            Self::Code(at) => write!(f, "item {at} has a code outside its width"),
            Self::Words(at) => write!(f, "the words of item {at} do not spell its vector"),
            Self::Field(at) => write!(
                f,
                "field {at} has a name that is not 1 to {} bytes long, no terms, a term that is \
                 not 1 to 256 bytes long, more than 255 terms an item, or an infinite number",
                super::MAX_FIELD_BYTES
            ),
            Self::Signal(at) => write!(f, "the weight at position {at} is of no known signal"),
            Self::Neighbours(at) => write!(
                f,
                "the neighbours of item {at} are not ascending, more than {}, or not in the model",
                super::MAX_NEIGHBOURS
            ),
        }
    }
}

impl std::error::Error for PartsError {}
