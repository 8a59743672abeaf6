//! Files that appear whole or not at all.

use anyhow::{Context, Result, bail};
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

/// Where one file is to be written: found to be possible before the work for it begins.
#[derive(Debug)]
pub(crate) struct Target {
    folder: PathBuf,
    name: String,
}

impl Target {
    /// Finds out whether `out` can be written, by writing beside it. `out` itself is not
    /// touched.
    pub(crate) fn check(out: &Path) -> Result<Self> {
        Self::check_flag("--out", out)
    }

    /// The same, where another flag names the file.
    pub(crate) fn check_flag(flag: &str, out: &Path) -> Result<Self> {
        let shown = out.display();
        if out.is_dir() || out.as_os_str().to_string_lossy().ends_with(std::path::is_separator) {
            bail!("{flag} {shown}: this is a folder; name a file in it");
        }
        if out.exists() && !out.is_file() {
            bail!(
                "{flag} {shown}: this is a device or a pipe, which a file would replace; name another"
            );
        }
        let Some(name) = out.file_name().and_then(|name| name.to_str()) else {
            bail!("{flag} {shown}: this names no file in UTF-8; name another");
        };
        let folder = match out.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            let folder = folder.display();
            bail!("{flag} {shown}: there is no folder {folder}; make it first: mkdir -p {folder}");
        }
        let probe = folder.join(format!(".{name}.probe"));
        let made = File::create(&probe);
        // If it could be made, it can be removed.
        let _ = fs::remove_file(&probe);
        made.with_context(|| {
            format!("{flag} {shown}: cannot write there; mend the permissions or name another")
        })?;
        Ok(Self { folder: folder.to_owned(), name: name.to_owned() })
    }

    /// Writes the file: whole, or not at all.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut stage = Stage::open(&self.folder)?;
        stage.write(&self.name, |to| Ok(to.write_all(bytes)?))?;
        stage.commit()?;
        Ok(())
    }
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
                "cannot write {name} into {folder}; make room there, or choose another folder with \
                 --out"
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
