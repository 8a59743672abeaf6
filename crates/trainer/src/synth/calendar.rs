//! When things happen: the days of the log, its busy hours, its seasons.

use super::chance::{Cumulative, real};
use super::vocabulary::Season;

/// Length of the whole log in days.
pub const DAYS: usize = 120;
/// The first day of the test period, counted from 0.
pub const SPLIT_DAY: usize = 108;
/// Midnight (UTC) before the first day, 2026-07-04, in milliseconds since 1970.
pub const START_MS: i64 = FIRST_EPOCH_DAY * DAY_MS;
/// Midnight at the start of the test period, in milliseconds since 1970.
pub const SPLIT_MS: i64 = START_MS + 108 * DAY_MS;
/// Length of a season's wave in days: half of it fits the log twice over, so that what is
/// high in July is low in October.
pub const SEASON_DAYS: f64 = 240.0;

const FIRST_EPOCH_DAY: i64 = 20_638;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: f64 = 3_600_000.0;
/// The export is made on the last evening; later visits are not in it.
const QUIET_LAST_HOURS: usize = 3;

/// Visits by weekday, from Saturday, the first day of the log.
const WEEK: [f64; 7] = [1.15, 1.3, 1.05, 0.95, 0.9, 0.9, 0.85];
/// Visits by hour of the day.
const HOURS: [f64; 24] = [
    0.3, 0.15, 0.1, 0.1, 0.1, 0.2, 0.4, 0.7, 0.9, 1.0, 1.05, 1.1, 1.2, 1.15, 1.0, 1.0, 1.1, 1.2,
    1.4, 1.7, 2.0, 1.9, 1.4, 0.8,
];

/// How demand for something of this season stands on a day, around 1.
pub fn season_factor(season: Season, day: usize) -> f64 {
    let turn = std::f64::consts::TAU * (real(day) - season.peak_day) / SEASON_DAYS;
    1.0 + season.amplitude * libm::cos(turn)
}

/// The starts of `n` visits, spread over the busy hours and in order.
#[derive(Debug)]
pub(super) struct Clock {
    hours: Cumulative,
    n: usize,
}

impl Clock {
    pub(super) fn new(n: usize) -> Self {
        let n_hours = DAYS * 24 - QUIET_LAST_HOURS;
        let weight = |hour: usize| {
            let growth = 1.0 + 0.3 * real(hour) / real(DAYS * 24);
            growth * WEEK[hour / 24 % 7] * HOURS[hour % 24]
        };
        Self { hours: Cumulative::new((0..n_hours).map(weight)), n }
    }

    /// The start of the `k`-th visit, which is `jitter` (in `[0, 1)`) of the way through
    /// its `n`-th part of all demand: in order without a sort. The very first visit keeps to
    /// the training period, so that a log of one visit can be trained on.
    pub(super) fn start_ms(&self, k: usize, jitter: f64) -> i64 {
        let jitter = if k == 0 { jitter * 0.8 } else { jitter };
        let share = (real(k) + jitter) / real(self.n);
        let hour = self.hours.at(share);
        let into = share * self.hours.total() - self.hours.before(hour);
        let width = self.hours.before(hour + 1) - self.hours.before(hour);
        START_MS + millis((real(hour) + (into / width).clamp(0.0, 0.999_999)) * HOUR_MS)
    }
}

/// The day of the log that a time falls on.
pub(super) fn day_of(time_ms: i64) -> usize {
    usize::try_from((time_ms - START_MS).max(0) / DAY_MS).expect("a log has few days")
}

#[expect(clippy::cast_possible_truncation, reason = "120 days of milliseconds fit 34 bits")]
fn millis(span: f64) -> i64 {
    span as i64
}

/// A day of the log, or before it, as `YYYY-MM-DD`.
pub fn date(day: i32) -> String {
    let (year, month, day) = civil(FIRST_EPOCH_DAY + i64::from(day));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a day since 1970 (Hinnant, "chrono-compatible low-level date
/// algorithms": the year is taken to begin in March).
fn civil(epoch_day: i64) -> (i64, i64, i64) {
    let shifted = epoch_day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_civil() {
        assert_eq!(date(0), "2026-07-04");
        assert_eq!(date(119), "2026-10-31");
        assert_eq!(date(-127), "2026-02-27");
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(0), (1970, 1, 1));
    }

    #[test]
    fn visits_start_in_order_and_within_the_log() {
        let clock = Clock::new(5_000);
        let starts: Vec<i64> = (0..5_000).map(|k| clock.start_ms(k, 0.37)).collect();
        assert!(starts.is_sorted());
        assert!(starts[0] >= START_MS);
        assert!(day_of(starts[4_999]) == DAYS - 1);
    }

    #[test]
    fn the_split_is_the_midnight_before_the_split_day() {
        assert_eq!((day_of(SPLIT_MS - 1), day_of(SPLIT_MS)), (SPLIT_DAY - 1, SPLIT_DAY));
    }

    #[test]
    fn a_single_visit_is_in_the_training_period() {
        assert!(Clock::new(1).start_ms(0, 0.999_999) < SPLIT_MS);
    }

    #[test]
    fn seasons_stay_positive_and_peak_where_planted() {
        let season = Season { amplitude: 0.8, peak_day: 30.0 };
        let curve: Vec<f64> = (0..DAYS).map(|day| season_factor(season, day)).collect();
        assert!(curve.iter().all(|&factor| factor > 0.0 && factor <= curve[30]));
    }
}
