/// How a time was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimeFormat {
    /// `2026-05-09T12:30:00Z` and its like.
    DateTime,
    /// `2026-05-09`.
    Date,
    /// Seconds since 1970, perhaps with a fraction.
    Seconds,
    /// Milliseconds since 1970.
    Millis,
    /// Microseconds since 1970.
    Micros,
    /// Nanoseconds since 1970.
    Nanos,
}

impl TimeFormat {
    pub(super) const ALL: [Self; 6] =
        [Self::DateTime, Self::Date, Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DateTime => "date and time",
            Self::Date => "date only",
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
        }
    }
}

/// Why a value is no time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeFlaw {
    /// It is not written as a time.
    NotATime,
    /// It is a time before 1990 or after 2100.
    OutOfRange,
}

/// 1990-01-01, in seconds since 1970. Earlier times are mistakes of export.
const FIRST_S: i64 = 631_152_000;
/// 2100-01-01, in seconds since 1970.
const LAST_S: i64 = 4_102_444_800;

/// A time in milliseconds since 1970, and how it was written. A time without a zone is
/// taken as UTC. The unit of a number follows from its size: between 1990 and 2100 no two
/// units overlap.
///
/// # Errors
/// - [`TimeFlaw::NotATime`] for any other text.
/// - [`TimeFlaw::OutOfRange`] before 1990 or after 2100.
pub(super) fn parse_time(text: &str) -> Result<(i64, TimeFormat), TimeFlaw> {
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && matches!(bytes[4], b'-' | b'/') && bytes[7] == bytes[4] {
        return parse_iso(bytes);
    }
    parse_epoch(text)
}

fn parse_epoch(text: &str) -> Result<(i64, TimeFormat), TimeFlaw> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || whole.is_empty() {
        return parse_scientific(text);
    }
    let Ok(whole) = whole.parse::<i64>() else { return parse_scientific(text) };
    let (format, ticks_per_s) = unit_of(whole).ok_or(TimeFlaw::OutOfRange)?;
    let ms = match format {
        TimeFormat::Seconds => whole * 1000 + thousandths(fraction.as_bytes()),
        _ => whole / (ticks_per_s / 1000),
    };
    Ok((ms, format))
}

/// `1.5e9`, as some spreadsheets write large numbers.
#[expect(clippy::cast_possible_truncation, reason = "the guard bounds the number below 2^63")]
fn parse_scientific(text: &str) -> Result<(i64, TimeFormat), TimeFlaw> {
    let starts_as_number =
        text.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'-');
    match text.parse::<f64>() {
        Ok(number) if starts_as_number && number.is_finite() && number.abs() < 5e18 => {
            let whole = number.trunc() as i64;
            let (format, ticks_per_s) = unit_of(whole).ok_or(TimeFlaw::OutOfRange)?;
            match format {
                TimeFormat::Seconds => Ok(((number * 1000.0).round() as i64, format)),
                _ => Ok((whole / (ticks_per_s / 1000), format)),
            }
        }
        Ok(_) if starts_as_number => Err(TimeFlaw::OutOfRange),
        _ => Err(TimeFlaw::NotATime),
    }
}

/// The unit in which this number lies between 1990 and 2100, with its ticks a second.
fn unit_of(number: i64) -> Option<(TimeFormat, i64)> {
    [
        (TimeFormat::Seconds, 1),
        (TimeFormat::Millis, 1000),
        (TimeFormat::Micros, 1_000_000),
        (TimeFormat::Nanos, 1_000_000_000),
    ]
    .into_iter()
    .find(|(_, ticks)| (FIRST_S * ticks..LAST_S * ticks).contains(&number))
}

fn parse_iso(bytes: &[u8]) -> Result<(i64, TimeFormat), TimeFlaw> {
    let date = (digits(&bytes[..4]), digits(&bytes[5..7]), digits(&bytes[8..10]));
    let (Some(year), Some(month), Some(day)) = date else { return Err(TimeFlaw::NotATime) };
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return Err(TimeFlaw::NotATime);
    }
    let day_ms = days_since_1970(year, month, day) * 86_400_000;
    let (ms, format) = match &bytes[10..] {
        [] => (day_ms, TimeFormat::Date),
        [b'T' | b't' | b' ', clock @ ..] => {
            (day_ms + clock_ms(clock).ok_or(TimeFlaw::NotATime)?, TimeFormat::DateTime)
        }
        _ => return Err(TimeFlaw::NotATime),
    };
    if (FIRST_S * 1000..LAST_S * 1000).contains(&ms) {
        Ok((ms, format))
    } else {
        Err(TimeFlaw::OutOfRange)
    }
}

/// `HH:MM[:SS[.fff]][zone]` in milliseconds since midnight UTC.
fn clock_ms(clock: &[u8]) -> Option<i64> {
    let zone_at = clock
        .iter()
        .position(|byte| !matches!(byte, b'0'..=b'9' | b':' | b'.' | b','))
        .unwrap_or(clock.len());
    let (time, zone) = clock.split_at(zone_at);
    if time.len() < 5 || time[2] != b':' {
        return None;
    }
    let (hour, minute) = (digits(&time[..2])?, digits(&time[3..5])?);
    let second_ms = match &time[5..] {
        [] => 0,
        [b':', rest @ ..] if rest.len() >= 2 => seconds_ms(rest)?,
        _ => return None,
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    Some((hour * 60 + minute) * 60_000 + second_ms - zone_ms(zone)?)
}

/// `SS[.fff]`; 60 is a leap second.
fn seconds_ms(text: &[u8]) -> Option<i64> {
    let seconds = digits(&text[..2]).filter(|&seconds| seconds <= 60)?;
    let fraction = match &text[2..] {
        [] => &[],
        [b'.' | b',', rest @ ..] if !rest.is_empty() => rest,
        _ => return None,
    };
    fraction.iter().all(u8::is_ascii_digit).then(|| seconds * 1000 + thousandths(fraction))
}

/// Nothing, `Z`, `UTC`, `±HH`, `±HHMM` or `±HH:MM`, perhaps after a space, in milliseconds
/// ahead of UTC.
fn zone_ms(zone: &[u8]) -> Option<i64> {
    let zone = zone.trim_ascii();
    let (sign, rest) = match zone {
        [] | [b'Z' | b'z'] | b"UTC" | b"GMT" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (digits(rest)?, 0),
        4 => (digits(&rest[..2])?, digits(&rest[2..])?),
        5 if rest[2] == b':' => (digits(&rest[..2])?, digits(&rest[3..])?),
        _ => return None,
    };
    (hours <= 14 && minutes <= 59).then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// The number that at most four digits spell.
fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'))
    })
}

/// The first three digits of a decimal fraction.
fn thousandths(fraction: &[u8]) -> i64 {
    (0..3).fold(0, |number, at| {
        number * 10 + fraction.get(at).map_or(0, |byte| i64::from(byte - b'0'))
    })
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that start in March so
/// that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

/// The day of a date or a time, in days since 1970; `None` where the text is neither.
#[expect(clippy::cast_precision_loss, reason = "a few ten thousand days")]
pub fn days(text: &str) -> Option<f64> {
    parse_time(text).ok().map(|(ms, _)| ms.div_euclid(86_400_000) as f64)
}

/// `2026-05-09 12:30 UTC` for a report.
pub(super) fn display_time(ms: i64) -> String {
    let minutes = ms.rem_euclid(86_400_000) / 60_000;
    let date = display_date(ms.div_euclid(86_400_000));
    format!("{date} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

/// `2026-05-09`, from days since 1970.
pub(super) fn display_date(days: i64) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The month of a day since 1970, 0 for January to 11.
///
/// # Panics
/// Never: a year has twelve months.
pub fn month(days: i64) -> u8 {
    let (_, month, _) = civil_from_days(days);
    u8::try_from(month - 1).expect("a year has twelve months")
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // At most a few steps from the guess: the mean year has 365.2425 days.
    let mut year = 1970 + days * 400 / 146_097;
    while days < days_since_1970(year, 1, 1) {
        year -= 1;
    }
    while days >= days_since_1970(year + 1, 1, 1) {
        year += 1;
    }
    let month = (1..=12).rev().find(|&month| days >= days_since_1970(year, month, 1)).unwrap_or(1);
    (year, month, days - days_since_1970(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_one_moment() {
        let moment = 1_462_797_000_250;
        for (text, format) in [
            ("2016-05-09T12:30:00.250Z", TimeFormat::DateTime),
            ("2016-05-09 12:30:00.25", TimeFormat::DateTime),
            ("2016/05/09 12:30:00,250", TimeFormat::DateTime),
            ("2016-05-09 12:30:00.250 UTC", TimeFormat::DateTime),
            ("2016-05-09T14:30:00.250+02:00", TimeFormat::DateTime),
            ("2016-05-09T07:00:00.2509-0530", TimeFormat::DateTime),
            ("1462797000.25", TimeFormat::Seconds),
            ("1.46279700025e9", TimeFormat::Seconds),
            ("1462797000250", TimeFormat::Millis),
            ("1462797000250.7", TimeFormat::Millis),
            ("1462797000250999", TimeFormat::Micros),
            ("1462797000250999999", TimeFormat::Nanos),
        ] {
            assert_eq!(parse_time(text), Ok((moment, format)), "{text}");
        }
        assert_eq!(parse_time("2016-05-09T12:30"), Ok((moment - 250, TimeFormat::DateTime)));
        assert_eq!(parse_time("2016-05-09"), Ok((1_462_752_000_000, TimeFormat::Date)));
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "-",
            ".",
            ".5",
            "yesterday",
            "12:30",
            "09.05.2016",
            "2016-13-01",
            "2016-02-30",
            "2015-02-29",
            "2016-05-09T",
            "2016-05-09T25:00",
            "2016-05-09T12:61",
            "nan",
            "inf",
            "2016-05-09T12:30:",
            "2016-05-09T12:30:00.",
            "2016-05-09T12:30:00+99:00",
            "12é4-67-9",
            "2016-05-09X12:30",
            "1462797000x",
            "2016-05-09T12:30 Mars",
        ] {
            assert_eq!(parse_time(text), Err(TimeFlaw::NotATime), "{text}");
        }
    }

    #[test]
    fn times_outside_a_shops_life() {
        for text in [
            "0",
            "-1",
            "-1462797000",
            "20160509",
            "631151999",
            "4102444800",
            "1e300",
            "-1e300",
            "1989-12-31",
            "2100-01-01",
            "0001-01-01",
            "9223372036854775807",
            "99999999999999999999",
        ] {
            assert_eq!(parse_time(text), Err(TimeFlaw::OutOfRange), "{text}");
        }
    }

    #[test]
    fn display_is_the_inverse_of_parse_on_every_day() {
        for day in FIRST_S / 86_400..LAST_S / 86_400 {
            let text = display_time(day * 86_400_000 + 3_660_000);
            let (date, clock) = text.split_at(10);
            assert_eq!(clock, " 01:01 UTC");
            assert_eq!(parse_time(date), Ok((day * 86_400_000, TimeFormat::Date)), "{text}");
            assert_eq!(parse_time(&text).map(|(ms, _)| ms), Ok(day * 86_400_000 + 3_660_000));
        }
    }
}
