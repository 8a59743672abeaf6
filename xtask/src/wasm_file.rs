//! Just enough of the WebAssembly binary format (core specification 2.0, chapter 5) to
//! answer two questions about a built module: what does it import, and does its code use
//! SIMD? Looking for the byte `0xfd` alone would also find it in constants and offsets, so
//! the instructions are walked.

use anyhow::{Context as _, Result, bail, ensure};

/// From this number on vector instructions are relaxed ones.
const FIRST_RELAXED: u64 = 0x100;

/// What was found in a module.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Everything it needs from outside, in order.
    pub(crate) imports: Vec<Import>,
    /// How many functions have a body.
    pub(crate) n_functions: usize,
    /// How many of their instructions are vector instructions.
    pub(crate) n_simd: usize,
    /// How many of those are relaxed ones.
    pub(crate) n_relaxed: usize,
}

/// One import.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) is_function: bool,
}

/// Reads a whole module.
///
/// # Errors
/// - the bytes are not a WebAssembly module of version 1, or are cut short;
/// - the code holds an instruction this reader does not know (it then names it).
pub(crate) fn summarise(bytes: &[u8]) -> Result<Summary> {
    let mut summary = Summary::default();
    for Section { id, content } in sections(bytes)? {
        let mut section = Cursor { bytes: content };
        match id {
            2 => summary.imports = imports(&mut section).context("in the import section")?,
            10 => code(&mut section, &mut summary).context("in the code section")?,
            _ => {}
        }
    }
    Ok(summary)
}

/// A part of a module.
pub(crate) struct Section<'a> {
    pub(crate) id: u8,
    pub(crate) content: &'a [u8],
}

impl<'a> Section<'a> {
    /// What stands behind its name, if this is a section of that name.
    pub(crate) fn named(&self, name: &str) -> Option<Cursor<'a>> {
        let mut content = Cursor { bytes: self.content };
        (self.id == 0 && content.name().is_ok_and(|found| found == name)).then_some(content)
    }
}

/// The parts of a module, in order.
///
/// # Errors
/// - the bytes are not a WebAssembly module of version 1, or are cut short.
pub(crate) fn sections(bytes: &[u8]) -> Result<Vec<Section<'_>>> {
    let mut input = Cursor { bytes };
    ensure!(input.take(8)? == b"\0asm\x01\0\0\0", "this is not a WebAssembly module of version 1");
    let mut found = Vec::new();
    while !input.bytes.is_empty() {
        let id = input.byte()?;
        let size = input.length()?;
        found.push(Section { id, content: input.take(size)? });
    }
    Ok(found)
}

pub(crate) fn imports(section: &mut Cursor) -> Result<Vec<Import>> {
    let count = section.length()?;
    let mut found = Vec::new();
    for _ in 0..count {
        let (module, name) = (section.name()?, section.name()?);
        let kind = section.byte()?;
        match kind {
            0 => section.skip_numbers(1)?,
            1 => {
                section.byte()?;
                section.limits()?;
            }
            2 => section.limits()?,
            3 => section.take(2).map(drop)?,
            4 => section.skip_numbers(2)?,
            kind => bail!("`{module}` `{name}` is of the unknown kind {kind}"),
        }
        found.push(Import { module, name, is_function: kind == 0 });
    }
    Ok(found)
}

fn code(section: &mut Cursor, summary: &mut Summary) -> Result<()> {
    summary.n_functions = section.length()?;
    for function in 0..summary.n_functions {
        let size = section.length()?;
        let mut body = Cursor { bytes: section.take(size)? };
        count_simd(&mut body, summary).with_context(|| format!("function {function}"))?;
    }
    Ok(())
}

fn count_simd(body: &mut Cursor, summary: &mut Summary) -> Result<()> {
    for _ in 0..body.length()? {
        body.skip_numbers(1)?;
        body.byte()?;
    }
    while !body.bytes.is_empty() {
        let opcode = body.byte()?;
        if opcode == 0xfd {
            summary.n_simd += 1;
            summary.n_relaxed += usize::from(skip_vector(body)? >= FIRST_RELAXED);
        } else {
            skip_immediates(opcode, body)?;
        }
    }
    Ok(())
}

fn skip_immediates(opcode: u8, body: &mut Cursor) -> Result<()> {
    match opcode {
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Ok(()),
        0x02..=0x04 | 0x0c | 0x0d | 0x10 | 0x12 | 0x20..=0x26 | 0x3f..=0x42 | 0xd0 | 0xd2 => {
            body.skip_numbers(1)
        }
        0x11 | 0x13 => body.skip_numbers(2),
        0x0e => {
            let n_labels = body.length()?;
            body.skip_numbers(n_labels)?;
            body.skip_numbers(1)
        }
        0x1c => {
            let n_types = body.length()?;
            body.take(n_types).map(drop)
        }
        0x28..=0x3e => body.memory_argument(),
        0x43 => body.take(4).map(drop),
        0x44 => body.take(8).map(drop),
        0xfc => skip_extended(body),
        _ => bail!("unknown instruction {opcode:#04x}"),
    }
}

/// Saturating conversions, bulk memory and tables.
fn skip_extended(body: &mut Cursor) -> Result<()> {
    match body.number()? {
        0..=7 => Ok(()),
        8 | 10 | 12 | 14 => body.skip_numbers(2),
        9 | 11 | 13 | 15..=17 => body.skip_numbers(1),
        other => bail!("unknown instruction 0xfc {other}"),
    }
}

/// The number of a vector instruction, what belongs to it passed over.
fn skip_vector(body: &mut Cursor) -> Result<u64> {
    let number = body.number()?;
    match number {
        0..=11 | 92 | 93 => body.memory_argument()?,
        12 | 13 => body.take(16).map(drop)?,
        21..=34 => body.take(1).map(drop)?,
        84..=91 => {
            body.memory_argument()?;
            body.take(1).map(drop)?;
        }
        14..=20 | 35..=83 | 94..=275 => {}
        other => bail!("unknown instruction 0xfd {other}"),
    }
    Ok(number)
}

/// A place in the bytes. Every step checks that there is enough left.
pub(crate) struct Cursor<'a> {
    pub(crate) bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn take(&mut self, n_bytes: usize) -> Result<&'a [u8]> {
        let Some((taken, rest)) = self.bytes.split_at_checked(n_bytes) else {
            bail!("cut short: {n_bytes} bytes expected, {} left", self.bytes.len());
        };
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    /// A LEB128 number of up to ten bytes, its bits as they are.
    pub(crate) fn number(&mut self) -> Result<u64> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        bail!("a number of more than ten bytes")
    }

    pub(crate) fn length(&mut self) -> Result<usize> {
        Ok(usize::try_from(self.number()?)?)
    }

    pub(crate) fn skip_numbers(&mut self, count: usize) -> Result<()> {
        (0..count).try_for_each(|_| self.number().map(drop))
    }

    pub(crate) fn name(&mut self) -> Result<String> {
        let n_bytes = self.length()?;
        Ok(String::from_utf8(self.take(n_bytes)?.to_vec())?)
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1;
        self.skip_numbers(1 + usize::from(has_maximum))
    }

    /// Alignment, memory index if bit 6 of the alignment says so, offset.
    fn memory_argument(&mut self) -> Result<()> {
        let alignment = self.number()?;
        self.skip_numbers(if alignment & 0x40 == 0 { 1 } else { 2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, content: &[u8]) -> Vec<u8> {
        [&[id, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn module(sections: &[Vec<u8>]) -> Vec<u8> {
        [b"\0asm\x01\0\0\0".to_vec(), sections.concat()].concat()
    }

    /// A module whose one function has these instructions.
    fn function(instructions: &[u8]) -> Vec<u8> {
        let size = u8::try_from(instructions.len() + 1).unwrap();
        module(&[section(10, &[&[1, size, 0], instructions].concat())])
    }

    fn n_simd(instructions: &[u8]) -> Result<usize> {
        summarise(&function(instructions)).map(|summary| summary.n_simd)
    }

    #[test]
    fn vector_instructions_are_counted() {
        let constant = [&[0xfd, 12][..], &[0xfd; 16], &[0x1a, 0x0b]].concat();
        assert_eq!(n_simd(&constant).unwrap(), 1);
        // i32.const 0, v128.load, i32.const 0, v128.load, i32x4.dot_i16x8_s, extract_lane 3
        let dot = [
            0x41, 0, 0xfd, 0, 4, 0, 0x41, 0, 0xfd, 0, 4, 16, 0xfd, 0xba, 1, 0xfd, 27, 3, 0x1a, 0x0b,
        ];
        assert_eq!(n_simd(&dot).unwrap(), 4);
        // i16x8.relaxed_dot_i8x16_i7x16_s in place of the product
        let relaxed = [&dot[..12], &[0xfd, 0x92, 2], &dot[15..]].concat();
        let counted = |code: &[u8]| summarise(&function(code)).unwrap().n_relaxed;
        assert_eq!((counted(&dot), counted(&relaxed)), (0, 1));
    }

    #[test]
    fn the_same_byte_in_constants_and_offsets_is_not() {
        // i32.const 0x7d (as 0xfd 0x00), f32.const, i32.load with offset 0xfd, br_table.
        let scalar = [
            0x41, 0xfd, 0, 0x1a, 0x43, 0xfd, 0xfd, 0xfd, 0xfd, 0x1a, 0x41, 0, 0x28, 2, 0xfd, 1,
            0x0e, 2, 0xfd, 0, 1, 0, 0xfc, 11, 0, 0x0b,
        ];
        assert_eq!(n_simd(&scalar).unwrap(), 0);
    }

    #[test]
    fn imports_of_every_kind_are_listed() {
        let content = [
            &[4][..],
            b"\x01m\x01f\x00\xfd\x01",
            b"\x01m\x01t\x01\x70\x00\x01",
            b"\x01m\x01x\x02\x01\x01\x02",
            b"\x01n\x01g\x03\x7f\x00",
        ]
        .concat();
        let found = summarise(&module(&[section(0, b"\x01c"), section(2, &content)])).unwrap();
        let names: Vec<_> = found.imports.iter().map(|i| (&*i.module, &*i.name)).collect();
        assert_eq!(names, [("m", "f"), ("m", "t"), ("m", "x"), ("n", "g")]);
        assert_eq!(found.n_simd, 0);
    }

    #[test]
    fn what_is_not_a_module_is_refused() {
        for bytes in [&b""[..], b"<!doctype html>", b"\0asm\x02\0\0\0", b"\0asm"] {
            assert!(summarise(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn every_cut_of_a_module_is_refused() {
        let whole = function(&[0x41, 0, 0xfd, 0, 4, 0, 0x1a, 0x0b]);
        assert!(summarise(&whole).is_ok());
        for cut in 9..whole.len() {
            assert!(summarise(&whole[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn unknown_instructions_are_named() {
        let said = format!("{:#}", n_simd(&[0xf0, 0x0b]).unwrap_err());
        assert!(said.contains("function 0") && said.contains("0xf0"), "{said}");
        assert!(n_simd(&[0xfd, 0xff, 0x7f]).is_err());
        assert!(n_simd(&[0xfc, 99]).is_err());
        assert!(n_simd(&[0x41, 0x80]).is_err());
    }
}
