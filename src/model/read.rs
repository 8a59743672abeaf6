//! The reader. No input makes this panic, read out of bounds, loop, or allocate more than
//! a small multiple of the file. Order of the checks: magic, version, length, checksum,
//! table, sections.
#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::ids::{Ids, Names};
use super::layout::Section;
use super::numbers::{self, Rule};
use super::sections::Sections;
use super::shards::Shards;
use super::{Attributes, Content, Factors, ModelError, Neighbours, Priors, Signals, attributes};
use crate::kernels::TopK;
use crate::types::{ItemIx, Moment};

/// A loaded model. It holds factors or neighbours, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    about: String,
    pub(super) ids: Ids,
    pub(super) factors: Option<Factors>,
    neighbours: Option<Neighbours>,
    pub(super) popularity: Vec<f32>,
    peak: f32,
    signals: Signals,
    companions: Option<Neighbours>,
    pub(super) priors: Option<Priors>,
    pub(super) attributes: Attributes,
    content: Content,
    /// Worked out when the first product was added.
    pub(super) newcomer: Option<f32>,
    /// Where more items are, and which of them came.
    pub(super) shards: Option<Shards>,
    section_bytes: Vec<(Section, usize)>,
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// - [`ModelError::NotAModel`], [`ModelError::Newer`]: another file, a newer format.
    /// - [`ModelError::Truncated`], [`ModelError::TrailingBytes`], [`ModelError::Checksum`]:
    ///   the transfer broke it.
    /// - [`ModelError::Table`], [`ModelError::MissingSection`], [`ModelError::Corrupt`]: it
    ///   was not written by a Mercer trainer.
    pub fn read(file: &[u8]) -> Result<Self, ModelError> {
        let sections = Sections::find(file)?;
        if sections.optional(Section::Shard).is_some() {
            return Err(ModelError::corrupt(Section::Shard, "it stands in a shard; load the root"));
        }
        let about = sections.read(Section::About, about)?;
        let ids = Ids::of(sections.read(Section::Items, Names::read)?);
        let n_items = ids.len();
        let factors = Factors::read(&sections, n_items)?;
        let (popularity, peak) =
            sections.read(Section::Popularity, |cursor| popularity(cursor, n_items))?;
        let neighbours =
            sections.read_if(Section::Neighbours, |cursor| Neighbours::read(cursor, n_items))?;
        if factors.is_none() && neighbours.is_none() {
            return Err(ModelError::MissingSection(Section::Vectors));
        }
        let signals = sections.read_if(Section::Signals, Signals::read)?.unwrap_or_default();
        let companions =
            sections.read_if(Section::Companions, |cursor| Neighbours::read(cursor, n_items))?;
        let attributes = sections
            .read_if(Section::Attributes, |cursor| attributes::read(cursor, n_items))?
            .unwrap_or_default();
        let priors = sections
            .read_if(Section::Priors, |cursor| Priors::read(cursor, n_items, &attributes))?;
        let dim = factors.as_ref().map_or(0, Factors::dim);
        let content = Content::read(&sections, dim)?;
        let shards = Shards::read(&sections, dim, n_items)?;
        Ok(Self {
            about,
            ids,
            factors,
            neighbours,
            popularity,
            peak,
            signals,
            companions,
            priors,
            attributes,
            content,
            newcomer: None,
            shards,
            section_bytes: sections.sizes(),
        })
    }

    /// What the file says of itself, as JSON: when and from what it was trained.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// How many items it knows, at least 1.
    pub fn n_items(&self) -> usize {
        self.ids.len()
    }

    /// Bytes of each section of the file, without the gaps between them.
    pub fn section_bytes(&self) -> &[(Section, usize)] {
        &self.section_bytes
    }

    /// The position of the item with this id, whether of the file or added since, if the model knows it.
    pub fn item_ix(&self, id: &str) -> Option<ItemIx> {
        self.ids.find(id).map(ItemIx::from_usize)
    }

    /// The shop's id of an item; empty for an index that is none of this model's.
    pub fn item_id(&self, item: ItemIx) -> &str {
        self.ids.at(item.at())
    }

    /// Item vectors, biases, and the rule that reads a session; `None` in a file of
    /// neighbours alone.
    pub fn factors(&self) -> Option<&Factors> {
        self.factors.as_ref()
    }

    /// Lists of items that go together, if the file has them.
    pub fn neighbours(&self) -> Option<&Neighbours> {
        self.neighbours.as_ref()
    }

    /// Lists of items that are put in the cart or bought together, if the file has them. Their
    /// reach is 1.
    pub fn companions(&self) -> Option<&Neighbours> {
        self.companions.as_ref()
    }

    /// How much the signals count that no other section holds a weight for.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// What a moment says of categories, and which items are chosen more often lately, if the
    /// file has it.
    pub fn priors(&self) -> Option<&Priors> {
        self.priors.as_ref()
    }

    /// How much more each item is chosen at such a moment than at any, `[n_items]`, log-odds:
    /// [`Priors::lifts`] times the weight that [`Signals::context`] gives it. `None` where
    /// nothing is known of the moment that the file speaks of.
    pub fn context_lifts(&self, moment: &Moment) -> Option<Vec<f32>> {
        let categories = self.attributes.terms("category");
        let landing = moment.landing.zip(categories).map(|(term, terms)| terms.name(term));
        self.priors.as_ref()?.lifts(moment, landing, self.signals.context())
    }

    /// Coordinates of an item vector, a multiple of 16; 0 in a file without vectors.
    pub fn dim(&self) -> usize {
        self.factors().map_or(0, Factors::dim)
    }

    /// Bits a coordinate in the file; 0 in a file without vectors.
    pub fn bits(&self) -> u8 {
        self.factors().map_or(0, Factors::bits)
    }

    /// The cosine of two items, −1 to 1; 0 where one of them has no direction, or the file
    /// no vectors.
    pub fn cosine(&self, a: ItemIx, b: ItemIx) -> f32 {
        self.factors().map_or(0.0, |factors| factors.cosine(a, b))
    }

    /// Log-odds of an item whatever the session; 0 in a file without vectors.
    pub fn bias(&self, item: ItemIx) -> f32 {
        let bias = |factors: &Factors| factors.biases().get(item.at()).copied();
        self.factors().and_then(bias).unwrap_or(0.0)
    }

    /// Log-odds of an item that nobody was on yet: as learned, otherwise what a tenth of the
    /// items are below; 0 in a file without vectors.
    pub fn newcomer_bias(&self) -> f32 {
        let Some(factors) = self.factors() else { return 0.0 };
        self.newcomer.or_else(|| self.signals.newcomer()).unwrap_or_else(|| {
            let mut lowest = TopK::new((factors.biases().len() / 10).saturating_add(1));
            for (ix, bias) in (0..).zip(factors.biases()) {
                lowest.push(ix, -bias);
            }
            lowest.into_sorted().last().map_or(0.0, |(_, bias)| -bias)
        })
    }

    /// `ln(1 + sessions)` of every item, `[n_items]`; 0 where too few sessions stand behind
    /// it.
    pub fn popularity(&self) -> &[f32] {
        &self.popularity
    }

    /// What the catalogue says of the items.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// What places products that the file does not hold.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The same model with other attributes.
    #[must_use]
    pub fn with_attributes(self, attributes: Attributes) -> Self {
        Self { attributes, ..self }
    }

    /// The highest popularity of the catalogue.
    pub fn peak(&self) -> f32 {
        self.peak
    }

    /// How far an item's popularity is below the highest of the catalogue, at most 0.
    pub fn standing(&self, item: ItemIx) -> f32 {
        self.popularity.get(item.at()).copied().unwrap_or(0.0) - self.peak
    }
}

fn about(cursor: Cursor<'_>) -> Result<String, Rule> {
    let text = std::str::from_utf8(cursor.rest()).map_err(|_| "not UTF-8")?;
    Ok(text.to_owned())
}

/// Every item's popularity, and the highest.
pub(super) fn popularity(mut cursor: Cursor<'_>, n_items: usize) -> Result<(Vec<f32>, f32), Rule> {
    let step = numbers::step(&mut cursor)?;
    let codes = cursor.rest();
    if codes.len() != n_items {
        return Err("not one code an item");
    }
    let peak = codes.iter().fold(0, |peak: u8, &code| peak.max(code));
    Ok((codes.iter().map(|&code| f32::from(code) * step).collect(), f32::from(peak) * step))
}
