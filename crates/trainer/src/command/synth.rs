//! `mercer synth`: makes a sample shop with a log, a catalogue and the truth behind them.

use crate::synth::{self, Counts, Settings, World, Written};
use anyhow::Result;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make a sample shop: a log of visits, a catalogue, and the truth behind both.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer synth --out shop
  mercer synth --out shop --items 5000 --sessions 100000 --seed 7

Writes events.csv.gz and test-events.csv.gz (split by time), catalog.jsonl,
shop.json (for the storefront) and truth.json (what was planted).
The same settings give the same bytes on every machine.")]
pub struct SynthArgs {
    /// Folder to write into; it is made if need be
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Number of products
    #[arg(long, value_name = "N", default_value_t = 600)]
    pub items: usize,
    /// Number of visits, training and test together
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub sessions: usize,
    /// Which of the many shops of this size
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Share of what a visit is after that is of the collection it began with, below 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub devoted: f64,
}

/// Writes the shop and prints what was written; always true.
///
/// # Errors
/// - `--items` or `--sessions` is 0 or too large, or `--devoted` is no share.
/// - The folder or a file in it cannot be written.
/// - Standard output is closed.
pub fn run(args: &SynthArgs) -> Result<bool> {
    let settings =
        Settings::try_new(args.items, args.sessions, args.seed)?.devoted(args.devoted)?;
    let world = World::plant(&settings);
    let written = synth::write(&world, &args.out)?;
    std::io::stdout().write_all(summary(&world, &written, &args.out).as_bytes())?;
    Ok(true)
}

fn summary(world: &World, written: &Written, folder: &Path) -> String {
    let cold = world.items().iter().filter(|item| item.is_cold()).count();
    let mut lines = vec![format!(
        "{} products, {cold} of them new in the test period; seed {}",
        world.items().len(),
        world.settings().seed()
    )];
    lines.push(format!("training: {}", counts(written.training)));
    lines.push(format!("test:     {}", counts(written.test)));
    lines.push(String::new());
    for (name, bytes) in &written.files {
        lines.push(format!("{:>9}  {}", size(*bytes), folder.join(name).display()));
    }
    lines.push(String::new());
    lines.push("Next:".to_owned());
    let path = |name: &str| quoted(&folder.join(name));
    let (events, catalog) = (path("events.csv.gz"), path("catalog.jsonl"));
    let test = path("test-events.csv.gz");
    lines.push(format!("  mercer train --events {events} --catalog {catalog} --out shop.mercer"));
    lines.push(format!("  mercer evaluate --model shop.mercer --events {test} --at 20"));
    lines.join("\n") + "\n"
}

fn counts(counts: Counts) -> String {
    format!("{} visits, {} events", counts.visits, counts.events)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// A path that can be pasted into a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_there_is_and_what_to_do_next() {
        let world = World::plant(&Settings::try_new(100, 10, 3).unwrap());
        let written = Written {
            files: vec![("events.csv.gz".to_owned(), 12_345)],
            training: Counts { visits: 9, events: 90 },
            test: Counts { visits: 1, events: 8 },
        };
        let told = summary(&world, &written, Path::new("my shop"));
        let lines = [
            "100 products, 3 of them new in the test period; seed 3",
            "training: 9 visits, 90 events",
            "test:     1 visits, 8 events",
            "",
            "    12 kB  my shop/events.csv.gz",
            "",
            "Next:",
            "  mercer train --events 'my shop/events.csv.gz' --catalog 'my shop/catalog.jsonl' \
             --out shop.mercer",
            "  mercer evaluate --model shop.mercer --events 'my shop/test-events.csv.gz' --at 20",
        ];
        assert_eq!(told, lines.join("\n") + "\n");
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(9_999), "9999 B");
        assert_eq!(size(1_234_567), "1234 kB");
        assert_eq!(size(12_345_678), "12 MB");
    }

    #[test]
    fn paths_with_spaces_are_quoted() {
        assert_eq!(quoted(Path::new("my shop/a.csv")), "'my shop/a.csv'");
        assert_eq!(quoted(Path::new("shop/a.csv")), "shop/a.csv");
    }
}
