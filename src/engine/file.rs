//! What a model file may hold beside vectors and neighbours, as the walk asks for it.

use super::placements::Way;
use super::walk::Walk;
use crate::explore::Record;
use crate::types::{ItemIx, Lift};

impl Walk<'_> {
    /// What each item at hand says of those that are bought with it.
    pub(super) fn companions(&self) -> Vec<Lift> {
        Vec::new()
    }

    /// What is chosen more often lately than before.
    pub(super) fn trend(&self) -> Option<Lift> {
        None
    }

    /// What is chosen at this time, on such a device, by who lands here.
    pub(super) fn moment(&self) -> Option<Lift> {
        None
    }

    /// How a new product has fared with this shopper.
    pub(super) fn trial(&self, _item: ItemIx) -> Record {
        Record::default()
    }

    /// How a way of ranking has fared with this shopper.
    pub(super) fn record(&self, _way: Way) -> Record {
        Record::default()
    }
}
