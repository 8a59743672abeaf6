use super::product::{Spelt, spelt};
use super::{Packing, pack};
use crate::features::Sequences;
use crate::fit::{Factors, Fitted};
use mercer::kernels::{CodeWidth, spell};
use mercer::model::{Encoder, FoldIn, InterestRule, ModelParts, WordParts};
use ndarray::Array2;

/// As [`pack`], but that item vectors are spelt with words: `bits`, 1 to 3, a coordinate; the width
/// of `packing` is that of a lexicon. A model without vectors is packed as ever.
///
/// # Panics
/// If `bits` is 0.
pub fn pack_spelt(
    sequences: &Sequences,
    mut fitted: Fitted,
    (bits, packing): (u8, Packing),
    about: String,
) -> ModelParts {
    let Some(factors) = &fitted.factors else { return pack(sequences, fitted, packing, about) };
    let dim = factors.vectors.ncols();
    let n_pieces = dim / 8 * usize::from(bits);
    let Spelt { turn, words, codes } = spelt(&factors.vectors, &weights(sequences), n_pieces);
    fitted.turn(&turn);
    let mut parts = pack(sequences, fitted, packing, about);
    if let Some(factors) = &mut parts.factors {
        factors.width = CodeWidth::Eight;
        factors.codes = spell(&codes, &words, dim, n_pieces).expect("every code has its word");
    }
    parts.words = Some(WordParts { bits, words, codes });
    parts
}

/// How much an item counts: what is met often is what slates are made of.
#[expect(clippy::cast_precision_loss, reason = "a weight")]
fn weights(sequences: &Sequences) -> Vec<f32> {
    sequences.counts().iter().map(|&steps| (steps as f32 + 1.0).sqrt()).collect()
}

impl Fitted {
    /// Turns item space, `[dim, dim]`, orthogonal: every row vector is multiplied by it, and what
    /// reads or places vectors is turned alike, so that no score changes.
    fn turn(&mut self, turn: &Array2<f32>) {
        if let Some(Factors { vectors, interest, .. }) = &mut self.factors {
            *vectors = vectors.dot(turn);
            match interest {
                InterestRule::Attention(encoder) => turn_encoder(encoder, turn),
                InterestRule::FoldIn(fold_in) => turn_fold_in(fold_in, turn),
            }
        }
        if let Some(lexicon) = &mut self.lexicon {
            lexicon.vectors = lexicon.vectors.dot(turn);
        }
        if let Some(map) = &mut self.content_map {
            *map = turn.t().dot(map);
        }
    }
}

fn turn_encoder(encoder: &mut Encoder, turn: &Array2<f32>) {
    let attention = std::mem::take(&mut encoder.attention);
    let attention = Array2::from_shape_vec(turn.dim(), attention).expect("[dim, dim]");
    encoder.attention = turn.t().dot(&attention).dot(turn).iter().copied().collect();
}

fn turn_fold_in(fold_in: &mut FoldIn, turn: &Array2<f32>) {
    if fold_in.gram.is_empty() {
        return;
    }
    let triangle = |row: usize, column: usize| row * (row + 1) / 2 + column;
    let at = |(i, j): (usize, usize)| fold_in.gram[triangle(i.max(j), i.min(j))];
    let gram = turn.t().dot(&Array2::from_shape_fn(turn.dim(), at)).dot(turn);
    let rows = 0..turn.nrows();
    fold_in.gram = rows.flat_map(|i| (0..=i).map(move |j| (i, j))).map(|at| gram[at]).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;
    use crate::fit::{Lengths, Lexicon};
    use mercer::model::{Model, Section, write};
    use mercer::rng::Rng;
    use mercer::types::{Event, EventKind, Request};
    use mercer::{Engine, Session};

    const N: usize = 300;
    const DIM: usize = 16;

    #[expect(clippy::cast_possible_truncation, reason = "noise needs no precision")]
    fn noise(shape: (usize, usize), seed: u64) -> Array2<f32> {
        let mut rng = Rng::new(seed);
        Array2::from_shape_simple_fn(shape, || rng.normal() as f32)
    }

    fn sequences() -> Sequences {
        let step = |item| StepRow { item, kind: 0, dwell: 0 };
        Sequences {
            items: (0..N).map(|at| format!("item-{at:03}")).collect(),
            steps: (0..300).map(step).collect(),
            starts: (0..=150).map(|session| 2 * session).collect(),
            weights: Vec::new(),
        }
    }

    fn fitted(interest: InterestRule) -> Fitted {
        let factors = Factors {
            vectors: noise((N, DIM), 1),
            lengths: Lengths::Unit,
            biases: vec![0.0; N],
            interest,
        };
        let vectors = noise((2, DIM), 2);
        let features = ["mug", "pot"].map(str::to_owned).to_vec();
        Fitted {
            lexicon: Some(Lexicon { features, weights: vec![1.0; 2], vectors }),
            content_map: Some(noise((DIM, 3), 3)),
            ..Fitted::of_factors(factors)
        }
    }

    fn rules() -> [InterestRule; 2] {
        let attention = noise((DIM, DIM), 5).iter().copied().collect();
        let beside = noise((DIM, DIM), 6);
        let triangle = (0..DIM).flat_map(|i| (0..=i).map(move |j| (i, j)));
        let gram = triangle.map(|(i, j)| if i == j { 3.0 } else { 0.1 * beside[[i, j]] });
        [
            InterestRule::Attention(Encoder { attention, ..Encoder::flat(3, DIM) }),
            InterestRule::FoldIn(FoldIn { gram: gram.collect(), ..FoldIn::sum(3) }),
        ]
    }

    /// The score of every item after a visit.
    fn scores(file: &[u8]) -> Vec<f32> {
        let engine = Engine::load(file).unwrap();
        let mut session = Session::new();
        for item in ["item-004", "item-100", "item-200"] {
            session.observe(Event::new(EventKind::ViewItem, item)).unwrap();
        }
        let slate = engine.recommend(&session, &Request { count: N, ..Request::default() });
        let mut scores = vec![0.0; N];
        for scored in slate.items {
            scores[scored.item.at()] = scored.score;
        }
        scores
    }

    fn file(fitted: Fitted) -> Vec<u8> {
        let packing = Packing { width: CodeWidth::Eight, min_sessions: 1 };
        write(&pack(&sequences(), fitted, packing, "{}".to_owned())).unwrap()
    }

    fn assert_near(found: &[f32], wanted: &[f32], most: f32) {
        assert_eq!(found.len(), wanted.len());
        let far = found.iter().zip(wanted).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
        assert!(far < most, "{far}");
    }

    #[test]
    fn a_turn_changes_no_score_and_no_place() {
        // A reflection, so that every coordinate goes into every other.
        let across = noise((1, DIM), 9);
        let scale = 2.0 / across.iter().map(|x| x * x).sum::<f32>();
        let turn = Array2::eye(DIM) - across.t().dot(&across) * scale;
        for rule in rules() {
            let plain = fitted(rule);
            let mut turned = plain.clone();
            turned.turn(&turn);
            let (plain, turned) = (file(plain), file(turned));
            assert_near(&scores(&turned), &scores(&plain), 0.05);
            let places = |file: &[u8]| {
                let content = Model::read(file).unwrap().content().clone();
                let word = content.lexicon.unwrap().place(["mug"]).unwrap();
                [word, content.map.unwrap().place(&[1.0, -0.5, 2.0]).unwrap()]
            };
            for (place, turned) in places(&plain).into_iter().zip(places(&turned)) {
                let wanted = ndarray::Array1::from(place).dot(&turn).to_vec();
                assert_near(&turned, &wanted, 0.02);
            }
        }
    }

    #[test]
    fn spelt_vectors_are_in_the_file_in_place_of_codes() {
        let packing = Packing { width: CodeWidth::Four, min_sessions: 1 };
        let [attention, _] = rules();
        let parts = pack_spelt(&sequences(), fitted(attention), (2, packing), "{}".to_owned());
        let model = Model::read(&write(&parts).unwrap()).unwrap();
        let sizes = model.section_bytes();
        let spelt = sizes.iter().find(|(section, _)| *section == Section::Spelt).unwrap();
        assert_eq!(spelt.1, 4 + 75 * DIM + N * 4, "a word for four items, four codes an item");
        assert!(sizes.iter().all(|(section, _)| *section != Section::Vectors));
        assert_eq!((model.bits(), model.dim()), (2, DIM));
    }
}
