use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::IngestError;
use super::row::Flaw;
use super::time::{TimeFormat, display_time};

/// Examples kept of each kind of flaw.
const EXAMPLES: usize = 3;

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The events.
    Log,
    /// The products.
    Catalog,
}

/// What to do about rows that are broken or there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Leave them out, count them, give examples.
    #[default]
    Lenient,
    /// The first one is an error.
    Strict,
}

/// How often one thing was wrong, and where first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// What was wrong.
    pub reason: String,
    /// In how many rows.
    pub rows: u64,
    /// The first of them, as `file:line: column: what is wrong`.
    pub examples: Vec<String>,
}

/// A column that was read: our name and the file's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnUse {
    /// Our name.
    pub ours: String,
    /// The name in the file.
    pub theirs: String,
}

/// What reading came to: how much was read, what was left out and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IngestReport {
    /// Whether this is about the log or the catalogue.
    pub subject: Subject,
    /// The files, as they were named.
    pub files: Vec<String>,
    /// The columns that were read; of the first file, if there are several.
    pub columns: Vec<ColumnUse>,
    /// Rows below the headers.
    pub rows_read: u64,
    /// Rows that became an event or a product.
    pub rows_kept: u64,
    /// Rows left out because they are there twice: the same event at the same time and
    /// position, or a further product with the same id.
    pub duplicates: Tally,
    /// Rows left out because they are broken, most frequent first.
    pub rejected: Vec<Tally>,
    /// Rows kept without one of their values, most frequent first (catalogue only).
    pub values_left_out: Vec<Tally>,
    /// Sessions of the log.
    pub sessions: u64,
    /// Sessions with a single event: they teach no order.
    pub one_event_sessions: u64,
    /// Events of the log.
    pub events: u64,
    /// Different items.
    pub items: u64,
    /// The first time, in milliseconds since 1970.
    pub first_ms: Option<i64>,
    /// The last time, in milliseconds since 1970.
    pub last_ms: Option<i64>,
    /// Kept rows by the way their time was written.
    pub time_formats: Vec<(&'static str, u64)>,
    /// Rows that stand behind a later one of the same session in the files; they were put
    /// in order.
    pub out_of_order: u64,
    /// Session ids that several users share; each was split into one session a user.
    pub shared_session_ids: u64,
}

impl IngestReport {
    pub(super) fn new(subject: Subject) -> Self {
        let reason = match subject {
            Subject::Log => "the same event twice",
            Subject::Catalog => "an id that was there before",
        };
        Self {
            subject,
            files: Vec::new(),
            columns: Vec::new(),
            rows_read: 0,
            rows_kept: 0,
            duplicates: Tally::new(reason),
            rejected: Vec::new(),
            values_left_out: Vec::new(),
            sessions: 0,
            one_event_sessions: 0,
            events: 0,
            items: 0,
            first_ms: None,
            last_ms: None,
            time_formats: Vec::new(),
            out_of_order: 0,
            shared_session_ids: 0,
        }
    }

    /// Rows that were left out because they are broken.
    pub fn n_rejected(&self) -> u64 {
        self.rejected.iter().map(|tally| tally.rows).sum()
    }

    /// What an analyst should know though nothing is broken; one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.time_formats.len() > 1 {
            let ways: Vec<String> =
                self.time_formats.iter().map(|(name, rows)| format!("{rows} as {name}")).collect();
            warnings.push(format!(
                "times are written in {} ways ({}); each was read by itself, but check that no \
                 column was mixed up",
                ways.len(),
                ways.join(", ")
            ));
        }
        if self.shared_session_ids > 0 {
            warnings.push(format!(
                "{} session ids belong to several users; each was split into one session a user",
                self.shared_session_ids
            ));
        }
        warnings
    }
}

impl fmt::Display for IngestReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = match self.subject {
            Subject::Log => "Log",
            Subject::Catalog => "Catalogue",
        };
        writeln!(f, "{title}: {}", self.files.join(", "))?;
        let columns: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        writeln!(f, "  columns    {}", columns.join(", "))?;
        writeln!(
            f,
            "  rows       {} read, {} kept, {} duplicates, {} rejected",
            grouped(self.rows_read),
            grouped(self.rows_kept),
            grouped(self.duplicates.rows),
            grouped(self.n_rejected())
        )?;
        self.fmt_contents(f)?;
        for (what, tallies) in [
            ("duplicate", std::slice::from_ref(&self.duplicates)),
            ("rejected", &self.rejected),
            ("left out", &self.values_left_out),
        ] {
            for tally in tallies.iter().filter(|tally| tally.rows > 0) {
                writeln!(f, "  {what:<10} {} × {}", grouped(tally.rows), tally.reason)?;
                for example in &tally.examples {
                    writeln!(f, "               {example}")?;
                }
            }
        }
        self.warnings().iter().try_for_each(|warning| writeln!(f, "  note       {warning}"))
    }
}

impl IngestReport {
    fn fmt_contents(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.subject == Subject::Catalog {
            return writeln!(f, "  holds      {} items", grouped(self.items));
        }
        writeln!(
            f,
            "  holds      {} events of {} items in {} sessions, {} of them with one event",
            grouped(self.events),
            grouped(self.items),
            grouped(self.sessions),
            grouped(self.one_event_sessions)
        )?;
        match (self.first_ms, self.last_ms) {
            (Some(first), Some(last)) => {
                writeln!(f, "  from       {} to {}", display_time(first), display_time(last))
            }
            _ => writeln!(f, "  from       no times: the order is that of positions or rows"),
        }
    }
}

impl fmt::Display for ColumnUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ours == self.theirs {
            f.write_str(&self.ours)
        } else {
            write!(f, "{} (`{}`)", self.ours, self.theirs)
        }
    }
}

impl Tally {
    fn new(reason: &str) -> Self {
        Self { reason: reason.to_owned(), rows: 0, examples: Vec::new() }
    }

    fn add(&mut self, example: impl FnOnce() -> String) {
        self.rows += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }
}

/// `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Keeps the books while rows are read, and stops at the first flaw if it must.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) report: IngestReport,
    strictness: Strictness,
    formats: [u64; TimeFormat::ALL.len()],
}

impl Ledger {
    pub(super) fn new(subject: Subject, strictness: Strictness) -> Self {
        let formats = [0; TimeFormat::ALL.len()];
        Self { report: IngestReport::new(subject), strictness, formats }
    }

    pub(super) fn start_file(&mut self, path: &Path, columns: Vec<(String, String)>) {
        self.report.files.push(path.display().to_string());
        if self.report.columns.is_empty() {
            let column_use = |(ours, theirs)| ColumnUse { ours, theirs };
            self.report.columns = columns.into_iter().map(column_use).collect();
        }
    }

    /// Counts a broken row.
    pub(super) fn reject(&mut self, place: &Place<'_>, flaw: &Flaw) -> Result<(), IngestError> {
        self.note(place, flaw, |report| &mut report.rejected)
    }

    /// Counts a row that is kept without one of its values.
    pub(super) fn leave_out(&mut self, place: &Place<'_>, flaw: &Flaw) -> Result<(), IngestError> {
        self.note(place, flaw, |report| &mut report.values_left_out)
    }

    /// Counts a row that is there twice; `what` is the whole example.
    pub(super) fn duplicate(&mut self, what: impl FnOnce() -> String) -> Result<(), IngestError> {
        if self.strictness == Strictness::Strict {
            return Err(IngestError::Strict { what: what() });
        }
        self.report.duplicates.add(what);
        Ok(())
    }

    pub(super) fn count_time(&mut self, format: TimeFormat) {
        self.formats[format as usize] += 1;
    }

    /// The books, closed: the most frequent flaw first.
    ///
    /// # Errors
    /// - [`IngestError::HeaderOnly`] is for the caller, who knows the file.
    /// - [`IngestError::NothingKept`] if rows were read and none was kept.
    pub(super) fn close(mut self) -> Result<IngestReport, IngestError> {
        let report = &mut self.report;
        for tallies in [&mut report.rejected, &mut report.values_left_out] {
            tallies.sort_by_key(|tally| std::cmp::Reverse(tally.rows));
        }
        let formats = TimeFormat::ALL.iter().zip(self.formats);
        report.time_formats =
            formats.filter(|(_, rows)| *rows > 0).map(|(way, rows)| (way.name(), rows)).collect();
        if report.rows_kept == 0 {
            let examples = report.rejected.iter().filter_map(|tally| tally.examples.first());
            let examples = examples.take(EXAMPLES).cloned().collect();
            return Err(IngestError::NothingKept { rows: report.rows_read, examples });
        }
        Ok(self.report)
    }

    fn note(
        &mut self,
        place: &Place<'_>,
        flaw: &Flaw,
        tallies: impl FnOnce(&mut IngestReport) -> &mut Vec<Tally>,
    ) -> Result<(), IngestError> {
        if self.strictness == Strictness::Strict {
            return Err(IngestError::Strict { what: place.say(flaw) });
        }
        let tallies = tallies(&mut self.report);
        let reason = match flaw.column.and_then(|column| place.columns.get(column)) {
            Some(column) => format!("{column}: {}", flaw.reason),
            None => flaw.reason.to_owned(),
        };
        let at = tallies.iter().position(|tally| tally.reason == reason).unwrap_or_else(|| {
            tallies.push(Tally::new(&reason));
            tallies.len() - 1
        });
        tallies[at].add(|| place.say(flaw));
        Ok(())
    }
}

/// Where a row stands.
pub(super) struct Place<'a> {
    pub(super) path: &'a Path,
    pub(super) line: u64,
    pub(super) columns: &'a [String],
}

impl Place<'_> {
    fn say(&self, flaw: &Flaw) -> String {
        let (path, line, detail) = (self.path.display(), self.line, &flaw.detail);
        match flaw.column.and_then(|column| self.columns.get(column)) {
            Some(column) => format!("{path}:{line}: {column}: {detail}"),
            None => format!("{path}:{line}: {detail}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
