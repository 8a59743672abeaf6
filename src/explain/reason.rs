use crate::kernels::TopK;
use crate::types::{Contribution, EventKind, FieldIx, ItemIx, Scored, Signal};

/// Why an item is in the slate, in the words of a shop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// What carried the score.
    pub cause: Cause,
    /// Its part of everything that speaks for the item, above 0 and at most 1; the shares of
    /// an item add up to 1.
    pub share: f32,
}

/// What can speak for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is like this item, and what the shopper did with that one.
    Like(ItemIx, EventKind),
    /// It goes together with this item of the session.
    Together(ItemIx),
    /// The shopper was on it, and shoppers of this shop go back.
    Return,
    /// It is popular in this shop.
    Popular,
    /// It is like this item of an earlier visit.
    Taste(ItemIx),
    /// The shopper is on items that say the same in this field.
    Affinity(FieldIx),
    /// Others are like items the shopper said no to.
    Dislike,
    /// It is what the shopper searched for.
    Query,
    /// It is chosen at this time, on such a device, by who lands here.
    Context,
    /// It is chosen more often lately than before.
    Trend,
    /// It stands high in the caller's list.
    Listed,
    /// Others were shown before and not clicked.
    Rotation,
    /// A rule of the shop.
    Rule(u16),
    /// Little is known of it yet.
    Exploration,
}

impl Cause {
    /// The stable word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Like(_, EventKind::AddToCart) => "in-cart",
            Self::Like(_, EventKind::Purchase) => "bought",
            Self::Like(_, EventKind::AddToWishlist) => "wished",
            Self::Like(..) => "viewed",
            Self::Together(_) => "together",
            Self::Return => "returning",
            Self::Popular => "popular",
            Self::Taste(_) => "taste",
            Self::Affinity(_) => "affinity",
            Self::Dislike => "dislike",
            Self::Query => "query",
            Self::Context => "context",
            Self::Trend => "trending",
            Self::Listed => "listed",
            Self::Rotation => "rotation",
            Self::Rule(_) => "rule",
            Self::Exploration => "new",
        }
    }

    /// The field of the catalogue it speaks of, if any.
    pub fn field(self) -> Option<FieldIx> {
        match self {
            Self::Affinity(field) => Some(field),
            _ => None,
        }
    }

    /// The position of the shop's rule it speaks of, if any.
    pub fn rule(self) -> Option<u16> {
        match self {
            Self::Rule(rule) => Some(rule),
            _ => None,
        }
    }

    /// The item of the session it speaks of, if any.
    pub fn item(self) -> Option<ItemIx> {
        match self {
            Self::Like(item, _) | Self::Together(item) | Self::Taste(item) => Some(item),
            _ => None,
        }
    }
}

/// The reasons of a score, strongest first: contributions to the same cause are added up,
/// and those that speak against the item are left out.
pub fn reasons(scored: &Scored) -> Vec<Reason> {
    let mut sums: Vec<(Cause, f32)> = Vec::new();
    for Contribution { signal, value } in &scored.contributions {
        let cause = cause(*signal);
        match sums.iter_mut().find(|(other, _)| *other == cause) {
            Some((_, sum)) => *sum += value,
            None => sums.push((cause, *value)),
        }
    }
    sums.retain(|(_, sum)| *sum > 0.0);
    let total: f32 = sums.iter().map(|(_, sum)| sum).sum();
    // A sum of nearly nothing beside a large one has no share that could be said.
    sums.retain(|(_, sum)| sum / total > 0.0);
    let mut strongest = TopK::new(sums.len());
    for (at, (_, sum)) in (0..).zip(&sums) {
        strongest.push(at, sum / total);
    }
    let reason = |(at, share)| Reason { cause: sums[at as usize].0, share };
    strongest.into_sorted().into_iter().map(reason).collect()
}

fn cause(signal: Signal) -> Cause {
    match signal {
        Signal::Likeness { to, kind } => Cause::Like(to, kind),
        Signal::Neighbours { of, .. } => Cause::Together(of),
        Signal::Return => Cause::Return,
        Signal::Popularity => Cause::Popular,
        Signal::Taste { to } => Cause::Taste(to),
        Signal::Affinity { field } => Cause::Affinity(field),
        Signal::Dislike => Cause::Dislike,
        Signal::Query => Cause::Query,
        Signal::Context => Cause::Context,
        Signal::Trend => Cause::Trend,
        Signal::Listed => Cause::Listed,
        Signal::Rotation => Cause::Rotation,
        Signal::Rule { rule } => Cause::Rule(rule),
        Signal::Exploration => Cause::Exploration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_what_speaks_for_an_item_add_up_to_one() {
        let like = |to, value| Contribution {
            signal: Signal::Likeness { to: ItemIx(to), kind: EventKind::ViewItem },
            value,
        };
        let popular = Contribution { signal: Signal::Popularity, value: 1.0 };
        let scored =
            Scored::new(ItemIx(9), vec![like(1, 2.0), like(2, -3.0), like(1, 1.0), popular]);
        let reasons = reasons(&scored);
        let causes: Vec<Cause> = reasons.iter().map(|reason| reason.cause).collect();
        assert_eq!(causes, [Cause::Like(ItemIx(1), EventKind::ViewItem), Cause::Popular]);
        assert!((reasons[0].share - 0.75).abs() < 1e-6);
        assert!((reasons[1].share - 0.25).abs() < 1e-6);
    }

    #[test]
    fn nothing_speaks_for_an_item_with_only_negative_parts() {
        let against = Contribution { signal: Signal::Popularity, value: -1.0 };
        assert_eq!(reasons(&Scored::new(ItemIx(0), vec![against])), []);
    }
}
