use super::{Encoder, MAX_DIM, MAX_STEPS, PartsError, layout::MAX_WEIGHT};
use crate::kernels::CodeWidth;
use crate::types::MAX_ID_BYTES;

/// What the trainer hands to the writer: everything a model file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelParts {
    /// What the file says of itself, as JSON.
    pub about: String,
    /// The shop's ids, strictly ascending by their bytes, `[n_items]`.
    pub items: Vec<String>,
    /// Coordinates an item vector, a multiple of 16.
    pub dim: usize,
    /// Bits a coordinate.
    pub width: CodeWidth,
    /// Item vectors as codes, `[n_items, dim]`, row-major. Only directions matter.
    pub codes: Vec<i8>,
    /// Log-odds of each item whatever the session, `[n_items]`.
    pub biases: Vec<f32>,
    /// `ln(1 + sessions)` of each item, 0 for items that too few sessions stand behind,
    /// `[n_items]`.
    pub popularity: Vec<f32>,
    /// The session encoder.
    pub encoder: Encoder,
}

impl ModelParts {
    /// Whether the parts fit each other.
    ///
    /// # Errors
    /// One [`PartsError`] for the first rule that is broken, in the order of the fields.
    pub(super) fn check(&self) -> Result<(), PartsError> {
        let n_items = self.items.len();
        if n_items == 0 {
            return Err(PartsError::NoItems);
        }
        if let Some(at) = self.items.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(PartsError::UnsortedItems(at + 1));
        }
        let fits = |id: &String| (1..=MAX_ID_BYTES).contains(&id.len());
        if let Some(at) = self.items.iter().position(|id| !fits(id)) {
            return Err(PartsError::ItemId(at));
        }
        if self.dim == 0 || !self.dim.is_multiple_of(16) || self.dim > MAX_DIM {
            return Err(PartsError::Dim(self.dim));
        }
        let steps = self.encoder.max_steps();
        if steps == 0 || steps > MAX_STEPS {
            return Err(PartsError::Steps(steps));
        }
        check_length("codes", self.codes.len(), n_items * self.dim)?;
        check_length("biases", self.biases.len(), n_items)?;
        check_length("popularity", self.popularity.len(), n_items)?;
        check_length("attention", self.encoder.attention.len(), self.dim * self.dim)?;
        check_length("returning", self.encoder.returning.len(), steps)?;
        self.check_numbers()
    }

    fn check_numbers(&self) -> Result<(), PartsError> {
        let limit = self.width.limit();
        if let Some(at) = self.codes.iter().position(|code| !(-limit..=limit).contains(code)) {
            return Err(PartsError::Code(at / self.dim));
        }
        check_weights("biases", &self.biases)?;
        check_weights("popularity", &self.popularity)?;
        if self.popularity.iter().any(|&x| x < 0.0) {
            return Err(PartsError::Weight("popularity"));
        }
        let encoder = &self.encoder;
        check_weights("position", &encoder.position)?;
        check_weights("kind", &encoder.kind)?;
        check_weights("dwell", &encoder.dwell)?;
        check_weights("attention", &encoder.attention)?;
        check_weights("returning", &encoder.returning)?;
        check_weights("temperature", &[encoder.temperature])?;
        if encoder.temperature <= 0.0 { Err(PartsError::Weight("temperature")) } else { Ok(()) }
    }
}

fn check_length(part: &'static str, found: usize, expected: usize) -> Result<(), PartsError> {
    if found == expected { Ok(()) } else { Err(PartsError::Length { part, expected, found }) }
}

fn check_weights(part: &'static str, weights: &[f32]) -> Result<(), PartsError> {
    let usable = |x: &f32| x.is_finite() && x.abs() <= MAX_WEIGHT;
    if weights.iter().all(usable) { Ok(()) } else { Err(PartsError::Weight(part)) }
}
