//! What once was found is found no more: every file in `tests/hostile/TARGET/`.
//!
//! One test, because what a target allocates is counted for the whole process.

use mercer_fuzzing::{TARGETS, campaign::attempt, target};
use std::fs;
use std::path::PathBuf;

#[test]
fn every_find_is_mended() {
    let hostile = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/hostile");
    let folders = fs::read_dir(&hostile).unwrap().map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let target = target(name).unwrap_or_else(|| panic!("`{name}` is no target"));
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if let Err(said) = attempt(target, &fs::read(&path).unwrap()) {
                panic!("{}: {said}", path.display());
            }
        }
    }
    // The files made by hand are inputs of the reader as well.
    let model = TARGETS.iter().find(|target| target.name == "model").unwrap();
    for entry in fs::read_dir(&hostile).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_file() {
            attempt(model, &fs::read(&entry).unwrap())
                .unwrap_or_else(|said| panic!("{}: {said}", entry.display()));
        }
    }
}
