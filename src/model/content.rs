//! What places a product that the model has never seen.
#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::ModelError;
use super::cursor::Cursor;
use super::factors::check_dim;
use super::ids::Names;
use super::layout::{MAX_INPUT, Section};
use super::numbers::{self, Rule};
use super::sections::Sections;
use super::words::{self, Columns, Described};
use crate::kernels::{CodeWidth, inverse_norm, sort_by};

/// The two ways from what a shop says of a product to a place in item space.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// From words and properties.
    pub lexicon: Option<Lexicon>,
    /// From an embedding made elsewhere.
    pub map: Option<ContentMap>,
    /// How the catalogue is read.
    pub reading: Columns,
}

impl Content {
    /// Reads what the file has of them.
    pub(super) fn read(sections: &Sections<'_>, dim: usize) -> Result<Self, ModelError> {
        Ok(Self {
            lexicon: sections.read_if(Section::Lexicon, |cursor| Lexicon::read(cursor, dim))?,
            map: sections.read_if(Section::ContentMap, |cursor| ContentMap::read(cursor, dim))?,
            reading: sections.read_if(Section::Reading, words::read)?.unwrap_or_default(),
        })
    }

    /// Where a product stands that is described like this, `[dim]`; `None` where nothing is
    /// known to go by.
    pub fn place(&self, product: &Described<'_>) -> Option<Vec<f32>> {
        let keys = words::keys(product, &self.reading);
        self.lexicon.as_ref()?.place(keys.iter().map(String::as_str))
    }
}

/// Words and properties of products (`mug`, `brand=Hario`, `price=3`), each with a weight
/// and a vector in item space.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexicon {
    names: Names,
    dim: usize,
    codes: Vec<i8>,
    /// Weight times length over `|codes|`, `[n_features]`.
    scales: Vec<f32>,
}

impl Lexicon {
    fn read(mut cursor: Cursor<'_>, dim: usize) -> Result<Self, Rule> {
        let n_names = cursor.u32().ok_or("no counts")? as usize;
        check_dim(usize::from(cursor.u16().ok_or("no counts")?), dim)?;
        let [bits, 0] = cursor.u16().ok_or("no counts")?.to_le_bytes() else {
            return Err("a reserved byte is set");
        };
        let width = CodeWidth::from_bits(bits).ok_or("neither 4 nor 8 bits")?;
        let names = cursor.take(n_names).ok_or("the names are cut short")?;
        let names = Names::read(Cursor::new(names))?;
        let n = names.len();
        let step = numbers::step(&mut cursor)?;
        let weights = cursor.take(n).ok_or("not one weight a feature")?;
        let lengths = numbers::lengths(&mut cursor, n)?;
        let codes = numbers::codes(cursor, width, n.saturating_mul(dim));
        let codes = codes.ok_or("not one vector a feature")?;
        if !numbers::within(&codes, width) {
            return Err("a code is outside its width");
        }
        let scale = |((row, length), &weight): ((&[i8], f32), &u8)| {
            f32::from(weight) * step * length * inverse_norm(row)
        };
        let rows = codes.chunks_exact(dim);
        let scales = rows.zip(lengths).zip(weights).map(scale).collect();
        Ok(Self { names, dim, codes, scales })
    }

    /// How many features it knows.
    pub fn n_features(&self) -> usize {
        self.names.len()
    }

    /// The feature at a position, in ascending order of the bytes; empty beyond the last.
    pub fn feature(&self, at: usize) -> &str {
        self.names.at(at)
    }

    /// The place of a product with these features: `unit(Σ_f (1 + ln tf_f)·w_f·v_f)`, `[dim]`,
    /// where `tf` is how often a feature is named; one that is not known says nothing. `None`
    /// where nothing is left to go by.
    pub fn place<'a>(&self, features: impl IntoIterator<Item = &'a str>) -> Option<Vec<f32>> {
        let mut found: Vec<usize> =
            features.into_iter().filter_map(|feature| self.names.find(feature)).collect();
        sort_by(&mut found, Ord::cmp);
        let mut place = vec![0.0; self.dim];
        for (same, at) in
            found.chunk_by(|a, b| a == b).filter_map(|same| Some((same, *same.first()?)))
        {
            let start = at.saturating_mul(self.dim);
            let row = self.codes.get(start..start.saturating_add(self.dim)).unwrap_or_default();
            let scale = self.scales.get(at).copied().unwrap_or(0.0) * times(same.len());
            for (sum, &code) in place.iter_mut().zip(row) {
                *sum += scale * f32::from(code);
            }
        }
        unit(place)
    }
}

/// `1 + ln tf`.
#[expect(clippy::cast_precision_loss, reason = "words of one product")]
fn times(tf: usize) -> f32 {
    1.0 + libm::logf(tf as f32)
}

/// A linear map from embeddings made elsewhere to item space.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentMap {
    input: usize,
    codes: Vec<i8>,
    steps: Vec<f32>,
}

impl ContentMap {
    fn read(mut cursor: Cursor<'_>, dim: usize) -> Result<Self, Rule> {
        let width = usize::from(cursor.u16().ok_or("no counts")?);
        let input = usize::from(cursor.u16().ok_or("no counts")?);
        check_dim(width, dim)?;
        if input == 0 || input > MAX_INPUT {
            return Err("the number of input coordinates is not 1 to 8192");
        }
        let mut steps = Vec::with_capacity(dim);
        for _ in 0..dim {
            steps.push(numbers::step(&mut cursor)?);
        }
        let codes = numbers::codes(cursor, CodeWidth::Eight, dim.saturating_mul(input));
        let codes = codes.ok_or("not one code a coordinate")?;
        if !numbers::within(&codes, CodeWidth::Eight) {
            return Err("a code is outside its width");
        }
        Ok(Self { input, codes, steps })
    }

    /// Coordinates of an embedding.
    pub fn input(&self) -> usize {
        self.input
    }

    /// The place of a product with this embedding, `[input]`: `unit(M·x)`, `[dim]`. `None`
    /// where the embedding has another length, or nothing is left of it.
    pub fn place(&self, embedding: &[f32]) -> Option<Vec<f32>> {
        if embedding.len() != self.input {
            return None;
        }
        let rows = self.codes.chunks_exact(self.input).zip(&self.steps);
        unit(rows.map(|(row, step)| step * product(row, embedding)).collect())
    }
}

fn product(codes: &[i8], vector: &[f32]) -> f32 {
    codes.iter().zip(vector).fold(0.0, |sum, (&code, x)| sum + f32::from(code) * x)
}

/// Vectors shorter than this have no direction left: their squares are lost in rounding.
const MIN_LENGTH: f32 = 1e-15;

fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().fold(0.0, |sum, x| sum + x * x).sqrt();
    if !(length >= MIN_LENGTH && length.is_finite()) {
        return None;
    }
    for x in &mut vector {
        *x /= length;
    }
    Some(vector)
}
