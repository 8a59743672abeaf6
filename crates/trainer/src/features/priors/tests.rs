use super::*;
use crate::log::{LogEvent, LogItem};
use mercer::model::{Column, Terms};
use mercer::rng::Rng;
use mercer::types::{Device, EventKind};

const DAY_MS: i64 = 86_400_000;

/// A shop of two categories with ten items each. Before noon this share of the shoppers come for
/// the first, after it for the second; in the last two weeks this share ask for item 3.
fn log(with_context: f64, with_fashion: f64) -> Log {
    let mut rng = Rng::new(5);
    let sessions = (0..6000).map(|at| {
        let hour = rng.below(24);
        let likes_first = if rng.unit_f64() < with_context { hour < 12 } else { rng.below(2) == 0 };
        let time_ms = 1_700_000_000_000 / DAY_MS * DAY_MS
            + i64::from(at) / 60 * DAY_MS
            + i64::try_from(hour).unwrap() * 3_600_000;
        let shelf = if likes_first { 0 } else { 10 };
        let fashion = at >= 5100 && rng.unit_f64() < with_fashion;
        let item =
            |rng: &mut Rng| if fashion { 3 } else { shelf + u32::try_from(rng.below(10)).unwrap() };
        let event = |item: u32| LogEvent {
            kind: EventKind::ViewItem,
            item: Some(LogItem(item)),
            time_ms: Some(time_ms),
            dwell_ms: None,
            list_position: None,
            query: None,
            rating: None,
        };
        let events = vec![event(item(&mut rng)), event(item(&mut rng))];
        let device = Some(Device::ALL[rng.below(3)]);
        LogSession { id: at.to_string().into(), user: None, device, events }
    });
    let mut sessions: Vec<LogSession> = sessions.collect();
    sessions.sort_by_key(|session| session.events[0].time_ms);
    Log { items: (0..20).map(|at| format!("{at:02}").into()).collect(), sessions }
}

fn attributes() -> Attributes {
    let mut terms = Terms::default();
    (0..20).for_each(|at| terms.push([if at < 10 { "A" } else { "B" }]));
    let mut attributes = Attributes::default();
    attributes.insert("category", Column::Terms(terms));
    attributes
}

fn found(log: &Log, attributes: Option<&Attributes>, offset_minutes: i64) -> Priors {
    let items: Vec<String> = log.items.iter().map(ToString::to_string).collect();
    let settings = PriorSettings { min_sessions: 5, offset_minutes };
    priors(log, log.sessions.split_at(5400), (&items, attributes), settings)
}

#[test]
fn a_planted_day_is_found_and_noise_is_not() {
    let priors = found(&log(0.8, 0.0), Some(&attributes()), 0);
    let parts = priors.parts.unwrap();
    let packed: Vec<Context> = parts.tables.iter().map(|(context, _)| *context).collect();
    assert!(packed.contains(&Context::Hour), "{:?}", priors.findings);
    assert!(!packed.contains(&Context::Device), "{:?}", priors.findings);
    assert!(!packed.contains(&Context::Month), "the log is shorter than a year");
    let hours = &parts.tables[0].1;
    // Nine of ten against a half, drawn a little towards it by the prior.
    assert!((0.4..0.65).contains(&hours[8 * 2]) && hours[8 * 2 + 1] < -0.6, "{hours:?}");
    let together = priors.findings.together.unwrap();
    assert!(together.gain.gain > 0.1 && together.weight >= 0.75, "{together:?}");
    assert!(priors.signals.iter().any(|(name, _)| name == "context"));

    let shifted = found(&log(0.8, 0.0), Some(&attributes()), 180).parts.unwrap();
    assert_eq!(shifted.tables[0].1[11 * 2].to_bits(), hours[8 * 2].to_bits(), "three hours on");
}

#[test]
fn a_shop_without_a_day_packs_no_contexts() {
    let priors = found(&log(0.0, 0.0), Some(&attributes()), 0);
    assert!(priors.parts.unwrap().tables.iter().all(|(context, _)| *context == Context::Landing));
    assert_eq!(priors.findings.contexts.len(), 4, "each was looked at");
    assert_eq!(priors.findings.together, None);
}

#[test]
fn a_fashion_is_a_trend_and_helps() {
    let priors = found(&log(0.0, 0.3), None, 0);
    let parts = priors.parts.unwrap();
    assert!(parts.tables.is_empty() && parts.categories.is_empty(), "nothing is of a category");
    let rise = parts.trend[3];
    assert!(rise > 0.8 && parts.trend.iter().all(|&trend| trend <= rise), "{:?}", parts.trend);
    let finding = priors.findings.trend.unwrap();
    assert!(finding.weight > 0.0 && finding.gain.gain > 0.01, "{finding:?}");
}
