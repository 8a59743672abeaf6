//! Vectors of items that another model made: `.npy` with its ids beside it, or Parquet.

mod error;
mod ids;
mod npy;
mod table;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use ndarray::{Array2, ArrayView1};

use super::IngestError;
use super::intern::Interner;

pub use error::EmbeddingsError;

/// One vector an item, as it was imported.
#[derive(Debug)]
pub struct Embeddings {
    ids: Interner,
    /// `[n_ids, dim]`, finite.
    vectors: Array2<f32>,
}

impl Embeddings {
    /// Coordinates a vector; at least 1.
    pub fn dim(&self) -> usize {
        self.vectors.ncols()
    }

    /// The number of vectors; at least 1.
    pub fn len(&self) -> usize {
        self.vectors.nrows()
    }

    /// Never: a file without vectors is refused.
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// The vector of an item, `[dim]`.
    pub fn find(&self, id: &str) -> Option<ArrayView1<'_, f32>> {
        self.ids.find(id).map(|at| self.vectors.row(at as usize))
    }
}

/// Reads vectors from a `.npy` file (two dimensions; `f16`, `f32` or `f64`, little-endian) or
/// a Parquet file (`item_id`, and a column of lists or columns `e0`, `e1`, …); its first bytes
/// say which it is.
///
/// The ids of a `.npy` file stand in a text file, one a line in the order of the rows: `ids`,
/// or `NAME.ids.txt` beside `NAME.npy`. A Parquet file has its ids inside.
///
/// # Errors
/// An [`EmbeddingsError`] if
/// - a file is not there or cannot be read, or is of another kind;
/// - the header of a `.npy` file is damaged, or the file is shorter or longer than it says;
/// - ids are missing, empty, too long or there twice, or are more or fewer than the rows;
/// - a number is not finite, or a row has more or fewer than the first;
/// - there is no vector, or `ids` is given for a Parquet file.
pub fn read_embeddings(path: &Path, ids: Option<&Path>) -> Result<Embeddings, EmbeddingsError> {
    let mut file = open(path)?;
    let mut head = Vec::new();
    let io_error = |error| EmbeddingsError::File(IngestError::from_io(path, &error));
    (&mut file).take(6).read_to_end(&mut head).map_err(io_error)?;
    if head == npy::MAGIC {
        let vectors = npy::read(path, file)?;
        let ids = ids::read(path, ids, vectors.nrows())?;
        return Ok(Embeddings { ids, vectors });
    }
    if !head.starts_with(b"PAR1") {
        return Err(EmbeddingsError::OtherKind { path: path.to_path_buf() });
    }
    match ids {
        Some(ids) => Err(EmbeddingsError::IdsTwice { path: path.into(), ids: ids.into() }),
        None => table::read(path),
    }
}

/// Opens a file and refuses a folder.
fn open(path: &Path) -> Result<File, EmbeddingsError> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    match opened {
        Ok((metadata, _)) if metadata.is_dir() => {
            Err(EmbeddingsError::File(IngestError::Directory { path: path.to_path_buf() }))
        }
        Ok((_, file)) => Ok(file),
        Err(error) => Err(EmbeddingsError::File(IngestError::from_io(path, &error))),
    }
}

#[cfg(test)]
mod tests;
