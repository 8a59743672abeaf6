//! Golden files: the writer's bytes do not change unnoticed, and files of every version
//! that was ever written are read for ever.
//!
//! After a deliberate change of the format: new version, new files, the old ones stay.
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes the files of the present version.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the disk")]

#[path = "support/golden.rs"]
mod golden;

use golden::{GOLDEN, Golden, WITHOUT_DIRECTION};
use mercer::kernels::CodeWidth;
use mercer::model::{Model, Section, VERSION, write};
use std::fs;
use std::path::PathBuf;

/// Files of version 1, by name and checksum. They are never rewritten and never removed:
/// shops have such files on their servers.
const VERSION_1: [(&str, u64); 2] =
    [("small.mercer", 13_935_041_902_472_143_315), ("wide.mercer", 9_532_462_900_996_760_802)];

fn path(golden: Golden) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden.file)
}

fn bytes(golden: Golden) -> Vec<u8> {
    fs::read(path(golden)).unwrap_or_else(|error| {
        panic!("{}: {error}; `UPDATE_GOLDEN=1` writes it", path(golden).display())
    })
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
        assert_eq!((model.dim(), model.bits()), (golden.dim, golden.width.bits()));
    }
}

#[test]
fn what_is_read_is_what_was_written() {
    for golden in GOLDEN {
        let parts = golden.parts();
        let model = Model::read(&bytes(golden)).unwrap();
        assert_eq!(model.about(), parts.about);
        let (factors, written) = (model.factors().unwrap(), parts.factors.unwrap());
        assert_eq!(factors.rows(), written.codes);
        assert_eq!(*factors.interest(), written.interest);
        for (at, id) in parts.items.iter().enumerate() {
            let item = model.item_ix(id).unwrap();
            assert_eq!((item.at(), model.item_id(item)), (at, id.as_str()));
        }
        assert_near(factors.biases(), &written.biases, 127.0);
        assert_near(model.popularity(), &parts.popularity, 255.0);
    }
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
        let size = |wanted| sizes.iter().find(|(section, _)| *section == wanted).unwrap().1;
        let bits = if golden.width == CodeWidth::Four { 4 } else { 8 };
        assert_eq!(size(Section::Vectors), 4 + 60 * golden.dim * bits / 8);
        assert_eq!(size(Section::Biases), 4 + 60);
        assert_eq!(size(Section::Popularity), 4 + 60);
        assert_eq!(size(Section::Encoder), 8 + 4 * (1 + 2 * 6 + 11 + 8 + golden.dim * golden.dim));
    }
}
