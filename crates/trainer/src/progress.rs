//! What long work says on stderr: bars with how far, how fast and how long still where stderr
//! is a terminal, and lines that stay.

use crate::fit::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

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

    /// Says a line that stays, above the bar where there is one.
    pub fn say(&self, line: &str) {
        if self.bar.is_hidden() {
            // A closed stderr is no reason to stop working.
            let _ = writeln!(std::io::stderr(), "{line}");
        } else {
            self.bar.println(line);
        }
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Watches a fit: a bar, and a line with the loss after each epoch.
#[derive(Debug)]
pub struct Epochs {
    bar: Bar,
    total: u64,
    at: Mutex<Epoch>,
}

/// How far the epoch at hand has come.
#[derive(Debug)]
struct Epoch {
    /// From 1.
    number: u64,
    /// Examples behind us, over all epochs.
    done: u64,
    /// Examples of this epoch, and their losses added up.
    examples: u64,
    loss: f64,
    started: Instant,
}

impl Epoch {
    fn start(number: u64, done: u64) -> Self {
        Self { number, done, examples: 0, loss: 0.0, started: Instant::now() }
    }
}

impl Epochs {
    /// A watch over a fit of so many epochs of equal length.
    pub fn new(n_epochs: usize) -> Self {
        let at = Mutex::new(Epoch::start(1, 0));
        Self { bar: Bar::new("fitting", 0), total: n_epochs as u64, at }
    }

    /// Says a line that stays, above the bar where there is one.
    pub fn say(&self, line: &str) {
        self.bar.say(line);
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish();
    }

    /// The line that ends an epoch.
    #[expect(clippy::cast_precision_loss, reason = "a mean that is shown")]
    fn line(&self, epoch: &Epoch) -> String {
        format!(
            "epoch {} of {}: loss {:.3}, {:.0} s",
            epoch.number,
            self.total,
            epoch.loss / epoch.examples.max(1) as f64,
            epoch.started.elapsed().as_secs_f64(),
        )
    }
}

impl Watch for Epochs {
    #[expect(clippy::cast_precision_loss, reason = "a mean that is shown")]
    fn progress(&self, done: u64, total: u64, loss: f32) {
        self.bar.bar.set_length(total);
        self.bar.bar.set_position(done);
        self.bar.bar.set_message(format!("loss {loss:.3}"));
        let mut epoch = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let examples = done.saturating_sub(epoch.done);
        epoch.done = done;
        epoch.examples += examples;
        epoch.loss += f64::from(loss) * examples as f64;
        if done.saturating_mul(self.total) >= total.saturating_mul(epoch.number) {
            self.bar.say(&self.line(&epoch));
            *epoch = Epoch::start(epoch.number + 1, done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_an_epoch_has_its_mean_loss() {
        let watch = Epochs::new(2);
        watch.progress(3, 10, 1.0);
        let mean = watch.line(&watch.at.lock().unwrap());
        assert_eq!(mean, "epoch 1 of 2: loss 1.000, 0 s");
        watch.progress(5, 10, 2.0);
        let next = watch.at.lock().unwrap();
        assert_eq!((next.number, next.done, next.examples), (2, 5, 0));
    }
}
