//! The arithmetic that must be fast and exactly the same everywhere: integer dot products,
//! quantisation, small linear systems, the best k of many.
//!
//! **Architecture Invariant:** nothing here knows what an item or a session is. Integer
//! results are the same on every machine, with and without SIMD.

mod blocks;
mod cholesky;
mod dot;
mod four;
mod narrow;
mod order;
mod quantise;
mod scan;
mod top_k;
mod words;

pub use blocks::Blocks;
pub use cholesky::{Cholesky, dot_f32};
pub use dot::{dot, dots};
pub use order::sort_by;
pub use quantise::{
    CodeWidth, alignment, inverse_norm, pack_nibbles, quantise, quantise_along, quantise_i8,
    unpack_nibbles,
};
pub use scan::{BLOCK, Scan};
pub use top_k::TopK;
pub use words::{pieces, spell};
