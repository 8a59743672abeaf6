//! Which items are chosen more often lately than before.
//!
//! ```text
//! trend_i = ln (r_i + a) / (b_i · R/B + a)
//! ```
//!
//! `r_i` of the `R` newest sessions and `b_i` of the `B` before hold the item; `a` = 10 sessions
//! draw what little is known towards 0. An item with fewer newest sessions than the minimum has
//! 0, and fewer of the older ones count as none.

use super::visits::Visit;

/// Sessions that draw towards 0.
const SHRINK: f64 = 10.0;
/// The newest part of a log of at least [`LONG_DAYS`].
const NEWEST_DAYS: i64 = 7;
const LONG_DAYS: i64 = 28;
const DAY_MS: i64 = 86_400_000;

/// How many days the newest part has, where the log has times that differ.
#[expect(clippy::cast_precision_loss, reason = "days with a fraction")]
pub(super) fn newest_days(visits: &[Visit]) -> Option<f64> {
    newest_ms(visits).map(|ms| ms as f64 / DAY_MS as f64)
}

fn newest_ms(visits: &[Visit]) -> Option<i64> {
    let times = || visits.iter().filter_map(|visit| visit.start_ms);
    let span = times().max()? - times().min()?;
    let newest = if span >= LONG_DAYS * DAY_MS { NEWEST_DAYS * DAY_MS } else { span / 10 };
    (newest > 0).then_some(newest)
}

/// The trend of every item, `[n_items]`; `None` where the log has no times, or nothing is
/// chosen often enough.
#[expect(clippy::cast_possible_truncation, reason = "a logarithm of a few digits")]
pub(super) fn trend(visits: &[Visit], n_items: usize, min_sessions: u32) -> Option<Vec<f32>> {
    let newest = newest_ms(visits)?;
    let last = visits.iter().filter_map(|visit| visit.start_ms).max()?;
    let mut counts = vec![[0_u32; 2]; n_items];
    let mut totals = [0_u32; 2];
    for visit in visits {
        let Some(start) = visit.start_ms else { continue };
        let part = usize::from(start > last - newest);
        totals[part] += 1;
        for &item in &visit.items {
            counts[item as usize][part] += 1;
        }
    }
    if totals.contains(&0) {
        return None;
    }
    let ratio = f64::from(totals[1]) / f64::from(totals[0]);
    let of = |&[before, now]: &[u32; 2]| {
        let before = if before < min_sessions { 0 } else { before };
        let expected = f64::from(before) * ratio;
        let trend = ((f64::from(now) + SHRINK) / (expected + SHRINK)).ln();
        if now < min_sessions { 0.0 } else { trend as f32 }
    };
    let trend: Vec<f32> = counts.iter().map(of).collect();
    trend.iter().any(|&trend| trend != 0.0).then_some(trend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rose_what_fell_and_what_too_few_were_on() {
        let visit = |day: i64, item: u32| Visit {
            cases: [None; 5],
            items: vec![item],
            start_ms: Some(day * DAY_MS),
        };
        // 100 days; item 0 comes up in the last week, item 1 fades, item 2 is hardly seen.
        let mut visits: Vec<Visit> = (0..93).map(|day| visit(day, 1)).collect();
        visits.extend((0..93).map(|day| visit(day, 3)));
        visits.extend((93..100).flat_map(|day| (0..10).map(move |_| visit(day, 0))));
        visits.extend((93..100).map(|day| visit(day, 1)));
        visits.extend((0..2).map(|_| visit(99, 2)));
        let trend = trend(&visits, 4, 5).unwrap();
        assert_eq!(newest_days(&visits), Some(7.0));
        let ratio = 79.0 / 186.0;
        let wanted = [80.0_f64 / 10.0, 17.0 / (93.0 * ratio + 10.0)].map(f64::ln);
        assert!((f64::from(trend[0]) - wanted[0]).abs() < 1e-6, "{trend:?}");
        assert!((f64::from(trend[1]) - wanted[1]).abs() < 1e-6, "{trend:?}");
        assert_eq!((trend[2], trend[3]), (0.0, 0.0), "fewer than five sessions of late");
        assert_eq!(super::trend(&visits[..1], 4, 5), None);
    }
}
