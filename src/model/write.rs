use super::layout::{ALIGN, CHECKSUM_AT, ENTRY_BYTES, HEADER_BYTES, MAGIC, Section, VERSION};
use super::{Encoder, ModelParts, PartsError};
use crate::kernels::{CodeWidth, pack_nibbles};
use xxhash_rust::xxh64::Xxh64;

/// Writes a model file. The same parts give the same bytes.
///
/// # Errors
/// - [`PartsError`], the first rule of [`ModelParts`] that the parts break.
pub fn write(parts: &ModelParts) -> Result<Vec<u8>, PartsError> {
    parts.check()?;
    let sections = Section::ALL.map(|section| (section, content(parts, section)));
    let mut file = vec![0; HEADER_BYTES + sections.len() * ENTRY_BYTES];
    for (entry, (section, bytes)) in sections.iter().enumerate() {
        file.resize(file.len().next_multiple_of(ALIGN), 0);
        let offset = file.len();
        write_entry(&mut file, entry, *section, offset, bytes.len());
        file.extend_from_slice(bytes);
    }
    write_header(&mut file, sections.len());
    Ok(file)
}

/// The checksum of a file: XXH64 over everything but the checksum itself.
pub(super) fn checksum(file: &[u8]) -> u64 {
    let mut hash = Xxh64::new(0);
    hash.update(file.get(..CHECKSUM_AT).unwrap_or_default());
    hash.update(file.get(HEADER_BYTES..).unwrap_or_default());
    hash.digest()
}

fn write_header(file: &mut [u8], n_sections: usize) {
    let n_sections = u16::try_from(n_sections).expect("a handful of sections");
    let length = file.len() as u64;
    file[..8].copy_from_slice(&MAGIC);
    file[8..10].copy_from_slice(&VERSION.to_le_bytes());
    file[10..12].copy_from_slice(&n_sections.to_le_bytes());
    file[16..24].copy_from_slice(&length.to_le_bytes());
    let sum = checksum(file);
    file[CHECKSUM_AT..HEADER_BYTES].copy_from_slice(&sum.to_le_bytes());
}

fn write_entry(file: &mut [u8], entry: usize, section: Section, offset: usize, length: usize) {
    let at = HEADER_BYTES + entry * ENTRY_BYTES;
    file[at..at + 4].copy_from_slice(&section.kind().to_le_bytes());
    file[at + 8..at + 16].copy_from_slice(&(offset as u64).to_le_bytes());
    file[at + 16..at + 24].copy_from_slice(&(length as u64).to_le_bytes());
}

fn content(parts: &ModelParts, section: Section) -> Vec<u8> {
    match section {
        Section::About => parts.about.clone().into_bytes(),
        Section::Items => items(&parts.items),
        Section::Vectors => vectors(parts),
        Section::Biases => biases(&parts.biases),
        Section::Encoder => encoder(&parts.encoder, parts.dim),
        Section::Popularity => popularity(&parts.popularity),
    }
}

fn items(ids: &[String]) -> Vec<u8> {
    let count = u32::try_from(ids.len()).expect("fewer than 2^32 items");
    let mut bytes = count.to_le_bytes().to_vec();
    for id in ids {
        push_varint(&mut bytes, id.len());
    }
    bytes.extend(ids.iter().flat_map(|id| id.bytes()));
    bytes
}

fn push_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(low_bits(value) | 0x80);
        value >>= 7;
    }
    bytes.push(low_bits(value));
}

fn low_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7F).expect("seven bits")
}

fn vectors(parts: &ModelParts) -> Vec<u8> {
    let dim = u16::try_from(parts.dim).expect("checked: at most MAX_DIM");
    let mut bytes = dim.to_le_bytes().to_vec();
    bytes.extend([parts.width.bits(), 0]);
    match parts.width {
        CodeWidth::Four => bytes.extend(pack_nibbles(&parts.codes)),
        CodeWidth::Eight => bytes.extend(parts.codes.iter().map(|code| code.cast_unsigned())),
    }
    bytes
}

#[expect(clippy::cast_possible_truncation, reason = "scaled to −127…127 and rounded")]
fn biases(biases: &[f32]) -> Vec<u8> {
    let step = step_of(biases, 127.0);
    let mut bytes = step.to_le_bytes().to_vec();
    bytes.extend(biases.iter().map(|b| (libm::roundf(b / step) as i8).cast_unsigned()));
    bytes
}

#[expect(clippy::cast_possible_truncation, reason = "scaled to 0…255 and rounded")]
#[expect(clippy::cast_sign_loss, reason = "checked: not negative")]
fn popularity(popularity: &[f32]) -> Vec<u8> {
    let step = step_of(popularity, 255.0);
    let mut bytes = step.to_le_bytes().to_vec();
    bytes.extend(popularity.iter().map(|p| libm::roundf(p / step) as u8));
    bytes
}

/// The width of one code when the largest value gets code `limit`; 1 where all are zero, or
/// so near it that the width itself would be.
fn step_of(values: &[f32], limit: f32) -> f32 {
    let peak = values.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    let step = peak / limit;
    if step < f32::MIN_POSITIVE { 1.0 } else { step }
}

fn encoder(encoder: &Encoder, dim: usize) -> Vec<u8> {
    let counts = [encoder.max_steps(), encoder.kind.len(), encoder.dwell.len(), dim];
    let mut bytes: Vec<u8> = counts
        .into_iter()
        .flat_map(|count| u16::try_from(count).expect("checked: small").to_le_bytes())
        .collect();
    let weights = [
        &[encoder.temperature],
        encoder.position.as_slice(),
        &encoder.returning,
        &encoder.kind,
        &encoder.dwell,
        &encoder.attention,
    ];
    bytes.extend(weights.into_iter().flatten().flat_map(|weight| weight.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn values_next_to_zero_are_written_as_zero() {
        let parts = ModelParts {
            about: String::new(),
            items: vec!["a".to_owned()],
            dim: 16,
            width: CodeWidth::Four,
            codes: vec![1; 16],
            biases: vec![-1e-45],
            popularity: vec![1e-44],
            encoder: Encoder::flat(1, 16),
        };
        let model = Model::read(&write(&parts).unwrap()).unwrap();
        assert_eq!((model.biases(), model.popularity()), ([0.0].as_slice(), [0.0].as_slice()));
    }
}
