//! The reader allocates in proportion to the file, whatever the file claims.
//!
//! One test, because the counter counts the whole process.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/golden.rs"]
mod golden;
#[path = "support/hostile.rs"]
mod hostile;

use golden::GOLDEN;
use hostile::{MADE, repair};
use mercer::model::{Model, write};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The most bytes a byte of the file may cost: an id of no length is one byte in the file and
/// an end of four in memory; a nibble becomes a byte; while a file is read, a section may be
/// held twice.
const BYTES_A_BYTE: usize = 8;

/// For what does not depend on the file: the list of sections, an error.
const FIXED_BYTES: usize = 8 * 1024;

#[test]
fn no_file_makes_the_reader_allocate_out_of_proportion() {
    for golden in GOLDEN {
        let file = write(&golden.parts()).unwrap();
        check(golden.file, &file);
        for at in 8..file.len() {
            for byte in [0x7F, 0xFF] {
                let mut changed = file.clone();
                changed[at] = byte;
                check(golden.file, &repair(changed));
            }
        }
    }
    for (name, make) in MADE {
        check(name, &make());
    }
}

fn check(name: &str, file: &[u8]) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let outcome = Model::read(file);
    let taken = HEAP.peak_usage().saturating_sub(before);
    let allowed = BYTES_A_BYTE * file.len() + FIXED_BYTES;
    assert!(taken <= allowed, "{name}: {taken} bytes for {}: {outcome:?}", file.len());
}
