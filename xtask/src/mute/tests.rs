//! A module of four functions and five constants, as the linker would write it.

use super::*;

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id, u8::try_from(content.len()).unwrap()], content].concat()
}

fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    let name = [&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat();
    section(0, &[&name, content].concat())
}

fn function(ix: u8, name: &str) -> Vec<u8> {
    [&[0, 0, ix, u8::try_from(name.len()).unwrap()], name.as_bytes()].concat()
}

/// A constant `c` of segment 0.
fn constant(start: u8, size: u8) -> Vec<u8> {
    vec![1, 0, 1, b'c', 0, start, size]
}

/// Each body is: no locals, a call, a constant, `end`.
const BODY: [u8; 7] = [0, 0x10, 9, 0x41, 9, 0x1a, 0x0b];

const TEXTS: &[u8] = b"kept.panic words16 bytes a place..src/a.rslast!";

/// Import 0 and bodies 1 to 4: the exported `door` names `panic`, the constants 0 and 2, and
/// nobody; `panic` names `words` and the constant 1; nobody names `alone`, which names constant 4.
/// Constant 2 is a place in the source: 16 bytes that begin with the address of constant 3.
fn sections() -> Vec<Vec<u8>> {
    let symbols = [
        function(1, "door"),
        function(2, "_ZN4core9panicking5panic"),
        function(3, "words"),
        function(4, "alone"),
        constant(0, 5),
        constant(5, 11),
        constant(16, 16),
        constant(34, 8),
        constant(42, 4),
    ]
    .concat();
    let table = [&[9][..], &symbols].concat();
    let linking = [&[2][..], &section(8, &table)].concat();
    // Kind, place in the section, symbol, and an addend for addresses. Bodies begin at 2, 10, …
    let in_code = [
        &[3, 7][..],
        &[0, 4, 1],
        &[4, 6, 4, 0],
        &[4, 7, 6, 0],
        &[0, 12, 2],
        &[4, 14, 5, 0],
        &[6, 20, 77],
        &[4, 30, 8, 0],
    ]
    .concat();
    let in_data = [4, 1, 5, 22, 7, 0];
    let bodies: Vec<u8> = [&[4][..], &[&[7][..], &BODY].concat().repeat(4)].concat();
    let data = [&[1, 0, 0x41, 0, 0x0b, 47][..], TEXTS].concat();
    vec![
        section(2, b"\x01\x01m\x01f\x00\x00"),
        section(7, b"\x01\x01d\x00\x01"),
        section(10, &bodies),
        section(11, &data),
        custom("linking", &linking),
        custom("reloc.CODE", &in_code),
        custom("reloc.DATA", &in_data),
        custom("name", b"n"),
    ]
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0".to_vec(), sections.concat()].concat()
}

#[test]
fn panics_become_traps_and_what_they_alone_say_is_emptied() {
    let muted = mute(&module(&sections())).unwrap();
    let trap = [3, 0, 0, 0x0b];
    let code = [&[4, 7][..], &BODY, &trap, &trap, &trap].concat();
    let zeroes = |n: usize| vec![0; n];
    let texts = [b"kept.", &*zeroes(27), b"..", &zeroes(8), &zeroes(4), b"!"].concat();
    let data = [&[1, 0, 0x41, 0, 0x0b, 47][..], &texts].concat();
    let mut expected = sections();
    expected[2] = section(10, &code);
    expected[3] = section(11, &data);
    expected.drain(4..7);
    assert_eq!(muted.module, module(&expected));
    assert_eq!((muted.n_functions, muted.n_bytes), (3, 39));
}

#[test]
fn bytes_that_a_living_constant_shares_stay() {
    let mut shared = sections();
    let at = shared[4].windows(7).position(|w| w == constant(42, 4)).unwrap();
    shared[4][at + 5] = 3;
    let muted = mute(&module(&shared)).unwrap().module;
    assert!(muted.windows(6).any(|w| w == b"kept.\0"));
}

#[test]
fn a_module_without_the_linkers_notes_or_without_panics_is_refused() {
    for missing in ["linking", "reloc.CODE", "reloc.DATA"] {
        let mut cut = sections();
        cut.retain(|section| !section.windows(missing.len()).any(|w| w == missing.as_bytes()));
        let said = format!("{:#}", mute(&module(&cut)).unwrap_err());
        assert!(said.contains(missing), "{said}");
    }
    let mut calm = sections();
    let at = calm[4].windows(9).position(|w| w == b"panicking").unwrap();
    calm[4][at] = b'P';
    assert!(mute(&module(&calm)).unwrap_err().to_string().contains("renamed"));
}
