//! What the linker notes beside the code (`linking` and `reloc.…`, WebAssembly's tool conventions
//! "Linking", version 2): where each function and each constant lies, and which of them its bytes
//! name.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::{Context as _, Result, bail, ensure};

use crate::wasm_file::{Cursor, Section, imports};

/// A module's functions and constants, and who names whom.
pub(super) struct Linked {
    /// Those with a body, in the order of their bodies.
    pub(super) functions: Vec<Function>,
    /// The bytes of each constant, in the data section.
    pub(super) constants: Vec<Range<usize>>,
    exported: Vec<Place>,
    /// From, to; sorted.
    mentions: Vec<(Place, Place)>,
}

/// A function with a body.
pub(super) struct Function {
    /// As the linker knows it; empty where it knows none.
    pub(super) name: String,
    /// Its body, in the code section.
    pub(super) bytes: Range<usize>,
}

/// Something that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Number of the function among those with a body.
    Function(usize),
    /// Number of the constant.
    Constant(usize),
}

impl Section<'_> {
    /// Is this a section that the linker wrote for other tools? What it says of places is no
    /// longer true afterwards.
    pub(super) fn is_note(&self) -> bool {
        ["linking", "reloc.CODE", "reloc.DATA"].iter().any(|name| self.named(name).is_some())
    }
}

impl Linked {
    pub(super) fn read(sections: &[Section]) -> Result<Self> {
        let content = |id: u8| sections.iter().find(|s| s.id == id).map_or(&[][..], |s| s.content);
        let note = |name: &str| {
            let found = sections.iter().find_map(|section| section.named(name));
            found.with_context(|| format!("there is no section `{name}`"))
        };
        let n_imported = n_imported_functions(content(2))?;
        let mut linked = Self {
            functions: bodies(content(10))?,
            constants: Vec::new(),
            exported: exports(content(7), n_imported)?,
            mentions: Vec::new(),
        };
        let places = linked.places(note("linking")?, n_imported, &segments(content(11))?)?;
        let bodies = linked.functions.iter().map(|f| f.bytes.clone()).collect();
        linked.note(note("reloc.CODE")?, &places, &Owners::new(bodies, Place::Function))?;
        let constants = Owners::new(linked.constants.clone(), Place::Constant);
        linked.note(note("reloc.DATA")?, &places, &constants)?;
        linked.forget_sources(content(11));
        linked.mentions.sort_unstable();
        Ok(linked)
    }

    /// The place of each symbol, if it has one in this module.
    fn places(
        &mut self,
        linking: Cursor,
        n_imported: usize,
        segments: &[usize],
    ) -> Result<Vec<Option<Place>>> {
        let mut place = |symbol| match symbol {
            Symbol::Function { ix, name } => {
                let ix = ix.checked_sub(n_imported)?;
                self.functions.get_mut(ix)?.name = name;
                Some(Place::Function(ix))
            }
            Symbol::Constant { segment, bytes } => {
                let start = segments.get(segment)?;
                self.constants.push(start + bytes.start..start + bytes.end);
                Some(Place::Constant(self.constants.len() - 1))
            }
            Symbol::Other => None,
        };
        Ok(symbols(linking)?.into_iter().map(&mut place).collect())
    }

    /// Takes up who names whom, as a section of relocations says.
    fn note(
        &mut self,
        mut relocations: Cursor,
        places: &[Option<Place>],
        owners: &Owners,
    ) -> Result<()> {
        relocations.number()?;
        for _ in 0..relocations.length()? {
            let kind = relocations.byte()?;
            let (at, symbol) = (relocations.length()?, relocations.length()?);
            if ADDENDED.contains(&kind) {
                relocations.number()?;
            }
            if kind == TYPE_INDEX {
                continue;
            }
            let named = places.get(symbol).context("a relocation of no symbol")?;
            self.mentions.extend(owners.of(at).zip(*named));
        }
        Ok(())
    }

    /// Forgets who names a place in the source: 16 bytes that begin with the address of a file's
    /// name. Panics alone read them.
    fn forget_sources(&mut self, data: &[u8]) {
        let bytes = |place: Place| match place {
            Place::Constant(ix) => data.get(self.constants[ix].clone()).unwrap_or_default(),
            Place::Function(_) => &[],
        };
        let is_file = |name: &[u8]| name.strip_suffix(&[0]).unwrap_or(name).ends_with(b".rs");
        let sources: BTreeSet<Place> = (self.mentions.iter())
            .filter(|&&(from, to)| bytes(from).len() == 16 && is_file(bytes(to)))
            .map(|&(from, _)| from)
            .collect();
        self.mentions.retain(|(_, to)| !sources.contains(to));
    }

    /// All that exports lead to; what `ends` accepts by its name leads nowhere.
    pub(super) fn reached(&self, ends: impl Fn(&str) -> bool) -> BTreeSet<Place> {
        let mut open = self.exported.clone();
        let mut found: BTreeSet<Place> = open.iter().copied().collect();
        while let Some(place) = open.pop() {
            if matches!(place, Place::Function(ix) if ends(&self.functions[ix].name)) {
                continue;
            }
            let first = self.mentions.partition_point(|(from, _)| *from < place);
            let named = self.mentions[first..].iter().take_while(|(from, _)| *from == place);
            open.extend(named.map(|(_, to)| *to).filter(|to| found.insert(*to)));
        }
        found
    }
}

/// Kinds of relocations that have an addend: addresses, and places in code and in sections.
const ADDENDED: [u8; 14] = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25];

/// The kind that names a type by its number, and no symbol.
const TYPE_INDEX: u8 = 6;

/// Whose bytes are these?
struct Owners {
    /// Where each place's bytes lie, by where they begin.
    places: Vec<(Range<usize>, Place)>,
}

impl Owners {
    fn new(bytes: Vec<Range<usize>>, place: fn(usize) -> Place) -> Self {
        let numbered = bytes.into_iter().enumerate();
        let mut places: Vec<_> = numbered.map(|(ix, bytes)| (bytes, place(ix))).collect();
        places.sort_by_key(|(bytes, _)| bytes.start);
        Self { places }
    }

    fn of(&self, at: usize) -> Option<Place> {
        let before = self.places.partition_point(|(bytes, _)| bytes.start <= at);
        let (bytes, place) = self.places[..before].last()?;
        bytes.contains(&at).then_some(*place)
    }
}

enum Symbol {
    Function { ix: usize, name: String },
    Constant { segment: usize, bytes: Range<usize> },
    Other,
}

fn symbols(mut linking: Cursor) -> Result<Vec<Symbol>> {
    ensure!(linking.number()? == 2, "the section `linking` is of another version than 2");
    while !linking.bytes.is_empty() {
        let kind = linking.byte()?;
        let size = linking.length()?;
        let mut table = Cursor { bytes: linking.take(size)? };
        if kind == 8 {
            let count = table.length()?;
            return (0..count).map(|_| symbol(&mut table)).collect();
        }
    }
    bail!("the section `linking` has no symbols")
}

fn symbol(table: &mut Cursor) -> Result<Symbol> {
    let kind = table.byte()?;
    let flags = table.number()?;
    let (is_undefined, is_named) = (flags & 0x10 != 0, flags & 0x40 != 0);
    match kind {
        0 | 2 | 4 | 5 => {
            let ix = table.length()?;
            let name = if is_undefined && !is_named { String::new() } else { table.name()? };
            Ok(if kind == 0 { Symbol::Function { ix, name } } else { Symbol::Other })
        }
        1 => {
            table.name()?;
            if is_undefined {
                return Ok(Symbol::Other);
            }
            let (segment, start, size) = (table.length()?, table.length()?, table.length()?);
            Ok(Symbol::Constant { segment, bytes: start..start + size })
        }
        3 => table.length().map(|_| Symbol::Other),
        other => bail!("a symbol of the unknown kind {other}"),
    }
}

fn n_imported_functions(section: &[u8]) -> Result<usize> {
    Ok(imports(&mut Cursor { bytes: section })?.iter().filter(|i| i.is_function).count())
}

fn bodies(section: &[u8]) -> Result<Vec<Function>> {
    let mut code = Cursor { bytes: section };
    let count = code.length()?;
    let mut found = Vec::new();
    for _ in 0..count {
        let size = code.length()?;
        let start = section.len() - code.bytes.len();
        code.take(size)?;
        found.push(Function { name: String::new(), bytes: start..start + size });
    }
    Ok(found)
}

/// Where the bytes of each segment begin in the data section.
fn segments(section: &[u8]) -> Result<Vec<usize>> {
    let mut data = Cursor { bytes: section };
    let mut found = Vec::new();
    for _ in 0..data.length()? {
        ensure!(data.number()? == 0, "a segment that is not laid into the memory at the start");
        // `i32.const`, the address, `end`.
        ensure!(data.byte()? == 0x41, "a segment without a fixed address");
        data.skip_numbers(1)?;
        data.byte()?;
        let size = data.length()?;
        found.push(section.len() - data.bytes.len());
        data.take(size)?;
    }
    Ok(found)
}

fn exports(section: &[u8], n_imported: usize) -> Result<Vec<Place>> {
    let mut exports = Cursor { bytes: section };
    let mut found = Vec::new();
    for _ in 0..exports.length()? {
        exports.name()?;
        let kind = exports.byte()?;
        let ix = exports.length()?;
        if kind == 0 {
            found.extend(ix.checked_sub(n_imported).map(Place::Function));
        }
    }
    Ok(found)
}
