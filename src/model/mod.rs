//! What did the trainer know? The model file: layout, writer and total reader, in one place.
//!
//! *Input → output:* bytes → [`Model`]; [`ModelParts`] → bytes.
//!
//! **Architecture Invariant:** no bytes, however hostile, make the reader panic, read out of
//! bounds, loop, or allocate out of proportion to the file. The specification is
//! `docs/model-format.md`.

mod cursor;
mod encoder;
mod error;
mod ids;
mod layout;
mod parts;
mod read;
mod write;

pub use encoder::{Encoder, N_DWELL_BUCKETS, dwell_bucket};
pub use error::{ModelError, PartsError};
pub use layout::{MAX_DIM, MAX_STEPS, Section, VERSION};
pub use parts::ModelParts;
pub use read::Model;
pub use write::write;
