use super::walk::Walk;
use super::ways::once;
use crate::types::{Placement, Shortfall};

/// Why there are `n_shown` items, where more were asked for: what took the most away.
pub(super) fn of(walk: &Walk<'_>, n_shown: usize) -> Option<Shortfall> {
    let request = walk.request;
    let missing = request.count.checked_sub(n_shown).filter(|missing| *missing > 0)?;
    let n_items = match request.placement {
        Placement::RecentlyViewed => return Some(Shortfall::History),
        Placement::Search => once(&request.listed).len(),
        _ => walk.engine.model().n_items(),
    };
    let _ = missing;
    Some(if n_items == n_shown { Shortfall::Catalogue } else { Shortfall::Known })
}
