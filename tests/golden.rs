//! Golden files: the writer's bytes do not change unnoticed, and files of every version
//! that was ever written are read for ever.
//!
//! After a deliberate change of the format: new version, new files, the old ones stay.
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes the files of the present version.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the disk")]

#[path = "support/golden.rs"]
mod golden;

use golden::{Family, GOLDEN, Golden, N_WORDS, SPELT_BITS, WITHOUT_DIRECTION};
use mercer::model::words::Columns;
use mercer::model::{
    Content, FactorParts, Factors, Model, NeighbourParts, Neighbours, Section, Terms, VERSION,
    write,
};
use mercer::types::{Device, ItemIx, Moment};
use std::fs;
use std::path::PathBuf;

/// Files of version 1, by name and checksum. They are never rewritten and never removed:
/// shops have such files on their servers.
const VERSION_1: [(&str, u64); 9] = [
    ("small.mercer", 13_935_041_902_472_143_315),
    ("wide.mercer", 9_532_462_900_996_760_802),
    ("blend.mercer", 4_067_333_449_066_923_786),
    ("fold-in.mercer", 5_108_131_036_283_559_786),
    ("lists.mercer", 5_081_776_340_831_028_009),
    ("live.mercer", 10_090_122_727_043_521_132),
    ("shop.mercer", 2_834_380_953_456_858_829),
    ("words.mercer", 9_399_092_509_769_793_697),
    ("spelt.mercer", 4_198_381_070_092_650_351),
];

fn path(golden: Golden) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden.file)
}

fn bytes(golden: Golden) -> Vec<u8> {
    fs::read(path(golden)).unwrap_or_else(|error| {
        panic!("{}: {error}; `UPDATE_GOLDEN=1` writes it", path(golden).display())
    })
}

/// Bits a coordinate in the file.
fn bits(golden: Golden) -> u8 {
    if golden.family == Family::Spelt { SPELT_BITS } else { golden.width.bits() }
}

#[test]
fn the_writer_still_writes_these_bytes() {
    for golden in GOLDEN {
        let written = write(&golden.parts()).unwrap();
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(path(golden), &written).unwrap();
        }
        assert!(
            written == bytes(golden),
            "{} differs from what is written now: a change of the format needs a new version \
             and a new file (docs/model-format.md, Versions)",
            golden.file
        );
    }
}

#[test]
fn files_of_version_1_are_read_for_ever() {
    assert_eq!(VERSION, 1, "a new version gets its own table; this one stays");
    for (file, sum) in VERSION_1 {
        let golden = GOLDEN.into_iter().find(|golden| golden.file == file).unwrap();
        let bytes = bytes(golden);
        assert_eq!(xxhash_rust::xxh64::xxh64(&bytes, 0), sum, "{file} was rewritten");
        assert_eq!(bytes[8..10], 1_u16.to_le_bytes(), "{file} is of version 1");
        let model = Model::read(&bytes).unwrap();
        assert_eq!(model.n_items(), 60);
        let lists = golden.family == Family::Lists;
        let shape = if lists { (0, 0) } else { (golden.dim, bits(golden)) };
        assert_eq!((model.dim(), model.bits()), shape);
    }
}

#[test]
fn what_is_read_is_what_was_written() {
    for golden in GOLDEN {
        let parts = golden.parts();
        let model = Model::read(&bytes(golden)).unwrap();
        assert_eq!(model.about(), parts.about);
        for (at, id) in parts.items.iter().enumerate() {
            let item = model.item_ix(id).unwrap();
            assert_eq!((item.at(), model.item_id(item)), (at, id.as_str()));
        }
        assert_near(model.popularity(), &parts.popularity, 255.0);
        assert_eq!(model.factors().is_some(), parts.factors.is_some(), "{}", golden.file);
        if let (Some(factors), Some(written)) = (model.factors(), &parts.factors) {
            assert_factors(factors, written);
        }
        assert_eq!(model.neighbours().is_some(), parts.neighbours.is_some(), "{}", golden.file);
        if let (Some(neighbours), Some(written)) = (model.neighbours(), &parts.neighbours) {
            assert_neighbours(neighbours, written);
        }
        assert_eq!(model.companions().is_some(), parts.companions.is_some(), "{}", golden.file);
        if let (Some(companions), Some(written)) = (model.companions(), &parts.companions) {
            assert_neighbours(companions, written);
        }
    }
}

#[test]
fn attributes_are_read_as_they_were_written() {
    let golden = GOLDEN[5];
    let (model, parts) = (Model::read(&bytes(golden)).unwrap(), golden.parts());
    let (read, written) = (model.attributes(), parts.attributes.unwrap());
    assert_eq!(read.names().collect::<Vec<_>>(), ["category", "brand", "price", "grams"]);
    for field in ["category", "brand"] {
        let (read, written) = (read.terms(field).unwrap(), written.terms(field).unwrap());
        let names = |terms: &Terms, item| -> Vec<String> {
            terms.of(item).iter().map(|&term| terms.name(term).to_owned()).collect()
        };
        for item in (0..60).map(ItemIx) {
            assert_eq!(names(read, item), names(written, item), "{field} of {item:?}");
        }
        let found = (0..).take(read.n_terms()).map(|term| read.find(read.name(term)));
        assert!(found.eq((0..).take(read.n_terms()).map(Some)));
    }
    for field in ["price", "grams"] {
        let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(read.numbers(field).unwrap()), bits(written.numbers(field).unwrap()));
    }
    let without = Model::read(&bytes(GOLDEN[0])).unwrap();
    assert_eq!(without.attributes().names().count(), 0);
}

#[test]
fn signals_have_weights_or_defaults() {
    let model = Model::read(&bytes(GOLDEN[5])).unwrap();
    let signals = model.signals();
    assert_eq!(signals.all(), GOLDEN[5].parts().signals);
    let some = [signals.affinity("brand"), signals.affinity("colour"), signals.taste()];
    let rest = [signals.query(), signals.rotation(), signals.context(), signals.trend()];
    assert_eq!((some, rest), ([0.75, 0.0, 0.4], [0.6, 1.5, 0.8, 0.3]));
    assert!((model.newcomer_bias() + 2.25).abs() < f32::EPSILON);
    let model = Model::read(&bytes(GOLDEN[0])).unwrap();
    let signals = model.signals();
    let defaults = [signals.taste(), signals.query(), signals.rotation(), signals.trend()];
    assert_eq!((defaults, signals.affinity("brand")), ([0.5, 0.5, 1.0, 0.0], 0.0));
    let below = model.factors().unwrap().biases().iter().filter(|b| **b < model.newcomer_bias());
    assert!(below.count() <= 6, "a tenth of sixty");
}

#[test]
fn a_moment_adds_up_what_its_tables_say() {
    let golden = GOLDEN[5];
    let (model, parts) = (Model::read(&bytes(golden)).unwrap(), golden.parts().priors.unwrap());
    let terms = model.attributes().terms("category").unwrap();
    let landing = terms.find("Outdoor > 1").unwrap();
    let moment = Moment { hour: Some(23), device: Some(Device::Tablet), ..Moment::default() };
    let moment = Moment { landing: Some(landing), weekday: Some(7), ..moment };
    let row = |context: usize, case: usize| &parts.tables[context].1[case * 3..case * 3 + 3];
    let lifts = model.context_lifts(&moment).unwrap();
    for (at, lift) in (0..60).zip(lifts) {
        let first = terms.of(ItemIx(at)).first().map(|&term| terms.name(term));
        let category = parts.categories.iter().position(|name| Some(name.as_str()) == first);
        let wanted = category.map_or(0.0, |at| row(0, 23)[at] + row(3, 1)[at] + row(4, 1)[at]);
        assert!((lift - 0.8 * wanted).abs() < 0.02, "{at}: {lift} for {wanted}");
    }
    assert_eq!(model.context_lifts(&Moment::default()), None);
    assert_eq!(model.context_lifts(&Moment { month: Some(12), ..Moment::default() }), None);
    assert_near(model.priors().unwrap().trend(), &parts.trend, 127.0);
    assert!(Model::read(&bytes(GOLDEN[0])).unwrap().priors().is_none());
}

fn assert_factors(factors: &Factors, written: &FactorParts) {
    assert_eq!(factors.rows(), written.codes);
    assert_eq!(*factors.interest(), written.interest);
    assert_near(factors.biases(), &written.biases, 127.0);
    let n_items = written.biases.len();
    let lengths = written.lengths.clone().unwrap_or_else(|| vec![1.0; n_items]);
    for (item, length) in (0..).map(ItemIx).zip(lengths) {
        let norm = factors.inverse_norm(item);
        let read = if norm == 0.0 { 0.0 } else { factors.scale(item) / norm };
        let wanted = if norm == 0.0 { 0.0 } else { length };
        // 254 steps over a spread of seven: each is below one percent.
        assert!((read - wanted).abs() <= 0.005 * wanted, "{read} for {wanted}");
    }
}

fn assert_neighbours(neighbours: &Neighbours, written: &NeighbourParts) {
    assert_eq!(neighbours.reach(), written.reach);
    for (item, list) in (0..).map(ItemIx).zip(&written.lists) {
        let (items, weights): (Vec<ItemIx>, Vec<f32>) = neighbours.of(item).unzip();
        let (wanted, wanted_weights): (Vec<ItemIx>, Vec<f32>) = list.iter().copied().unzip();
        assert_eq!(items, wanted);
        for ((item_of, read), written) in items.iter().zip(&weights).zip(wanted_weights) {
            assert!((read - written).abs() <= 2.5 / 255.0 * 0.501, "{read} for {written}");
            let found = neighbours.weight(item, *item_of);
            assert_eq!(found.to_bits(), read.to_bits(), "found by halving");
        }
    }
    let total: usize = written.lists.iter().map(Vec::len).sum();
    assert_eq!(neighbours.n_entries(), total);
    assert_eq!(neighbours.of(ItemIx(u32::MAX)).count(), 0);
}

#[test]
fn the_lexicon_places_what_its_formula_places() {
    let golden = GOLDEN[3];
    let (file, parts) = (bytes(golden), golden.parts());
    let content = Model::read(&file).unwrap().content().clone();
    let (lexicon, written) = (content.lexicon.unwrap(), parts.lexicon.unwrap());
    assert_eq!(lexicon.n_features(), written.features.len());
    let features = ["mug", "brand=Hario", "mug", "no such feature"];
    let mut wanted = vec![0.0_f64; golden.dim];
    for feature in features {
        let Some(at) = written.features.iter().position(|other| other == feature) else { continue };
        assert_eq!(lexicon.feature(at), feature);
        let codes = &written.codes[at * golden.dim..(at + 1) * golden.dim];
        let squares: f64 = codes.iter().map(|&code| f64::from(code).powi(2)).sum();
        let weight = f64::from(written.weights[at]) * f64::from(written.lengths[at]);
        // `mug` is named twice: (1 + ln 2) in two parts.
        let weight = weight * if feature == "mug" { f64::midpoint(1.0, 2.0_f64.ln()) } else { 1.0 };
        for (sum, &code) in wanted.iter_mut().zip(codes) {
            *sum += weight * f64::from(code) / squares.sqrt();
        }
    }
    assert_points_alike(&lexicon.place(features).unwrap(), &wanted);
    assert_eq!(lexicon.place(["no such feature"]), None);
    assert_eq!(lexicon.place([]), None);
}

#[test]
fn how_the_catalogue_is_read_is_as_it_was_written() {
    let (file, parts) = (bytes(GOLDEN[6]), GOLDEN[6].parts());
    let model = Model::read(&file).unwrap();
    assert_eq!(model.content().reading, parts.reading.unwrap());
}

#[test]
fn the_content_map_places_what_its_matrix_places() {
    let golden = GOLDEN[3];
    let (file, parts) = (bytes(golden), golden.parts());
    let map = Model::read(&file).unwrap().content().map.clone().unwrap();
    let written = parts.content_map.unwrap();
    let embedding = [0.5, -2.0, 1.25];
    let rows = written.matrix.chunks(map.input());
    let product = |row: &[f32]| row.iter().zip(embedding).map(|(&m, x)| f64::from(m * x)).sum();
    let wanted: Vec<f64> = rows.map(product).collect();
    assert_points_alike(&map.place(&embedding).unwrap(), &wanted);
    assert_eq!(map.place(&[1.0; 2]), None, "of another length");
    assert_eq!(map.place(&[0.0; 3]), None, "without direction");
    assert_eq!(map.place(&[f32::NAN; 3]), None);
}

/// A unit vector that points where `wanted` points, but for the rounding of codes.
fn assert_points_alike(place: &[f32], wanted: &[f64]) {
    let length = wanted.iter().map(|x| x * x).sum::<f64>().sqrt();
    let cosine: f64 = place.iter().zip(wanted).map(|(&x, y)| f64::from(x) * y / length).sum();
    assert!((cosine - 1.0).abs() < 2e-4, "{cosine}");
}

#[test]
fn a_file_without_content_has_none() {
    let file = bytes(GOLDEN[0]);
    let model = Model::read(&file).unwrap();
    assert_eq!(*model.content(), Content { lexicon: None, map: None, reading: Columns::default() });
}

/// One byte an item: no value is further off than half the width of a code.
fn assert_near(read: &[f32], written: &[f32], limit: f32) {
    assert_eq!(read.len(), written.len());
    let peak = written.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    for (read, written) in read.iter().zip(written) {
        assert!((read - written).abs() <= peak / limit * 0.501, "{read} for {written}");
    }
}

#[test]
fn ids_that_no_model_holds_are_unknown() {
    let model = Model::read(&bytes(GOLDEN[0])).unwrap();
    for id in ["", "!", "mug", "mug-classic-whitE", "zzz", "\u{10FFFF}", "cafe-bowl"] {
        assert_eq!(model.item_ix(id), None, "{id}");
    }
}

#[test]
fn an_item_without_direction_is_like_nothing() {
    let model = Model::read(&bytes(GOLDEN[0])).unwrap();
    let item = model.item_ix(WITHOUT_DIRECTION).unwrap();
    let factors = model.factors().unwrap();
    assert_eq!(factors.row(item), [0; 16]);
    assert_eq!(factors.inverse_norm(item).to_bits(), 0.0_f32.to_bits());
}

#[test]
fn sections_are_as_large_as_the_specification_says() {
    let sizes = |golden: Golden| -> Vec<(Section, usize)> {
        Model::read(&bytes(golden)).unwrap().section_bytes().to_vec()
    };
    for golden in GOLDEN {
        let sizes = sizes(golden);
        let size = |wanted| sizes.iter().find(|(section, _)| *section == wanted).map(|s| s.1);
        let (d, bits) = (golden.dim, usize::from(bits(golden)));
        let with = |families: &[Family], bytes| families.contains(&golden.family).then_some(bytes);
        let encoder = 8 + 4 * (1 + 2 * 6 + 11 + 8 + d * d);
        let fold_in = 8 + 4 * (2 + 6 + 2 * 11 + d * (d + 1) / 2);
        let unspelt = [Family::Session, Family::Blend, Family::Shop, Family::Live, Family::Words];
        let attends = [&unspelt[..], &[Family::Spelt]].concat();
        let every = [&unspelt[..], &[Family::FoldIn]].concat();
        let mapped = [Family::FoldIn, Family::Words];
        let spelt = 4 + N_WORDS * d + 60 * d * bits / 8;
        assert_eq!(size(Section::Vectors), with(&every, 4 + 60 * d * bits / 8));
        assert_eq!(size(Section::Spelt), with(&[Family::Spelt], spelt));
        assert_eq!(size(Section::Biases), (golden.family != Family::Lists).then_some(4 + 60));
        assert_eq!(size(Section::Popularity), Some(4 + 60));
        assert_eq!(size(Section::Encoder), with(&attends, encoder));
        assert_eq!(size(Section::Lengths), with(&[Family::FoldIn], 8 + 60));
        assert_eq!(size(Section::FoldIn), with(&[Family::FoldIn], fold_in));
        assert_eq!(size(Section::ContentMap), with(&mapped, 4 + 4 * d + 3 * d));
        if let Some(lists) = golden.parts().neighbours {
            let n: usize = lists.lists.iter().map(Vec::len).sum();
            // 60 items: every gap fits one byte.
            assert_eq!(size(Section::Neighbours), Some(4 + 4 + 4 * 4 + 60 + 2 * n));
        }
    }
}
