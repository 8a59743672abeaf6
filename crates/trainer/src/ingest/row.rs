use mercer::types::MAX_ID_BYTES;

use super::IngestError;
use super::error::clipped;

/// Between the members of a JSON array in one field: no text holds this character.
pub(super) const LIST_SEPARATOR: char = '\u{1f}';

/// One row of any format, as text: a value for each column of [`Rows::columns`]. An empty
/// value is a missing one. The same `Row` is filled again and again.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line the row starts on, from 1; for Parquet the number of the row.
    pub(super) line: u64,
    pub(super) text: Vec<u8>,
    /// Where in `text` the value of each column stands.
    pub(super) spans: Vec<(usize, usize)>,
    /// Columns whose value is no plain text or number, and why.
    pub(super) unusable: Vec<(usize, &'static str)>,
}

/// What is wrong with one row; the file and line are known to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// The kind of flaw, for counting.
    pub(super) reason: &'static str,
    /// The column, as a position in [`Rows::columns`].
    pub(super) column: Option<usize>,
    /// The sentence for an example, with the value and the fix.
    pub(super) detail: String,
}

impl Flaw {
    pub(super) fn new(reason: &'static str, column: Option<usize>, detail: String) -> Self {
        Self { reason, column, detail }
    }
}

/// What reading one row came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The row is filled in.
    Row,
    /// The row cannot be understood; reading goes on behind it.
    Broken(Flaw),
    /// There are no more rows.
    End,
}

/// A file of rows, whatever its format.
pub(super) trait Rows {
    /// The names of the columns, in the order of the file. May grow while rows are read
    /// (JSON Lines), never changes otherwise.
    fn columns(&self) -> &[String];

    /// Reads the next row into `row`.
    fn next(&mut self, row: &mut Row) -> Result<Step, IngestError>;

    /// A column that holds a list of objects, if one was seen.
    fn nested_column(&self) -> Option<&str> {
        None
    }
}

/// The flaw of an item id that no model file can hold, if it is one.
pub(super) fn long_id(id: &str, column: Option<usize>) -> Option<Flaw> {
    (id.len() > MAX_ID_BYTES).then(|| {
        let detail = format!(
            "`{}` has {} bytes, an item id has at most {MAX_ID_BYTES}; check that this is the \
             column of the ids",
            clipped(id),
            id.len()
        );
        Flaw::new("an id of more than 256 bytes", column, detail)
    })
}

impl Row {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
        self.unusable.clear();
    }

    /// Ends the value of the next column at the end of the text so far.
    pub(super) fn end_field(&mut self) {
        let start = self.spans.last().map_or(0, |span| span.1);
        self.spans.push((start, self.text.len()));
    }

    /// The trimmed value of a column; empty where there is none.
    ///
    /// # Errors
    /// A flaw if the value is not UTF-8, or is a nested one.
    pub(super) fn value(&self, column: usize) -> Result<&str, Flaw> {
        if let Some((_, why)) = self.unusable.iter().find(|(at, _)| *at == column) {
            return Err(Flaw::new(why, Some(column), (*why).to_owned()));
        }
        let (start, end) = self.spans.get(column).copied().unwrap_or_default();
        let bytes = self.text[start..end].trim_ascii();
        std::str::from_utf8(bytes).map(str::trim).map_err(|error| {
            let detail = format!(
                "byte {} of the value is not UTF-8; save the file as UTF-8",
                error.valid_up_to() + 1
            );
            Flaw::new("not UTF-8", Some(column), detail)
        })
    }
}
