use super::walk::Walk;
use crate::rules::Placed;
use crate::types::{Placement, Shortfall};

/// Why there are fewer items than were asked for, if there are: what took the most away.
pub(super) fn of(walk: &Walk<'_>, placed: &Placed) -> Option<Shortfall> {
    let why = placed.shortfall(walk.request.count, &walk.eligibility)?;
    let own_items = walk.request.placement == Placement::RecentlyViewed;
    Some(if own_items && why != Shortfall::Rules { Shortfall::History } else { why })
}
