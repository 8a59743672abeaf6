use crate::types::EventKind;

/// A pause longer than this says that the shopper was away, not reading: 30 minutes.
pub const MAX_DWELL_MS: u32 = 30 * 60 * 1000;

/// A stop of the shopper at one item: the click on it in a list, the look at its page and
/// the move to the cart are one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<I> {
    /// The item.
    pub item: I,
    /// The strongest thing the shopper did there: the later word of [`EventKind`] wins, but
    /// a click in a list is weaker than a look at the page.
    pub kind: EventKind,
    /// How long the shopper stayed there, if known.
    pub dwell_ms: Option<u32>,
}

/// Reads events, oldest first, as steps. Neighbours on the same item are one step unless
/// they are of the same kind: looking twice is two steps. What is taken out of the cart
/// again was only looked at. The trainer and the engine both call this, so that what is
/// learned is what is served.
pub fn merge<I: Copy + PartialEq>(events: impl Iterator<Item = Step<I>>) -> Vec<Step<I>> {
    let mut steps: Vec<Step<I>> = Vec::new();
    let mut last_kind = None;
    for event in events {
        if event.kind == EventKind::RemoveFromCart {
            take_back(&mut steps, &event.item);
        }
        if !event.kind.is_interest() {
            continue;
        }
        match steps.last_mut() {
            Some(step) if step.item == event.item && last_kind != Some(event.kind) => {
                absorb(step, &event);
            }
            _ => steps.push(event),
        }
        last_kind = Some(event.kind);
    }
    steps
}

fn take_back<I: PartialEq>(steps: &mut [Step<I>], item: &I) {
    let in_cart = |step: &&mut Step<I>| step.item == *item && step.kind == EventKind::AddToCart;
    for step in steps.iter_mut().filter(in_cart) {
        step.kind = EventKind::ViewItem;
    }
}

fn absorb<I>(step: &mut Step<I>, event: &Step<I>) {
    if strength(event.kind) > strength(step.kind) {
        step.kind = event.kind;
    }
    step.dwell_ms = match (step.dwell_ms, event.dwell_ms) {
        (Some(before), Some(here)) => Some(before.saturating_add(here).min(MAX_DWELL_MS)),
        (before, here) => before.or(here),
    };
}

fn strength(kind: EventKind) -> u8 {
    if kind == EventKind::SelectItem { 0 } else { 1 + kind as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventKind::{AddToCart, Purchase, RemoveFromCart, SelectItem, ViewItem, ViewItemList};

    fn steps(events: &[(u32, EventKind, Option<u32>)]) -> Vec<(u32, EventKind, Option<u32>)> {
        let events = events.iter().map(|&(item, kind, dwell_ms)| Step { item, kind, dwell_ms });
        merge(events).into_iter().map(|step| (step.item, step.kind, step.dwell_ms)).collect()
    }

    #[test]
    fn a_click_a_look_and_a_cart_are_one_step() {
        let events = [
            (1, SelectItem, Some(10)),
            (1, ViewItem, Some(500)),
            (1, AddToCart, None),
            (2, SelectItem, None),
            (2, ViewItem, None),
        ];
        assert_eq!(steps(&events), [(1, AddToCart, Some(510)), (2, ViewItem, None)]);
    }

    #[test]
    fn looking_twice_is_two_steps() {
        let events = [(1, ViewItem, None), (1, ViewItem, None), (2, ViewItem, None)];
        assert_eq!(steps(&events).len(), 3);
    }

    #[test]
    fn what_left_the_cart_was_only_looked_at() {
        let events = [(1, AddToCart, None), (2, AddToCart, None), (1, RemoveFromCart, None)];
        assert_eq!(steps(&events), [(1, ViewItem, None), (2, AddToCart, None)]);
    }

    #[test]
    fn impressions_are_no_steps() {
        assert_eq!(steps(&[(1, ViewItemList, None), (1, Purchase, None)]), [(1, Purchase, None)]);
    }
}
