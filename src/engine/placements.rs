use crate::types::{Placement, Source};

/// A way to rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the session.
    Session,
    /// By the session, led by the product of the page.
    Page,
    /// By likeness to everything at hand, and its neighbours.
    Cart,
    /// By what is bought together with what is at hand.
    Companions,
    /// By the neighbours of what is at hand.
    Neighbours,
    /// By likeness to the product of the page, whatever the session.
    Content,
    /// By what is chosen more often lately than before.
    Trend,
    /// By popularity at this time and place.
    Popular,
    /// Products that little is known of, by chance.
    New,
    /// The shopper's own items, newest first.
    Recent,
    /// The caller's list, by place and session.
    Listed,
}

/// What a placement is made of.
#[derive(Debug)]
pub(super) struct Recipe {
    /// The ways to rank, first to last: the first that has anything to say names the slate,
    /// the next fill what it leaves empty.
    pub(super) chain: &'static [Way],
    /// The ways that share places where something is tried, each with the key under which the
    /// session keeps how it fared.
    pub(super) tries: &'static [(&'static str, Way)],
    /// Of how many top categories a slate for a stranger is made at least, where the
    /// catalogue has that many.
    pub(super) n_categories: usize,
}

const PLAIN: Recipe = Recipe { chain: &[Way::Popular], tries: &[], n_categories: 1 };

/// Every placement with what it is made of.
pub(super) const RECIPES: [(Placement, Recipe); 9] = [
    (
        Placement::Home,
        Recipe {
            chain: &[Way::Session, Way::Popular],
            tries: &[
                ("home/session", Way::Session),
                ("home/popular", Way::Popular),
                ("home/trending", Way::Trend),
                ("home/new", Way::New),
            ],
            n_categories: 4,
        },
    ),
    (
        Placement::Related,
        Recipe {
            chain: &[Way::Page, Way::Session, Way::Popular],
            tries: &[
                ("related/page", Way::Page),
                ("related/together", Way::Companions),
                ("related/content", Way::Content),
            ],
            ..PLAIN
        },
    ),
    (
        Placement::BoughtTogether,
        Recipe {
            chain: &[Way::Companions, Way::Neighbours, Way::Page, Way::Session, Way::Popular],
            tries: &[
                ("bought-together/together", Way::Companions),
                ("bought-together/neighbours", Way::Neighbours),
                ("bought-together/page", Way::Page),
            ],
            ..PLAIN
        },
    ),
    (
        Placement::Cart,
        Recipe {
            chain: &[Way::Companions, Way::Cart, Way::Session, Way::Popular],
            tries: &[("cart/together", Way::Companions), ("cart/cart", Way::Cart)],
            ..PLAIN
        },
    ),
    (
        Placement::MoreLikeThis,
        Recipe {
            chain: &[Way::Content, Way::Page, Way::Session, Way::Popular],
            tries: &[("more-like-this/content", Way::Content), ("more-like-this/page", Way::Page)],
            ..PLAIN
        },
    ),
    (Placement::Trending, Recipe { chain: &[Way::Trend, Way::Popular], ..PLAIN }),
    (Placement::Popular, PLAIN),
    (Placement::RecentlyViewed, Recipe { chain: &[Way::Recent], ..PLAIN }),
    (Placement::Search, Recipe { chain: &[Way::Listed], ..PLAIN }),
];

/// What a placement is made of.
pub(super) fn recipe(placement: Placement) -> &'static Recipe {
    let found = RECIPES.iter().find(|(other, _)| *other == placement);
    &found.expect("every placement has a recipe").1
}

impl Way {
    /// The word for a slate that was ranked this way.
    pub(super) fn source(self) -> Source {
        match self {
            Self::Session | Self::Page => Source::Session,
            Self::Cart | Self::Companions | Self::Neighbours => Source::Together,
            Self::Content => Source::Content,
            Self::Trend => Source::Trending,
            Self::Popular | Self::New => Source::Popular,
            Self::Recent => Source::Recent,
            Self::Listed => Source::Listed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placement_has_a_recipe_and_ends_where_it_may() {
        for placement in Placement::ALL {
            let last = recipe(placement).chain.last();
            let own = [Way::Recent, Way::Listed];
            assert!(last.is_some_and(|way| *way == Way::Popular || own.contains(way)));
        }
    }
}
