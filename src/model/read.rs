//! The reader. No input makes this panic, read out of bounds, loop, or allocate more than
//! a small multiple of the file. Order of the checks: magic, version, length, checksum,
//! table, sections.
#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::ids::ItemIds;
use super::layout::{
    ALIGN, ENTRY_BYTES, HEADER_BYTES, MAGIC, MAX_DIM, MAX_SECTIONS, MAX_STEPS, MAX_WEIGHT,
    OPTIONAL, Section, VERSION,
};
use super::write::checksum;
use super::{Encoder, ModelError};
use crate::kernels::{CodeWidth, dot, inverse_norm, unpack_nibbles};
use crate::types::ItemIx;

/// A loaded model: item vectors unpacked to bytes, ready to be scanned.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    about: String,
    ids: ItemIds,
    dim: usize,
    width: CodeWidth,
    rows: Vec<i8>,
    inverse_norms: Vec<f32>,
    biases: Vec<f32>,
    popularity: Vec<f32>,
    encoder: Encoder,
    section_bytes: Vec<(Section, usize)>,
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// - [`ModelError::NotAModel`], [`ModelError::Newer`]: another file, a newer format.
    /// - [`ModelError::Truncated`], [`ModelError::TrailingBytes`], [`ModelError::Checksum`]:
    ///   the transfer broke it.
    /// - [`ModelError::Table`], [`ModelError::MissingSection`], [`ModelError::Corrupt`]: it
    ///   was not written by a Mercer trainer.
    pub fn read(file: &[u8]) -> Result<Self, ModelError> {
        let sections = Sections::find(file)?;
        let about = read_about(sections.bytes(Section::About)?)?;
        let ids = ItemIds::read(sections.bytes(Section::Items)?)?;
        let n_items = ids.len();
        let vectors = Vectors::read(sections.bytes(Section::Vectors)?, n_items)?;
        let biases = read_codes(sections.bytes(Section::Biases)?, n_items, Section::Biases, |b| {
            f32::from(b.cast_signed())
        })?;
        let popularity = read_codes(
            sections.bytes(Section::Popularity)?,
            n_items,
            Section::Popularity,
            f32::from,
        )?;
        let encoder = read_encoder(sections.bytes(Section::Encoder)?, vectors.dim)?;
        let Vectors { dim, width, rows } = vectors;
        let inverse_norms = rows.chunks_exact(dim).map(inverse_norm).collect();
        let section_bytes = sections.sizes();
        Ok(Self {
            about,
            ids,
            dim,
            width,
            rows,
            inverse_norms,
            biases,
            popularity,
            encoder,
            section_bytes,
        })
    }

    /// What the file says of itself, as JSON: when and from what it was trained.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// How many items it knows, at least 1.
    pub fn n_items(&self) -> usize {
        self.ids.len()
    }

    /// Coordinates of an item vector, a multiple of 16.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Bits a coordinate in the file.
    pub fn width(&self) -> CodeWidth {
        self.width
    }

    /// Bytes of each section of the file, without the gaps between them.
    pub fn section_bytes(&self) -> &[(Section, usize)] {
        &self.section_bytes
    }

    /// The position of the item with this id, if the model knows it.
    pub fn item_ix(&self, id: &str) -> Option<ItemIx> {
        self.ids.find(id)
    }

    /// The shop's id of an item; empty for an index that is none of this model's.
    pub fn item_id(&self, item: ItemIx) -> &str {
        self.ids.at(item.at())
    }

    /// The codes of all item vectors, `[n_items, dim]`, row-major.
    pub fn rows(&self) -> &[i8] {
        &self.rows
    }

    /// The codes of one item's vector, `[dim]`; empty for an index that is none of this
    /// model's.
    pub fn row(&self, item: ItemIx) -> &[i8] {
        let start = item.at().saturating_mul(self.dim);
        self.rows.get(start..start.saturating_add(self.dim)).unwrap_or_default()
    }

    /// `1 / |codes|` of every item, `[n_items]`; 0 where all codes are 0.
    pub fn inverse_norms(&self) -> &[f32] {
        &self.inverse_norms
    }

    /// `1 / |codes|` of one item; 0 for an index that is none of this model's.
    pub fn inverse_norm(&self, item: ItemIx) -> f32 {
        self.inverse_norms.get(item.at()).copied().unwrap_or(0.0)
    }

    /// The cosine of two items, −1 to 1; 0 where one of them has no direction. An exact
    /// integer under two roundings, so every machine gets the same.
    #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
    pub fn cosine(&self, a: ItemIx, b: ItemIx) -> f32 {
        dot(self.row(a), self.row(b)) as f32 * self.inverse_norm(a) * self.inverse_norm(b)
    }

    /// Log-odds of every item whatever the session, `[n_items]`.
    pub fn biases(&self) -> &[f32] {
        &self.biases
    }

    /// `ln(1 + sessions)` of every item, `[n_items]`; 0 where too few sessions stand behind
    /// it.
    pub fn popularity(&self) -> &[f32] {
        &self.popularity
    }

    /// The session encoder's weights.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }
}

/// Where the sections of a checked file are.
struct Sections<'a> {
    found: Vec<(u32, &'a [u8])>,
}

impl<'a> Sections<'a> {
    fn find(file: &'a [u8]) -> Result<Self, ModelError> {
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

    fn bytes(&self, section: Section) -> Result<&'a [u8], ModelError> {
        let found = self.found.iter().find(|(kind, _)| *kind == section.kind());
        found.map(|(_, bytes)| *bytes).ok_or(ModelError::MissingSection(section))
    }

    fn sizes(&self) -> Vec<(Section, usize)> {
        let size = |section: Section| self.bytes(section).ok().map(|bytes| (section, bytes.len()));
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

fn read_about(bytes: &[u8]) -> Result<String, ModelError> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| ModelError::corrupt(Section::About, "not UTF-8"))?;
    Ok(text.to_owned())
}

struct Vectors {
    dim: usize,
    width: CodeWidth,
    rows: Vec<i8>,
}

impl Vectors {
    fn read(bytes: &[u8], n_items: usize) -> Result<Self, ModelError> {
        let broken = |rule| ModelError::corrupt(Section::Vectors, rule);
        let mut cursor = Cursor::new(bytes);
        let dim = usize::from(cursor.u16().ok_or_else(|| broken("no dimension"))?);
        if dim == 0 || !dim.is_multiple_of(16) || dim > MAX_DIM {
            return Err(broken("the dimension is not a multiple of 16 up to 512"));
        }
        let [bits, 0] = cursor.u16().ok_or_else(|| broken("no width"))?.to_le_bytes() else {
            return Err(broken("a reserved byte is set"));
        };
        let width = CodeWidth::from_bits(bits).ok_or_else(|| broken("neither 4 nor 8 bits"))?;
        let codes = cursor.rest();
        let n_codes = n_items.saturating_mul(dim);
        let rows = match width {
            CodeWidth::Four if codes.len() == n_codes.div_ceil(2) => unpacked(codes, n_codes),
            CodeWidth::Eight if codes.len() == n_codes => {
                codes.iter().map(|byte| byte.cast_signed()).collect()
            }
            _ => return Err(broken("not one vector an item")),
        };
        // Two's complement reaches one further down than up. To look at every code is faster
        // than to stop at the first.
        let lowest = rows.iter().fold(0, |lowest: i8, &code| lowest.min(code));
        if lowest < width.limit().saturating_neg() {
            return Err(broken("a code is outside its width"));
        }
        Ok(Self { dim, width, rows })
    }
}

fn unpacked(bytes: &[u8], n_codes: usize) -> Vec<i8> {
    let mut rows = Vec::with_capacity(n_codes);
    unpack_nibbles(bytes, &mut rows);
    rows
}

/// One byte an item behind a step: the value is the code times the step.
fn read_codes(
    bytes: &[u8],
    n_items: usize,
    section: Section,
    decode: impl Fn(u8) -> f32,
) -> Result<Vec<f32>, ModelError> {
    let mut cursor = Cursor::new(bytes);
    let step = cursor.f32s(1).and_then(|step| step.first().copied());
    let step = step.ok_or_else(|| ModelError::corrupt(section, "no step"))?;
    if !(step > 0.0 && step <= MAX_WEIGHT) {
        return Err(ModelError::corrupt(section, "the step is not a usable weight"));
    }
    let codes = cursor.rest();
    if codes.len() != n_items {
        return Err(ModelError::corrupt(section, "not one code an item"));
    }
    Ok(codes.iter().map(|&code| decode(code) * step).collect())
}

fn read_encoder(bytes: &[u8], dim: usize) -> Result<Encoder, ModelError> {
    let broken = |rule| ModelError::corrupt(Section::Encoder, rule);
    let mut cursor = Cursor::new(bytes);
    let mut count = || cursor.u16().map(usize::from).ok_or_else(|| broken("no counts"));
    let (steps, n_kinds, n_dwell, width) = (count()?, count()?, count()?, count()?);
    if steps == 0 || steps > MAX_STEPS {
        return Err(broken("the number of steps is not 1 to 64"));
    }
    if width != dim {
        return Err(broken("its dimension is not that of the item vectors"));
    }
    let short = || broken("weights are cut short");
    let mut weights = |n: usize| cursor.f32s(n).ok_or_else(short);
    let temperature = weights(1)?.first().copied().ok_or_else(short)?;
    let encoder = Encoder {
        temperature,
        position: weights(steps)?,
        returning: weights(steps)?,
        kind: weights(n_kinds)?.try_into().map_err(|_| broken("not one weight an event kind"))?,
        dwell: weights(n_dwell)?.try_into().map_err(|_| broken("not one weight a dwell class"))?,
        attention: weights(dim.saturating_mul(dim))?,
    };
    if !cursor.rest().is_empty() {
        return Err(broken("more bytes than weights"));
    }
    if usable(&encoder) { Ok(encoder) } else { Err(broken("a number is not a usable weight")) }
}

fn usable(encoder: &Encoder) -> bool {
    let fits = |x: &f32| x.is_finite() && x.abs() <= MAX_WEIGHT;
    encoder.temperature > 0.0
        && fits(&encoder.temperature)
        && encoder.position.iter().all(fits)
        && encoder.returning.iter().all(fits)
        && encoder.kind.iter().all(fits)
        && encoder.dwell.iter().all(fits)
        && encoder.attention.iter().all(fits)
}
