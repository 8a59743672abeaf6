use std::error::Error;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

/// Why a log or a catalogue cannot be read. Each variant is one way to be wrong; the text
/// names the file, where it can the line and the column, and the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IngestError {
    /// There is no such file.
    NotFound {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The path is a directory.
    Directory {
        /// The path as it was named.
        path: PathBuf,
    },
    /// The operating system refused.
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// What the operating system said.
        why: String,
    },
    /// The file holds no bytes, or nothing but blank lines.
    Empty {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The file has a header and no row below it.
    HeaderOnly {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The file is of a kind that is not read.
    Unsupported {
        /// The file as it was named.
        path: PathBuf,
        /// What it is.
        what: String,
        /// How to turn it into something that is read.
        fix: String,
    },
    /// The compressed stream ends early or is damaged.
    Damaged {
        /// The file as it was named.
        path: PathBuf,
        /// The last line that could be read, from 1.
        line: u64,
        /// What the decompressor said.
        why: String,
    },
    /// A column that reading cannot do without is not there.
    MissingColumn {
        /// The file as it was named.
        path: PathBuf,
        /// What is missing, in our words.
        wanted: String,
        /// The columns that are there.
        found: Vec<String>,
        /// What to do about it.
        fix: String,
    },
    /// `--column` names a column that the file does not have.
    UnknownColumn {
        /// The file as it was named.
        path: PathBuf,
        /// Our name.
        ours: String,
        /// The name that was asked for.
        theirs: String,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// `--ignore-column` names a column that the catalogue does not have.
    UnknownIgnored {
        /// The file as it was named.
        path: PathBuf,
        /// The name that was asked for.
        name: String,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// Several columns could be meant.
    AmbiguousColumn {
        /// The file as it was named.
        path: PathBuf,
        /// Our name.
        ours: String,
        /// The columns that could be meant.
        candidates: Vec<String>,
    },
    /// A `--column` argument makes no sense.
    BadMapping {
        /// The argument.
        argument: String,
        /// What is wrong with it and how to say it.
        why: String,
    },
    /// One file of the log has a column that another lacks, and order depends on it.
    UnlikeFiles {
        /// The file that differs.
        path: PathBuf,
        /// The file it differs from.
        other: PathBuf,
        /// Our name of the column.
        ours: String,
    },
    /// A quoted field is never closed.
    UnclosedQuote {
        /// The file as it was named.
        path: PathBuf,
        /// The line on which the quote opens, from 1.
        line: u64,
        /// The column it opens in.
        column: String,
    },
    /// The Parquet reader gave up.
    Parquet {
        /// The file as it was named.
        path: PathBuf,
        /// The last row that could be read, from 1; 0 if none.
        row: u64,
        /// What it said.
        why: String,
    },
    /// Rows were read and every one was rejected.
    NothingKept {
        /// How many rows were read.
        rows: u64,
        /// The first rejects, as `file:line: column: what is wrong`.
        examples: Vec<String>,
    },
    /// With `--strict`, the first row that is broken or a duplicate.
    Strict {
        /// `file:line: column: what is wrong`.
        what: String,
    },
    /// No file was named.
    NoFiles,
}

impl IngestError {
    pub(super) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { path },
            std::io::ErrorKind::IsADirectory => Self::Directory { path },
            _ => Self::Unreadable { path, why: error.to_string() },
        }
    }
}

impl Error for IngestError {}

impl fmt::Display for IngestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { .. }
            | Self::Directory { .. }
            | Self::Unreadable { .. }
            | Self::Empty { .. }
            | Self::HeaderOnly { .. }
            | Self::Unsupported { .. }
            | Self::Damaged { .. }
            | Self::Parquet { .. } => self.fmt_file(f),
            Self::MissingColumn { .. }
            | Self::UnknownColumn { .. }
            | Self::UnknownIgnored { .. }
            | Self::AmbiguousColumn { .. }
            | Self::BadMapping { .. }
            | Self::UnlikeFiles { .. } => self.fmt_columns(f),
            Self::UnclosedQuote { .. }
            | Self::NothingKept { .. }
            | Self::Strict { .. }
            | Self::NoFiles => self.fmt_rows(f),
        }
    }
}

impl IngestError {
    fn fmt_file(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => {
                write!(f, "{}: there is no such file; check the path", path.display())
            }
            Self::Directory { path } => write!(
                f,
                "{0}: this is a directory; name the files in it, for example {0}/*.csv",
                path.display()
            ),
            Self::Unreadable { path, why } => {
                write!(f, "{}: cannot be read: {why}; check its permissions", path.display())
            }
            Self::Empty { path } => {
                write!(f, "{}: the file is empty; it needs a header line and rows", path.display())
            }
            Self::HeaderOnly { path } => write!(
                f,
                "{}:1: there is a header and no row below it; check the export, or leave the \
                 file out",
                path.display()
            ),
            Self::Unsupported { path, what, fix } => {
                write!(f, "{}: {what}; {fix}", path.display())
            }
            Self::Damaged { path, line, why } => write!(
                f,
                "{}:{line}: the compressed data breaks off or is damaged after this line ({why}); \
                 copy or export the file again",
                path.display()
            ),
            Self::Parquet { path, row, why } => write!(
                f,
                "{}: row {row}: the Parquet data cannot be read past this row: {why}; export the \
                 file again",
                path.display()
            ),
            _ => Ok(()),
        }
    }

    fn fmt_columns(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn { path, wanted, found, fix } => write!(
                f,
                "{}:1: no column for {wanted}; columns found: {}; {fix}",
                path.display(),
                listed(found)
            ),
            Self::UnknownColumn { path, ours, theirs, found } => {
                write!(f, "{}:1: --column {ours}={theirs}: no column `{theirs}`", path.display())?;
                fmt_near(theirs, found, f)
            }
            Self::UnknownIgnored { path, name, found } => {
                write!(f, "{}:1: --ignore-column {name}: no column `{name}`", path.display())?;
                fmt_near(name, found, f)
            }
            Self::AmbiguousColumn { path, ours, candidates } => {
                let all = listed(candidates);
                write!(f, "{}:1: `{ours}` could be any of {all}; ", path.display())?;
                // A mapping goes by name, so it cannot tell namesakes apart.
                let first = candidates.first().map_or("NAME", String::as_str);
                match candidates.iter().filter(|name| *name == first).count() {
                    0 | 1 => write!(f, "say which with --column {ours}={first}"),
                    _ => write!(f, "give one of the columns `{first}` another name in the header"),
                }
            }
            Self::BadMapping { argument, why } => write!(f, "--column {argument}: {why}"),
            Self::UnlikeFiles { path, other, ours } => write!(
                f,
                "{}:1: `{ours}` is in only one of this file and {}, so their rows cannot be put \
                 in one order; export both with the same columns",
                path.display(),
                other.display()
            ),
            _ => Ok(()),
        }
    }

    fn fmt_rows(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedQuote { path, line, column } => write!(
                f,
                "{}:{line}: {column}: the quote that opens here is not closed; double the quotes \
                 inside a field (\"\") and quote the whole of it",
                path.display()
            ),
            Self::NothingKept { rows, examples } => {
                write!(f, "none of the {rows} rows can be used")?;
                examples.iter().try_for_each(|example| write!(f, "\n  {example}"))
            }
            Self::Strict { what } => {
                write!(f, "{what}; mend the row, or leave --strict out to have it counted")
            }
            Self::NoFiles => write!(f, "no file was named; give --events FILE..."),
            _ => Ok(()),
        }
    }
}

fn fmt_near(wanted: &str, found: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(near) = nearest(wanted, found.iter().map(String::as_str)) {
        write!(f, " (did you mean `{near}`?)")?;
    }
    write!(f, "; columns found: {}", listed(found))
}

/// The name most like `wanted`, if one is near enough to be a slip of the pen.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Column names for a sentence: `a`, `b`, and at most twenty of them.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", clipped(name)))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        // Writing to a string does not fail.
        let _ = write!(text, " and {} more", names.len() - SHOWN);
    }
    text
}

/// The start of a value, for a message: one line, at most forty characters.
pub(super) fn clipped(value: &str) -> String {
    const SHOWN: usize = 40;
    let mut text: String =
        value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}
