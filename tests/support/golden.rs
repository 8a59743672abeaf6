//! The golden models: their files in `tests/golden/` are what this builds, byte for byte.

#[path = "shelf.rs"]
mod shelf;

use mercer::kernels::{CodeWidth, quantise, spell};
use mercer::model::{
    ContentMapParts, Encoder, FactorParts, FoldIn, InterestRule, LexiconParts, ModelParts,
    N_DWELL_BUCKETS, NeighbourParts, WordParts,
};
use mercer::rng::Rng;
use mercer::types::{EventKind, ItemIx};
use std::collections::BTreeSet;

/// A golden model: its file in `tests/golden/` and what it is built from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Golden {
    /// The file's name.
    pub(crate) file: &'static str,
    /// Coordinates an item vector.
    pub(crate) dim: usize,
    /// Bits a coordinate.
    pub(crate) width: CodeWidth,
    /// Where the random parts come from.
    pub(crate) seed: u64,
    /// What it holds to rank by.
    pub(crate) family: Family,
}

/// What a golden model holds to rank by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Vectors and an encoder.
    Session,
    /// Vectors, an encoder and neighbours.
    Blend,
    /// Vectors with lengths and a fold-in; a lexicon and a content map beside them.
    FoldIn,
    /// Neighbours alone.
    Lists,
    /// Vectors and an encoder; attributes, signal weights, companions and priors beside them.
    Shop,
    /// Vectors and an encoder; a lexicon and how the catalogue is read beside them.
    Live,
    /// Everything that places a product the file does not hold: a lexicon whose words point to
    /// the shelves, a content map, how the catalogue is read; attributes and signal weights.
    Words,
    /// Vectors spelt with words, and an encoder.
    Spelt,
}

/// Every golden model of the version that is written now.
pub(crate) const GOLDEN: [Golden; 9] = [
    golden("small.mercer", (16, CodeWidth::Four), 1, Family::Session),
    golden("wide.mercer", (32, CodeWidth::Eight), 2, Family::Session),
    golden("blend.mercer", (16, CodeWidth::Four), 3, Family::Blend),
    golden("fold-in.mercer", (16, CodeWidth::Eight), 4, Family::FoldIn),
    golden("lists.mercer", (16, CodeWidth::Four), 5, Family::Lists),
    golden("shop.mercer", (16, CodeWidth::Four), 6, Family::Shop),
    golden("live.mercer", (16, CodeWidth::Eight), 7, Family::Live),
    golden("words.mercer", (16, CodeWidth::Four), 8, Family::Words),
    golden("spelt.mercer", (16, CodeWidth::Eight), 9, Family::Spelt),
];

const fn golden(
    file: &'static str,
    (dim, width): (usize, CodeWidth),
    seed: u64,
    family: Family,
) -> Golden {
    Golden { file, dim, width, seed, family }
}

/// Steps the golden encoders read: fewer than a session may have.
const MAX_STEPS: usize = 6;

/// The shelves of a small shop. Ids as shops have them: numbers, words, several scripts,
/// spaces, an emoji outside the basic plane, and the same word in two Unicode forms.
const SHELVES: [[&str; 10]; 6] = [
    [
        "mug-classic-white",
        "mug-classic-black",
        "mug-travel-0.4l",
        "mug-enamel",
        "tasse-émaillée",
        "tasse-Größe-XL",
        "日本茶碗",
        "cup & saucer",
        "caf\u{e9}-bowl",
        "cafe\u{301}-bowl",
    ],
    [
        "kettle-1.0l",
        "kettle-1.7l",
        "kettle-gooseneck",
        "kettle-stovetop",
        "teapot-glass",
        "teapot-cast-iron",
        "чайник-2л",
        "french-press",
        "moka-pot",
        "kettle-1.7l-gift-wrapped",
    ],
    [
        "tent-1p",
        "tent-2p",
        "tent-4p-family",
        "tarp-3x3",
        "sleeping-bag-0C",
        "sleeping-bag-10C",
        "isomatte-dünn",
        "stove-gas",
        "🎒-rucksack-40l",
        "🎒-rucksack-60l",
    ],
    [
        "SKU-00017",
        "SKU-00018",
        "SKU-00019",
        "SKU-00020",
        "SKU-00021",
        "SKU-00100",
        "SKU-00101",
        "SKU-00102",
        "SKU-00999",
        "SKU-01000",
    ],
    [
        "4006381333931",
        "4006381333948",
        "4006381333955",
        "4012345000016",
        "4012345000023",
        "9780131103627",
        "9780201633610",
        "9783161484100",
        "10",
        "9",
    ],
    [
        "boot-42",
        "boot-43",
        "boot-44",
        "Boot-42",
        "socken/wolle",
        "socken/leinen",
        "حذاء",
        "laces",
        "insole-42",
        "shoe-care",
    ],
];

/// An item whose vector is all zeros: it has no direction.
pub(crate) const WITHOUT_DIRECTION: &str = "shoe-care";

/// Words of a golden codebook, and the bits a coordinate that they spell with.
pub(crate) const N_WORDS: usize = 24;
pub(crate) const SPELT_BITS: u8 = 2;

impl Golden {
    /// The parts the file is written from; the same on every machine.
    pub(crate) fn parts(self) -> ModelParts {
        let mut shelved: Vec<(&str, usize)> =
            SHELVES.iter().enumerate().flat_map(|(shelf, ids)| ids.map(|id| (id, shelf))).collect();
        shelved.sort_unstable();
        let mut rng = Rng::new(self.seed);
        let centres: Vec<Vec<f64>> = SHELVES.iter().map(|_| self.random(&mut rng)).collect();
        let codes = shelved.iter().flat_map(|&(id, shelf)| {
            let own = self.random(&mut rng);
            let presence = if id == WITHOUT_DIRECTION { 0.0 } else { 1.0 };
            let vector: Vec<f32> = centres[shelf]
                .iter()
                .zip(own)
                .map(|(centre, own)| single(presence * (centre + 0.7 * own)))
                .collect();
            quantise(&vector, self.width.limit(), 0.8)
        });
        let codes: Vec<i8> = codes.collect();
        let sessions: Vec<usize> = shelved.iter().map(|_| sessions(&mut rng)).collect();
        let parts = ModelParts {
            about: r#"{"trained":"by hand","note":"golden file"}"#.to_owned(),
            items: shelved.iter().map(|&(id, _)| id.to_owned()).collect(),
            popularity: sessions.iter().map(|&n| single(log1p(n))).collect(),
            factors: Some(FactorParts {
                dim: self.dim,
                width: self.width,
                codes,
                lengths: None,
                biases: sessions.iter().map(|&n| single(0.3 * (log1p(n) - 3.0))).collect(),
                interest: InterestRule::Attention(self.encoder(&mut rng)),
            }),
            ..ModelParts::default()
        };
        self.extended(parts, &centres, &mut rng)
    }

    /// The parts with what the family adds to a session model, or puts in its place.
    fn extended(self, mut parts: ModelParts, centres: &[Vec<f64>], rng: &mut Rng) -> ModelParts {
        match self.family {
            Family::Session => {}
            Family::Live => {
                parts.lexicon = Some(self.lexicon(rng));
                parts.reading = Some(shelf::reading());
            }
            Family::Words => {
                parts.attributes = Some(shelf::attributes(parts.items.len(), rng));
                parts.signals = shelf::signals();
                parts.lexicon = Some(words(centres));
                let matrix = (0..self.dim * 3).map(|_| single(rng.normal())).collect();
                parts.content_map = Some(ContentMapParts { input: 3, matrix });
                parts.reading = Some(shelf::reading());
            }
            Family::Shop => {
                let n_items = parts.items.len();
                parts.attributes = Some(shelf::attributes(n_items, rng));
                parts.signals = shelf::signals();
                parts.companions = Some(NeighbourParts { reach: vec![1.0], ..neighbours(rng) });
                parts.priors = Some(shelf::priors(n_items, rng));
            }
            Family::Spelt => self.spell(&mut parts, rng),
            Family::Blend => parts.neighbours = Some(neighbours(rng)),
            Family::Lists => {
                parts.factors = None;
                parts.neighbours = Some(neighbours(rng));
            }
            Family::FoldIn => {
                parts.lexicon = Some(self.lexicon(rng));
                let matrix = (0..self.dim * 3).map(|_| single(rng.normal())).collect();
                parts.content_map = Some(ContentMapParts { input: 3, matrix });
                if let Some(factors) = &mut parts.factors {
                    let length = |_: &f32| [0.0, 0.25, 0.9, 1.7][rng.below(4)];
                    factors.lengths = Some(factors.biases.iter().map(length).collect());
                    factors.interest = InterestRule::FoldIn(self.fold_in(rng));
                }
            }
        }
        parts
    }

    /// Puts vectors in place that words spell; the first word is nothing.
    #[expect(clippy::cast_possible_truncation, reason = "a few of them 127, none above")]
    fn spell(self, parts: &mut ModelParts, rng: &mut Rng) {
        let mut words = vec![0; self.dim];
        let coordinate = |_| single(60.0 * rng.normal()).clamp(-127.0, 127.0) as i8;
        words.extend((self.dim..N_WORDS * self.dim).map(coordinate));
        let n_pieces = self.dim / 8 * usize::from(SPELT_BITS);
        let code = |id: &String| {
            let mut drawn = || u8::try_from(rng.below(N_WORDS)).expect("a few words");
            if id == WITHOUT_DIRECTION { 0 } else { drawn() }
        };
        let pieces = parts.items.iter().flat_map(|id| std::iter::repeat_n(id, n_pieces));
        let codes: Vec<u8> = pieces.map(code).collect();
        let factors = parts.factors.as_mut().expect("a session model");
        factors.codes = spell(&codes, &words, self.dim, n_pieces).expect("every code has a word");
        parts.words = Some(WordParts { bits: SPELT_BITS, words, codes });
    }

    fn fold_in(self, rng: &mut Rng) -> FoldIn {
        let mut fold_in = FoldIn::sum(MAX_STEPS);
        let triangle = (0..self.dim).flat_map(|i| (0..=i).map(move |j| i == j));
        let diagonal = |is: bool| if is { 2.0 } else { 0.0 };
        fold_in.gram = triangle.map(|is| single(diagonal(is) + 0.05 * rng.normal())).collect();
        fold_in.ridge = 0.5;
        fold_in.confidence[EventKind::ViewItem as usize] = 2.0;
        fold_in.confidence[EventKind::AddToCart as usize] = 6.0;
        for (pull, confidence) in fold_in.pull.iter_mut().zip(fold_in.confidence) {
            *pull = 1.0 + confidence;
        }
        fold_in.temperature = 2.0;
        fold_in.returning[1] = 0.5;
        fold_in
    }

    fn lexicon(self, rng: &mut Rng) -> LexiconParts {
        let features = ["brand=Hario", "kettle", "mug", "price=2", "größe"];
        let mut features = features.map(str::to_owned).to_vec();
        features.sort_unstable();
        let vectors = features.iter().flat_map(|_| {
            let vector: Vec<f32> = self.random(rng).into_iter().map(single).collect();
            quantise(&vector, CodeWidth::Four.limit(), 0.8)
        });
        let codes = vectors.collect();
        LexiconParts {
            features,
            weights: vec![2.0, 1.5, 0.5, 0.0, 3.0],
            width: CodeWidth::Four,
            codes,
            lengths: vec![1.0, 0.0, 0.3, 2.0, 0.9],
        }
    }

    fn encoder(self, rng: &mut Rng) -> Encoder {
        let mut weights = |n: usize, scale: f64| -> Vec<f32> {
            (0..n).map(|_| single(scale * rng.normal())).collect()
        };
        let mut attention = weights(self.dim * self.dim, 0.15);
        for diagonal in attention.iter_mut().step_by(self.dim + 1) {
            *diagonal += 1.0;
        }
        let mut kind = [0.0; EventKind::ALL.len()];
        kind.copy_from_slice(&weights(EventKind::ALL.len(), 0.2));
        kind[EventKind::AddToCart as usize] += 1.0;
        kind[EventKind::Purchase as usize] -= 1.0;
        let mut dwell = [0.0; N_DWELL_BUCKETS];
        dwell.copy_from_slice(&weights(N_DWELL_BUCKETS, 0.1));
        for (longer, weight) in (0_u8..).zip(&mut dwell) {
            *weight += 0.3 * f32::from(longer);
        }
        let ages = (0_u8..).take(MAX_STEPS).map(f32::from);
        Encoder {
            position: ages.clone().map(|age| -0.4 * age).collect(),
            kind,
            dwell,
            attention,
            temperature: 9.0,
            returning: ages.map(|age| 0.8 * age - 2.0).collect(),
        }
    }

    fn random(self, rng: &mut Rng) -> Vec<f64> {
        (0..self.dim).map(|_| rng.normal()).collect()
    }
}

/// Words of titles, a brand and a category, each pointing to the middle of a shelf.
fn words(centres: &[Vec<f64>]) -> LexiconParts {
    let known = [("akettle", 1), ("amug", 0), ("atent", 2), ("chario", 1), ("dkitchen", 0)];
    let vectors = known.iter().flat_map(|&(_, shelf)| {
        let vector: Vec<f32> = centres[shelf].iter().map(|&x| single(x)).collect();
        quantise(&vector, CodeWidth::Four.limit(), 0.8)
    });
    LexiconParts {
        codes: vectors.collect(),
        features: known.map(|(word, _)| word.to_owned()).to_vec(),
        weights: vec![2.0, 2.0, 2.0, 1.0, 0.5],
        width: CodeWidth::Four,
        lengths: vec![1.0; known.len()],
    }
}

/// Up to six neighbours an item, every seventh item without any; weights of 0 among them.
fn neighbours(rng: &mut Rng) -> NeighbourParts {
    let n_items: usize = SHELVES.iter().map(|ids| ids.len()).sum();
    let list = |at: usize| -> Vec<(ItemIx, f32)> {
        let n = if at % 7 == 3 { 0 } else { 3 + rng.below(4) };
        let items: BTreeSet<usize> = (0..n).map(|_| rng.below(n_items)).collect();
        let mut weight = || [0.0, 0.5, 0.5, 1.0, 2.5][rng.below(5)];
        items.into_iter().map(|item| (ItemIx::from_usize(item), weight())).collect()
    };
    NeighbourParts { lists: (0..n_items).map(list).collect(), reach: vec![2.0, 1.0, 0.0, 0.5] }
}

/// How many sessions stand behind an item: few distinct numbers, so that ties are common,
/// and 0 for one in five.
fn sessions(rng: &mut Rng) -> usize {
    [0, 5, 9, 40, 200][rng.below(5)]
}

fn log1p(n: usize) -> f64 {
    let n = u32::try_from(n).expect("a few hundred sessions");
    libm::log1p(f64::from(n))
}

#[expect(clippy::cast_possible_truncation, reason = "weights need no more than 24 bits")]
fn single(x: f64) -> f32 {
    x as f32
}
