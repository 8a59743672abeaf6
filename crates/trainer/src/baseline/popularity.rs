use super::{Score, Visits};
use std::fmt;
use std::str::FromStr;

const DAY_MS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

/// What everybody looks at: an item's score is the number of steps on it, whatever the
/// shopper did.
#[derive(Debug, Clone, PartialEq)]
pub struct Popularity {
    counts: Vec<f64>,
}

impl Popularity {
    /// Counts the steps of all visits.
    pub fn new(visits: &Visits) -> Self {
        Self { counts: counts(visits.n_items(), visits.steps()) }
    }

    /// Counts the steps of the newest visits.
    ///
    /// # Errors
    /// - [`RecentError`]: the window is in days and the log has no times.
    pub fn recent(visits: &Visits, window: Window) -> Result<Self, RecentError> {
        let first = match window {
            Window::Share(share) => older_than_share(visits.steps().len(), share),
            Window::Days(days) => older_than_days(visits.ends_ms(), days)?,
        };
        Ok(Self { counts: counts(visits.n_items(), &visits.steps()[first..]) })
    }
}

impl Score for Popularity {
    fn score(&self, _steps: &[u32], scores: &mut [f64]) {
        scores.copy_from_slice(&self.counts);
    }
}

/// How far back recent popularity looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Window {
    /// The newest share of the visits, above 0 and at most 1; at least one visit.
    Share(f64),
    /// The visits that ended at most so many days before the last one of the log.
    Days(f64),
}

impl FromStr for Window {
    type Err = String;

    /// Reads `0.1` as a share and `7d` as days.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "give a share of the visits like 0.1, or days like 7d".to_owned();
        let (number, days) = text.strip_suffix('d').map_or((text, false), |days| (days, true));
        let number: f64 = number.parse().map_err(|_| wrong())?;
        match days {
            true if number > 0.0 && number.is_finite() => Ok(Self::Days(number)),
            false if number > 0.0 && number <= 1.0 => Ok(Self::Share(number)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => share.fmt(f),
            Self::Days(days) => write!(f, "{days}d"),
        }
    }
}

/// The log has no times, so no day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentError;

impl fmt::Display for RecentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the training log has no times, so no window in days; give a share like 0.1")
    }
}

impl std::error::Error for RecentError {}

fn counts(n_items: usize, visits: &[Vec<u32>]) -> Vec<f64> {
    let mut counts = vec![0.0; n_items];
    for &item in visits.iter().flatten() {
        counts[item as usize] += 1.0;
    }
    counts
}

#[expect(clippy::cast_precision_loss, reason = "a share of a count")]
#[expect(clippy::cast_possible_truncation, reason = "at most the count")]
#[expect(clippy::cast_sign_loss, reason = "not negative")]
fn older_than_share(n_visits: usize, share: f64) -> usize {
    let newest = (n_visits as f64 * share).round() as usize;
    n_visits.saturating_sub(newest.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium")]
fn older_than_days(ends_ms: &[Option<i64>], days: f64) -> Result<usize, RecentError> {
    let last = ends_ms.last().copied().flatten().ok_or(RecentError)?;
    // Sorted, those without a time first.
    let is_older = |end: &Option<i64>| end.is_none_or(|end| (last - end) as f64 > days * DAY_MS);
    Ok(ends_ms.partition_point(is_older))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::tests::{log, scores, timed};

    #[test]
    fn every_step_counts() {
        let visits = Visits::new(&log(&[&[0, 1, 0], &[1, 2], &[0]]), None);
        assert_eq!(scores(&Popularity::new(&visits), &[2])[..4], [3.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn only_the_newest_visits_are_recent() {
        const DAY: i64 = 86_400_000;
        let log = timed(&[(DAY, &[0, 0]), (9 * DAY, &[1]), (10 * DAY, &[2]), (11 * DAY, &[2, 1])]);
        let visits = Visits::new(&log, None);
        let recent = |window: &str| {
            let window = window.parse().unwrap();
            scores(&Popularity::recent(&visits, window).unwrap(), &[])[..3].to_vec()
        };
        assert_eq!(recent("0.5"), [0.0, 1.0, 2.0]);
        assert_eq!(recent("0.01"), [0.0, 1.0, 1.0], "at least one visit");
        assert_eq!(recent("1"), [2.0, 2.0, 2.0]);
        assert_eq!(recent("1d"), [0.0, 1.0, 2.0]);
        assert_eq!(recent("2d"), [0.0, 2.0, 2.0]);
    }

    #[test]
    fn a_window_is_checked() {
        for text in ["0", "1.1", "-1d", "x", "infd", ""] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
        for text in ["0.25", "7d"] {
            assert_eq!(text.parse::<Window>().unwrap().to_string(), text);
        }
        let visits = Visits::new(&log(&[&[0, 1]]), None);
        assert_eq!(Popularity::recent(&visits, Window::Days(1.0)), Err(RecentError));
    }
}
