//! Which items does the catalogue describe alike, feature by feature?

use super::rows::Rows;

/// Items a feature may stand on to be looked at; what stands on more says little, and would
/// make the work grow with the square of the catalogue.
const MAX_ITEMS: usize = 20_000;

impl Rows {
    /// The `k` rows most like each row among those of `among`, `[n_rows]`, and their cosine,
    /// best first, equal ones by their index; only rows that share a feature with it. Rows are
    /// of length 1.
    ///
    /// Exact where no feature stands on more than 20,000 rows. This is sharper than the
    /// reduced vectors: a rare word, which a truncated SVD drops, is what tells products of
    /// one line from the rest of their kind.
    pub fn nearest(&self, k: usize, among: &[bool]) -> Vec<Vec<(u32, f32)>> {
        let columns = self.transposed(among);
        let mut likeness = vec![0.0_f32; self.n_rows()];
        let mut touched: Vec<u32> = Vec::new();
        let mut nearest = Vec::with_capacity(self.n_rows());
        for at in 0..self.n_rows() {
            for (column, value) in self.row(at) {
                for &(other, weight) in &columns[column] {
                    let sum = &mut likeness[other as usize];
                    if *sum == 0.0 {
                        touched.push(other);
                    }
                    *sum += value * weight;
                }
            }
            let mut found: Vec<(u32, f32)> = touched
                .drain(..)
                .map(|other| (other, std::mem::take(&mut likeness[other as usize])))
                .filter(|(other, _)| *other as usize != at)
                .collect();
            let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            if found.len() > k {
                found.select_nth_unstable_by(k, order);
                found.truncate(k);
            }
            found.sort_unstable_by(order);
            // It had room for every item that shares a feature: all rows together for the square of
            // the catalogue.
            found.shrink_to_fit();
            nearest.push(found);
        }
        nearest
    }

    /// The rows of `among` and values of each column; none of columns that stand on too many
    /// rows.
    fn transposed(&self, among: &[bool]) -> Vec<Vec<(u32, f32)>> {
        let mut columns = vec![Vec::new(); self.n_columns()];
        for (at, row) in (0..self.n_rows()).zip(0_u32..).filter(|(at, _)| among[*at]) {
            self.row(at).for_each(|(column, value)| columns[column].push((row, value)));
        }
        columns.iter_mut().filter(|column| column.len() > MAX_ITEMS).for_each(Vec::clear);
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::rng::Rng;

    #[test]
    fn it_agrees_with_every_pair_compared() {
        let mut rng = Rng::new(9);
        let mut rows = Rows::new(30);
        for _ in 0..80 {
            let mut row: Vec<u32> = (0..30).filter(|_| rng.below(6) == 0).collect();
            row.dedup();
            rows.push(row.into_iter().map(|column| (column, 0.1 + rng.unit_f32())));
        }
        let dense = |at: usize| {
            let mut dense = [0.0_f32; 30];
            rows.row(at).for_each(|(column, value)| dense[column] = value);
            dense
        };
        let among: Vec<bool> = (0..80).map(|row| row % 5 > 0).collect();
        for (at, found) in rows.nearest(7, &among).into_iter().enumerate() {
            let mut all: Vec<(u32, f32)> = (0..80_u32)
                .filter(|other| *other as usize != at && among[*other as usize])
                .map(|other| {
                    let pairs = dense(at).into_iter().zip(dense(other as usize));
                    (other, pairs.map(|(a, b)| a * b).sum())
                })
                .filter(|(_, likeness)| *likeness > 0.0)
                .collect();
            all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            all.truncate(7);
            assert_eq!(found.len(), all.len());
            for (found, expected) in found.iter().zip(&all) {
                assert!((found.1 - expected.1).abs() < 1e-5, "row {at}");
            }
        }
    }
}
