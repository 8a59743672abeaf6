use super::cases::{Case, Prediction, Shopper};
use super::facts::{Background, Band, Facts};
use std::collections::HashMap;

/// How many categories are shown by name.
const MAX_CATEGORIES: usize = 10;

/// What cases can be told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    SessionLength,
    ClicksSeen,
    TargetPopularity,
    Category,
    Shopper,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [
        Self::SessionLength,
        Self::ClicksSeen,
        Self::TargetPopularity,
        Self::Category,
        Self::Shopper,
    ];

    /// The word for it in JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SessionLength => "session_length",
            Self::ClicksSeen => "clicks_seen",
            Self::TargetPopularity => "target_popularity",
            Self::Category => "category",
            Self::Shopper => "shopper",
        }
    }

    /// What a case is told apart by, in words.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::SessionLength => "steps known",
            Self::ClicksSeen => "clicks seen",
            Self::TargetPopularity => "popularity of the target",
            Self::Category => "category of the target",
            Self::Shopper => "shopper",
        }
    }
}

/// A part of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    pub(super) kind: Kind,
    /// Position among the names of its kind.
    at: usize,
}

/// Which segments a case is in.
pub(super) struct Segments<'a> {
    facts: &'a Facts<'a>,
    background: &'a Background,
    /// The categories with the most cases, by name.
    largest: Vec<&'a str>,
    largest_ix: HashMap<&'a str, usize>,
}

const LENGTHS: [&str; 5] = ["0", "1", "2–3", "4–7", "8+"];
const CLICKS: [&str; 7] = ["0", "1", "2", "3", "4", "5", "6+"];
const BANDS: [&str; 4] = ["head", "middle", "tail", "cold"];
const SHOPPERS: [&str; 2] = ["new", "returning"];
const OTHERS: [&str; 2] = ["other categories", "no category"];

impl<'a> Segments<'a> {
    pub(super) fn new(
        facts: &'a Facts<'a>,
        background: &'a Background,
        cases: &[Case<'_>],
    ) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for case in cases {
            for prediction in &case.predictions {
                if let Some(category) = background.category(case.next(prediction)) {
                    *counts.entry(category).or_default() += 1;
                }
            }
        }
        let mut largest: Vec<(&str, usize)> = counts.into_iter().collect();
        largest.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        largest.truncate(MAX_CATEGORIES);
        let largest: Vec<&str> = largest.into_iter().map(|(name, _)| name).collect();
        let largest_ix = largest.iter().copied().zip(0..).collect();
        Self { facts, background, largest, largest_ix }
    }

    /// The segments of one prediction, one of a kind at most.
    pub(super) fn of(&self, case: &Case<'_>, prediction: &Prediction) -> Vec<Segment> {
        let next = case.next(prediction);
        let length = match prediction.steps {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            4..=7 => 3,
            _ => 4,
        };
        let band = match self.facts.band(next) {
            Band::Head => 0,
            Band::Middle => 1,
            Band::Tail => 2,
            Band::Cold => 3,
        };
        let shopper = match case.shopper {
            Shopper::New => Some(0),
            Shopper::Returning => Some(1),
            Shopper::Unknown => None,
        };
        let segment = |kind, at| Segment { kind, at };
        let mut found = vec![
            segment(Kind::SessionLength, length),
            segment(Kind::ClicksSeen, prediction.steps.min(CLICKS.len() - 1)),
            segment(Kind::TargetPopularity, band),
        ];
        if self.background.has_categories() {
            found.push(segment(Kind::Category, self.category(next)));
        }
        found.extend(shopper.map(|at| segment(Kind::Shopper, at)));
        found
    }

    fn category(&self, id: &str) -> usize {
        let [other, none] = [self.largest.len(), self.largest.len() + 1];
        self.background
            .category(id)
            .map_or(none, |name| self.largest_ix.get(name).copied().unwrap_or(other))
    }

    /// What a segment is called.
    pub(super) fn name(&self, segment: Segment) -> &str {
        let Segment { kind, at } = segment;
        match kind {
            Kind::SessionLength => LENGTHS[at],
            Kind::ClicksSeen => CLICKS[at],
            Kind::TargetPopularity => BANDS[at],
            Kind::Shopper => SHOPPERS[at],
            Kind::Category => {
                self.largest.get(at).copied().unwrap_or_else(|| OTHERS[at - self.largest.len()])
            }
        }
    }
}
