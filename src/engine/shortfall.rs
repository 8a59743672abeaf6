use super::walk::Walk;
use crate::rules::{Bar, Placed};
use crate::types::{Placement, Shortfall};

/// Why there are fewer items than were asked for, if there are: what took the most away.
pub(super) fn of(walk: &Walk<'_>, placed: &Placed) -> Option<Shortfall> {
    if placed.items.len() >= walk.request.count {
        return None;
    }
    let dropped = (Shortfall::Rules, placed.dropped.len());
    let why = walk.eligibility.shortfall(&[dropped, (Shortfall::History, unvisited(walk))]);
    let own_items = walk.request.placement == Placement::RecentlyViewed;
    Some(if own_items && why == Shortfall::Catalogue { Shortfall::History } else { why })
}

/// How many places the shopper's own items could not fill if all of them were shown.
fn unvisited(walk: &Walk<'_>) -> usize {
    if walk.request.placement != Placement::RecentlyViewed {
        return 0;
    }
    let closed = |(bar, n)| if bar == Bar::Unlisted { n } else { 0 };
    let others: usize = walk.eligibility.counts().map(closed).sum();
    walk.request.count.saturating_sub(walk.engine.model().n_items() - others)
}
