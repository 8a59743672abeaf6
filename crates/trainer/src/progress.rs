//! What long work says on stderr: bars with how far, how fast and how long still where stderr
//! is a terminal, and lines that stay.

use crate::fit::{Epoch, Run, Watch};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    started: Mutex<Instant>,
}

impl Default for Epochs {
    fn default() -> Self {
        Self { bar: Bar::new("fitting", 0), started: Mutex::new(Instant::now()) }
    }
}

impl Epochs {
    /// Says a line that stays, above the bar where there is one.
    pub fn say(&self, line: &str) {
        self.bar.say(line);
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish();
    }
}

impl Watch for Epochs {
    fn progress(&self, done: u64, total: u64, loss: f32) {
        self.bar.bar.set_length(total);
        self.bar.bar.set_position(done);
        if !loss.is_nan() {
            self.bar.bar.set_message(format!("loss {loss:.3}"));
        }
    }

    fn epoch(&self, epoch: &Epoch) {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        self.bar.say(&line(epoch, started.elapsed()));
        *started = Instant::now();
    }
}

/// The line that ends an epoch.
fn line(epoch: &Epoch, took: Duration) -> String {
    let run = match epoch.run {
        Run::Rehearsal => "rehearsal, ",
        Run::Fit => "",
    };
    let Epoch { number, of, loss, .. } = epoch;
    let seconds = took.as_secs_f64();
    if loss.is_nan() {
        return format!("{run}epoch {number} of {of}: {seconds:.0} s");
    }
    format!("{run}epoch {number} of {of}: loss {loss:.3}, {seconds:.0} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_an_epoch_says_which_run_it_is_of() {
        let epoch = Epoch { run: Run::Rehearsal, number: 1, of: 2, loss: 4.5 };
        let took = Duration::from_secs(3);
        assert_eq!(line(&epoch, took), "rehearsal, epoch 1 of 2: loss 4.500, 3 s");
        let epoch = Epoch { run: Run::Fit, ..epoch };
        assert_eq!(line(&epoch, took), "epoch 1 of 2: loss 4.500, 3 s");
    }
}
