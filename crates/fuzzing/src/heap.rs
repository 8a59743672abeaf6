//! How much a target may allocate.

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// What does not depend on the input: buffers, working space of the model that answers.
const FIXED_BYTES: usize = 1 << 20;
/// What a byte of the input may cost.
const BYTES_A_BYTE: usize = 4;

/// Does what `act` says, and holds it to four times the input and 1 MiB.
///
/// The counter counts the whole process: whoever asks runs one target at a time.
///
/// # Panics
/// If more was allocated at a time.
pub(crate) fn bounded<T>(input_bytes: usize, act: impl FnOnce() -> T) -> T {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let outcome = act();
    let taken = HEAP.peak_usage().saturating_sub(before);
    let allowed = BYTES_A_BYTE * input_bytes + FIXED_BYTES;
    assert!(taken <= allowed, "{taken} bytes allocated for an input of {input_bytes}");
    outcome
}
