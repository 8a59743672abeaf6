//! What a request asks for beyond the rules, in the same language.

use super::at::At;
use super::condition::{Dialect, condition};
use super::error::RuleError;
use super::note::RuleNote;
use super::reader::Reader;
use crate::model::Model;
use crate::types::{Condition, Data};

/// The condition that a request's `filter` says, and what is to be noted of it. Beside
/// conditions it may say `minPrice` and `maxPrice`.
///
/// # Errors
/// A [`RuleError`] with the code
/// - `filter/invalid`: something else belongs at its path;
/// - `filter/unknown`: an operator is none;
/// - `filter/too-large`: more than 10,000 words, or deeper than
///   [`MAX_DEPTH`](crate::types::MAX_DEPTH).
pub fn read(data: &Data, model: &Model) -> Result<(Condition, Vec<RuleNote>), RuleError> {
    let mut reader = Reader::new(model);
    let at = At::root("filter");
    let condition = condition(&mut reader, (&at, data), Dialect::Filter)?;
    Ok((condition, reader.notes))
}
