//! Takes the words of panics out of a linked module. In the browser a panic is a trap: nobody reads
//! its message, its file and its line, and yet they are a tenth of what ships, with all that
//! formats them. Rust has no stable switch for it, so it is done here, where the linker's own
//! relocations (`--emit-relocs`) say which function and which constant is named where:
//!
//! 1. the functions that panics go through become a bare `unreachable`;
//! 2. what no export leads to any more, code or constant, is emptied.
//!
//! Nothing moves, so no address changes. `wasm-opt` then drops what is empty.

mod symbols;

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};

use crate::wasm_file::{self, Section};
use symbols::{Linked, Place};

/// Where panics go through, as parts of mangled names: `core::panicking::…`, and so on. A name
/// that Rust changes makes the module larger and breaks nothing.
const PANICS: [&str; 19] = [
    "4core9panicking",
    "3std9panicking",
    "17rust_begin_unwind",
    "6option13expect_failed",
    "6option13unwrap_failed",
    "6result13unwrap_failed",
    "4cell22panic_already_borrowed",
    "4cell30panic_already_mutably_borrowed",
    "16slice_index_fail",
    "16slice_error_fail",
    "19slice_error_fail_rt",
    "17len_mismatch_fail",
    "6insert13assert_failed",
    "10insert_mut13assert_failed",
    "6remove13assert_failed",
    "11swap_remove13assert_failed",
    "17capacity_overflow",
    "18handle_alloc_error",
    "8rust_oom",
];

/// No locals, `unreachable`, `end`.
const TRAP: [u8; 3] = [0, 0x00, 0x0b];

/// What was taken out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Muted {
    /// The module, without the linker's notes.
    pub(crate) module: Vec<u8>,
    /// How many functions became a trap.
    pub(crate) n_functions: usize,
    /// How many bytes of constants became zero.
    pub(crate) n_bytes: usize,
}

/// Mutes a module as the linker leaves it.
///
/// # Errors
/// - the bytes are no module, or one that was linked without `--emit-relocs`;
/// - none of its functions is known as one that panics go through.
pub(crate) fn mute(module: &[u8]) -> Result<Muted> {
    let sections = wasm_file::sections(module)?;
    let linked = Linked::read(&sections).context("in what the linker notes")?;
    let n_panics = linked.functions.iter().filter(|function| is_panic(&function.name)).count();
    ensure!(n_panics > 0, "no function that panics go through is known: has Rust renamed them?");
    let live = linked.reached(is_panic);
    let mut muted = Muted { module: module[..8].to_vec(), n_functions: 0, n_bytes: 0 };
    for section in &sections {
        let content = match section.id {
            0 if section.is_note() => continue,
            10 => code(section, &linked, &live, &mut muted.n_functions),
            11 => data(section, &linked, &live, &mut muted.n_bytes),
            _ => section.content.to_vec(),
        };
        muted.module.push(section.id);
        muted.module.extend(leb(content.len()));
        muted.module.extend(content);
    }
    Ok(muted)
}

fn is_panic(name: &str) -> bool {
    PANICS.iter().any(|part| name.contains(part))
}

fn code(section: &Section, linked: &Linked, live: &BTreeSet<Place>, n: &mut usize) -> Vec<u8> {
    let mut content = leb(linked.functions.len());
    for (ix, function) in linked.functions.iter().enumerate() {
        let whole = &section.content[function.bytes.clone()];
        let is_kept = !is_panic(&function.name) && live.contains(&Place::Function(ix));
        let body = if is_kept { whole } else { &TRAP };
        *n += usize::from(!is_kept);
        content.extend(leb(body.len()));
        content.extend(body);
    }
    content
}

fn data(section: &Section, linked: &Linked, live: &BTreeSet<Place>, n: &mut usize) -> Vec<u8> {
    let mut content = section.content.to_vec();
    let (kept, dead): (Vec<_>, Vec<_>) =
        (0..linked.constants.len()).partition(|&ix| live.contains(&Place::Constant(ix)));
    for bytes in dead.into_iter().map(|ix| linked.constants[ix].clone()) {
        *n += bytes.len();
        content[bytes].fill(0);
    }
    // Constants may share bytes: what is still read by one stays, whatever the other is.
    for bytes in kept.into_iter().map(|ix| linked.constants[ix].clone()) {
        content[bytes.clone()].copy_from_slice(&section.content[bytes]);
    }
    content
}

fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests;
