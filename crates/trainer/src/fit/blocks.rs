//! Stochastic gradient steps on all threads without a race: the rows and the items are cut into
//! as many blocks as there are threads, and at any time each thread has a block of rows and a
//! block of items to itself (Gemulla, Nijkamp, Haas & Sismanis 2011). Which item is in which
//! block is drawn anew each epoch. The result hangs on the seed and the thread count alone.

use crate::features::Sparse;
use mercer::rng::Rng;
use ndarray::Array2;

/// One block of rows and one of items, which no other thread sees meanwhile.
pub(super) struct Block<'a> {
    /// The vectors of the rows, row-major.
    pub(super) rows: &'a mut [f32],
    /// The vectors of the items, row-major.
    pub(super) items: &'a mut [f32],
    /// The cells whose row and item are both here, as positions in the two, in random order.
    pub(super) cells: &'a [Cell],
    /// The item of each position in `items`.
    pub(super) names: &'a [u32],
    /// The row at the first position in `rows`.
    pub(super) first_row: usize,
    /// Numbers that are this block's own.
    pub(super) rng: Rng,
}

/// A cell of the matrix within a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) row: u32,
    pub(super) item: u32,
    pub(super) value: f32,
}

/// Both sides of a factorisation; rows and items have vectors of one width.
pub(super) struct Sides {
    /// `[n_rows, width]`.
    pub(super) rows: Array2<f32>,
    /// `[n_items, width]`.
    pub(super) items: Array2<f32>,
}

/// Runs one epoch over `cells`, `[n_rows, n_items]`: `work` is called for every pair of blocks
/// and gives a sum, which is added up.
pub(super) fn epoch(
    cells: &Sparse,
    sides: &mut Sides,
    (threads, rng): (usize, &mut Rng),
    work: impl Fn(Block<'_>) -> f64 + Sync,
) -> f64 {
    let plan = Plan::draw(cells, threads, rng);
    let width = sides.rows.ncols();
    let mut moved = gathered(&sides.items, &plan.order);
    let seed = Rng::new(rng.next_u64());
    let rows = sides.rows.as_slice_mut().expect("row-major, never sliced");
    let mut sum = 0.0;
    for turn in 0..threads {
        let mut blocks: Vec<(usize, &mut [f32])> =
            moved.chunks_mut((plan.items_per_block * width).max(1)).enumerate().collect();
        // Where there are fewer items than threads, some wait.
        blocks.extend((blocks.len()..threads).map(|at| (at, &mut [] as &mut [f32])));
        blocks.rotate_left(turn);
        let row_blocks = rows.chunks_mut(plan.rows_per_block * width);
        let sums = std::thread::scope(|scope| {
            let (plan, work, seed) = (&plan, &work, &seed);
            let start = |(at, (rows, (block, items)))| {
                let stream = (turn * threads + at) as u64;
                scope.spawn(move || work(plan.block((at, rows), (block, items), seed.fork(stream))))
            };
            let running: Vec<_> = row_blocks.zip(blocks).enumerate().map(start).collect();
            let done = running.into_iter().map(|t| t.join().expect("a step does not panic"));
            done.collect::<Vec<f64>>()
        });
        sum += sums.iter().sum::<f64>();
    }
    for (at, &item) in plan.order.iter().enumerate() {
        let vector = &moved[at * width..][..width];
        sides.items.row_mut(item as usize).iter_mut().zip(vector).for_each(|(to, x)| *to = *x);
    }
    sum
}

fn gathered(items: &Array2<f32>, order: &[u32]) -> Vec<f32> {
    order.iter().flat_map(|&item| items.row(item as usize).into_iter().copied()).collect()
}

/// Who is in which block this epoch.
struct Plan {
    /// The items in their new order.
    order: Vec<u32>,
    rows_per_block: usize,
    items_per_block: usize,
    n_item_blocks: usize,
    /// By block of rows, then block of items.
    cells: Vec<Vec<Cell>>,
}

impl Plan {
    fn draw(cells: &Sparse, threads: usize, rng: &mut Rng) -> Self {
        let mut order: Vec<u32> = (0..).take(cells.n_columns()).collect();
        rng.shuffle(&mut order);
        let mut place = vec![0_u32; order.len()];
        for (at, &item) in (0..).zip(&order) {
            place[item as usize] = at;
        }
        let rows_per_block = cells.n_rows().div_ceil(threads).max(1);
        let items_per_block = order.len().div_ceil(threads).max(1);
        let mut blocks = vec![Vec::new(); threads * threads];
        for (row, item, value) in cells.cells() {
            let at = place[item as usize] as usize;
            let block = row / rows_per_block * threads + at / items_per_block;
            let [row, item] = [row % rows_per_block, at % items_per_block]
                .map(|at| u32::try_from(at).expect("fewer than 2^32"));
            blocks[block].push(Cell { row, item, value });
        }
        for cells in &mut blocks {
            rng.shuffle(cells);
        }
        let n_item_blocks = threads;
        Self { order, rows_per_block, items_per_block, n_item_blocks, cells: blocks }
    }

    fn block<'a>(
        &'a self,
        (row_block, rows): (usize, &'a mut [f32]),
        (item_block, items): (usize, &'a mut [f32]),
        rng: Rng,
    ) -> Block<'a> {
        let names = self.order.chunks(self.items_per_block).nth(item_block).unwrap_or_default();
        Block {
            rows,
            items,
            cells: &self.cells[row_block * self.n_item_blocks + item_block],
            names,
            first_row: row_block * self.rows_per_block,
            rng,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_met_once_on_any_number_of_threads() {
        let mut rng = Rng::new(3);
        let triples: Vec<_> = (0..50)
            .flat_map(|row| (0..4).map(move |k| (row, (row * 7 + k * 3) % 11, 1.0)))
            .collect();
        let cells = Sparse::sum(50, 11, triples.into_iter());
        for threads in [1, 2, 3, 5] {
            let mut sides = Sides { rows: Array2::zeros((50, 1)), items: Array2::zeros((11, 1)) };
            let sum = epoch(&cells, &mut sides, (threads, &mut rng), |block| {
                for cell in block.cells {
                    block.rows[cell.row as usize] += 1.0;
                    let name = block.names[cell.item as usize];
                    let row = u32::try_from(block.first_row).unwrap() + cell.row;
                    assert!(cells.columns(row as usize).contains(&name));
                    block.items[cell.item as usize] += 1.0;
                }
                1.0
            });
            assert!(sides.rows.iter().all(|&x| (x - 4.0).abs() < 0.5), "{threads} threads");
            let items = cells.transposed();
            for (item, &met) in sides.items.iter().enumerate() {
                let cells = f32::from(u8::try_from(items.columns(item).len()).unwrap());
                assert!((met - cells).abs() < 0.5, "item {item}");
            }
            assert!(sum >= 1.0);
        }
    }
}
