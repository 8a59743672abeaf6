use super::layout::{MAX_INPUT, MAX_NEIGHBOURS, SPELT_BITS, n_pieces};
use super::numbers::usable;
use super::words::Columns;
use super::{
    Attributes, Context, Encoder, FoldIn, InterestRule, MAX_CATEGORIES, MAX_DIM, MAX_STEPS,
    PartsError, attributes, signals, words,
};
use crate::kernels::{CodeWidth, spell};
use crate::types::{ItemIx, MAX_ID_BYTES};

/// What the trainer hands to the writer: everything a model file holds. Factors or
/// neighbours must be there, or both; the lexicon and the content map need factors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelParts {
    /// What the file says of itself, as JSON.
    pub about: String,
    /// The shop's ids, strictly ascending by their bytes, `[n_items]`.
    pub items: Vec<String>,
    /// `ln(1 + sessions)` of each item, 0 for items that too few sessions stand behind,
    /// `[n_items]`.
    pub popularity: Vec<f32>,
    /// One vector and one bias an item, and the rule that reads a session.
    pub factors: Option<FactorParts>,
    /// The vectors of `factors` spelt with words, to be written in place of their codes.
    pub words: Option<WordParts>,
    /// For each item a few others that go with it.
    pub neighbours: Option<NeighbourParts>,
    /// Words and properties of products, with a place each.
    pub lexicon: Option<LexiconParts>,
    /// The map from imported embeddings to item space.
    pub content_map: Option<ContentMapParts>,
    /// How much single signals count, strictly ascending by name; empty for none. The names
    /// are those that [`super::Signals`] knows.
    pub signals: Vec<(String, f32)>,
    /// For each item others that are bought with it.
    pub companions: Option<NeighbourParts>,
    /// What a moment says of categories, and which items are chosen more often lately.
    pub priors: Option<PriorParts>,
    /// What the catalogue says of each item.
    pub attributes: Option<Attributes>,
    /// How the catalogue is read, for products that come later.
    pub reading: Option<Columns>,
}

/// What a moment says of categories, and which items are chosen more often lately: log-odds,
/// one byte each. Contexts or a trend must be there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PriorParts {
    /// Top-level categories, strictly ascending by their bytes, at most
    /// [`super::MAX_CATEGORIES`]; empty without tables.
    pub categories: Vec<String>,
    /// Contexts in the order of [`Context::ALL`], none twice, with their tables,
    /// `[n_cases, n_categories]`, row-major.
    pub tables: Vec<(Context, Vec<f32>)>,
    /// One number an item, `[n_items]`; empty for none.
    pub trend: Vec<f32>,
}

/// Item vectors as codes and what belongs to them.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorParts {
    /// Coordinates an item vector, a multiple of 16.
    pub dim: usize,
    /// Bits a coordinate.
    pub width: CodeWidth,
    /// Item vectors as codes, `[n_items, dim]`, row-major. Only directions matter.
    pub codes: Vec<i8>,
    /// Length of each item vector, at least 0, `[n_items]`; `None` where every length is 1.
    pub lengths: Option<Vec<f32>>,
    /// Log-odds of each item whatever the session, `[n_items]`.
    pub biases: Vec<f32>,
    /// How a session becomes an interest.
    pub interest: InterestRule,
}

/// Item vectors spelt with words of small codebooks (product quantisation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordParts {
    /// Bits a coordinate, 1 to 3: a vector of `dim` coordinates falls into `dim·bits/8` pieces,
    /// as even as can be, with a code each.
    pub bits: u8,
    /// Row `w` holds the word `w` of every piece, one after the other, `[n_words, dim]`, 1 to
    /// 256 rows.
    pub words: Vec<i8>,
    /// The word of each piece of each vector, `[n_items, n_pieces]`, row-major. They spell
    /// [`FactorParts::codes`].
    pub codes: Vec<u8>,
}

/// For each item a few others that go with it.
#[derive(Debug, Clone, PartialEq)]
pub struct NeighbourParts {
    /// The neighbours of each item with their weights, at least 0, strictly ascending by
    /// item, at most [`MAX_NEIGHBOURS`], `[n_items]`.
    pub lists: Vec<Vec<(ItemIx, f32)>>,
    /// Weight of each step of the session, newest first, at least 0, `[1 to MAX_STEPS]`.
    pub reach: Vec<f32>,
}

/// Words and properties of products, with a weight and a vector each.
#[derive(Debug, Clone, PartialEq)]
pub struct LexiconParts {
    /// The features, strictly ascending by their bytes, `[n_features]`.
    pub features: Vec<String>,
    /// Weight of each feature, at least 0, `[n_features]`.
    pub weights: Vec<f32>,
    /// Bits a coordinate.
    pub width: CodeWidth,
    /// Feature vectors as codes, `[n_features, dim]`, row-major.
    pub codes: Vec<i8>,
    /// Length of each feature vector, at least 0, `[n_features]`.
    pub lengths: Vec<f32>,
}

/// A linear map from embeddings of `input` coordinates to item space.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentMapParts {
    /// Coordinates of an embedding, 1 to [`MAX_INPUT`].
    pub input: usize,
    /// The matrix, `[dim, input]`, row-major; rounded to eight bits a coordinate, each row
    /// behind a step of its own.
    pub matrix: Vec<f32>,
}

impl ModelParts {
    /// Whether the parts fit each other.
    ///
    /// # Errors
    /// One [`PartsError`] for the first rule that is broken, in the order of the fields.
    pub(super) fn check(&self) -> Result<(), PartsError> {
        let n_items = self.items.len();
        if n_items == 0 {
            return Err(PartsError::NoItems);
        }
        check_names(&self.items)?;
        check_length("popularity", self.popularity.len(), n_items)?;
        check_positive("popularity", &self.popularity)?;
        let dim = match &self.factors {
            Some(factors) => factors.check(n_items)?,
            None if self.neighbours.is_none() => return Err(PartsError::NothingToRankBy),
            None => 0,
        };
        if let Some(words) = &self.words {
            words.check(self.factors.as_ref().ok_or(PartsError::NoFactors)?)?;
        }
        for lists in self.neighbours.iter().chain(&self.companions) {
            lists.check(n_items)?;
        }
        check_signals(&self.signals)?;
        self.reading.as_ref().map_or(Ok(()), words::check)?;
        self.priors.as_ref().map_or(Ok(()), |priors| priors.check(n_items))?;
        self.attributes.as_ref().map_or(Ok(()), |fields| attributes::check(fields, n_items))?;
        if dim == 0 && (self.lexicon.is_some() || self.content_map.is_some()) {
            return Err(PartsError::NoFactors);
        }
        self.lexicon.as_ref().map_or(Ok(()), |lexicon| lexicon.check(dim))?;
        self.content_map.as_ref().map_or(Ok(()), |map| map.check(dim))
    }
}

impl FactorParts {
    /// Checks everything and returns the dimension.
    fn check(&self, n_items: usize) -> Result<usize, PartsError> {
        let dim = self.dim;
        if dim == 0 || !dim.is_multiple_of(16) || dim > MAX_DIM {
            return Err(PartsError::Dim(dim));
        }
        check_steps(self.interest.max_steps())?;
        check_length("codes", self.codes.len(), n_items * dim)?;
        check_codes(&self.codes, self.width, dim)?;
        if let Some(lengths) = &self.lengths {
            check_length("lengths", lengths.len(), n_items)?;
            check_positive("lengths", lengths)?;
        }
        check_length("biases", self.biases.len(), n_items)?;
        check_weights("biases", &self.biases)?;
        match &self.interest {
            InterestRule::Attention(encoder) => check_encoder(encoder, dim)?,
            InterestRule::FoldIn(fold_in) => check_fold_in(fold_in, dim)?,
        }
        Ok(dim)
    }
}

impl WordParts {
    fn check(&self, factors: &FactorParts) -> Result<(), PartsError> {
        let dim = factors.dim;
        if !SPELT_BITS.contains(&self.bits) {
            let (expected, found) = (usize::from(*SPELT_BITS.end()), usize::from(self.bits));
            return Err(PartsError::Length { part: "bits of spelt vectors", expected, found });
        }
        let n_words = (self.words.len() / dim).clamp(1, 256);
        check_length("words", self.words.len(), n_words * dim)?;
        check_codes(&self.words, CodeWidth::Eight, dim)?;
        let n_pieces = n_pieces(dim, self.bits);
        check_length("spelt codes", self.codes.len(), factors.biases.len() * n_pieces)?;
        let rows = spell(&self.codes, &self.words, dim, n_pieces).unwrap_or_default();
        let pairs = factors.codes.chunks(dim).enumerate();
        let other = |(at, row): &(usize, &[i8])| rows.get(at * dim..(at + 1) * dim) != Some(*row);
        pairs.into_iter().find(other).map_or(Ok(()), |(at, _)| Err(PartsError::Words(at)))
    }
}

fn check_encoder(encoder: &Encoder, dim: usize) -> Result<(), PartsError> {
    check_length("attention", encoder.attention.len(), dim * dim)?;
    check_length("position", encoder.position.len(), encoder.returning.len())?;
    check_weights("position", &encoder.position)?;
    check_weights("kind", &encoder.kind)?;
    check_weights("dwell", &encoder.dwell)?;
    check_weights("attention", &encoder.attention)?;
    check_weights("returning", &encoder.returning)?;
    check_factor("temperature", encoder.temperature)
}

fn check_fold_in(fold_in: &FoldIn, dim: usize) -> Result<(), PartsError> {
    if !fold_in.gram.is_empty() {
        check_length("gram", fold_in.gram.len(), dim * (dim + 1) / 2)?;
    }
    check_weights("gram", &fold_in.gram)?;
    check_factor("ridge", fold_in.ridge)?;
    check_positive("confidence", &fold_in.confidence)?;
    check_weights("pull", &fold_in.pull)?;
    check_weights("returning", &fold_in.returning)?;
    check_factor("temperature", fold_in.temperature)
}

impl NeighbourParts {
    fn check(&self, n_items: usize) -> Result<(), PartsError> {
        check_steps(self.reach.len())?;
        check_positive("reach", &self.reach)?;
        check_length("neighbours", self.lists.len(), n_items)?;
        let fits = |list: &Vec<(ItemIx, f32)>| {
            list.len() <= MAX_NEIGHBOURS
                && list.windows(2).all(|pair| pair[0].0 < pair[1].0)
                && list.last().is_none_or(|(item, _)| item.at() < n_items)
        };
        if let Some(at) = self.lists.iter().position(|list| !fits(list)) {
            return Err(PartsError::Neighbours(at));
        }
        self.lists.iter().try_for_each(|list| {
            let weights: Vec<f32> = list.iter().map(|(_, weight)| *weight).collect();
            check_positive("neighbours", &weights)
        })
    }
}

impl PriorParts {
    fn check(&self, n_items: usize) -> Result<(), PartsError> {
        let n = self.categories.len();
        let expected = usize::from(!self.tables.is_empty());
        if (self.tables.is_empty() && self.trend.is_empty())
            || n.min(1) != expected
            || n > MAX_CATEGORIES
        {
            return Err(PartsError::Length { part: "categories", expected, found: n });
        }
        check_names(&self.categories)?;
        if !self.tables.windows(2).all(|pair| (pair[0].0 as u8) < pair[1].0 as u8) {
            return Err(PartsError::Weight("contexts"));
        }
        for (context, table) in &self.tables {
            check_length(context.name(), table.len(), context.n_cases(n) * n)?;
            check_weights(context.name(), table)?;
        }
        if !self.trend.is_empty() {
            check_length("trend", self.trend.len(), n_items)?;
        }
        check_weights("trend", &self.trend)
    }
}

impl LexiconParts {
    fn check(&self, dim: usize) -> Result<(), PartsError> {
        let n = self.features.len();
        if n == 0 {
            return Err(PartsError::Length { part: "features", expected: 1, found: 0 });
        }
        check_names(&self.features)?;
        check_length("feature weights", self.weights.len(), n)?;
        check_positive("feature weights", &self.weights)?;
        check_length("feature codes", self.codes.len(), n * dim)?;
        check_codes(&self.codes, self.width, dim)?;
        check_length("feature lengths", self.lengths.len(), n)?;
        check_positive("feature lengths", &self.lengths)
    }
}

impl ContentMapParts {
    fn check(&self, dim: usize) -> Result<(), PartsError> {
        if self.input == 0 || self.input > MAX_INPUT {
            let expected = self.input.clamp(1, MAX_INPUT);
            return Err(PartsError::Length { part: "input", expected, found: self.input });
        }
        check_length("content map", self.matrix.len(), dim * self.input)?;
        check_weights("content map", &self.matrix)
    }
}

fn check_signals(signals: &[(String, f32)]) -> Result<(), PartsError> {
    let names: Vec<String> = signals.iter().map(|(name, _)| name.clone()).collect();
    check_names(&names)?;
    let weights: Vec<f32> = signals.iter().map(|(_, weight)| *weight).collect();
    check_weights("signals", &weights)?;
    let unknown = names.iter().position(|name| !signals::is_known(name));
    unknown.map_or(Ok(()), |at| Err(PartsError::Signal(at)))
}

fn check_names(names: &[String]) -> Result<(), PartsError> {
    if let Some(at) = names.windows(2).position(|pair| pair[0] >= pair[1]) {
        return Err(PartsError::UnsortedItems(at + 1));
    }
    let fits = |name: &String| (1..=MAX_ID_BYTES).contains(&name.len());
    names.iter().position(|name| !fits(name)).map_or(Ok(()), |at| Err(PartsError::ItemId(at)))
}

fn check_codes(codes: &[i8], width: CodeWidth, dim: usize) -> Result<(), PartsError> {
    let limit = width.limit();
    let outside = codes.iter().position(|code| !(-limit..=limit).contains(code));
    outside.map_or(Ok(()), |at| Err(PartsError::Code(at / dim)))
}

fn check_steps(steps: usize) -> Result<(), PartsError> {
    if (1..=MAX_STEPS).contains(&steps) { Ok(()) } else { Err(PartsError::Steps(steps)) }
}

fn check_length(part: &'static str, found: usize, expected: usize) -> Result<(), PartsError> {
    if found == expected { Ok(()) } else { Err(PartsError::Length { part, expected, found }) }
}

fn check_weights(part: &'static str, weights: &[f32]) -> Result<(), PartsError> {
    if usable(weights) { Ok(()) } else { Err(PartsError::Weight(part)) }
}

fn check_positive(part: &'static str, weights: &[f32]) -> Result<(), PartsError> {
    check_weights(part, weights)?;
    if weights.iter().any(|&x| x < 0.0) { Err(PartsError::Weight(part)) } else { Ok(()) }
}

fn check_factor(part: &'static str, factor: f32) -> Result<(), PartsError> {
    check_weights(part, &[factor])?;
    if factor > 0.0 { Ok(()) } else { Err(PartsError::Weight(part)) }
}
