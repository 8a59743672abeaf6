use super::layout::{ALIGN, CHECKSUM_AT, ENTRY_BYTES, HEADER_BYTES, MAGIC, Section, VERSION};
use super::{
    ContentMapParts, Encoder, FactorParts, FoldIn, InterestRule, LexiconParts, ModelParts,
    NeighbourParts, PartsError, PriorParts, WordParts, attributes, words,
};
use crate::kernels::{CodeWidth, pack_nibbles};
use xxhash_rust::xxh64::Xxh64;

/// A vector shorter than this is written as none at all.
const MIN_LENGTH: f32 = 1e-6;

/// Writes a model file. The same parts give the same bytes.
///
/// # Errors
/// - [`PartsError`], the first rule of [`ModelParts`] that the parts break.
pub fn write(parts: &ModelParts) -> Result<Vec<u8>, PartsError> {
    parts.check()?;
    let content = |section| content(parts, section).map(|bytes| (section, bytes));
    Ok(assembled(&Section::ALL.into_iter().filter_map(content).collect::<Vec<_>>()))
}

/// A file of these sections.
pub(super) fn assembled(sections: &[(Section, Vec<u8>)]) -> Vec<u8> {
    let mut file = vec![0; HEADER_BYTES + sections.len() * ENTRY_BYTES];
    for (entry, (section, bytes)) in sections.iter().enumerate() {
        file.resize(file.len().next_multiple_of(ALIGN), 0);
        let offset = file.len();
        write_entry(&mut file, entry, *section, offset, bytes.len());
        file.extend_from_slice(bytes);
    }
    write_header(&mut file, sections.len());
    file
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

fn content(parts: &ModelParts, section: Section) -> Option<Vec<u8>> {
    let factors = parts.factors.as_ref();
    let rule = factors.map(|factors| &factors.interest);
    match section {
        Section::About => Some(parts.about.clone().into_bytes()),
        Section::Items => Some(names(&parts.items)),
        Section::Popularity => Some(stepped(&parts.popularity)),
        Section::Vectors => factors.filter(|_| parts.words.is_none()).map(vectors),
        Section::Spelt => Some(spelt(parts.words.as_ref()?, factors?.dim)),
        Section::Biases => factors.map(|factors| biases(&factors.biases)),
        Section::Lengths => factors.and_then(|factors| factors.lengths.as_deref()).map(lengths),
        Section::Encoder => match rule? {
            InterestRule::Attention(weights) => Some(encoder(weights, factors?.dim)),
            InterestRule::FoldIn(_) => None,
        },
        Section::FoldIn => match rule? {
            InterestRule::FoldIn(weights) => Some(fold_in(weights, factors?.dim)),
            InterestRule::Attention(_) => None,
        },
        Section::Neighbours => parts.neighbours.as_ref().map(neighbours),
        Section::Signals => signals(&parts.signals),
        Section::Companions => parts.companions.as_ref().map(neighbours),
        Section::Priors => parts.priors.as_ref().map(priors),
        Section::Reading => parts.reading.as_ref().map(words::write),
        Section::Attributes => parts.attributes.as_ref().map(attributes::write),
        // A file is sharded once it is written.
        Section::Shard | Section::Directory | Section::Groups | Section::Homes => None,
        Section::Lexicon => Some(lexicon(parts.lexicon.as_ref()?, factors?.dim)),
        Section::ContentMap => Some(content_map(parts.content_map.as_ref()?, factors?.dim)),
    }
}

pub(super) fn names(ids: &[String]) -> Vec<u8> {
    let count = u32::try_from(ids.len()).expect("fewer than 2^32 names");
    let mut bytes = count.to_le_bytes().to_vec();
    for id in ids {
        push_varint(&mut bytes, id.len());
    }
    bytes.extend(ids.iter().flat_map(|id| id.bytes()));
    bytes
}

pub(super) fn push_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(low_bits(value) | 0x80);
        value >>= 7;
    }
    bytes.push(low_bits(value));
}

fn low_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7F).expect("seven bits")
}

fn vectors(parts: &FactorParts) -> Vec<u8> {
    let mut bytes = u16s(&[parts.dim]);
    bytes.extend([parts.width.bits(), 0]);
    push_codes(&mut bytes, &parts.codes, parts.width);
    bytes
}

fn spelt(parts: &WordParts, dim: usize) -> Vec<u8> {
    let mut bytes = u16s(&[dim]);
    let last = u8::try_from(parts.words.len() / dim - 1).expect("checked: at most 256 words");
    bytes.extend([parts.bits, last]);
    push_codes(&mut bytes, &parts.words, CodeWidth::Eight);
    bytes.extend(&parts.codes);
    bytes
}

pub(super) fn push_codes(bytes: &mut Vec<u8>, codes: &[i8], width: CodeWidth) {
    match width {
        CodeWidth::Four => bytes.extend(pack_nibbles(codes)),
        CodeWidth::Eight => bytes.extend(codes.iter().map(|code| code.cast_unsigned())),
    }
}

pub(super) fn u16s(counts: &[usize]) -> Vec<u8> {
    let bytes = |&count: &usize| u16::try_from(count).expect("checked: small").to_le_bytes();
    counts.iter().flat_map(bytes).collect()
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
fn stepped(values: &[f32]) -> Vec<u8> {
    let step = step_of(values, 255.0);
    let mut bytes = step.to_le_bytes().to_vec();
    bytes.extend(values.iter().map(|x| libm::roundf(x / step) as u8));
    bytes
}

/// Shortest length, ratio, one code a length: 0 for no length, then evenly spaced logarithms.
#[expect(clippy::cast_possible_truncation, reason = "scaled to 0…254 and rounded")]
#[expect(clippy::cast_sign_loss, reason = "no length is below the shortest")]
fn lengths(lengths: &[f32]) -> Vec<u8> {
    let there = || lengths.iter().copied().filter(|&x| x >= MIN_LENGTH);
    let shortest = there().fold(f32::INFINITY, f32::min);
    let shortest = if shortest.is_finite() { shortest } else { 1.0 };
    let spread = libm::logf(there().fold(shortest, f32::max) / shortest);
    // A hair less, so that rounding never lifts the longest over the limit.
    let ratio = spread / 254.0 * (1.0 - 1e-6);
    let code = |x: &f32| match *x {
        x if x < MIN_LENGTH => 0,
        _ if ratio == 0.0 => 1,
        x => 1 + libm::roundf(libm::logf(x / shortest) / ratio).clamp(0.0, 254.0) as u8,
    };
    let mut bytes = [shortest, ratio].into_iter().flat_map(f32::to_le_bytes).collect::<Vec<u8>>();
    bytes.extend(lengths.iter().map(code));
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
    let mut bytes = u16s(&[encoder.max_steps(), encoder.kind.len(), encoder.dwell.len(), dim]);
    push_weights(
        &mut bytes,
        &[
            &[encoder.temperature],
            &encoder.position,
            &encoder.returning,
            &encoder.kind,
            &encoder.dwell,
            &encoder.attention,
        ],
    );
    bytes
}

fn fold_in(fold_in: &FoldIn, dim: usize) -> Vec<u8> {
    let with_gram = usize::from(!fold_in.gram.is_empty());
    let n_kinds = fold_in.pull.len();
    let mut bytes = u16s(&[fold_in.returning.len(), n_kinds, dim, with_gram]);
    push_weights(
        &mut bytes,
        &[
            &[fold_in.temperature, fold_in.ridge],
            &fold_in.returning,
            &fold_in.confidence,
            &fold_in.pull,
            &fold_in.gram,
        ],
    );
    bytes
}

fn push_weights(bytes: &mut Vec<u8>, weights: &[&[f32]]) {
    bytes.extend(weights.iter().copied().flatten().flat_map(|weight| weight.to_le_bytes()));
}

fn neighbours(parts: &NeighbourParts) -> Vec<u8> {
    let weights: Vec<f32> = parts.lists.iter().flatten().map(|(_, weight)| *weight).collect();
    let codes = stepped(&weights);
    let (step, codes) = codes.split_at(4);
    let mut bytes = u16s(&[parts.reach.len(), 0]);
    bytes.extend(step);
    push_weights(&mut bytes, &[&parts.reach]);
    let count = |list: &Vec<_>| u8::try_from(list.len()).expect("checked: at most MAX_NEIGHBOURS");
    bytes.extend(parts.lists.iter().map(count));
    for list in &parts.lists {
        let mut next = 0;
        for (item, _) in list {
            push_varint(&mut bytes, item.at() - next);
            next = item.at() + 1;
        }
    }
    bytes.extend(codes);
    bytes
}

fn signals(weights: &[(String, f32)]) -> Option<Vec<u8>> {
    let (known, weights): (Vec<String>, Vec<f32>) = weights.iter().cloned().unzip();
    let mut bytes = long_names(&known);
    push_weights(&mut bytes, &[&weights]);
    (!known.is_empty()).then_some(bytes)
}

fn priors(parts: &PriorParts) -> Vec<u8> {
    let contexts = parts.tables.iter().fold(0, |bits, (context, _)| bits | context.bit());
    let mut bytes = vec![contexts, u8::from(!parts.trend.is_empty()), 0, 0];
    if contexts != 0 {
        bytes.extend(long_names(&parts.categories));
        let tables: Vec<f32> = parts.tables.iter().flat_map(|(_, table)| table).copied().collect();
        bytes.extend(biases(&tables));
    }
    if !parts.trend.is_empty() {
        bytes.extend(biases(&parts.trend));
    }
    bytes
}

/// Names behind the number of their bytes.
pub(super) fn long_names(of: &[String]) -> Vec<u8> {
    let names = names(of);
    let n_bytes = u32::try_from(names.len()).expect("names of less than 4 GB");
    let mut bytes = n_bytes.to_le_bytes().to_vec();
    bytes.extend(names);
    bytes
}

fn lexicon(parts: &LexiconParts, dim: usize) -> Vec<u8> {
    let names = names(&parts.features);
    let n_bytes = u32::try_from(names.len()).expect("names of less than 4 GB");
    let mut bytes = n_bytes.to_le_bytes().to_vec();
    bytes.extend(u16s(&[dim]));
    bytes.extend([parts.width.bits(), 0]);
    bytes.extend(names);
    bytes.extend(stepped(&parts.weights));
    bytes.extend(lengths(&parts.lengths));
    push_codes(&mut bytes, &parts.codes, parts.width);
    bytes
}

fn content_map(parts: &ContentMapParts, dim: usize) -> Vec<u8> {
    let mut bytes = u16s(&[dim, parts.input]);
    let rows: Vec<Vec<u8>> = parts.matrix.chunks_exact(parts.input).map(biases).collect();
    bytes.extend(rows.iter().flat_map(|row| &row[..4]));
    bytes.extend(rows.iter().flat_map(|row| &row[4..]));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::types::ItemIx;

    #[test]
    fn values_next_to_zero_are_written_as_zero() {
        let parts = ModelParts {
            about: String::new(),
            items: vec!["a".to_owned()],
            popularity: vec![1e-44],
            factors: Some(FactorParts {
                dim: 16,
                width: CodeWidth::Four,
                codes: vec![1; 16],
                lengths: None,
                biases: vec![-1e-45],
                interest: InterestRule::Attention(Encoder::flat(1, 16)),
            }),
            ..ModelParts::default()
        };
        let model = Model::read(&write(&parts).unwrap()).unwrap();
        assert_eq!((model.bias(ItemIx(0)), model.popularity()), (0.0, [0.0].as_slice()));
    }
}
