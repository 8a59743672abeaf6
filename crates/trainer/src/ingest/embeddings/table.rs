//! Vectors in Parquet: `item_id`, and a column of lists or columns `e0`, `e1`, ….

use std::path::Path;

use ::parquet::file::reader::FileReader;
use ::parquet::file::serialized_reader::SerializedFileReader;
use ::parquet::record::reader::RowIter;
use ::parquet::record::{Field, Row};
use ndarray::Array2;

use super::{Embeddings, EmbeddingsError, ids, open};
use crate::ingest::columns::{ColumnMap, Field as Ours, Table};
use crate::ingest::intern::Interner;
use crate::ingest::parquet::{append, guarded};
use crate::ingest::{IngestError, error::listed};

/// Where in a row the vector stands.
enum Layout {
    /// A column of lists.
    List(usize),
    /// A column a coordinate, in order.
    Spread(Vec<usize>),
}

/// Reads every row.
pub(super) fn read(path: &Path) -> Result<Embeddings, EmbeddingsError> {
    let parquet = |row, why| {
        EmbeddingsError::File(IngestError::Parquet { path: path.to_path_buf(), row, why })
    };
    let file = open(path)?;
    let reader = guarded(|| SerializedFileReader::new(file)).map_err(|why| parquet(0, why))?;
    let (id_at, layout) = columns(&reader, path)?;
    let mut rows =
        guarded(|| Ok(RowIter::from_file_into(Box::new(reader)))).map_err(|why| parquet(0, why))?;
    let (mut ids, mut numbers) = (Interner::default(), Vec::new());
    let (mut n_rows, mut dim, mut id) = (0, None, Vec::new());
    while let Some(row) = guarded(|| rows.next().transpose()).map_err(|why| parquet(n_rows, why))? {
        n_rows += 1;
        let refuse = |why| EmbeddingsError::Row { path: path.to_path_buf(), row: n_rows, why };
        id.clear();
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        append(&mut id, fields[id_at]).map_err(|why| refuse(why.to_owned()))?;
        let text =
            std::str::from_utf8(&id).map_err(|_| refuse("the id is not UTF-8".to_owned()))?;
        ids::add(&mut ids, text.trim(), (path, n_rows))?;
        let before = numbers.len();
        layout.append(&row, &mut numbers).map_err(refuse)?;
        let found = numbers.len() - before;
        let dim = *dim.get_or_insert(found);
        if found != dim {
            let why = format!("the vector has {found} coordinates, the first has {dim}");
            return Err(refuse(why));
        }
    }
    let n_rows = usize::try_from(n_rows).unwrap_or(usize::MAX);
    match dim {
        Some(dim) if dim > 0 => {
            let vectors = Array2::from_shape_vec((n_rows, dim), numbers);
            Ok(Embeddings { ids, vectors: vectors.expect("a vector of `dim` for each row") })
        }
        _ => Err(EmbeddingsError::NoVectors { path: path.to_path_buf() }),
    }
}

fn columns(
    reader: &SerializedFileReader<std::fs::File>,
    path: &Path,
) -> Result<(usize, Layout), EmbeddingsError> {
    let schema = reader.metadata().file_metadata().schema().get_fields();
    let names: Vec<String> = schema.iter().map(|field| field.name().to_owned()).collect();
    let refuse = |why| EmbeddingsError::Columns { path: path.to_path_buf(), why };
    let resolved = ColumnMap::default().resolve(Table::Catalog, &names, path);
    let id = resolved.map_err(EmbeddingsError::File)?.at(Ours::ItemId).ok_or_else(|| {
        refuse(format!("there is no column `item_id`; there are {}", listed(&names)))
    })?;
    let lists: Vec<usize> = (0..schema.len()).filter(|&at| !schema[at].is_primitive()).collect();
    let spread: Vec<usize> =
        (0..).map_while(|nth| names.iter().position(|name| *name == format!("e{nth}"))).collect();
    match (lists.as_slice(), spread.is_empty()) {
        ([list], true) => Ok((id, Layout::List(*list))),
        ([], false) => Ok((id, Layout::Spread(spread))),
        ([], true) => Err(refuse(format!(
            "no column holds vectors: write a column of lists, or columns e0, e1, …; there are {}",
            listed(&names)
        ))),
        _ => Err(refuse(format!(
            "several columns could hold the vectors; keep item_id and one of {}",
            listed(&names)
        ))),
    }
}

impl Layout {
    /// Appends the vector of a row.
    fn append(&self, row: &Row, numbers: &mut Vec<f32>) -> Result<(), String> {
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        match self {
            Self::Spread(columns) => {
                columns.iter().try_for_each(|&at| Ok(numbers.push(coordinate(fields[at])?)))
            }
            Self::List(at) => match fields[*at] {
                Field::ListInternal(list) => {
                    list.elements().iter().try_for_each(|x| Ok(numbers.push(coordinate(x)?)))
                }
                Field::Null => Err("the vector is missing; leave the item out".to_owned()),
                _ => Err("the value is no list of numbers".to_owned()),
            },
        }
    }
}

fn coordinate(field: &Field) -> Result<f32, String> {
    let number = match field {
        Field::Float16(number) => number.to_f32(),
        Field::Float(number) => *number,
        #[expect(clippy::cast_possible_truncation, reason = "vectors are kept as f32")]
        Field::Double(number) => *number as f32,
        other => return Err(format!("`{other}` is no floating-point number")),
    };
    if number.is_finite() {
        return Ok(number);
    }
    Err("the vector holds a number that is not finite; leave the item out or mend it".to_owned())
}
