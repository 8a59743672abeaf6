//! Which shards a session asks for, and taking them in. Nothing is fetched here.

use super::Engine;
use crate::model::{Directory, ModelError, Shard};
use crate::retrieval::nearest;
use crate::session::{Session, encode_with_taste, tastes};
use crate::types::{Ground, Interest, Mask, Reading};

/// How many of the newest items of a visit are looked up.
const MAX_VISIT: usize = 20;
/// How many items of the cart, newest first, and of earlier visits, strongest first.
const MAX_ELSE: usize = 4;
/// How many of the clusters nearest to an interest, or of the homes near it, may send for their group.
const AMONG: usize = 4;
/// Among how many of the items most like an interest their homes are.
const NEAREST: usize = 256;

/// What a session asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The lookups of items that the model lacks, the newest of the visit first. They come
    /// before the group: with them the interest may be another.
    pub lookups: Vec<Shard>,
    /// The group of the cluster nearest to what the session is after, or that the items most like it
    /// send for, of the few nearest that have not joined.
    pub group: Option<Shard>,
}

impl Engine {
    /// The shards a session asks for: for each item of the visit that the model lacks the lookup
    /// of its id, and one group. Nothing where the model is whole, or has all that is asked for.
    ///
    /// A caller that fetches the lookups and then, asked again, one group for each change of the
    /// interest, fetches the same files for the same visit.
    pub fn wanted(&self, session: &Session) -> Wanted {
        let Some(directory) = self.model.directory() else { return Wanted::default() };
        Wanted { lookups: self.lookups(directory, session), group: self.group(directory, session) }
    }

    /// Takes in a shard and gives how many items came; see [`Model::join`](crate::model::Model::join).
    ///
    /// # Errors
    /// Those of [`Model::join`](crate::model::Model::join); then nothing has changed.
    pub fn join(&mut self, shard: &[u8]) -> Result<usize, ModelError> {
        self.change(|model| model.join(shard))
    }

    fn lookups(&self, directory: &Directory, session: &Session) -> Vec<Shard> {
        let state = session.state();
        let visit = state.events.iter().rev().filter(|event| event.kind.is_interest());
        let visit = visit.filter_map(|event| event.item.as_deref()).take(MAX_VISIT);
        let cart = session.cart().rev().take(MAX_ELSE);
        let taste = state.taste.iter().take(MAX_ELSE).map(|liking| liking.item.as_str());
        let mut lookups = Vec::new();
        for id in visit.chain(cart).chain(taste) {
            let lookup = directory.lookup(id);
            let is_lacking = self.model.item_ix(id).is_none() && !self.model.has_joined(lookup);
            if is_lacking && !lookups.contains(&lookup) {
                lookups.push(lookup);
            }
        }
        lookups
    }

    fn group(&self, directory: &Directory, session: &Session) -> Option<Shard> {
        let model = &self.model;
        let steps = session.steps(|id| model.item_ix(id));
        let tastes = tastes(model, session, 0);
        let interest = encode_with_taste(model, &steps, &tastes, model.signals().taste());
        if interest.direction.is_empty() {
            return None;
        }
        let nearest = if directory.has_homes() {
            self.homes(interest)
        } else {
            directory.nearest(&interest.direction, AMONG)
        };
        nearest.into_iter().find(|group| !model.has_joined(*group))
    }

    /// The groups that the items most like an interest send for, each once, the most like first.
    /// Popularity has no say: it would send for the same groups whatever the interest.
    fn homes(&self, interest: Interest) -> Vec<Shard> {
        let model = &self.model;
        let (ground, own) = (Ground::Level, Vec::new());
        let reading = Reading { interest, ground, shared: &[], heard: &[], own };
        let mut groups = Vec::new();
        for item in nearest(model, &reading, &Mask::open(model.n_items()), NEAREST) {
            if let Some(home) = model.home(item).filter(|home| !groups.contains(home)) {
                groups.push(home);
            }
        }
        groups.truncate(AMONG);
        groups
    }
}
