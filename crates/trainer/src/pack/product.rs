//! Vectors as words of small codebooks: product quantisation (Jégou, Douze & Schmid 2011) after
//! the turn of item space that suits it best (Ge, He, Ke & Sun 2013). A turn changes no inner
//! product: the rest of the model is turned alike, and the device never hears of it.
//!
//! Departures: vectors weigh by how often their items are met, and codes are chosen by the angle
//! between a vector and its words, because only directions count.

use mercer::kernels::pieces;
use mercer::rng::Rng;
use ndarray::{Array2, Axis, Slice};
use std::ops::Range;

/// Rows that are learned from, at most.
const MAX_ROWS: usize = 40_000;
/// Rounds in which turn and words are learned in turns, and those after the last turn.
const ROUNDS: (usize, usize) = (24, 10);
/// Passes over the pieces of a vector in which its codes are chosen anew.
const SWEEPS: usize = 3;
/// Words of a codebook, at most.
const MAX_WORDS: usize = 256;

/// Spelt vectors.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spelt {
    /// Orthogonal, `[dim, dim]`: a row vector times it is what is spelt.
    pub(super) turn: Array2<f32>,
    /// `[n_words, dim]`, row-major.
    pub(super) words: Vec<i8>,
    /// `[n_items, n_pieces]`, row-major.
    pub(super) codes: Vec<u8>,
}

/// Spells the directions of `vectors`, `[n_items, dim]`, in `n_pieces` codes each; `weights`,
/// `[n_items]`, above 0, say how much an item counts.
pub(super) fn spelt(vectors: &Array2<f32>, weights: &[f32], n_pieces: usize) -> Spelt {
    let units = units(vectors);
    let sample = Sample::of(&units, weights);
    let mut book = Book::start(&sample, n_pieces);
    let mut turn = Array2::eye(units.ncols());
    for _ in 0..ROUNDS.0 {
        let turned = sample.rows.dot(&turn);
        let spelt = book.learn(&turned, &sample.weights);
        turn = polar(&sample.weighted().t().dot(&spelt));
    }
    let turned = sample.rows.dot(&turn);
    for _ in 0..ROUNDS.1 {
        book.learn(&turned, &sample.weights);
    }
    let zero = vectors.rows().into_iter().any(|row| row.iter().all(|&x| x == 0.0));
    let (words, step) = book.rounded(zero);
    let spelt = words.iter().map(|&x| f32::from(x) * step).collect();
    let spelt = Array2::from_shape_vec(book.words.dim(), spelt).expect("a word for a word");
    let codes = codes(&units.dot(&turn), &spelt, n_pieces);
    Spelt { turn, words, codes }
}

/// Rows that are learned from, of length 1, and their weights.
struct Sample {
    rows: Array2<f32>,
    weights: Vec<f32>,
}

impl Sample {
    /// Of all rows with a direction, or of so many drawn among them.
    fn of(units: &Array2<f32>, weights: &[f32]) -> Self {
        let known = |at: &usize| units.row(*at).iter().any(|&x| x != 0.0);
        let mut rows: Vec<usize> = (0..units.nrows()).filter(known).collect();
        if rows.len() > MAX_ROWS {
            Rng::new(1).shuffle(&mut rows);
            rows.truncate(MAX_ROWS);
        }
        let weights = rows.iter().map(|&at| weights[at]).collect();
        Self { rows: units.select(Axis(0), &rows), weights }
    }

    /// The rows times their weights.
    fn weighted(&self) -> Array2<f32> {
        let mut rows = self.rows.clone();
        for (mut row, &weight) in rows.rows_mut().into_iter().zip(&self.weights) {
            row *= weight;
        }
        rows
    }
}

/// The words of every piece, in floats.
struct Book {
    pieces: Vec<Range<usize>>,
    /// `[n_words, dim]`.
    words: Array2<f32>,
}

impl Book {
    /// Some of the rows, as they are; words enough to be worth their bytes.
    fn start(sample: &Sample, n_pieces: usize) -> Self {
        let (n, dim) = sample.rows.dim();
        let mut order: Vec<usize> = (0..n).collect();
        Rng::new(2).shuffle(&mut order);
        order.truncate(n.div_ceil(4).min(MAX_WORDS));
        let mut words = sample.rows.select(Axis(0), &order);
        if n == 0 {
            words = Array2::zeros((1, dim));
        }
        Self { pieces: pieces(dim, n_pieces).collect(), words }
    }

    /// One round of Lloyd's method a piece; returns the rows as they are spelt after it.
    fn learn(&mut self, rows: &Array2<f32>, weights: &[f32]) -> Array2<f32> {
        let mut spelt = Array2::zeros(rows.dim());
        for piece in &self.pieces {
            let codes = nearest(rows, &Piece::of(&self.words, piece.clone()));
            let columns: Slice = piece.clone().into();
            let part = rows.slice_axis(Axis(1), columns);
            let mut words = self.words.slice_axis_mut(Axis(1), columns);
            let (mut sums, mut totals) = (Array2::zeros(words.dim()), vec![0.0; words.nrows()]);
            for ((row, &code), &weight) in part.rows().into_iter().zip(&codes).zip(weights) {
                sums.row_mut(code).scaled_add(weight, &row);
                totals[code] += weight;
            }
            for ((mut word, sum), &total) in
                words.rows_mut().into_iter().zip(sums.rows()).zip(&totals)
            {
                if total > 0.0 {
                    word.assign(&(&sum / total));
                }
            }
            for (mut row, &code) in
                spelt.slice_axis_mut(Axis(1), columns).rows_mut().into_iter().zip(&codes)
            {
                row.assign(&words.row(code));
            }
        }
        spelt
    }

    /// The words as bytes, the largest coordinate ±127, and what a byte stands for. With `zero` the
    /// last word is nothing, for vectors without a direction.
    #[expect(clippy::cast_possible_truncation, reason = "scaled to −127…127 and rounded")]
    fn rounded(&self, zero: bool) -> (Vec<i8>, f32) {
        let (n, dim) = self.words.dim();
        let peak = self.words.iter().fold(f32::MIN_POSITIVE, |peak, x| peak.max(x.abs()));
        let words = self.words.iter().map(|x| (x * 127.0 / peak).round() as i8);
        let mut words: Vec<i8> = words.take((n - usize::from(zero)) * dim).collect();
        words.resize(n * dim, 0);
        (words, peak / 127.0)
    }
}

/// The word nearest to each row in a piece, `[n_rows]`.
fn nearest(rows: &Array2<f32>, piece: &Piece) -> Vec<usize> {
    let mut products = vec![0.0; piece.squares.len()];
    let rows = rows.rows().into_iter().map(|row| {
        piece.hold_against(row.to_slice().expect("row-major"), &mut products);
        piece.nearest(&products)
    });
    rows.collect()
}

/// The orthogonal matrix nearest to a square one: the polar factor, by Newton and Schulz's
/// iteration (Higham, *Functions of Matrices*, section 8.3).
fn polar(matrix: &Array2<f32>) -> Array2<f32> {
    let scale = matrix.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    let mut factor = matrix / scale;
    for _ in 0..60 {
        let gram = factor.t().dot(&factor);
        factor = &factor * 1.5 - factor.dot(&gram) * 0.5;
    }
    factor
}

/// One piece of every word, and what choosing among them needs.
struct Piece {
    at: Range<usize>,
    /// `[size, n_words]`.
    columns: Array2<f32>,
    /// `|word|²`, `[n_words]`.
    squares: Vec<f32>,
}

impl Piece {
    fn of(words: &Array2<f32>, at: Range<usize>) -> Self {
        let part = words.slice_axis(Axis(1), at.clone().into());
        let squares = part.rows().into_iter().map(|word| word.dot(&word)).collect();
        Self { at, columns: part.t().as_standard_layout().into_owned(), squares }
    }

    /// The products of a row with every word, written to `products`.
    fn hold_against(&self, row: &[f32], products: &mut [f32]) {
        products.fill(0.0);
        for (&x, column) in row[self.at.clone()].iter().zip(self.columns.rows()) {
            let column = column.to_slice().expect("row-major");
            for (product, y) in products.iter_mut().zip(column) {
                *product += x * y;
            }
        }
    }

    /// The word nearest to a row, from its products.
    fn nearest(&self, products: &[f32]) -> usize {
        highest(products.iter().zip(&self.squares).map(|(product, square)| product - 0.5 * square))
    }
}

/// Where the highest of some numbers stands, the first of equals.
fn highest(numbers: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (at, number) in numbers.enumerate() {
        if number > best.1 {
            best = (at, number);
        }
    }
    best.0
}

/// The codes of each row, `[n_rows, n_pieces]`: those whose words point closest to it, chosen
/// piece by piece, the nearest words first.
fn codes(rows: &Array2<f32>, words: &Array2<f32>, n_pieces: usize) -> Vec<u8> {
    let pieces = pieces(rows.ncols(), n_pieces).map(|at| Piece::of(words, at));
    let pieces: Vec<Piece> = pieces.collect();
    let mut products = vec![vec![0.0; words.nrows()]; n_pieces];
    let mut chosen = Vec::with_capacity(rows.nrows() * n_pieces);
    for row in rows.rows() {
        let row = row.to_slice().expect("row-major");
        for (piece, products) in pieces.iter().zip(&mut products) {
            piece.hold_against(row, products);
        }
        let codes = if row.iter().all(|&x| x == 0.0) {
            vec![words.nrows() - 1; n_pieces]
        } else {
            closest(&pieces, &products)
        };
        chosen.extend(codes.into_iter().map(|code| u8::try_from(code).expect("256 words")));
    }
    chosen
}

/// The words that together have the largest cosine with a row, from its products with each.
fn closest(pieces: &[Piece], products: &[Vec<f32>]) -> Vec<usize> {
    let mut codes: Vec<usize> =
        pieces.iter().zip(products).map(|(piece, products)| piece.nearest(products)).collect();
    let of = |at: usize, code: usize| (products[at][code], pieces[at].squares[code]);
    let (mut product, mut square) = (0.0, 0.0);
    for (at, &code) in codes.iter().enumerate() {
        product += of(at, code).0;
        square += of(at, code).1;
    }
    for at in (0..pieces.len()).cycle().take(SWEEPS * pieces.len()) {
        let now = of(at, codes[at]);
        let (others, beside) = (product - now.0, square - now.1);
        let pairs = products[at].iter().zip(&pieces[at].squares);
        codes[at] = highest(pairs.map(|(x, y)| (others + x) / (beside + y).max(1e-12).sqrt()));
        let new = of(at, codes[at]);
        (product, square) = (others + new.0, beside + new.1);
    }
    codes
}

/// The rows at length 1; zeros stay.
fn units(vectors: &Array2<f32>) -> Array2<f32> {
    let mut units = vectors.clone();
    for mut row in units.rows_mut() {
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::kernels::{alignment, spell};

    #[expect(clippy::cast_possible_truncation, reason = "noise needs no precision")]
    fn noise(n: usize, dim: usize) -> Array2<f32> {
        let mut rng = Rng::new(4);
        Array2::from_shape_simple_fn((n, dim), || rng.normal() as f32)
    }

    /// The mean cosine of turned rows with what their codes spell.
    #[expect(clippy::cast_precision_loss, reason = "a mean of a few hundred")]
    fn mean_cosine(vectors: &Array2<f32>, spelt: &Spelt, n_pieces: usize) -> f32 {
        let dim = vectors.ncols();
        let rows = spell(&spelt.codes, &spelt.words, dim, n_pieces).unwrap();
        let turned = vectors.dot(&spelt.turn);
        let cosine = |(row, codes): (ndarray::ArrayView1<f32>, &[i8])| {
            alignment(&row.to_vec(), codes) / row.dot(&row).sqrt()
        };
        let sum: f32 = turned.rows().into_iter().zip(rows.chunks(dim)).map(cosine).sum();
        sum / vectors.nrows() as f32
    }

    #[test]
    fn more_codes_point_closer() {
        let vectors = noise(2000, 32);
        let weights = vec![1.0; 2000];
        for (n_pieces, least) in [(4, 0.80), (8, 0.94), (12, 0.975)] {
            let spelt = spelt(&vectors, &weights, n_pieces);
            assert_eq!((spelt.codes.len(), spelt.words.len()), (2000 * n_pieces, 256 * 32));
            let cosine = mean_cosine(&vectors, &spelt, n_pieces);
            assert!(cosine > least, "{n_pieces}: {cosine}");
        }
    }

    #[test]
    fn a_turn_keeps_every_product() {
        let spelt = spelt(&noise(300, 16), &[1.0; 300], 4);
        let gram = spelt.turn.t().dot(&spelt.turn);
        assert!(
            gram.indexed_iter().all(|((i, j), x)| (x - f32::from(u8::from(i == j))).abs() < 1e-4)
        );
    }

    #[test]
    fn what_lies_across_the_pieces_is_turned_into_them() {
        // Vectors of four coordinates that are copies of each other, far apart: one word
        // says them all, once they lie in one piece.
        let few = noise(1500, 4);
        let vectors = Array2::from_shape_fn((1500, 16), |(row, x)| few[[row, x % 4]]);
        let spelt = spelt(&vectors, &[1.0; 1500], 2);
        let cosine = mean_cosine(&vectors, &spelt, 2);
        assert!(cosine > 0.95, "{cosine}");
    }

    #[test]
    fn what_counts_more_is_spelt_better() {
        let vectors = noise(1200, 16);
        let weights: Vec<f32> = (0..1200).map(|at| if at < 200 { 50.0 } else { 1.0 }).collect();
        let spelt = spelt(&vectors, &weights, 4);
        let of = |from: usize, to: usize| {
            let codes = spelt.codes[from * 4..to * 4].to_vec();
            let part = Spelt { turn: spelt.turn.clone(), words: spelt.words.clone(), codes };
            mean_cosine(&vectors.slice_axis(Axis(0), (from..to).into()).to_owned(), &part, 4)
        };
        assert!(of(0, 200) > of(200, 1200) + 0.01);
    }

    #[test]
    fn a_vector_without_direction_has_none_afterwards() {
        let mut vectors = noise(40, 16);
        vectors.row_mut(7).fill(0.0);
        let spelt = spelt(&vectors, &[1.0; 40], 6);
        let rows = spell(&spelt.codes, &spelt.words, 16, 6).unwrap();
        assert_eq!(rows[7 * 16..8 * 16], [0; 16]);
        assert!(rows[..7 * 16].chunks(16).all(|row| row.iter().any(|&x| x != 0)));
        let nothing = super::spelt(&Array2::zeros((3, 16)), &[1.0; 3], 2);
        assert_eq!(spell(&nothing.codes, &nothing.words, 16, 2).unwrap(), vec![0; 48]);
    }
}
