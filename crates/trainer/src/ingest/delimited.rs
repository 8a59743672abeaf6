use super::IngestError;
use super::row::{Flaw, Row, Rows, Step};
use super::source::{Line, Lines, MAX_ROW_BYTES};

/// Separators, the one that wins a tie first.
const SEPARATORS: [u8; 4] = *b"\t,;|";

/// CSV and its kin: a header line, one separator throughout, fields quoted with `"` where
/// they hold a separator, a quote (doubled) or a line end.
pub(super) struct Delimited<'a> {
    lines: Lines<'a>,
    separator: u8,
    columns: Vec<String>,
    line: Vec<u8>,
}

impl<'a> Delimited<'a> {
    /// Takes `first` for the header. The separator is the one the header has most of.
    pub(super) fn open(lines: Lines<'a>, first: Vec<u8>) -> Result<Self, IngestError> {
        if first.trim_ascii_end().contains(&b'\r') {
            return Err(IngestError::Unsupported {
                path: lines.path.to_path_buf(),
                what: "its lines end in a carriage return alone".to_owned(),
                fix: r"write line feeds, for example with tr '\r' '\n'".to_owned(),
            });
        }
        let separator = separator_of(&first);
        let mut rows = Self { lines, separator, columns: Vec::new(), line: first };
        let mut header = Row::default();
        if let Step::Broken(flaw) = rows.split(&mut header)? {
            return Err(rows.bad_header(&flaw.detail));
        }
        for column in 0..header.spans.len() {
            match header.value(column) {
                Ok(name) => rows.columns.push(name.to_owned()),
                Err(flaw) => return Err(rows.bad_header(&flaw.detail)),
            }
        }
        Ok(rows)
    }

    fn bad_header(&self, detail: &str) -> IngestError {
        IngestError::Unsupported {
            path: self.lines.path.to_path_buf(),
            what: format!("line {} cannot be the header: {detail}", self.lines.number),
            fix: "the first line must name the columns".to_owned(),
        }
    }

    /// Cuts `self.line` into `row`, reading on where a quoted field runs over the line end.
    fn split(&mut self, row: &mut Row) -> Result<Step, IngestError> {
        row.clear();
        row.line = self.lines.number;
        if memchr::memchr(b'"', &self.line).is_some() {
            return self.split_quoted(row);
        }
        std::mem::swap(&mut row.text, &mut self.line);
        let mut start = 0;
        for end in memchr::memchr_iter(self.separator, &row.text) {
            row.spans.push((start, end));
            start = end + 1;
        }
        row.spans.push((start, row.text.len()));
        Ok(Step::Row)
    }

    fn split_quoted(&mut self, row: &mut Row) -> Result<Step, IngestError> {
        let mut at = Cut { separator: self.separator, state: State::Start, stray: None };
        let mut quote_line = self.lines.number;
        loop {
            let n_fields = row.spans.len();
            at.feed(&self.line, row);
            if row.spans.len() > n_fields {
                quote_line = self.lines.number;
            }
            if at.state != State::Quoted {
                break;
            }
            row.text.push(b'\n');
            self.line.clear();
            let read = self.lines.read(&mut self.line)?;
            if read != Line::Read || row.text.len() + self.line.len() > MAX_ROW_BYTES {
                return Err(self.unclosed(row, quote_line));
            }
        }
        row.end_field();
        Ok(match at.stray {
            None => Step::Row,
            Some(column) => Step::Broken(Flaw::new(
                "text after a closing quote",
                Some(column),
                "there is text after the closing quote; quote the whole field and double the \
                 quotes inside it"
                    .to_owned(),
            )),
        })
    }

    fn unclosed(&self, row: &Row, line: u64) -> IngestError {
        let column = row.spans.len();
        let name = self.columns.get(column).cloned();
        IngestError::UnclosedQuote {
            path: self.lines.path.to_path_buf(),
            line,
            column: name.unwrap_or_else(|| format!("field {}", column + 1)),
        }
    }
}

impl Rows for Delimited<'_> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, row: &mut Row) -> Result<Step, IngestError> {
        loop {
            self.line.clear();
            match self.lines.read(&mut self.line)? {
                Line::End => return Ok(Step::End),
                Line::TooLong(bytes) => {
                    row.clear();
                    row.line = self.lines.number;
                    return Ok(Step::Broken(too_long(bytes)));
                }
                Line::Read if self.line.is_empty() => {}
                Line::Read => break,
            }
        }
        let step = self.split(row)?;
        let (n_fields, n_columns) = (row.spans.len(), self.columns.len());
        if step == Step::Row && n_fields != n_columns {
            let detail = format!(
                "the row has {n_fields} fields, the header {n_columns}; quote fields that hold \
                 a separator"
            );
            return Ok(Step::Broken(Flaw::new("wrong number of fields", None, detail)));
        }
        Ok(step)
    }
}

/// The flaw of a row that has more bytes than a row may have.
pub(super) fn too_long(bytes: u64) -> Flaw {
    let detail = format!(
        "the line has {bytes} bytes, the most is {MAX_ROW_BYTES}; a line end may be missing"
    );
    Flaw::new("row too long", None, detail)
}

fn separator_of(header: &[u8]) -> u8 {
    let count = |separator: u8| memchr::memchr_iter(separator, header).count();
    // `max_by_key` takes the last of equals.
    SEPARATORS.into_iter().rev().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing of the field was read.
    Start,
    /// In a field without quotes, or behind its quotes.
    Bare,
    /// Between quotes.
    Quoted,
    /// Behind a quote inside quotes: the end, or the first of a doubled one.
    QuoteSeen,
    /// Behind the closing quote and a blank.
    Closed,
}

/// How far a row with quotes has been cut.
struct Cut {
    separator: u8,
    state: State,
    /// The first column with text behind its closing quote.
    stray: Option<usize>,
}

impl Cut {
    fn feed(&mut self, line: &[u8], row: &mut Row) {
        for &byte in line {
            self.state = match (self.state, byte) {
                (State::Start, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::QuoteSeen,
                (State::QuoteSeen, b'"') | (State::Quoted, _) => {
                    row.text.push(byte);
                    State::Quoted
                }
                (_, byte) if byte == self.separator => {
                    row.end_field();
                    State::Start
                }
                (State::QuoteSeen | State::Closed, b' ' | b'\t') => State::Closed,
                (State::QuoteSeen | State::Closed, byte) => {
                    self.stray.get_or_insert(row.spans.len());
                    row.text.push(byte);
                    State::Bare
                }
                (State::Start | State::Bare, byte) => {
                    row.text.push(byte);
                    State::Bare
                }
            };
        }
    }
}
