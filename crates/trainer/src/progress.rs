//! Bars on stderr for long work: how far, how fast, how long still. They draw nothing when
//! stderr is not a terminal.

use crate::fit::Watch;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar over a known number of things.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar titled `what`, over `total` things.
    ///
    /// # Panics
    /// Never: the template is fixed.
    pub fn new(what: &'static str, total: u64) -> Self {
        let style = ProgressStyle::with_template(
            "{prefix} {wide_bar} {percent}% {per_sec} {eta} left {msg}",
        );
        let bar = ProgressBar::new(total).with_prefix(what);
        bar.set_style(style.expect("a fixed template"));
        Self { bar }
    }

    /// So many more are done.
    pub fn advance(&self, by: usize) {
        self.bar.inc(by as u64);
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Bar {
    fn progress(&self, done: u64, total: u64, loss: f32) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        self.bar.set_message(format!("loss {loss:.3}"));
    }
}
