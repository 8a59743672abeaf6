//! How does a fitted model become a file? Floats are rounded to codes and handed to the
//! engine's own writer.
//!
//! *Input → output:* [`Fitted`], popularity, what to say of it →
//! [`ModelParts`].

mod codes;
mod neighbours;
mod product;
mod spelling;

pub use codes::codes;
pub use neighbours::neighbours;
pub use spelling::pack_spelt;

use crate::features::{Sequences, popularity};
use crate::fit::{Factors, Fitted, Lengths, Lexicon};
use mercer::kernels::CodeWidth;
use mercer::model::{ContentMapParts, FactorParts, LexiconParts, ModelParts};
use ndarray::Array2;

/// How to pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// Bits a coordinate.
    pub width: CodeWidth,
    /// Sessions that must stand behind an item's popularity, and behind a pair of
    /// neighbours, before it is shipped.
    pub min_sessions: u32,
}

/// Puts the parts of a model file together. `about` is the JSON that the file says of
/// itself.
pub fn pack(sequences: &Sequences, fitted: Fitted, packing: Packing, about: String) -> ModelParts {
    let Packing { width, min_sessions } = packing;
    ModelParts {
        about,
        items: sequences.items.clone(),
        popularity: popularity(sequences, min_sessions),
        factors: fitted.factors.map(|factors| factor_parts(factors, width)),
        neighbours: fitted.neighbours.map(|lists| neighbours(sequences, lists, min_sessions)),
        lexicon: fitted.lexicon.map(|lexicon| lexicon_parts(lexicon, width)),
        content_map: fitted.content_map.as_ref().map(content_map_parts),
        signals: fitted.newcomer.map(|bias| ("newcomer".to_owned(), bias)).into_iter().collect(),
        ..ModelParts::default()
    }
}

fn factor_parts(factors: Factors, width: CodeWidth) -> FactorParts {
    let Factors { vectors, lengths: kept, biases, interest } = factors;
    FactorParts {
        dim: vectors.ncols(),
        width,
        codes: codes(&vectors, width),
        lengths: match kept {
            Lengths::Unit => None,
            Lengths::Kept => Some(lengths(&vectors)),
        },
        biases,
        interest,
    }
}

fn lexicon_parts(lexicon: Lexicon, width: CodeWidth) -> LexiconParts {
    let Lexicon { features, weights, vectors } = lexicon;
    let codes = codes(&vectors, width);
    LexiconParts { features, weights, width, codes, lengths: lengths(&vectors) }
}

fn content_map_parts(matrix: &Array2<f32>) -> ContentMapParts {
    ContentMapParts { input: matrix.ncols(), matrix: matrix.iter().copied().collect() }
}

fn lengths(vectors: &Array2<f32>) -> Vec<f32> {
    vectors.rows().into_iter().map(|row| row.dot(&row).sqrt()).collect()
}
