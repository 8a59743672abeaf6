//! The planted world keeps its own promises: what the truth says is in the log.

mod catalogue;
mod files;
mod oracle;
mod periods;
mod visits;

use super::*;
use std::path::PathBuf;

fn world(items: usize, sessions: usize, seed: u64) -> World {
    World::plant(&Settings::try_new(items, sessions, seed).unwrap())
}

/// A folder of this test's own that is removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mercer-synth-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const FILES: [&str; 5] =
    ["events.csv.gz", "test-events.csv.gz", "catalog.jsonl", "shop.json", "truth.json"];

fn bytes_of(world: &World, name: &str) -> Vec<Vec<u8>> {
    let folder = Folder::new(name);
    write(world, &folder.0).unwrap();
    FILES.map(|file| std::fs::read(folder.0.join(file)).unwrap()).into()
}

fn lines(gzipped: &[u8]) -> Vec<String> {
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(gzipped)).unwrap();
    text.lines().map(str::to_owned).collect()
}
