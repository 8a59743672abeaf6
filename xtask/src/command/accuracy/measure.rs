//! Running `mercer` with what it costs: seconds, and the most memory it held.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::process::{cannot_start, show};

/// How often memory is looked at. The kernel keeps the largest value, so only what grows
/// after the last look is missed.
const LOOK: Duration = Duration::from_millis(50);

/// What a command came to.
#[derive(Debug)]
pub(in crate::command) struct Ran {
    /// The JSON object it printed.
    pub(in crate::command) json: Value,
    pub(in crate::command) seconds: f64,
    /// Bytes; `None` where the system does not tell.
    pub(in crate::command) peak: Option<u64>,
}

/// Runs a command that prints one JSON object; its stderr is shown.
///
/// # Errors
/// - the program cannot be started, or ends with anything but success;
/// - what it printed is no JSON.
pub(in crate::command) fn run(command: &mut Command) -> Result<Ran> {
    eprintln!("  $ {}", show(command));
    let started = Instant::now();
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let mut stdout = child.stdout.take().context("stdout was piped")?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    let peak = watch(&mut child)?;
    let seconds = started.elapsed().as_secs_f64();
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed ({status})", show(command));
    }
    let text = reader.join().ok().context("the reader stopped")??;
    let json = serde_json::from_str(&text)
        .with_context(|| format!("`{}` printed no JSON object", show(command)))?;
    Ok(Ran { json, seconds, peak })
}

/// Waits for the end and returns the most memory that was seen.
fn watch(child: &mut Child) -> Result<Option<u64>> {
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = None;
    while child.try_wait()?.is_none() {
        let now = std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text));
        peak = peak.max(now);
        std::thread::sleep(LOOK);
    }
    Ok(peak)
}

/// `VmHWM:   12345 kB` → bytes.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::command;

    #[test]
    fn what_a_command_prints_and_costs() {
        let ran = run(command("sh").args(["-c", "sleep 0.2; echo '{\"a\": 1}'"])).unwrap();
        assert_eq!(ran.json["a"], 1);
        assert!(ran.seconds >= 0.2);
        assert!(ran.peak.is_none_or(|bytes| bytes > 100_000), "{:?}", ran.peak);
        assert!(run(command("sh").args(["-c", "echo '{}'; exit 3"])).is_err());
        assert!(run(command("sh").args(["-c", "echo no"])).is_err());
    }

    #[test]
    fn the_high_water_mark_is_read() {
        assert_eq!(high_water("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS: 1 kB\n"), Some(2_097_152));
        assert_eq!(high_water("Name:\tx\n"), None);
    }
}
