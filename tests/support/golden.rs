//! The golden models: their files in `tests/golden/` are what this builds, byte for byte.

use mercer::kernels::{CodeWidth, quantise};
use mercer::model::{Encoder, FactorParts, InterestRule, ModelParts, N_DWELL_BUCKETS};
use mercer::rng::Rng;
use mercer::types::EventKind;

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
}

/// Every golden model of the version that is written now.
pub(crate) const GOLDEN: [Golden; 2] = [
    Golden { file: "small.mercer", dim: 16, width: CodeWidth::Four, seed: 1 },
    Golden { file: "wide.mercer", dim: 32, width: CodeWidth::Eight, seed: 2 },
];

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
        ModelParts {
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
            neighbours: None,
            lexicon: None,
            content_map: None,
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
