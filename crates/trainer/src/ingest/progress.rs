use std::fmt;
use std::io::Write;
use std::path::Path;

use indicatif::{DecimalBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Told how far reading has come. Bytes are those on disk, compressed where the file is,
/// because their total is known beforehand.
pub trait Progress: fmt::Debug {
    /// A file is opened; `total_bytes` is its size on disk.
    fn start(&self, file: &Path, total_bytes: u64);
    /// This many further bytes of it were read.
    fn advance(&self, bytes: u64);
    /// The file has been read to its end, or reading it failed.
    fn finish(&self);
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn start(&self, _file: &Path, _total_bytes: u64) {}
    fn advance(&self, _bytes: u64) {}
    fn finish(&self) {}
}

/// One bar on stderr for the file at hand: bytes, rate and time left. Where stderr is not a
/// terminal, one line when the file is opened.
#[derive(Debug, Clone)]
pub struct BytesBar {
    bar: ProgressBar,
}

impl Default for BytesBar {
    fn default() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(
            "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
        );
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self { bar }
    }
}

impl Progress for BytesBar {
    fn start(&self, file: &Path, total_bytes: u64) {
        if self.bar.is_hidden() {
            let size = DecimalBytes(total_bytes);
            // A closed stderr is no reason to stop reading.
            let _ = writeln!(std::io::stderr(), "reading {}, {size}", file.display());
        }
        self.bar.reset();
        self.bar.set_length(total_bytes);
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        self.bar.set_message(name.unwrap_or_default());
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
