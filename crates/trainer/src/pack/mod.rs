//! How does a fitted model become a file? Floats are rounded to codes and handed to the
//! engine's own writer.
//!
//! *Input → output:* [`Fitted`], popularity, what to say of it →
//! [`ModelParts`].

mod codes;

pub use codes::codes;

use crate::features::{Sequences, popularity};
use crate::fit::Fitted;
use mercer::kernels::CodeWidth;
use mercer::model::ModelParts;

/// How to pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// Bits a coordinate.
    pub width: CodeWidth,
    /// Sessions that must stand behind an item's popularity before it is shipped.
    pub min_sessions: u32,
}

/// Puts the parts of a model file together. `about` is the JSON that the file says of
/// itself.
pub fn pack(sequences: &Sequences, fitted: Fitted, packing: Packing, about: String) -> ModelParts {
    let dim = fitted.vectors.ncols();
    let codes = codes(&fitted.vectors, packing.width);
    ModelParts {
        about,
        items: sequences.items.clone(),
        dim,
        width: packing.width,
        codes,
        biases: fitted.biases,
        popularity: popularity(sequences, packing.min_sessions),
        encoder: fitted.encoder,
    }
}
