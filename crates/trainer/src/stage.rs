//! Files that appear whole or not at all.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Partial files of this process, so that an interruption can remove them.
static PARTIALS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn partials() -> MutexGuard<'static, Vec<PathBuf>> {
    PARTIALS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every partial file and keeps new ones from being made while the process ends.
pub fn abandon() -> impl Sized {
    let partials = partials();
    for partial in partials.iter() {
        // One that has its final name by now is not there any more.
        let _ = fs::remove_file(partial);
    }
    partials
}

/// A set of files written beside their final names and renamed together at the end. Those
/// not yet renamed are removed when the set is dropped, so a failure leaves the old ones.
#[derive(Debug)]
pub(crate) struct Stage {
    folder: PathBuf,
    waiting: Vec<Staged>,
}

#[derive(Debug)]
struct Staged {
    name: String,
    partial: PathBuf,
    bytes: u64,
}

impl Stage {
    /// A stage in `folder`, which is made if need be.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| {
            format!("cannot make the folder {}: choose another with --out", folder.display())
        })?;
        Ok(Self { folder: folder.to_owned(), waiting: Vec::new() })
    }

    /// Writes one file through `fill` and syncs it to disk under a partial name.
    pub(crate) fn write(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
    ) -> Result<()> {
        let partial = self.folder.join(format!(".{name}.partial"));
        let told = || {
            let folder = self.folder.display();
            format!(
                "cannot write {name} into {folder}: make room there, or choose another folder with --out"
            )
        };
        partials().push(partial.clone());
        let file = File::create(&partial).with_context(told)?;
        self.waiting.push(Staged { name: name.to_owned(), partial: partial.clone(), bytes: 0 });
        let mut out = BufWriter::with_capacity(1 << 18, file);
        fill(&mut out).with_context(told)?;
        out.flush().with_context(told)?;
        out.get_ref().sync_all().with_context(told)?;
        let bytes = fs::metadata(&partial).with_context(told)?.len();
        if let Some(staged) = self.waiting.last_mut() {
            staged.bytes = bytes;
        }
        Ok(())
    }

    /// Gives every file its final name; returns names and sizes in bytes.
    pub(crate) fn commit(mut self) -> Result<Vec<(String, u64)>> {
        let mut done = Vec::with_capacity(self.waiting.len());
        while !self.waiting.is_empty() {
            let staged = self.waiting.remove(0);
            let path = self.folder.join(&staged.name);
            if let Err(error) = fs::rename(&staged.partial, &path) {
                self.waiting.push(staged);
                return Err(error).with_context(|| {
                    format!("cannot replace {}: remove what stands there", path.display())
                });
            }
            done.push((staged.name, staged.bytes));
        }
        Ok(done)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for staged in &self.waiting {
            // Nothing more can be done about a file that cannot be removed either.
            let _ = fs::remove_file(&staged.partial);
        }
    }
}
