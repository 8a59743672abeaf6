//! Header and section table: where everything in a file is.
#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::ModelError;
use super::cursor::Cursor;
use super::layout::{
    ALIGN, ENTRY_BYTES, HEADER_BYTES, MAGIC, MAX_SECTIONS, OPTIONAL, Section, VERSION,
};
use super::numbers::Rule;
use super::write::checksum;

/// Where the sections of a checked file are.
pub(super) struct Sections<'a> {
    found: Vec<(u32, &'a [u8])>,
}

impl<'a> Sections<'a> {
    /// Checks header and table.
    pub(super) fn find(file: &'a [u8]) -> Result<Self, ModelError> {
        let n_sections = check_header(file)?;
        let table_bytes = n_sections.saturating_mul(ENTRY_BYTES);
        let mut table = Cursor::new(file.get(HEADER_BYTES..).unwrap_or_default());
        let mut end = HEADER_BYTES.saturating_add(table_bytes);
        let mut found: Vec<(u32, &[u8])> = Vec::with_capacity(n_sections);
        for _ in 0..n_sections {
            let (kind, bytes) = read_entry(&mut table, file, &mut end)?;
            if found.iter().any(|(other, _)| *other == kind) {
                return Err(ModelError::Table("a section stands in it twice"));
            }
            if kind & OPTIONAL == 0 && !Section::ALL.iter().any(|known| known.kind() == kind) {
                return Err(ModelError::Table("a section of an unknown kind must be understood"));
            }
            found.push((kind, bytes));
        }
        if end == file.len() {
            Ok(Self { found })
        } else {
            Err(ModelError::Table("the sections do not cover the file"))
        }
    }

    /// The section, if it is there.
    pub(super) fn optional(&self, section: Section) -> Option<&'a [u8]> {
        let found = self.found.iter().find(|(kind, _)| *kind == section.kind());
        found.map(|(_, bytes)| *bytes)
    }

    /// What `read` makes of the section, which must be there.
    pub(super) fn read<T>(
        &self,
        section: Section,
        read: impl FnOnce(Cursor<'a>) -> Result<T, Rule>,
    ) -> Result<T, ModelError> {
        let bytes = self.optional(section).ok_or(ModelError::MissingSection(section))?;
        read(Cursor::new(bytes)).map_err(|rule| ModelError::corrupt(section, rule))
    }

    /// What `read` makes of the section, if it is there.
    pub(super) fn read_if<T>(
        &self,
        section: Section,
        read: impl FnOnce(Cursor<'a>) -> Result<T, Rule>,
    ) -> Result<Option<T>, ModelError> {
        self.optional(section).map(|_| self.read(section, read)).transpose()
    }

    /// Bytes of every section that is there.
    pub(super) fn sizes(&self) -> Vec<(Section, usize)> {
        let size = |section: Section| self.optional(section).map(|bytes| (section, bytes.len()));
        Section::ALL.into_iter().filter_map(size).collect()
    }
}

/// Checks everything the header says and returns the number of sections.
fn check_header(file: &[u8]) -> Result<usize, ModelError> {
    if !file.starts_with(&MAGIC) {
        return Err(ModelError::NotAModel);
    }
    let found = file.len() as u64;
    let truncated = ModelError::Truncated { expected: HEADER_BYTES as u64, found };
    let mut header = Cursor::new(file.get(MAGIC.len()..).unwrap_or_default());
    let version = header.u16().ok_or_else(|| truncated.clone())?;
    if version > VERSION {
        return Err(ModelError::Newer { version, supported: VERSION });
    }
    let n_sections = header.u16().ok_or_else(|| truncated.clone())?;
    let flags = header.u32().ok_or_else(|| truncated.clone())?;
    let expected = header.u64().ok_or_else(|| truncated.clone())?;
    let sum = header.u64().ok_or(truncated)?;
    if found < expected {
        return Err(ModelError::Truncated { expected, found });
    }
    if found > expected {
        return Err(ModelError::TrailingBytes { expected, found });
    }
    if sum != checksum(file) {
        return Err(ModelError::Checksum);
    }
    if version == 0 || flags != 0 {
        return Err(ModelError::Table("version 0 or unknown flags"));
    }
    let n_sections = usize::from(n_sections);
    if n_sections > MAX_SECTIONS {
        return Err(ModelError::Table("too many sections"));
    }
    Ok(n_sections)
}

/// Reads one entry; its section must start right after the one before, at `end`.
fn read_entry<'a>(
    table: &mut Cursor<'_>,
    file: &'a [u8],
    end: &mut usize,
) -> Result<(u32, &'a [u8]), ModelError> {
    let short = ModelError::Table("the table is cut short");
    let kind = table.u32().ok_or_else(|| short.clone())?;
    let zero = table.u32().ok_or_else(|| short.clone())?;
    let offset = table.u64().ok_or_else(|| short.clone())?;
    let length = table.u64().ok_or(short)?;
    let start = end.checked_next_multiple_of(ALIGN).unwrap_or(usize::MAX);
    if zero != 0 || offset != start as u64 {
        return Err(ModelError::Table("a section does not follow the one before it"));
    }
    if file.get(*end..start).is_none_or(|gap| gap.iter().any(|&byte| byte != 0)) {
        return Err(ModelError::Table("a gap between sections is not empty"));
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    *end = start.saturating_add(length);
    let bytes = file.get(start..*end).ok_or(ModelError::Table("a section leaves the file"))?;
    Ok((kind, bytes))
}
