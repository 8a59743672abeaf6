//! Makes files that are wrong in one named way each, from a small sound one.

use mercer::kernels::CodeWidth;
use mercer::model::{Encoder, FactorParts, InterestRule, ModelParts, write};

/// Where things stand in a file; the specification is `docs/model-format.md`.
const CHECKSUM: std::ops::Range<usize> = 24..32;
const TABLE: usize = 32;
const ENTRY_BYTES: usize = 24;

/// Sections in the order of the table.
pub(crate) const ABOUT: usize = 0;
pub(crate) const ITEMS: usize = 1;
pub(crate) const VECTORS: usize = 2;
pub(crate) const BIASES: usize = 3;
pub(crate) const ENCODER: usize = 4;
pub(crate) const POPULARITY: usize = 5;

/// A sound file of three items that hostile files are made from: ids `a`, `bé`, `c`, one
/// step, 16 dimensions, 4 bits.
pub(crate) fn sound() -> Vec<u8> {
    let mut codes = vec![0; 3 * 16];
    for (at, code) in codes.iter_mut().enumerate() {
        *code = [3, -7, 5, 0, 1][at % 5];
    }
    let parts = ModelParts {
        about: r#"{"a":1}"#.to_owned(),
        items: ["a", "b\u{e9}", "c"].map(str::to_owned).to_vec(),
        popularity: vec![3.0, 2.0, 0.0],
        factors: Some(FactorParts {
            dim: 16,
            width: CodeWidth::Four,
            codes,
            lengths: None,
            biases: vec![0.5, -0.25, 0.0],
            interest: InterestRule::Attention(Encoder::flat(1, 16)),
        }),
        neighbours: None,
        lexicon: None,
        content_map: None,
    };
    write(&parts).expect("sound parts")
}

/// Makes the checksum fit the bytes again.
pub(crate) fn repair(mut file: Vec<u8>) -> Vec<u8> {
    let mut rest = file.clone();
    if file.len() >= CHECKSUM.end {
        rest.drain(CHECKSUM);
        let sum = xxhash_rust::xxh64::xxh64(&rest, 0);
        file[CHECKSUM].copy_from_slice(&sum.to_le_bytes());
    }
    file
}

/// A file taken apart: the table's kinds, and the bytes of the sections.
pub(crate) struct Sections(Vec<(u32, Vec<u8>)>);

impl Sections {
    /// The sections of a sound file.
    pub(crate) fn of(file: &[u8]) -> Self {
        let n_sections = usize::from(u16::from_le_bytes([file[10], file[11]]));
        let section = |entry| {
            let at = TABLE + entry * ENTRY_BYTES;
            let kind = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
            let number = |at: usize| {
                let bytes: [u8; 8] = file[at..at + 8].try_into().unwrap();
                usize::try_from(u64::from_le_bytes(bytes)).unwrap()
            };
            let (offset, length) = (number(at + 8), number(at + 16));
            (kind, file[offset..offset + length].to_vec())
        };
        Self((0..n_sections).map(section).collect())
    }

    /// The file of these sections, its header, table and checksum right.
    pub(crate) fn file(&self) -> Vec<u8> {
        let mut file = vec![0; TABLE + self.0.len() * ENTRY_BYTES];
        file[..8].copy_from_slice(b"\x89MERCER\n");
        file[8..10].copy_from_slice(&1_u16.to_le_bytes());
        file[10..12].copy_from_slice(&u16::try_from(self.0.len()).unwrap().to_le_bytes());
        for (entry, (kind, bytes)) in self.0.iter().enumerate() {
            file.resize(file.len().next_multiple_of(8), 0);
            let at = TABLE + entry * ENTRY_BYTES;
            let offset = file.len();
            file[at..at + 4].copy_from_slice(&kind.to_le_bytes());
            file[at + 8..at + 16].copy_from_slice(&(offset as u64).to_le_bytes());
            file[at + 16..at + 24].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
            file.extend_from_slice(bytes);
        }
        let length = file.len() as u64;
        file[16..24].copy_from_slice(&length.to_le_bytes());
        repair(file)
    }
}

/// The sound file with `bytes` written at `at`, its checksum repaired.
fn header(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = sound();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    repair(file)
}

/// The sound file with `bytes` written into the table, `at` bytes into an entry.
fn table(entry: usize, at: usize, bytes: &[u8]) -> Vec<u8> {
    header(TABLE + entry * ENTRY_BYTES + at, bytes)
}

/// The sound file with one section changed; table and checksum follow.
fn section(section: usize, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut sections = Sections::of(&sound());
    change(&mut sections.0[section].1);
    sections.file()
}

/// The sound file with its list of sections changed.
fn sections(change: impl FnOnce(&mut Vec<(u32, Vec<u8>)>)) -> Vec<u8> {
    let mut sections = Sections::of(&sound());
    change(&mut sections.0);
    sections.file()
}

/// The sound file with other ids: a count, the lengths, the text.
fn ids(count: u32, lengths: &[u8], text: &[u8]) -> Vec<u8> {
    section(ITEMS, |bytes| *bytes = [&count.to_le_bytes(), lengths, text].concat())
}

/// The sound file with one of the encoder's weights, by its place after the four counts.
fn weight(at: usize, weight: f32) -> Vec<u8> {
    section(ENCODER, |bytes| {
        bytes[8 + 4 * at..12 + 4 * at].copy_from_slice(&weight.to_le_bytes());
    })
}

/// The sound file with `bytes` at the start of a section.
fn front(of: usize, start: &[u8]) -> Vec<u8> {
    section(of, |bytes| bytes[..start.len()].copy_from_slice(start))
}

/// Makes one file.
pub(crate) type Make = fn() -> Vec<u8>;

/// Every hostile file that is made rather than found.
pub(crate) const MADE: &[(&str, Make)] = &[
    ("empty.bin", Vec::new),
    ("html_instead.html", || b"<!doctype html><title>Not found</title>\n".to_vec()),
    ("line_ends_mended.bin", || [b"\x89MERCER\r".as_slice(), &sound()[7..]].concat()),
    ("magic_alone.bin", || sound()[..8].to_vec()),
    ("header_cut.bin", || sound()[..31].to_vec()),
    ("truncated.bin", || sound()[..900].to_vec()),
    ("trailing_bytes.bin", || [sound().as_slice(), b"\n"].concat()),
    ("byte_changed.bin", || {
        let mut file = sound();
        file[1000] ^= 1;
        file
    }),
    ("newer_version.bin", || header(8, &2_u16.to_le_bytes())),
    ("version_zero.bin", || header(8, &0_u16.to_le_bytes())),
    ("unknown_flag.bin", || header(12, &1_u32.to_le_bytes())),
    ("no_sections.bin", || sections(Vec::clear)),
    ("too_many_sections.bin", || header(10, &65_u16.to_le_bytes())),
    ("truncated_table.bin", || {
        let mut file = sections(Vec::clear);
        file[10..12].copy_from_slice(&1_u16.to_le_bytes());
        repair(file)
    }),
    ("table_reserved_set.bin", || table(ABOUT, 4, &[1])),
    ("overflow_in_length.bin", || table(POPULARITY, 16, &u64::MAX.to_le_bytes())),
    ("overflow_in_offset.bin", || table(ITEMS, 8, &(u64::MAX - 7).to_le_bytes())),
    ("sections_overlap.bin", || {
        let file = sound();
        let at = TABLE + 8;
        let about = file[at..at + 8].to_vec();
        table(ITEMS, 8, &about)
    }),
    ("section_unaligned.bin", || {
        let at = TABLE + ITEMS * ENTRY_BYTES + 8;
        let offset = sound()[at] + 1;
        table(ITEMS, 8, &[offset])
    }),
    ("section_twice.bin", || sections(|all| all.push(all[ABOUT].clone()))),
    ("section_missing.bin", || sections(|all| drop(all.remove(ENCODER)))),
    ("unknown_required_section.bin", || sections(|all| all.push((1000, b"new".to_vec())))),
    ("unknown_optional_section.bin", || {
        sections(|all| all.insert(2, (0x8000_03E8, b"new".to_vec())))
    }),
    ("gap_not_zero.bin", || {
        let mut file = sound();
        let at = TABLE + VECTORS * ENTRY_BYTES + 8;
        let start = usize::from(u16::from_le_bytes([file[at], file[at + 1]]));
        file[start - 1] = 1;
        repair(file)
    }),
    ("sections_not_covering.bin", || {
        let mut file = sound();
        file.extend([0; 8]);
        let length = file.len() as u64;
        file[16..24].copy_from_slice(&length.to_le_bytes());
        repair(file)
    }),
    ("about_not_utf8.bin", || front(ABOUT, &[0xFF])),
    ("items_empty.bin", || section(ITEMS, Vec::clear)),
    ("no_items.bin", || ids(0, &[], &[])),
    ("huge_item_count.bin", || front(ITEMS, &u32::MAX.to_le_bytes())),
    ("length_never_ends.bin", || ids(3, &[0xFF, 0xFF, 0xFF, 0xFF, 0x01], b"abcdef")),
    ("length_cut.bin", || ids(3, &[1, 1, 0x80], b"")),
    ("lengths_overflow.bin", || {
        let longest = [0xFF, 0xFF, 0xFF, 0x7F];
        ids(40, &longest.repeat(40), b"")
    }),
    ("lengths_too_short.bin", || ids(3, &[1, 1, 1], b"abcd")),
    ("id_empty.bin", || ids(3, &[0, 1, 2], b"abc")),
    ("lengths_too_long.bin", || ids(3, &[1, 1, 2], b"abc")),
    ("length_splits_character.bin", || ids(3, &[1, 2, 2], "ab\u{e9}c".as_bytes())),
    ("ids_not_utf8.bin", || ids(3, &[1, 1, 1], b"ab\xFF")),
    ("ids_unsorted.bin", || ids(3, &[1, 1, 1], b"acb")),
    ("ids_twice.bin", || ids(3, &[1, 1, 1], b"aab")),
    ("dim_zero.bin", || front(VECTORS, &0_u16.to_le_bytes())),
    ("dim_not_multiple_of_16.bin", || front(VECTORS, &17_u16.to_le_bytes())),
    ("dim_too_large.bin", || front(VECTORS, &528_u16.to_le_bytes())),
    ("three_bits.bin", || front(VECTORS, &[16, 0, 3])),
    ("vectors_reserved_set.bin", || front(VECTORS, &[16, 0, 4, 1])),
    ("nibble_minus_eight.bin", || front(VECTORS, &[16, 0, 4, 0, 0x08])),
    ("byte_minus_128.bin", || {
        section(VECTORS, |bytes| *bytes = [&[16, 0, 8, 0], [0x80; 48].as_slice()].concat())
    }),
    ("vector_missing.bin", || section(VECTORS, |bytes| bytes.truncate(4 + 16))),
    ("vector_surplus.bin", || section(VECTORS, |bytes| bytes.push(0))),
    ("bias_step_cut.bin", || section(BIASES, |bytes| bytes.truncate(3))),
    ("bias_step_zero.bin", || front(BIASES, &0.0_f32.to_le_bytes())),
    ("bias_step_nan.bin", || front(BIASES, &f32::NAN.to_le_bytes())),
    ("bias_step_infinite.bin", || front(BIASES, &f32::INFINITY.to_le_bytes())),
    ("bias_missing.bin", || section(BIASES, |bytes| bytes.truncate(4 + 2))),
    ("popularity_step_negative.bin", || front(POPULARITY, &(-1.0_f32).to_le_bytes())),
    ("popularity_surplus.bin", || section(POPULARITY, |bytes| bytes.push(0))),
    ("encoder_empty.bin", || section(ENCODER, Vec::clear)),
    ("no_steps.bin", || front(ENCODER, &0_u16.to_le_bytes())),
    ("too_many_steps.bin", || front(ENCODER, &65_u16.to_le_bytes())),
    ("encoder_of_other_dim.bin", || front(ENCODER, &[1, 0, 11, 0, 8, 0, 32, 0])),
    ("one_event_kind_more.bin", || {
        section(ENCODER, |bytes| {
            bytes[2] = 12;
            bytes.extend([0; 4]);
        })
    }),
    ("one_dwell_class_less.bin", || {
        section(ENCODER, |bytes| {
            bytes[4] = 7;
            bytes.truncate(bytes.len() - 4);
        })
    }),
    ("weights_cut.bin", || section(ENCODER, |bytes| bytes.truncate(bytes.len() - 1))),
    ("weights_surplus.bin", || section(ENCODER, |bytes| bytes.push(0))),
    ("nan_temperature.bin", || weight(0, f32::NAN)),
    ("negative_temperature.bin", || weight(0, -1.0)),
    ("zero_temperature.bin", || weight(0, 0.0)),
    ("infinite_position.bin", || weight(1, f32::INFINITY)),
    ("weight_too_large.bin", || weight(3, 1.1e6)),
    ("nan_attention.bin", || weight(3 + 11 + 8, f32::NAN)),
];
