use super::Encoder;
use crate::types::EventKind;

/// How a session becomes an interest, and what an item that stands in it gains.
#[derive(Debug, Clone, PartialEq)]
pub enum InterestRule {
    /// Attention over the steps, a unit vector.
    Attention(Encoder),
    /// Ridge regression on the steps' item vectors, solved on the device.
    FoldIn(FoldIn),
}

impl InterestRule {
    /// How many steps of a session are read.
    pub fn max_steps(&self) -> usize {
        self.returning().len()
    }

    /// Bonus of an item that stands at a position of the session, newest first,
    /// `[max_steps]`.
    pub fn returning(&self) -> &[f32] {
        match self {
            Self::Attention(encoder) => &encoder.returning,
            Self::FoldIn(fold_in) => &fold_in.returning,
        }
    }

    /// Factor on the product of interest and item vector, above 0.
    pub fn temperature(&self) -> f32 {
        match self {
            Self::Attention(encoder) => encoder.temperature,
            Self::FoldIn(fold_in) => fold_in.temperature,
        }
    }
}

/// The user vector that a factorisation would have learned for this session (Hu, Koren,
/// Volinsky 2008, equation 4), with the item vectors `e` at their lengths:
///
/// ```text
/// h = (G + λ·I + Σ_t c_t·e_t·e_tᵀ)⁻¹ · Σ_t p_t·e_t      c_t, p_t by the step's kind
/// ```
///
/// Implicit ALS: `G = Σ_i e_i·e_iᵀ`, `c = α`, `p = 1 + α`. Ratings and BPR: no `G`, `c = 1`,
/// `p` the residual that a step of this kind stands for. A plain sum (SVD): no `G`, `λ = 1`,
/// `c = 0`, `p = 1`. The result is not brought to unit length.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldIn {
    /// `G`, the lower triangle row by row, `[dim · (dim + 1) / 2]`; empty for none.
    pub gram: Vec<f32>,
    /// `λ`, above 0.
    pub ridge: f32,
    /// `c`: how sure a step of each [`EventKind`] is, by discriminant; at least 0.
    pub confidence: [f32; EventKind::ALL.len()],
    /// `p`: how hard a step of each [`EventKind`] pulls, by discriminant.
    pub pull: [f32; EventKind::ALL.len()],
    /// Factor on the product of interest and item vector, above 0.
    pub temperature: f32,
    /// Bonus of an item that stands at a position of the session, newest first,
    /// `[max_steps]`.
    pub returning: Vec<f32>,
}

impl FoldIn {
    /// The sum of the newest `max_steps` item vectors, whatever the shopper did there.
    pub fn sum(max_steps: usize) -> Self {
        Self {
            gram: Vec::new(),
            ridge: 1.0,
            confidence: [0.0; EventKind::ALL.len()],
            pull: [1.0; EventKind::ALL.len()],
            temperature: 1.0,
            returning: vec![0.0; max_steps],
        }
    }
}
