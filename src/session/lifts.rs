use super::affinity::{affinities, leanings};
use super::nearness::{dislikes, searched};
use super::steps::Step;
use super::visit::Session;
use crate::model::Model;
use crate::types::{ItemIx, Lift};

/// Everything the session says of items beside its interest, in the order in which it is added
/// up: what the shopper's items have in common, what the shopper said no to, what was searched
/// for. Signals that have nothing to say or whose weight is 0 are left out and cost nothing.
///
/// `steps`: the session's, oldest first, as the interest reads them. `words`: those of the
/// request's search, if it has any.
pub fn lifts(
    model: &Model,
    session: &Session,
    steps: &[Step<ItemIx>],
    words: Option<&str>,
) -> Vec<Lift> {
    let mut lifts = affinities(model, &leanings(model, session, steps));
    lifts.extend(dislikes(model, session, model.signals().dislike()));
    lifts.extend(searched(model, session, words));
    lifts
}
