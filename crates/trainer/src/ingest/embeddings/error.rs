use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use crate::ingest::IngestError;

/// Why vectors cannot be imported. The text names the file, where it can the row, and the
/// fix.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmbeddingsError {
    /// The file cannot be opened or read.
    File(IngestError),
    /// The file is neither `.npy` nor Parquet.
    OtherKind {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The header of a `.npy` file is damaged, or tells of an array that is not read.
    Header {
        /// The file as it was named.
        path: PathBuf,
        /// What is wrong, and the fix.
        why: String,
    },
    /// A `.npy` file is shorter or longer than its header says.
    Length {
        /// The file as it was named.
        path: PathBuf,
        /// Bytes behind the header, by its shape.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// A Parquet file lacks a column, or has several that could be meant.
    Columns {
        /// The file as it was named.
        path: PathBuf,
        /// What is wrong, and the fix.
        why: String,
    },
    /// There is no file of ids for a `.npy` file.
    NoIds {
        /// The file of vectors.
        path: PathBuf,
        /// Where the ids were looked for.
        looked: PathBuf,
    },
    /// A file of ids is given for a Parquet file, which has its own.
    IdsTwice {
        /// The file of vectors.
        path: PathBuf,
        /// The file of ids.
        ids: PathBuf,
    },
    /// There are not as many ids as vectors.
    IdCount {
        /// The file of ids.
        path: PathBuf,
        /// How many ids it holds.
        ids: usize,
        /// How many vectors there are.
        rows: usize,
    },
    /// One row, or one line of the ids, is not usable.
    Row {
        /// The file as it was named.
        path: PathBuf,
        /// The row or line, from 1.
        row: u64,
        /// What is wrong with it, and the fix.
        why: String,
    },
    /// There is not one vector, or vectors have no coordinate.
    NoVectors {
        /// The file as it was named.
        path: PathBuf,
    },
}

impl fmt::Display for EmbeddingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::OtherKind { path } => write!(
                f,
                "{}: this is neither a .npy file nor Parquet; save the vectors with numpy.save, \
                 or as Parquet with the columns item_id and embedding",
                path.display()
            ),
            Self::Header { path, why } | Self::Columns { path, why } => {
                write!(f, "{}: {why}", path.display())
            }
            Self::Length { path, expected, found } => write!(
                f,
                "{}: the header tells of {expected} bytes of vectors and {found} are there; the \
                 file was cut off or changed, save it again",
                path.display()
            ),
            Self::NoIds { path, looked } => write!(
                f,
                "{}: the ids of the vectors are missing: write them one a line, in the order of \
                 the rows, to {}, or name the file with --embedding-ids",
                path.display(),
                looked.display()
            ),
            Self::IdsTwice { path, ids } => write!(
                f,
                "{}: a Parquet file has its ids in the column item_id; leave out --embedding-ids \
                 {}",
                path.display(),
                ids.display()
            ),
            Self::IdCount { path, ids, rows } => write!(
                f,
                "{}: {ids} ids for {rows} vectors; write one id a line, in the order of the rows",
                path.display()
            ),
            Self::Row { path, row, why } => write!(f, "{}:{row}: {why}", path.display()),
            Self::NoVectors { path } => write!(f, "{}: there is no vector in it", path.display()),
        }
    }
}

impl Error for EmbeddingsError {}
