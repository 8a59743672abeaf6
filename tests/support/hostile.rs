//! Makes files that are wrong in one named way each, from a small sound one.

use mercer::kernels::{CodeWidth, spell};
use mercer::model::{
    Attributes, Column, ContentMapParts, Context, Encoder, FactorParts, FoldIn, InterestRule,
    LexiconParts, ModelParts, NeighbourParts, PriorParts, Terms, WordParts, write,
};
use mercer::types::ItemIx;

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
        ..ModelParts::default()
    };
    write(&parts).expect("sound parts")
}

/// A sound file of the same three items with neighbours, lengths, a fold-in, a lexicon of two
/// features and a content map of two input coordinates.
pub(crate) fn sound_extended() -> Vec<u8> {
    let codes: Vec<i8> = [3, -7, 5, 0].into_iter().cycle().take(3 * 16).collect();
    let gram = vec![0.01; 16 * 17 / 2];
    let pair = |item, weight| (ItemIx(item), weight);
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: ["a", "b", "c"].map(str::to_owned).to_vec(),
        popularity: vec![3.0, 2.0, 0.0],
        factors: Some(FactorParts {
            dim: 16,
            width: CodeWidth::Four,
            codes: codes.clone(),
            lengths: Some(vec![1.0, 0.5, 2.0]),
            biases: vec![0.5, -0.25, 0.0],
            interest: InterestRule::FoldIn(FoldIn { gram, ..FoldIn::sum(1) }),
        }),
        neighbours: Some(NeighbourParts {
            lists: vec![vec![pair(0, 1.0), pair(2, 0.5)], Vec::new(), vec![pair(1, 2.0)]],
            reach: vec![1.0, 0.5],
        }),
        lexicon: Some(LexiconParts {
            features: ["mug", "price=2"].map(str::to_owned).to_vec(),
            weights: vec![1.0, 0.5],
            width: CodeWidth::Four,
            codes: codes[..2 * 16].to_vec(),
            lengths: vec![1.0, 2.0],
        }),
        content_map: Some(ContentMapParts { input: 2, matrix: vec![0.5; 2 * 16] }),
        ..ModelParts::default()
    };
    write(&parts).expect("sound parts")
}

/// A sound file of three items with every kind of attribute, two signal weights, companions,
/// a table of devices over one category, and a trend.
pub(crate) fn sound_shop() -> Vec<u8> {
    let (mut category, mut brand) = (Terms::default(), Terms::default());
    for (path, name) in [(["A", "A > B"], Some("X")), (["A", "A > B"], None), (["A", "A"], None)] {
        category.push(path);
        brand.push(name);
    }
    let mut attributes = Attributes::default();
    attributes.insert("category", Column::Terms(category));
    attributes.insert("brand", Column::Terms(brand));
    attributes.insert("price", Column::Numbers(vec![19.99, f32::NAN, 5.0]));
    attributes.insert("grams", Column::Numbers(vec![-1.0, 0.5, f32::NAN]));
    let lists = vec![vec![(ItemIx(2), 0.5)], Vec::new(), vec![(ItemIx(0), 0.5)]];
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: ["a", "b", "c"].map(str::to_owned).to_vec(),
        popularity: vec![3.0, 2.0, 0.0],
        neighbours: Some(NeighbourParts { lists: lists.clone(), reach: vec![1.0] }),
        signals: vec![("taste".to_owned(), 0.5), ("trend".to_owned(), 0.25)],
        companions: Some(NeighbourParts { lists, reach: vec![1.0] }),
        priors: Some(PriorParts {
            categories: vec!["A".to_owned()],
            tables: vec![(Context::Device, vec![0.5, -0.5, 0.0])],
            trend: vec![0.5, 0.0, -1.0],
        }),
        attributes: Some(attributes),
        ..ModelParts::default()
    };
    write(&parts).expect("sound parts")
}

/// A sound file of the same three items whose vectors are spelt: two words, four pieces.
pub(crate) fn sound_spelt() -> Vec<u8> {
    let words: Vec<i8> = [3, -127, 5, 0].into_iter().cycle().take(16).chain([9; 16]).collect();
    let codes = [0, 1, 1, 0].repeat(3);
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: ["a", "b", "c"].map(str::to_owned).to_vec(),
        popularity: vec![3.0, 2.0, 0.0],
        factors: Some(FactorParts {
            dim: 16,
            width: CodeWidth::Eight,
            codes: spell(&codes, &words, 16, 4).expect("two words"),
            lengths: None,
            biases: vec![0.5, -0.25, 0.0],
            interest: InterestRule::Attention(Encoder::flat(1, 16)),
        }),
        words: Some(WordParts { bits: 2, words, codes }),
        ..ModelParts::default()
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

/// The kinds of the sections that came after the first six.
const NEIGHBOURS: u32 = 7;
const LENGTHS: u32 = 8;
const FOLD_IN: u32 = 9;
const LEXICON: u32 = 0x8000_0001;
const CONTENT_MAP: u32 = 0x8000_0002;
const SIGNALS: u32 = 10;
const COMPANIONS: u32 = 11;
const PRIORS: u32 = 12;
const SPELT: u32 = 13;
const ATTRIBUTES: u32 = 0x8000_0003;

/// Where things stand in the attributes of [`sound_shop`]: two counts; the field `category`
/// with two terms of six letters, three counts, six terms; then `brand` and `price`.
const COUNTS_OF_TERMS: usize = 4 + 2 + 8 + 4 + 4 + 2 + 6;
const BRAND: usize = COUNTS_OF_TERMS + 3 + 6;
const PRICE: usize = BRAND + 7 + 4 + 4 + 1 + 1 + 3;

/// The extended file with this section of reading.
fn reading(bytes: &[u8]) -> Vec<u8> {
    let mut sections = Sections::of(&sound_extended());
    sections.0.push((0x8000_0004, bytes.to_vec()));
    sections.file()
}

/// A section of reading with bands of prices, and no columns.
fn bands(edges: &[f64]) -> Vec<u8> {
    let mut bytes = vec![0, u8::try_from(edges.len()).expect("a few")];
    bytes.extend(edges.iter().flat_map(|edge| edge.to_le_bytes()));
    bytes.extend([0, 0]);
    bytes
}

/// The shop's file with one section changed; table and checksum follow.
fn shop(kind: u32, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut sections = Sections::of(&sound_shop());
    let section = sections.0.iter_mut().find(|(other, _)| *other == kind);
    change(&mut section.expect("a section of this kind").1);
    sections.file()
}

/// The shop's file with `bytes` written at `at` of a section.
fn shop_at(kind: u32, at: usize, bytes: &[u8]) -> Vec<u8> {
    shop(kind, |section| section[at..at + bytes.len()].copy_from_slice(bytes))
}

/// The extended file with one section changed; table and checksum follow.
fn extended(kind: u32, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut sections = Sections::of(&sound_extended());
    let section = sections.0.iter_mut().find(|(other, _)| *other == kind);
    change(&mut section.expect("a section of this kind").1);
    sections.file()
}

/// The extended file with `bytes` written at `at` of a section.
fn at(kind: u32, at: usize, bytes: &[u8]) -> Vec<u8> {
    extended(kind, |section| section[at..at + bytes.len()].copy_from_slice(bytes))
}

/// The extended file with a section cut short, or longer by a byte.
fn cut(kind: u32, by: usize) -> Vec<u8> {
    extended(kind, |section| section.truncate(section.len() - by))
}

fn surplus(kind: u32) -> Vec<u8> {
    extended(kind, |section| section.push(0))
}

/// The extended file without some sections.
fn without(kinds: &[u32]) -> Vec<u8> {
    let mut sections = Sections::of(&sound_extended());
    sections.0.retain(|(kind, _)| !kinds.contains(kind));
    sections.file()
}

/// The spelt file with its spelt section changed; table and checksum follow.
fn spelt(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut sections = Sections::of(&sound_spelt());
    let section = sections.0.iter_mut().find(|(kind, _)| *kind == SPELT);
    change(&mut section.expect("spelt vectors").1);
    sections.file()
}

/// Where things stand in the neighbours of the extended file: steps, step, two weights of
/// reach, three counts, three gaps, three codes.
const REACH: usize = 8;
const COUNTS: usize = 16;
const GAPS: usize = 19;

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
    ("spelt_empty.bin", || spelt(Vec::clear)),
    ("spelt_dim_zero.bin", || spelt(|bytes| bytes[0] = 0)),
    ("spelt_no_width.bin", || spelt(|bytes| bytes.truncate(3))),
    ("spelt_no_bits.bin", || spelt(|bytes| bytes[2] = 0)),
    ("spelt_four_bits.bin", || spelt(|bytes| bytes[2] = 4)),
    ("spelt_words_cut.bin", || spelt(|bytes| bytes.truncate(4 + 31))),
    ("spelt_more_words_than_bytes.bin", || spelt(|bytes| bytes[3] = 255)),
    ("spelt_word_minus_128.bin", || spelt(|bytes| bytes[4 + 1] = 0x80)),
    ("spelt_code_missing.bin", || spelt(|bytes| bytes.truncate(4 + 32 + 11))),
    ("spelt_surplus.bin", || spelt(|bytes| bytes.push(0))),
    ("spelt_without_a_word.bin", || spelt(|bytes| bytes[4 + 32] = 2)),
    ("spelt_beside_vectors.bin", || {
        let mut sections = Sections::of(&sound_spelt());
        sections.0.push(Sections::of(&sound()).0[VECTORS].clone());
        sections.file()
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
    ("neighbours_empty.bin", || extended(NEIGHBOURS, Vec::clear)),
    ("neighbours_no_steps.bin", || at(NEIGHBOURS, 0, &[0, 0])),
    ("neighbours_too_many_steps.bin", || at(NEIGHBOURS, 0, &[65, 0])),
    ("neighbours_reserved_set.bin", || at(NEIGHBOURS, 2, &[1])),
    ("neighbours_step_zero.bin", || at(NEIGHBOURS, 4, &[0; 4])),
    ("reach_negative.bin", || at(NEIGHBOURS, REACH, &(-1.0_f32).to_le_bytes())),
    ("reach_nan.bin", || at(NEIGHBOURS, REACH, &f32::NAN.to_le_bytes())),
    ("reach_cut.bin", || extended(NEIGHBOURS, |bytes| bytes.truncate(REACH + 7))),
    ("neighbour_counts_cut.bin", || extended(NEIGHBOURS, |bytes| bytes.truncate(COUNTS + 2))),
    ("neighbour_count_too_large.bin", || at(NEIGHBOURS, COUNTS, &[255])),
    ("neighbour_gap_never_ends.bin", || at(NEIGHBOURS, GAPS, &[0x80; 6])),
    ("neighbour_beyond_the_items.bin", || at(NEIGHBOURS, GAPS + 1, &[2])),
    ("neighbour_weights_cut.bin", || {
        // A gap of two bytes takes the place of a weight.
        extended(NEIGHBOURS, |bytes| {
            let last = bytes.len() - 3;
            bytes.truncate(last);
            bytes.splice(GAPS..=GAPS, [0x80, 0x00]);
            bytes.extend([1, 1]);
        })
    }),
    ("neighbours_surplus.bin", || surplus(NEIGHBOURS)),
    ("lengths_no_step.bin", || extended(LENGTHS, |bytes| bytes.truncate(3))),
    ("lengths_step_negative.bin", || at(LENGTHS, 0, &(-1.0_f32).to_le_bytes())),
    ("lengths_no_ratio.bin", || extended(LENGTHS, |bytes| bytes.truncate(7))),
    ("lengths_ratio_negative.bin", || at(LENGTHS, 4, &(-0.1_f32).to_le_bytes())),
    ("lengths_ratio_nan.bin", || at(LENGTHS, 4, &f32::NAN.to_le_bytes())),
    ("lengths_ratio_too_large.bin", || at(LENGTHS, 4, &1.0_f32.to_le_bytes())),
    ("length_missing.bin", || cut(LENGTHS, 1)),
    ("lengths_surplus.bin", || surplus(LENGTHS)),
    ("fold_in_empty.bin", || extended(FOLD_IN, Vec::clear)),
    ("fold_in_no_steps.bin", || at(FOLD_IN, 0, &[0, 0])),
    ("fold_in_one_kind_less.bin", || {
        extended(FOLD_IN, |bytes| {
            bytes[2] = 10;
            bytes.truncate(bytes.len() - 8);
        })
    }),
    ("fold_in_of_other_dim.bin", || at(FOLD_IN, 4, &[32, 0])),
    ("fold_in_half_a_gram.bin", || at(FOLD_IN, 6, &[2, 0])),
    ("fold_in_zero_temperature.bin", || at(FOLD_IN, 8, &[0; 4])),
    ("fold_in_negative_ridge.bin", || at(FOLD_IN, 12, &(-1.0_f32).to_le_bytes())),
    ("fold_in_zero_ridge.bin", || at(FOLD_IN, 12, &[0; 4])),
    ("fold_in_infinite_return.bin", || at(FOLD_IN, 16, &f32::INFINITY.to_le_bytes())),
    ("fold_in_negative_confidence.bin", || at(FOLD_IN, 20, &(-1.0_f32).to_le_bytes())),
    ("fold_in_weight_too_large.bin", || at(FOLD_IN, 20 + 44, &1.1e6_f32.to_le_bytes())),
    ("fold_in_nan_gram.bin", || at(FOLD_IN, 20 + 88, &f32::NAN.to_le_bytes())),
    ("fold_in_cut.bin", || cut(FOLD_IN, 1)),
    ("fold_in_surplus.bin", || surplus(FOLD_IN)),
    ("encoder_and_fold_in.bin", || {
        let encoder = Sections::of(&sound()).0.remove(ENCODER);
        let mut sections = Sections::of(&sound_extended());
        sections.0.push(encoder);
        sections.file()
    }),
    ("neither_encoder_nor_fold_in.bin", || without(&[FOLD_IN])),
    ("lengths_without_vectors.bin", || without(&[3, 4, FOLD_IN])),
    ("nothing_to_rank_by.bin", || without(&[3, 4, LENGTHS, FOLD_IN, NEIGHBOURS])),
    ("gram_not_positive_definite.bin", || at(FOLD_IN, 20 + 88, &(-1e5_f32).to_le_bytes())),
    ("lexicon_empty.bin", || extended(LEXICON, Vec::clear)),
    ("lexicon_of_other_dim.bin", || at(LEXICON, 4, &[32, 0])),
    ("lexicon_reserved_set.bin", || at(LEXICON, 7, &[1])),
    ("lexicon_three_bits.bin", || at(LEXICON, 6, &[3])),
    ("lexicon_names_cut.bin", || at(LEXICON, 0, &u32::MAX.to_le_bytes())),
    ("lexicon_no_features.bin", || at(LEXICON, 8, &[0; 4])),
    ("lexicon_features_unsorted.bin", || at(LEXICON, LEXICON_TEXT, b"zug")),
    ("lexicon_step_nan.bin", || at(LEXICON, LEXICON_STEP, &f32::NAN.to_le_bytes())),
    ("lexicon_weights_cut.bin", || extended(LEXICON, |bytes| bytes.truncate(LEXICON_STEP + 5))),
    ("lexicon_lengths_cut.bin", || extended(LEXICON, |bytes| bytes.truncate(LEXICON_STEP + 6 + 9))),
    ("lexicon_vector_missing.bin", || cut(LEXICON, 8)),
    ("lexicon_nibble_minus_eight.bin", || at(LEXICON, LEXICON_STEP + 6 + 10, &[0x08])),
    ("lexicon_without_vectors.bin", || without(&[3, 4, LENGTHS, FOLD_IN, CONTENT_MAP])),
    ("map_empty.bin", || extended(CONTENT_MAP, Vec::clear)),
    ("map_of_other_dim.bin", || at(CONTENT_MAP, 0, &[32, 0])),
    ("map_no_input.bin", || at(CONTENT_MAP, 2, &[0, 0])),
    ("map_input_too_large.bin", || at(CONTENT_MAP, 2, &8193_u16.to_le_bytes())),
    ("map_step_zero.bin", || at(CONTENT_MAP, 4, &[0; 4])),
    ("map_steps_cut.bin", || extended(CONTENT_MAP, |bytes| bytes.truncate(4 + 63))),
    ("map_codes_cut.bin", || cut(CONTENT_MAP, 1)),
    ("map_code_minus_128.bin", || at(CONTENT_MAP, 4 + 64, &[0x80])),
    ("map_without_vectors.bin", || without(&[3, 4, LENGTHS, FOLD_IN, LEXICON])),
    ("reading_empty.bin", || reading(&[])),
    ("reading_levels_not_ascii.bin", || reading(&[0x80])),
    ("reading_no_bands.bin", || reading(&[0])),
    ("reading_bands_cut.bin", || reading(&[0, 1, 0, 0, 0])),
    ("reading_too_many_bands.bin", || reading(&bands(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]))),
    ("reading_bands_nan.bin", || reading(&bands(&[f64::NAN]))),
    ("reading_bands_unsorted.bin", || reading(&bands(&[2.0, 1.0]))),
    ("reading_no_count.bin", || reading(&[0, 0, 1])),
    ("reading_too_many_columns.bin", || reading(&[0, 0, 1, 4])),
    ("reading_column_cut.bin", || reading(&[0, 0, 1, 0, 1, 5, b'a'])),
    ("reading_column_not_utf8.bin", || reading(&[0, 0, 1, 0, 1, 1, 0xFF])),
    ("reading_column_of_no_kind.bin", || reading(&[0, 0, 1, 0, 5, 1, b'a'])),
    ("reading_column_twice.bin", || reading(&[0, 0, 2, 0, 1, 1, b'a', 3, 1, b'a'])),
    ("reading_surplus.bin", || reading(&[0, 0, 0, 0, 0])),
    ("attributes_empty.bin", || shop(ATTRIBUTES, Vec::clear)),
    ("attributes_reserved_set.bin", || shop_at(ATTRIBUTES, 2, &[1])),
    ("attributes_no_fields.bin", || shop_at(ATTRIBUTES, 0, &[0])),
    ("attributes_too_many_fields.bin", || shop_at(ATTRIBUTES, 0, &[1, 1])),
    ("attributes_field_missing.bin", || shop_at(ATTRIBUTES, 0, &[5])),
    ("attributes_of_no_kind.bin", || shop_at(ATTRIBUTES, 4, &[4])),
    ("attributes_no_name.bin", || shop_at(ATTRIBUTES, 5, &[0])),
    ("attributes_long_name.bin", || shop_at(ATTRIBUTES, 5, &[65])),
    ("attributes_name_not_utf8.bin", || shop_at(ATTRIBUTES, 6, &[0xFF])),
    ("attributes_twice.bin", || shop_at(ATTRIBUTES, PRICE + 2, b"brand")),
    ("attributes_terms_cut.bin", || shop_at(ATTRIBUTES, 14, &[0xFF; 4])),
    ("attributes_no_terms.bin", || shop_at(ATTRIBUTES, 18, &[0])),
    ("attributes_terms_unsorted.bin", || shop_at(ATTRIBUTES, 24, b"Z")),
    ("attributes_counts_cut.bin", || shop(ATTRIBUTES, |bytes| bytes.truncate(COUNTS_OF_TERMS + 2))),
    ("attributes_huge_count.bin", || shop_at(ATTRIBUTES, COUNTS_OF_TERMS, &[255])),
    ("attributes_list_cut.bin", || {
        shop(ATTRIBUTES, |bytes| {
            bytes.truncate(COUNTS_OF_TERMS + 3);
            bytes.extend([0x80; 3]);
        })
    }),
    ("attributes_unknown_term.bin", || shop_at(ATTRIBUTES, COUNTS_OF_TERMS + 3, &[2])),
    ("attributes_unknown_one.bin", || shop_at(ATTRIBUTES, PRICE - 3, &[2])),
    ("attributes_digits.bin", || shop_at(ATTRIBUTES, PRICE + 7, &[7])),
    ("attributes_values_cut.bin", || shop(ATTRIBUTES, |bytes| bytes.truncate(PRICE + 8 + 2))),
    ("attributes_value_never_ends.bin", || shop_at(ATTRIBUTES, PRICE + 8, &[0x80; 5])),
    ("attributes_numbers_cut.bin", || shop(ATTRIBUTES, |bytes| bytes.truncate(bytes.len() - 1))),
    ("attributes_infinite.bin", || {
        shop(ATTRIBUTES, |bytes| {
            bytes.truncate(bytes.len() - 4);
            bytes.extend(f32::INFINITY.to_le_bytes());
        })
    }),
    ("attributes_surplus.bin", || shop(ATTRIBUTES, |bytes| bytes.push(0))),
    ("signals_empty.bin", || shop(SIGNALS, Vec::clear)),
    ("signals_names_cut.bin", || shop_at(SIGNALS, 0, &[0xFF; 4])),
    ("signals_none.bin", || shop_at(SIGNALS, 4, &[0])),
    ("signals_unknown.bin", || shop_at(SIGNALS, 10, b"tastf")),
    ("signals_affinity_of_nothing.bin", || {
        shop(SIGNALS, |bytes| {
            *bytes = [&[14, 0, 0, 0, 1, 0, 0, 0, 9], b"affinity.".as_slice(), &[0; 4]].concat();
        })
    }),
    ("signals_cut.bin", || shop(SIGNALS, |bytes| bytes.truncate(bytes.len() - 1))),
    ("signals_nan.bin", || {
        shop(SIGNALS, |bytes| {
            bytes.truncate(bytes.len() - 4);
            bytes.extend(f32::NAN.to_le_bytes());
        })
    }),
    ("signals_surplus.bin", || shop(SIGNALS, |bytes| bytes.push(0))),
    ("companions_no_steps.bin", || shop_at(COMPANIONS, 0, &[0])),
    ("companions_beyond_the_items.bin", || shop_at(COMPANIONS, 4 + 4 + 4 + 3, &[3])),
    ("companions_surplus.bin", || shop(COMPANIONS, |bytes| bytes.push(0))),
    ("priors_empty.bin", || shop(PRIORS, Vec::clear)),
    ("priors_reserved_set.bin", || shop_at(PRIORS, 2, &[1])),
    ("priors_of_nothing.bin", || shop_at(PRIORS, 0, &[0, 0])),
    ("priors_unknown_context.bin", || shop_at(PRIORS, 0, &[32])),
    ("priors_trend_twice.bin", || shop_at(PRIORS, 1, &[2])),
    ("priors_no_categories.bin", || shop(PRIORS, |bytes| bytes.truncate(7))),
    ("priors_categories_cut.bin", || shop_at(PRIORS, 4, &[0xFF; 4])),
    ("priors_categories_empty.bin", || shop_at(PRIORS, 8, &[0])),
    ("priors_too_many_categories.bin", || {
        shop(PRIORS, |bytes| {
            let names: Vec<u8> = (0..256).flat_map(|at| format!("{at:03}").into_bytes()).collect();
            let names = [[0, 1, 0, 0].as_slice(), &[3; 256], &names].concat();
            let length = u32::try_from(names.len()).unwrap().to_le_bytes();
            *bytes = [&[1, 0, 0, 0], length.as_slice(), &names].concat();
        })
    }),
    ("priors_step_zero.bin", || shop_at(PRIORS, 14, &[0; 4])),
    ("priors_table_cut.bin", || shop(PRIORS, |bytes| bytes.truncate(14 + 4 + 2))),
    ("priors_trend_step_nan.bin", || shop_at(PRIORS, 14 + 4 + 3, &f32::NAN.to_le_bytes())),
    ("priors_trend_cut.bin", || shop(PRIORS, |bytes| bytes.truncate(bytes.len() - 1))),
    ("priors_surplus.bin", || shop(PRIORS, |bytes| bytes.push(0))),
    ("priors_without_attributes.bin", || {
        let mut sections = Sections::of(&sound_shop());
        sections.0.retain(|(kind, _)| *kind != ATTRIBUTES);
        sections.file()
    }),
];

/// Where things stand in the lexicon of the extended file: counts, two names (count, two
/// lengths, ten letters), weights, lengths, codes.
const LEXICON_TEXT: usize = 8 + 4 + 2;
const LEXICON_STEP: usize = LEXICON_TEXT + 10;
