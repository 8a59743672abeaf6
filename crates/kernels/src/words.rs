//! Vectors spelt with words of small codebooks: one code a piece of the vector (product
//! quantisation, Jégou, Douze & Schmid 2011).

use std::ops::Range;

/// The coordinates of each of the `n` pieces of a vector of `dim`, as even as can be.
pub fn pieces(dim: usize, n: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    (0..n).map(move |at| at * dim / n..(at + 1) * dim / n)
}

/// The vectors `[n, dim]` that `codes` `[n, n_pieces]` spell with `words` `[n_words, dim]`: row
/// `w` holds the word `w` of every piece, one after the other. `None` where a code has no word.
pub fn spell(codes: &[u8], words: &[i8], dim: usize, n_pieces: usize) -> Option<Vec<i8>> {
    let most = codes.iter().fold(0, |most: u8, &code| most.max(code));
    if usize::from(most) >= words.len() / dim {
        return None;
    }
    let pieces: Vec<Range<usize>> = pieces(dim, n_pieces).collect();
    let mut rows = vec![0; codes.len() / n_pieces * dim];
    for (row, codes) in rows.chunks_exact_mut(dim).zip(codes.chunks_exact(n_pieces)) {
        for (piece, &code) in pieces.iter().zip(codes) {
            let word = &words[usize::from(code) * dim..][..dim];
            row[piece.clone()].copy_from_slice(&word[piece.clone()]);
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_cover_a_vector_and_differ_by_one_at_most() {
        for n in 1..=32 {
            let pieces: Vec<Range<usize>> = pieces(32, n).collect();
            assert_eq!((pieces.len(), pieces[0].start, pieces[n - 1].end), (n, 0, 32));
            assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(
                pieces.iter().all(|piece| [32 / n, 32usize.div_ceil(n)].contains(&piece.len()))
            );
        }
    }

    proptest! {
        #[test]
        fn spells_what_the_definition_says(
            n_pieces in 1_usize..=16,
            words in proptest::collection::vec(any::<i8>(), 5 * 16),
            codes in proptest::collection::vec(0_u8..6, 0..64),
        ) {
            let codes = &codes[..codes.len() / n_pieces * n_pieces];
            let spelt = spell(codes, &words, 16, n_pieces);
            if codes.contains(&5) {
                prop_assert_eq!(spelt, None);
            } else {
                let coordinate = |at: usize| {
                    let (item, x) = (at / 16, at % 16);
                    let piece = (0..n_pieces).rfind(|p| p * 16 / n_pieces <= x).unwrap();
                    words[usize::from(codes[item * n_pieces + piece]) * 16 + x]
                };
                let naive: Vec<i8> = (0..codes.len() / n_pieces * 16).map(coordinate).collect();
                prop_assert_eq!(spelt, Some(naive));
            }
        }
    }
}
