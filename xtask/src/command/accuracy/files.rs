//! The files of a data folder as training may see them: a catalogue without the column that
//! marks the cold items, a log without their events.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use flate2::read::MultiGzDecoder;

/// The column of a catalogue that marks the items kept out of training.
const COLD: &str = "cold_holdout";

/// A data folder, and a folder of our own for copies.
pub(super) struct Files {
    data: PathBuf,
    own: PathBuf,
}

impl Files {
    /// Files of `data`; copies go to `own`, which is made.
    ///
    /// # Errors
    /// - `own` cannot be made.
    pub(super) fn new(data: PathBuf, own: PathBuf) -> Result<Self> {
        fs::create_dir_all(&own).with_context(|| format!("cannot make {}", own.display()))?;
        Ok(Self { data, own })
    }

    /// A part of the log: `train`, `valid` or `test`.
    pub(super) fn log(&self, part: &str) -> PathBuf {
        self.data.join(format!("{part}.tsv.gz"))
    }

    /// Where the model file goes.
    pub(super) fn model(&self) -> PathBuf {
        self.own.join("shop.mercer")
    }

    /// The catalogue as it is, if there is one.
    pub(super) fn catalog(&self) -> Option<PathBuf> {
        let path = self.data.join("items.tsv.gz");
        path.is_file().then_some(path)
    }

    /// The catalogue for training: a copy without the mark, if it has one.
    ///
    /// # Errors
    /// - the catalogue is no plain TSV, or the copy cannot be written.
    pub(super) fn catalog_for_training(&self) -> Result<Option<PathBuf>> {
        let Some(path) = self.catalog() else { return Ok(None) };
        let table = Table::read(&path)?;
        let Some(mark) = table.find(COLD) else { return Ok(Some(path)) };
        let copy = self.own.join("items.tsv");
        write(&copy, &table.without_column(mark))?;
        Ok(Some(copy))
    }

    /// The training log without the events of the cold items.
    ///
    /// # Errors
    /// - there is no catalogue with the mark, or no item has it;
    /// - a file is no plain TSV, or the copy cannot be written.
    pub(super) fn log_without_cold(&self) -> Result<PathBuf> {
        let path = self.catalog().context("there is no items.tsv.gz to say which are cold")?;
        let items = Table::read(&path)?;
        let (id, mark) = (items.column("item_id")?, items.column(COLD)?);
        let cold: HashSet<&str> =
            items.rows().filter(|row| row[mark] == "1").map(|row| row[id]).collect();
        ensure!(!cold.is_empty(), "{}: no item has {COLD} = 1", path.display());
        let log = Table::read(&self.log("train"))?;
        let item = log.column("item_id")?;
        let copy = self.own.join("train.tsv");
        write(&copy, &log.only(|row| !cold.contains(row[item])))?;
        Ok(copy)
    }
}

/// A file of columns parted by tabs, without quotes.
struct Table {
    path: PathBuf,
    text: String,
}

impl Table {
    fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let file = fs::File::open(path).with_context(|| format!("cannot read {shown}"))?;
        let mut text = String::new();
        MultiGzDecoder::new(file)
            .read_to_string(&mut text)
            .with_context(|| format!("{shown} is no text in gzip"))?;
        let table = Self { path: path.to_owned(), text };
        let width = table.header().len();
        for (at, line) in table.text.lines().enumerate() {
            let plain = line.split('\t').count() == width && !line.contains('"');
            ensure!(plain, "{shown}:{}: not {width} plain columns parted by tabs", at + 1);
        }
        Ok(table)
    }

    fn header(&self) -> Vec<&str> {
        self.text.lines().next().unwrap_or("").split('\t').collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.header().iter().position(|column| *column == name)
    }

    fn column(&self, name: &str) -> Result<usize> {
        self.find(name)
            .with_context(|| format!("{}: there is no column {name}", self.path.display()))
    }

    fn rows(&self) -> impl Iterator<Item = Vec<&str>> {
        self.text.lines().skip(1).map(|line| line.split('\t').collect())
    }

    fn without_column(&self, column: usize) -> String {
        let line = |line: &str| {
            let kept = line.split('\t').enumerate().filter(|(at, _)| *at != column);
            kept.map(|(_, field)| field).collect::<Vec<&str>>().join("\t") + "\n"
        };
        self.text.lines().map(line).collect()
    }

    fn only(&self, keep: impl Fn(&[&str]) -> bool) -> String {
        let line = |row: Vec<&str>| row.join("\t") + "\n";
        let rows = self.rows().filter(|row| keep(row));
        std::iter::once(self.header()).chain(rows).map(line).collect()
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::test_folder;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;

    fn put(path: &Path, text: &str) {
        let mut gzip = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap();
    }

    fn files(name: &str) -> Files {
        let folder = test_folder(name);
        Files::new(folder.clone(), folder.join("own/deep")).unwrap()
    }

    #[test]
    fn training_sees_no_mark_and_no_event_of_a_cold_item() {
        let files = files("accuracy-cold");
        put(&files.data.join("items.tsv.gz"), "item_id\tcold_holdout\ttitle\na\t0\tx\nb\t1\ty\n");
        put(&files.log("train"), "user_id\titem_id\n1\ta\n1\tb\n2\tb\n2\ta\n");
        let read = |path: PathBuf| fs::read_to_string(path).unwrap();
        let catalog = files.catalog_for_training().unwrap().unwrap();
        assert_eq!(read(catalog), "item_id\ttitle\na\tx\nb\ty\n");
        assert_eq!(read(files.log_without_cold().unwrap()), "user_id\titem_id\n1\ta\n2\ta\n");
    }

    #[test]
    fn what_is_missing_or_odd_is_named() {
        let files = files("accuracy-odd");
        assert!(files.catalog_for_training().unwrap().is_none());
        let said = |result: Result<PathBuf>| format!("{:#}", result.unwrap_err());
        assert!(said(files.log_without_cold()).contains("items.tsv.gz"));
        let items = files.data.join("items.tsv.gz");
        put(&items, "item_id\ttitle\na\tx\n");
        assert_eq!(files.catalog_for_training().unwrap(), Some(items.clone()));
        assert!(said(files.log_without_cold()).contains("no column cold_holdout"));
        put(&items, "item_id\tcold_holdout\na\t0\n");
        assert!(said(files.log_without_cold()).contains("no item has"));
        put(&items, "item_id\tcold_holdout\na\t0\t7\n");
        assert!(said(files.log_without_cold()).contains("items.tsv.gz:2: not 2 plain columns"));
    }
}
