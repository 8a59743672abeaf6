/// Sums of numbers, one row a session: what a bootstrap draws again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    width: usize,
    values: Vec<f64>,
}

impl Table {
    /// No rows yet, of `width` numbers each.
    pub(super) fn new(width: usize) -> Self {
        Self { width, values: Vec::new() }
    }

    /// Adds a row of `width()` numbers.
    pub(super) fn push(&mut self, row: &[f64]) {
        assert_eq!(row.len(), self.width, "rows of one width");
        self.values.extend_from_slice(row);
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn n_rows(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    pub(super) fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.width..(at + 1) * self.width]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.n_rows()).map(|at| self.row(at))
    }

    /// The sums of the columns.
    pub(super) fn totals(&self) -> Vec<f64> {
        let mut totals = vec![0.0; self.width];
        self.rows().for_each(|row| add(&mut totals, row));
        totals
    }
}

/// Adds the numbers of `row` to those of `sums`.
pub(super) fn add(sums: &mut [f64], row: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value;
    }
}

/// A figure made of two columns: `Σ sum / Σ of − less`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quotient {
    pub(super) sum: usize,
    pub(super) of: usize,
    pub(super) less: f64,
}

impl Quotient {
    /// The figure for these sums of columns; `None` if there is nothing to divide by.
    pub(super) fn of(self, sums: &[f64]) -> Option<f64> {
        let of = sums[self.of];
        (of > 0.0).then(|| sums[self.sum] / of - self.less)
    }
}
