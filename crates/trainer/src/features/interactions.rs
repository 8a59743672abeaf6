use super::Sequences;

/// Who was on what how often: the sparse matrix that every classical family factorises, both
/// ways. A session is a row; the order within it is forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct Interactions {
    /// `[n_sessions, n_items]`: the items of each session, ascending, with how many of its
    /// steps stand on them.
    pub sessions: Sparse,
    /// `[n_items, n_sessions]`: the same numbers by item.
    pub items: Sparse,
}

impl Interactions {
    /// Counts the steps of each session by item.
    pub fn of(sequences: &Sequences) -> Self {
        let triples = sequences.sessions().enumerate().flat_map(|(session, steps)| {
            steps.iter().map(move |step| (session, step.item as usize, 1.0))
        });
        let sessions = Sparse::sum(sequences.n_sessions(), sequences.n_items(), triples);
        let items = sessions.transposed();
        Self { sessions, items }
    }
}

/// A sparse matrix, row by row, columns ascending within a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparse {
    /// Where each row starts in `columns`, and the end of the last: `[n_rows + 1]`.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    n_columns: usize,
}

impl Sparse {
    /// The matrix of these `(row, column, value)`, in rising order of rows; values of one cell
    /// are added up.
    ///
    /// # Panics
    /// If the rows fall, a row or a column is out of range, or there are more than 2^32 columns.
    pub fn sum(
        n_rows: usize,
        n_columns: usize,
        triples: impl Iterator<Item = (usize, usize, f32)>,
    ) -> Self {
        let mut built = Self { starts: vec![0], columns: vec![], values: vec![], n_columns };
        let mut row: Vec<(u32, f32)> = Vec::new();
        for (at, column, value) in triples {
            assert!(at + 1 >= built.starts.len() && at < n_rows, "rows rise and are in range");
            assert!(column < n_columns, "columns are in range");
            while built.n_rows() < at {
                built.close(&mut row);
            }
            row.push((u32::try_from(column).expect("fewer than 2^32 columns"), value));
        }
        while built.n_rows() < n_rows {
            built.close(&mut row);
        }
        built
    }

    /// Ends the row that is being built.
    fn close(&mut self, row: &mut Vec<(u32, f32)>) {
        row.sort_by_key(|cell| cell.0);
        let first = self.columns.len();
        for (column, value) in row.drain(..) {
            if self.columns.len() > first && self.columns.last() == Some(&column) {
                if let Some(sum) = self.values.last_mut() {
                    *sum += value;
                }
            } else {
                self.columns.push(column);
                self.values.push(value);
            }
        }
        self.starts.push(self.columns.len());
    }

    /// The same cells by column.
    ///
    /// # Panics
    /// If there are more than 2^32 rows.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut starts = vec![0; self.n_columns + 1];
        for &column in &self.columns {
            starts[column as usize + 1] += 1;
        }
        for column in 0..self.n_columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.columns.len()];
        let mut values = vec![0.0; self.columns.len()];
        for row in 0..self.n_rows() {
            let at = u32::try_from(row).expect("fewer than 2^32 rows");
            for (column, value) in self.row(row) {
                let to = &mut next[column as usize];
                (columns[*to], values[*to]) = (at, value);
                *to += 1;
            }
        }
        Self { starts, columns, values, n_columns: self.n_rows() }
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// The number of cells that hold something.
    pub fn n_cells(&self) -> usize {
        self.columns.len()
    }

    /// The columns of a row, ascending.
    pub fn columns(&self, row: usize) -> &[u32] {
        &self.columns[self.starts[row]..self.starts[row + 1]]
    }

    /// The values of a row, in the order of [`Self::columns`].
    pub fn values(&self, row: usize) -> &[f32] {
        &self.values[self.starts[row]..self.starts[row + 1]]
    }

    /// The cells of a row as `(column, value)`, columns ascending.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.columns(row).iter().copied().zip(self.values(row).iter().copied())
    }

    /// Every cell as `(row, column, value)`, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (usize, u32, f32)> + '_ {
        (0..self.n_rows()).flat_map(|row| self.row(row).map(move |(column, x)| (row, column, x)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;

    #[test]
    fn both_ways_hold_the_same_counts() {
        let step = |item| StepRow { item, kind: 0, dwell: 0 };
        let sequences = Sequences {
            items: ["a", "b", "c"].map(String::from).to_vec(),
            steps: [2, 0, 2, 2, 1].map(step).to_vec(),
            starts: vec![0, 3, 5],
            weights: Vec::new(),
        };
        let Interactions { sessions, items } = Interactions::of(&sequences);
        let cells: Vec<_> = sessions.cells().collect();
        assert_eq!(cells, [(0, 0, 1.0), (0, 2, 2.0), (1, 1, 1.0), (1, 2, 1.0)]);
        let cells: Vec<_> = items.cells().collect();
        assert_eq!(cells, [(0, 0, 1.0), (1, 1, 1.0), (2, 0, 2.0), (2, 1, 1.0)]);
        assert_eq!((items.n_rows(), items.n_columns(), items.n_cells()), (3, 2, 4));
        assert_eq!(items.transposed(), sessions);
    }

    #[test]
    fn rows_without_a_cell_are_empty() {
        let matrix = Sparse::sum(4, 2, [(1, 1, 0.5), (1, 1, 0.5)].into_iter());
        assert_eq!(matrix.columns(0), [0_u32; 0]);
        assert_eq!(matrix.cells().collect::<Vec<_>>(), [(1, 1, 1.0)]);
        assert_eq!(matrix.n_rows(), 4);
    }
}
