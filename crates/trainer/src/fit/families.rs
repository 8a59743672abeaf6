//! Which families of models can be trained: one line each in [`FAMILIES`], one file or folder
//! each beside this one.
//!
//! A new family is a type of settings that implements [`Fit`], a [`Family`] that reads them from
//! the [`Choices`] of the command line, and its line below.

use super::session::{self, Ingredient, SettingsError};
use super::{Fitted, Watch, bpr, ease, ials, ratings, svd};
use crate::features::content::Content;
use crate::features::{Ratings, Sequences};
use mercer::model::MAX_DIM;
use serde_json::json;
use std::fmt;

/// Every family, the default first.
pub const FAMILIES: &[Family] =
    &[SESSION, ials::FAMILY, bpr::FAMILY, svd::FAMILY, ratings::FAMILY, ease::FAMILY];

/// A family of models.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// The word for it on the command line and in the file.
    pub name: &'static str,
    /// One line for `--help`.
    pub about: &'static str,
    /// The choices it reads, by the names of their flags; besides them every family has seed
    /// and threads.
    pub settings: &'static [&'static str],
    /// Its settings, checked, ready to fit.
    pub plan: fn(&Choices) -> Result<Box<dyn Fit>, SettingsError>,
}

impl Family {
    /// The family of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.name == name)
    }
}

/// Settings of one family that can be fitted with.
pub trait Fit {
    /// The settings as the file tells them.
    fn settings(&self) -> serde_json::Value;

    /// Learns.
    ///
    /// # Errors
    /// A [`FitError`] where the lesson lacks what the family needs.
    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError>;
}

/// What there is to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    /// The sessions.
    pub sequences: &'a Sequences,
    /// The ratings, where the log has any.
    pub ratings: Option<&'a Ratings>,
    /// What is known of the items beside the log.
    pub content: Option<&'a Content>,
}

/// What the command line chose; `None` leaves it to the family.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choices {
    /// Coordinates an item vector.
    pub dim: Option<usize>,
    /// Passes or alternations.
    pub epochs: Option<usize>,
    /// Shared negatives a step.
    pub negatives: Option<usize>,
    /// What cosines are multiplied by in the fit.
    pub temperature: Option<f32>,
    /// Share of the coordinates that dropout hides.
    pub dropout: Option<f32>,
    /// Learning rate.
    pub rate: Option<f32>,
    /// Ridge `λ`.
    pub ridge: Option<f64>,
    /// What a step adds to the confidence in an item, `α`.
    pub confidence: Option<f32>,
    /// What known items may lose to items without an event.
    pub exposure: Option<f64>,
    /// Neighbours an item.
    pub neighbours: Option<usize>,
    /// Whether vectors of another model were given.
    pub embeddings: bool,
    /// Ingredients of the session model to leave out.
    pub without: Vec<Ingredient>,
    /// Sessions that must stand behind whatever is shipped of a pair of items.
    pub min_sessions: u32,
    /// Where every random number comes from.
    pub seed: u64,
    /// Threads to use.
    pub threads: usize,
}

impl Choices {
    /// The chosen dimension, 64 if none was.
    ///
    /// # Errors
    /// A [`SettingsError`] if no file can hold it.
    pub fn dim(&self) -> Result<usize, SettingsError> {
        let dim = self.dim.unwrap_or(64);
        let fits = dim > 0 && dim.is_multiple_of(16) && dim <= MAX_DIM;
        check(&[("dim", "a multiple of 16 from 16 to 512", fits)])?;
        Ok(dim)
    }

    /// The flags that were given and that are not among `known`.
    pub fn beside(&self, known: &[&str]) -> Option<&'static str> {
        let given = [
            ("dim", self.dim.is_some()),
            ("epochs", self.epochs.is_some()),
            ("negatives", self.negatives.is_some()),
            ("temperature", self.temperature.is_some()),
            ("dropout", self.dropout.is_some()),
            ("rate", self.rate.is_some()),
            ("ridge", self.ridge.is_some()),
            ("confidence", self.confidence.is_some()),
            ("exposure", self.exposure.is_some()),
            ("neighbours", self.neighbours.is_some()),
            ("without", !self.without.is_empty()),
            ("embeddings", self.embeddings),
        ];
        given
            .into_iter()
            .find(|(name, given)| *given && !known.contains(name))
            .map(|(name, _)| name)
    }
}

/// The first of these settings (name, range in words, whether it is in it) that is out of range.
///
/// # Errors
/// A [`SettingsError`] that names it.
pub(super) fn check(settings: &[(&'static str, &'static str, bool)]) -> Result<(), SettingsError> {
    match settings.iter().find(|(_, _, fits)| !fits) {
        Some(&(name, range, _)) => Err(SettingsError { name, range }),
        None => Ok(()),
    }
}

/// Why a family cannot learn from a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FitError {
    /// The log has no ratings.
    NoRatings,
    /// All ratings of the log are the same.
    EqualRatings,
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRatings => f.write_str(
                "the log has no ratings to learn from: name their column with --column \
                 rating=NAME, or train another --model",
            ),
            Self::EqualRatings => f.write_str(
                "all ratings are equal, so there is nothing to tell them apart by: check that \
                 --column rating=NAME names the right column, or train another --model",
            ),
        }
    }
}

impl std::error::Error for FitError {}

const SESSION: Family = Family {
    name: "session",
    about: "Attention over the visit's newest steps, softmax over the catalogue",
    settings: &[
        "dim",
        "epochs",
        "negatives",
        "temperature",
        "dropout",
        "rate",
        "exposure",
        "without",
        "embeddings",
    ],
    plan: |choices| {
        let defaults = session::Settings::default();
        let settings = session::Settings {
            dim: choices.dim.unwrap_or(defaults.dim),
            epochs: choices.epochs,
            negatives: choices.negatives.unwrap_or(defaults.negatives),
            temperature: choices.temperature.unwrap_or(defaults.temperature),
            dropout: choices.dropout,
            rate: choices.rate.unwrap_or(defaults.rate),
            exposure: choices.exposure.unwrap_or(defaults.exposure),
            without: choices.without.clone(),
            min_sessions: choices.min_sessions,
            seed: choices.seed,
            threads: choices.threads,
            ..defaults
        };
        settings.check()?;
        Ok(Box::new(settings))
    },
};

impl Fit for session::Settings {
    fn settings(&self) -> serde_json::Value {
        json!({
            "dim": self.dim,
            "epochs": self.epochs,
            "batch": self.batch,
            "negatives": self.negatives,
            "temperature": decimal(self.temperature),
            "dropout": self.dropout.map(decimal),
            "rate": decimal(self.rate),
            "max_steps": self.max_steps,
            "haste": decimal(self.haste),
            "as_new": decimal(self.as_new),
            "calibration": self.calibration,
            "exposure": self.exposure,
            "without": self.without.iter().map(Ingredient::name).collect::<Vec<_>>(),
        })
    }

    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError> {
        Ok(session::fit(lesson.sequences, lesson.content, self, watch))
    }
}

/// The shortest decimal that means this number.
pub(super) fn decimal(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;
    use crate::fit::Unwatched;

    fn choices() -> Choices {
        Choices { dim: None, seed: 1, threads: 2, min_sessions: 5, ..Choices::default() }
    }

    /// 300 sessions that stay in one of three groups of ten items.
    fn sequences() -> Sequences {
        let mut rng = mercer::rng::Rng::new(1);
        let item = |session: usize, rng: &mut mercer::rng::Rng| {
            u32::try_from(session % 3 * 10 + rng.below(10)).unwrap()
        };
        let steps = (0..300).flat_map(|session| [session; 5]).map(|session| StepRow {
            item: item(session, &mut rng),
            kind: 0,
            dwell: 0,
        });
        Sequences {
            items: (0..30).map(|n| format!("item-{n:02}")).collect(),
            steps: steps.collect(),
            starts: (0..=300).map(|n| n * 5).collect(),
            weights: Vec::new(),
        }
    }

    /// Every cell rated 4 in the group, as the sessions stay in it.
    fn ratings(sequences: &Sequences) -> Ratings {
        let cells = crate::features::Interactions::of(sequences).sessions;
        let mut rng = mercer::rng::Rng::new(2);
        let cells: Vec<_> = cells
            .cells()
            .map(|(row, item, _)| (row, item as usize, [3.0, 5.0][rng.below(2)]))
            .collect();
        Ratings::of(crate::features::Sparse::sum(300, 30, cells.into_iter())).unwrap()
    }

    #[test]
    fn every_family_fits_packs_and_serves_the_group_of_the_session() {
        let sequences = sequences();
        let ratings = ratings(&sequences);
        let lesson = Lesson { sequences: &sequences, ratings: Some(&ratings), content: None };
        for family in FAMILIES.iter().filter(|family| family.name != "session") {
            // A vector with room for every item would remember and not generalise.
            let dim = family.settings.contains(&"dim").then_some(16);
            let fitted = (family.plan)(&Choices { dim, ..choices() })
                .unwrap()
                .fit(&lesson, &Unwatched)
                .unwrap();
            let packing =
                crate::pack::Packing { width: mercer::kernels::CodeWidth::Four, min_sessions: 5 };
            let parts = crate::pack::pack(&sequences, fitted, packing, "{}".to_owned());
            let file = mercer::model::write(&parts).unwrap();
            let engine = mercer::Engine::load(&file).unwrap();
            let mut session = mercer::Session::new();
            for item in ["item-11", "item-12", "item-13"] {
                let kind = mercer::types::EventKind::ViewItem;
                session.observe(mercer::types::Event::new(kind, item)).unwrap();
            }
            let request = mercer::types::Request { count: 5, ..mercer::types::Request::default() };
            let slate = engine.recommend(&session, &request);
            assert_eq!(slate.items.len(), 5, "{}", family.name);
            // Ratings of chance say nothing of groups.
            let in_group = |item: &mercer::types::Scored| (10..20).contains(&item.item.0);
            let right = slate.items.iter().filter(|item| in_group(item)).count();
            assert!(right >= 4 || family.name == "ratings", "{}: {right}", family.name);
        }
    }

    #[test]
    fn settings_that_a_family_has_not_are_found() {
        let choices = Choices { rate: Some(0.1), ..choices() };
        assert_eq!(choices.beside(Family::named("svd").unwrap().settings), Some("rate"));
        assert_eq!(choices.beside(Family::named("bpr").unwrap().settings), None);
        let choices = Choices { embeddings: true, ..Choices::default() };
        assert_eq!(choices.beside(Family::named("ials").unwrap().settings), Some("embeddings"));
        assert_eq!(choices.beside(SESSION.settings), None);
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        for family in FAMILIES.iter().filter(|family| family.settings.contains(&"dim")) {
            let refused = (family.plan)(&Choices { dim: Some(60), ..choices() }).err();
            assert_eq!(refused.unwrap().name, "dim", "{}", family.name);
        }
        let refused = |name, choices: Choices| {
            (Family::named(name).unwrap().plan)(&choices).err().unwrap().name
        };
        assert_eq!(refused("ials", Choices { ridge: Some(0.0), ..choices() }), "ridge");
        assert_eq!(refused("ease", Choices { neighbours: Some(0), ..choices() }), "neighbours");
        assert_eq!(refused("bpr", Choices { rate: Some(-1.0), ..choices() }), "rate");
    }

    #[test]
    fn ratings_need_ratings() {
        let sequences = sequences();
        let lesson = Lesson { sequences: &sequences, ratings: None, content: None };
        let plan = (Family::named("ratings").unwrap().plan)(&choices()).unwrap();
        assert_eq!(plan.fit(&lesson, &Unwatched).err(), Some(FitError::NoRatings));
    }
}
