//! Reads the factors: vectors, lengths, biases, and the rule that reads a session.
#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::layout::{MAX_DIM, MAX_STEPS, SPELT_BITS, Section, n_pieces};
use super::numbers::{self, Rule, UNUSABLE, usable};
use super::sections::Sections;
use super::{Encoder, FoldIn, InterestRule, ModelError};
use crate::kernels::{CodeWidth, dot, inverse_norm, spell};
use crate::types::ItemIx;

/// One vector and one bias an item, unpacked to bytes and ready to be scanned, and the rule
/// that turns a session into a vector among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    dim: usize,
    bits: u8,
    /// `[n_words, dim]`, of which shards are spelt; empty where vectors are not spelt.
    words: Vec<i8>,
    rows: Vec<i8>,
    inverse_norms: Vec<f32>,
    /// Length over `|codes|`; `None` where every length is 1.
    scales: Option<Vec<f32>>,
    biases: Vec<f32>,
    interest: InterestRule,
}

impl Factors {
    /// Reads the group; `None` where the file holds nothing of it.
    pub(super) fn read(
        sections: &Sections<'_>,
        n_items: usize,
    ) -> Result<Option<Self>, ModelError> {
        let group = [
            Section::Vectors,
            Section::Spelt,
            Section::Biases,
            Section::Encoder,
            Section::Lengths,
            Section::FoldIn,
        ];
        if group.into_iter().all(|section| sections.optional(section).is_none()) {
            return Ok(None);
        }
        let Rows { dim, bits, words, codes: rows } = rows(sections, n_items, &[])?;
        let biases = sections.read(Section::Biases, |cursor| biases(cursor, n_items))?;
        let inverse_norms: Vec<f32> = rows.chunks_exact(dim).map(inverse_norm).collect();
        let scales = sections.read_if(Section::Lengths, |cursor| scales(cursor, &inverse_norms))?;
        let interest = interest(sections, dim)?;
        Ok(Some(Self { dim, bits, words, rows, inverse_norms, scales, biases, interest }))
    }

    /// The factors of a shard of `n_items`, to be taken in by [`take`](Self::take).
    pub(super) fn of_shard(
        &self,
        sections: &Sections<'_>,
        n_items: usize,
    ) -> Result<Self, ModelError> {
        let Rows { dim, bits, codes: rows, .. } = rows(sections, n_items, &self.words)?;
        if (dim, bits) != (self.dim, self.bits) {
            return Err(ModelError::corrupt(
                Section::Shard,
                "its vectors are not those of the root",
            ));
        }
        let biases = sections.read(Section::Biases, |cursor| biases(cursor, n_items))?;
        let inverse_norms: Vec<f32> = rows.chunks_exact(dim).map(inverse_norm).collect();
        let scales = sections.read_if(Section::Lengths, |cursor| scales(cursor, &inverse_norms))?;
        if scales.is_some() != self.scales.is_some() {
            return Err(ModelError::corrupt(
                Section::Shard,
                "its lengths are not those of the root",
            ));
        }
        let (words, interest) = (Vec::new(), self.interest.clone());
        Ok(Self { dim, bits, words, rows, inverse_norms, scales, biases, interest })
    }

    /// Appends an item of a shard as it is there.
    pub(super) fn take(&mut self, shard: &Self, item: ItemIx) {
        let at = item.at();
        let one = |numbers: &[f32]| numbers.get(at).copied();
        self.rows.extend_from_slice(shard.row(item));
        self.inverse_norms.extend(one(&shard.inverse_norms));
        self.biases.extend(one(&shard.biases));
        if let Some(scales) = &mut self.scales {
            scales.extend(one(shard.scales()));
        }
    }

    /// Appends an item: the codes of its vector, `[dim]`, at length 1, and its bias.
    pub(super) fn push(&mut self, codes: &[i8], bias: f32) {
        self.rows.extend_from_slice(codes);
        self.inverse_norms.push(inverse_norm(codes));
        if let Some(scales) = &mut self.scales {
            scales.push(inverse_norm(codes));
        }
        self.biases.push(bias);
    }

    /// Replaces the vector of an item.
    pub(super) fn set(&mut self, item: ItemIx, codes: &[i8]) {
        let start = item.at().saturating_mul(self.dim);
        if let Some(row) = self.rows.get_mut(start..start.saturating_add(self.dim)) {
            row.copy_from_slice(codes);
        }
        for norms in [Some(&mut self.inverse_norms), self.scales.as_mut()].into_iter().flatten() {
            if let Some(norm) = norms.get_mut(item.at()) {
                *norm = inverse_norm(codes);
            }
        }
    }

    /// Coordinates of an item vector, a multiple of 16.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Bits a coordinate in the file, 8, 4, or fewer where the vectors are spelt.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// How a vector that comes later is rounded: as in the file; where vectors are spelt, to
    /// bytes, which is what words are made of.
    pub fn width(&self) -> CodeWidth {
        CodeWidth::from_bits(self.bits).unwrap_or(CodeWidth::Eight)
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

    /// `1 / |codes|` of one item; 0 where all codes are 0, and for an index that is none of
    /// this model's.
    pub fn inverse_norm(&self, item: ItemIx) -> f32 {
        self.inverse_norms.get(item.at()).copied().unwrap_or(0.0)
    }

    /// One over `|codes|` of every item, `[n_items]`; 0 where all codes are 0.
    pub fn inverse_norms(&self) -> &[f32] {
        &self.inverse_norms
    }

    /// What turns the codes of every item into its vector, `[n_items]`: the vector's length
    /// over `|codes|`; 0 where all codes are 0.
    pub fn scales(&self) -> &[f32] {
        self.scales.as_deref().unwrap_or(&self.inverse_norms)
    }

    /// What turns the codes of one item into its vector; 0 for an index that is none of this
    /// model's.
    pub fn scale(&self, item: ItemIx) -> f32 {
        self.scales().get(item.at()).copied().unwrap_or(0.0)
    }

    /// The cosine of two items, −1 to 1; 0 where one of them has no direction. An exact
    /// integer under two roundings, so every machine gets the same.
    pub fn cosine(&self, a: ItemIx, b: ItemIx) -> f32 {
        self.along(a, b, self.inverse_norm(b))
    }

    /// The unit vector of `of` times the vector of `item` at its length: the cosine where
    /// every length is 1.
    pub fn likeness(&self, of: ItemIx, item: ItemIx) -> f32 {
        self.along(of, item, self.scale(item))
    }

    #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
    fn along(&self, a: ItemIx, b: ItemIx, scale: f32) -> f32 {
        dot(self.row(a), self.row(b)) as f32 * self.inverse_norm(a) * scale
    }

    /// Log-odds of every item whatever the session, `[n_items]`.
    pub fn biases(&self) -> &[f32] {
        &self.biases
    }

    /// How a session becomes an interest.
    pub fn interest(&self) -> &InterestRule {
        &self.interest
    }
}

/// The vectors of a file.
struct Rows {
    dim: usize,
    bits: u8,
    /// What they are spelt with.
    words: Vec<i8>,
    codes: Vec<i8>,
}

/// The vectors of the file: codes or words, never both. A shard is spelt with the words of its
/// root.
fn rows(sections: &Sections<'_>, n_items: usize, of_root: &[i8]) -> Result<Rows, ModelError> {
    match (sections.optional(Section::Vectors), sections.optional(Section::Spelt)) {
        (Some(_), Some(_)) => {
            Err(ModelError::corrupt(Section::Spelt, "it stands beside item vectors"))
        }
        (None, Some(_)) => sections.read(Section::Spelt, |cursor| spelt(cursor, n_items, of_root)),
        _ => sections.read(Section::Vectors, |cursor| vectors(cursor, n_items)),
    }
}

fn dimension(cursor: &mut Cursor<'_>) -> Result<usize, Rule> {
    let dim = usize::from(cursor.u16().ok_or("no dimension")?);
    if dim == 0 || !dim.is_multiple_of(16) || dim > MAX_DIM {
        return Err("the dimension is not a multiple of 16 up to 512");
    }
    Ok(dim)
}

fn vectors(mut cursor: Cursor<'_>, n_items: usize) -> Result<Rows, Rule> {
    let dim = dimension(&mut cursor)?;
    let [bits, 0] = cursor.u16().ok_or("no width")?.to_le_bytes() else {
        return Err("a reserved byte is set");
    };
    let width = CodeWidth::from_bits(bits).ok_or("neither 4 nor 8 bits")?;
    let rows = numbers::codes(cursor, width, n_items.saturating_mul(dim));
    let rows = rows.ok_or("not one vector an item")?;
    if numbers::within(&rows, width) {
        Ok(Rows { dim, bits, words: Vec::new(), codes: rows })
    } else {
        Err("a code is outside its width")
    }
}

/// The words of every piece, then a code a piece of each item.
fn spelt(mut cursor: Cursor<'_>, n_items: usize, of_root: &[i8]) -> Result<Rows, Rule> {
    let dim = dimension(&mut cursor)?;
    let [bits, last] = cursor.u16().ok_or("no width")?.to_le_bytes();
    if !SPELT_BITS.contains(&bits) {
        return Err("not 1 to 3 bits");
    }
    let n_bytes = usize::from(last).saturating_add(1).saturating_mul(dim);
    let words = if of_root.is_empty() {
        let words = cursor.take(n_bytes).ok_or("the words are cut short")?;
        words.iter().map(|byte| byte.cast_signed()).collect()
    } else {
        of_root.to_vec()
    };
    if !numbers::within(&words, CodeWidth::Eight) {
        return Err("a code is outside its width");
    }
    let codes = cursor.rest();
    let n_pieces = n_pieces(dim, bits);
    if codes.len() != n_items.saturating_mul(n_pieces) {
        return Err("not one vector an item");
    }
    let fits = words.len() == n_bytes;
    let codes = spell(codes, &words, dim, n_pieces).filter(|_| fits).ok_or("a code has no word")?;
    Ok(Rows { dim, bits, words, codes })
}

fn biases(mut cursor: Cursor<'_>, n_items: usize) -> Result<Vec<f32>, Rule> {
    let step = numbers::step(&mut cursor)?;
    let codes = cursor.rest();
    if codes.len() != n_items {
        return Err("not one code an item");
    }
    Ok(codes.iter().map(|code| f32::from(code.cast_signed()) * step).collect())
}

fn scales(mut cursor: Cursor<'_>, inverse_norms: &[f32]) -> Result<Vec<f32>, Rule> {
    let lengths = numbers::lengths(&mut cursor, inverse_norms.len())?;
    cursor.end()?;
    Ok(lengths.iter().zip(inverse_norms).map(|(length, norm)| length * norm).collect())
}

/// The one rule of the file: a fold-in in place of an encoder, never both.
fn interest(sections: &Sections<'_>, dim: usize) -> Result<InterestRule, ModelError> {
    match (sections.optional(Section::Encoder), sections.optional(Section::FoldIn)) {
        (Some(_), Some(_)) => {
            Err(ModelError::corrupt(Section::FoldIn, "it stands beside an encoder"))
        }
        (None, Some(_)) => {
            sections.read(Section::FoldIn, |cursor| fold_in(cursor, dim)).map(InterestRule::FoldIn)
        }
        _ => sections
            .read(Section::Encoder, |cursor| encoder(cursor, dim))
            .map(InterestRule::Attention),
    }
}

fn encoder(mut cursor: Cursor<'_>, dim: usize) -> Result<Encoder, Rule> {
    let mut count = || cursor.u16().map(usize::from).ok_or("no counts");
    let (steps, n_kinds, n_dwell, width) = (count()?, count()?, count()?, count()?);
    check_steps(steps)?;
    check_dim(width, dim)?;
    let mut weights = |n: usize| weights(&mut cursor, n);
    let temperature = positive(weights(1)?)?;
    let encoder = Encoder {
        temperature,
        position: weights(steps)?,
        returning: weights(steps)?,
        kind: weights(n_kinds)?.try_into().map_err(|_| "not one weight an event kind")?,
        dwell: weights(n_dwell)?.try_into().map_err(|_| "not one weight a dwell class")?,
        attention: weights(dim.saturating_mul(dim))?,
    };
    cursor.end()?;
    Ok(encoder)
}

fn fold_in(mut cursor: Cursor<'_>, dim: usize) -> Result<FoldIn, Rule> {
    let mut count = || cursor.u16().map(usize::from).ok_or("no counts");
    let (steps, n_kinds, width, gram) = (count()?, count()?, count()?, count()?);
    check_steps(steps)?;
    check_dim(width, dim)?;
    let n_gram = match gram {
        0 => 0,
        1 => dim.saturating_mul(dim.saturating_add(1)) >> 1,
        _ => return Err("neither with nor without a Gram matrix"),
    };
    let not_kinds = "not one weight an event kind";
    let mut weights = |n: usize| weights(&mut cursor, n);
    let fold_in = FoldIn {
        temperature: positive(weights(1)?)?,
        ridge: positive(weights(1)?)?,
        returning: weights(steps)?,
        confidence: weights(n_kinds)?.try_into().map_err(|_| not_kinds)?,
        pull: weights(n_kinds)?.try_into().map_err(|_| not_kinds)?,
        gram: weights(n_gram)?,
    };
    if fold_in.confidence.iter().any(|&c| c < 0.0) {
        return Err("a confidence is negative");
    }
    cursor.end()?;
    Ok(fold_in)
}

/// `n` usable weights.
pub(super) fn weights(cursor: &mut Cursor<'_>, n: usize) -> Result<Vec<f32>, Rule> {
    let weights = cursor.f32s(n).ok_or("weights are cut short")?;
    if usable(&weights) { Ok(weights) } else { Err(UNUSABLE) }
}

fn positive(weights: Vec<f32>) -> Result<f32, Rule> {
    weights.into_iter().find(|&x| x > 0.0).ok_or(UNUSABLE)
}

pub(super) fn check_steps(steps: usize) -> Result<(), Rule> {
    if steps == 0 || steps > MAX_STEPS {
        return Err("the number of steps is not 1 to 64");
    }
    Ok(())
}

pub(super) fn check_dim(width: usize, dim: usize) -> Result<(), Rule> {
    if width == dim && dim > 0 {
        Ok(())
    } else {
        Err("its dimension is not that of the item vectors")
    }
}
