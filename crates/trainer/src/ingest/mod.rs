//! "What did the shoppers do, and what does the shop sell?" Files of rows become a
//! [`Log`] and a [`Catalog`]; what is broken is counted and named.
//!
//! Files are CSV (comma, tab, semicolon or `|`), JSON Lines or Parquet, plain, gzip or
//! zstd, told apart by their bytes. Columns go by name; [`ColumnMap`] maps others.
//!
//! **Invariant:** no row is dropped without being counted, and no value is guessed at.

mod catalog;
pub mod check;
mod columns;
mod delimited;
mod embeddings;
mod error;
mod events;
mod intern;
mod jsonl;
mod parquet;
mod progress;
mod report;
mod row;
mod sessions;
mod source;
mod time;
mod words;

use std::path::PathBuf;

use crate::log::Log;

pub use catalog::{Catalog, CatalogItem, read_catalog};
pub use columns::ColumnMap;
pub use embeddings::{Embeddings, EmbeddingsError, read_embeddings};
pub use error::IngestError;
pub use progress::{BytesBar, Progress, Quiet};
pub use report::{ColumnUse, IngestReport, Strictness, Subject, Tally};
pub use time::{days, month};
pub use words::Availability;

/// The silence that ends a visit, where sessions are cut from user ids: 30 minutes.
pub const SESSION_GAP_MS: i64 = 30 * 60 * 1000;

/// How files are read.
#[derive(Debug)]
pub struct ReadOptions {
    /// Which columns of the files are which of ours.
    pub columns: ColumnMap,
    /// Columns of the catalogue that are left out, by the file's names.
    pub ignored: Vec<String>,
    /// What to do about rows that are broken or there twice.
    pub strictness: Strictness,
    /// The silence that ends a visit, in milliseconds, where there is no `session_id`.
    pub session_gap_ms: i64,
    /// Is told how far reading has come.
    pub progress: Box<dyn Progress>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            columns: ColumnMap::default(),
            ignored: Vec::new(),
            strictness: Strictness::default(),
            session_gap_ms: SESSION_GAP_MS,
            progress: Box::new(Quiet),
        }
    }
}

/// The data a command reads: shared by `check`, `train` and `evaluate`.
#[derive(Debug, Clone, clap::Args)]
pub struct InputArgs {
    /// Logs of what shoppers did: CSV, TSV, JSON Lines or Parquet, plain, gzip or zstd
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub events: Vec<PathBuf>,
    /// The products, in any of the same formats
    #[arg(long, value_name = "FILE")]
    pub catalog: Option<PathBuf>,
    /// Read our column OURS from the column THEIRS, for example `item_id=product_id`; with
    /// `events.` or `catalog.` before OURS, in that kind of file only
    #[arg(long = "column", value_name = "OURS=THEIRS")]
    pub columns: Vec<String>,
    /// Leave a column of the catalogue out, for example one that only marks rows for a test;
    /// repeatable
    #[arg(long = "ignore-column", value_name = "NAME")]
    pub ignored: Vec<String>,
    /// Make the first broken or duplicate row an error
    #[arg(long)]
    pub strict: bool,
}

/// What [`InputArgs::read`] finds.
#[derive(Debug)]
pub struct Input {
    /// The cleaned log.
    pub log: Log,
    /// What reading the log came to.
    pub log_report: IngestReport,
    /// The products, and what reading them came to.
    pub catalog: Option<(Catalog, IngestReport)>,
}

impl InputArgs {
    /// How these arguments want files read, with a bar on stderr.
    ///
    /// # Errors
    /// [`IngestError::BadMapping`] if a `--column` makes no sense.
    pub fn options(&self) -> Result<ReadOptions, IngestError> {
        Ok(ReadOptions {
            columns: ColumnMap::parse(&self.columns)?,
            ignored: self.ignored.clone(),
            strictness: if self.strict { Strictness::Strict } else { Strictness::Lenient },
            session_gap_ms: SESSION_GAP_MS,
            progress: Box::new(BytesBar::default()),
        })
    }

    /// Reads the log, and the catalogue if there is one.
    ///
    /// # Errors
    /// Those of [`InputArgs::options`], [`read_log`] and [`read_catalog`].
    pub fn read(&self) -> Result<Input, IngestError> {
        let options = self.options()?;
        let (log, log_report) = read_log(&self.events, &options)?;
        let catalog = self.catalog.as_ref().map(|path| read_catalog(path, &options)).transpose()?;
        Ok(Input { log, log_report, catalog })
    }
}

/// Reads a log from one or several files, whose rows may belong to the same sessions.
///
/// Events are ordered by time, then position, then place in the files. Without
/// `session_id`, the events of each `user_id` are cut where silence lasts longer than
/// `options.session_gap_ms`; without times, they are one session. Without `event_type`
/// every row is a `view_item`. Dwell is the file's own, else the time to the next event of
/// the session, at most 30 minutes.
///
/// # Errors
/// - A file cannot be opened, is empty, has a header only, breaks off, or is of a kind that
///   is not read.
/// - A column that reading cannot do without is missing, one of `options.columns` is not in
///   a file, or files differ in the columns that give the order.
/// - A quoted field is never closed.
/// - No row is sound; with [`Strictness::Strict`], any row is not, or is there twice.
pub fn read_log(
    files: &[PathBuf],
    options: &ReadOptions,
) -> Result<(Log, IngestReport), IngestError> {
    let ledger = report::Ledger::new(Subject::Log, options.strictness);
    let mut table = events::EventTable::new(ledger);
    for path in files {
        table.read(path, options)?;
    }
    sessions::assemble(table, options.session_gap_ms)
}
