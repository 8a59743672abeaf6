use std::cell::Cell;
use std::fs::File;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::FileReader;
use ::parquet::file::serialized_reader::SerializedFileReader;
use ::parquet::record::reader::RowIter;
use ::parquet::record::{Field, Row as ParquetRow};

use super::row::{Row, Rows, Step};
use super::time::display_date;
use super::{IngestError, Progress};

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 8192;

/// Parquet with flat columns of strings, numbers, booleans, dates and timestamps.
pub(super) struct ParquetRows<'a> {
    path: PathBuf,
    columns: Vec<String>,
    rows: RowIter<'static>,
    row: u64,
    n_rows: u64,
    file_bytes: u64,
    progress: &'a dyn Progress,
}

impl<'a> ParquetRows<'a> {
    pub(super) fn open(
        path: &Path,
        file: File,
        file_bytes: u64,
        progress: &'a dyn Progress,
    ) -> Result<Self, IngestError> {
        let opened = guarded(|| {
            let reader = SerializedFileReader::new(file)?;
            let metadata = reader.metadata().file_metadata();
            let columns = metadata.schema().get_fields().iter().map(|f| f.name().to_owned());
            let columns: Vec<String> = columns.collect();
            let n_rows = u64::try_from(metadata.num_rows()).unwrap_or(0);
            let rows = RowIter::from_file_into(Box::new(reader));
            Ok((columns, n_rows, rows))
        });
        let path = path.to_path_buf();
        match opened {
            Ok((columns, n_rows, rows)) => {
                Ok(Self { path, columns, rows, row: 0, n_rows, file_bytes, progress })
            }
            Err(why) => {
                progress.finish();
                Err(IngestError::Parquet { path, row: 0, why })
            }
        }
    }

    fn report_progress(&self) {
        if self.row.is_multiple_of(PROGRESS_ROWS) && self.n_rows > 0 {
            // Rows stand in for bytes: the reader does not say how far it is in the file.
            self.progress.advance(self.file_bytes.saturating_mul(PROGRESS_ROWS) / self.n_rows);
        }
    }
}

impl Drop for ParquetRows<'_> {
    fn drop(&mut self) {
        self.progress.finish();
    }
}

impl Rows for ParquetRows<'_> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, row: &mut Row) -> Result<Step, IngestError> {
        row.clear();
        let next = guarded(|| self.rows.next().transpose());
        match next {
            Ok(None) => Ok(Step::End),
            Ok(Some(values)) => {
                self.row += 1;
                row.line = self.row;
                fill(row, &values);
                self.report_progress();
                Ok(Step::Row)
            }
            Err(why) => Err(IngestError::Parquet { path: self.path.clone(), row: self.row, why }),
        }
    }
}

/// Runs the Parquet reader, which may panic on damaged pages, and turns both ways of
/// failing into a sentence.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    silence_guarded_panics();
    GUARDED.set(true);
    // What `read` borrows is not used again after a panic: the error ends the reading.
    let outcome = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}

thread_local! {
    /// Whether this thread is in [`guarded`].
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps a panic that [`guarded`] catches from being printed. Every other panic goes where it
/// went before.
fn silence_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
}

fn fill(row: &mut Row, values: &ParquetRow) {
    for (column, (_, field)) in values.get_column_iter().enumerate() {
        if let Err(why) = append(&mut row.text, field) {
            row.unusable.push((column, why));
        }
        row.end_field();
    }
}

/// Appends a value as the text a CSV of the same table would hold.
pub(super) fn append(text: &mut Vec<u8>, field: &Field) -> Result<(), &'static str> {
    let written = match field {
        Field::Null => Ok(()),
        Field::Str(value) => text.write_all(value.as_bytes()),
        Field::Bytes(value) => text.write_all(value.data()),
        Field::Bool(value) => write!(text, "{value}"),
        Field::Byte(value) => write!(text, "{value}"),
        Field::Short(value) => write!(text, "{value}"),
        Field::Int(value) => write!(text, "{value}"),
        Field::Long(value) | Field::TimestampMillis(value) | Field::TimestampMicros(value) => {
            write!(text, "{value}")
        }
        Field::UByte(value) => write!(text, "{value}"),
        Field::UShort(value) => write!(text, "{value}"),
        Field::UInt(value) => write!(text, "{value}"),
        Field::ULong(value) => write!(text, "{value}"),
        Field::Float(value) => write!(text, "{value}"),
        Field::Double(value) => write!(text, "{value}"),
        Field::Date(days) => text.write_all(display_date(i64::from(*days)).as_bytes()),
        Field::Decimal(_) => write!(text, "{field}"),
        Field::Group(_) => return Err("the value is an object"),
        Field::ListInternal(_) | Field::MapInternal(_) => return Err("the value is a list"),
        _ => return Err("the value is of a type that is not read"),
    };
    // Writing to memory does not fail.
    written.map_err(|_| "out of memory")
}
