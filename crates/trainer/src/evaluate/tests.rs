//! Planted rankers on small logs: what they must be worth is worked out by hand.

use super::*;
use crate::log::{Log, LogEvent, LogItem, LogSession};
use mercer::rng::Rng;
use mercer::types::{EventKind, ItemIx, Seen};

/// How a planted ranker scores items for a shopper.
enum Plan {
    /// The item that follows (from the newest on: the next number) is best.
    Knows,
    /// The item that follows is worst.
    Avoids,
    /// Every item alike.
    Constant,
    /// By a draw that depends on nothing but the visit.
    Random(u64),
    /// Always in this order.
    Order(Vec<f32>),
}

/// Items `0..n`, named by their number; training sessions as given.
struct Planted {
    ids: Vec<String>,
    sessions: Vec<f64>,
    directions: Option<Vec<Vec<f32>>>,
    plan: Plan,
}

impl Planted {
    fn new(n_items: usize, plan: Plan) -> Self {
        let ids = (0..n_items).map(|at| at.to_string()).collect();
        Self { ids, sessions: vec![1.0; n_items], directions: None, plan }
    }
}

impl Ranker for Planted {
    fn n_items(&self) -> usize {
        self.ids.len()
    }

    fn item_ix(&self, id: &str) -> Option<ItemIx> {
        self.ids.iter().position(|other| other == id).map(ItemIx::from_usize)
    }

    fn item_id(&self, item: ItemIx) -> &str {
        &self.ids[item.at()]
    }

    fn sessions(&self) -> Vec<f64> {
        self.sessions.clone()
    }

    fn direction(&self, item: ItemIx) -> Option<Vec<f32>> {
        self.directions.as_ref().map(|directions| directions[item.at()].clone())
    }

    fn begin(&self) -> Box<dyn Visit + '_> {
        Box::new(PlantedVisit { planted: self, seen: Vec::new() })
    }
}

struct PlantedVisit<'a> {
    planted: &'a Planted,
    seen: Vec<ItemIx>,
}

impl Visit for PlantedVisit<'_> {
    fn observe(&mut self, item: &str, _: &LogEvent) {
        self.seen.extend(self.planted.item_ix(item));
    }

    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked> {
        let n_items = self.planted.n_items();
        let next = self.seen.last().map_or(0, |newest| (newest.at() + 1) % n_items.max(1));
        let mark = |value: f32| {
            (0..n_items).map(|at| if at == next { value } else { 0.0 }).collect::<Vec<f32>>()
        };
        let scores = match &self.planted.plan {
            Plan::Knows => mark(1.0),
            Plan::Avoids => mark(-1.0),
            Plan::Constant => vec![0.0; n_items],
            Plan::Random(seed) => {
                let visit = self.seen.iter().fold(*seed, |mix, item| mix * 31 + u64::from(item.0));
                let mut rng = Rng::new(visit);
                (0..n_items).map(|_| rng.unit_f32()).collect()
            }
            Plan::Order(scores) => scores.clone(),
        };
        let left_out = if seen == Seen::LeaveOut { &self.seen[..] } else { &[] };
        best(&scores, left_out, count)
    }
}

/// A log of sessions of views over items `0..n_items`.
fn log(n_items: usize, sessions: &[Vec<u32>]) -> Log {
    let event = |&item: &u32| LogEvent {
        kind: EventKind::ViewItem,
        item: Some(LogItem(item)),
        time_ms: None,
        dwell_ms: None,
        list_position: None,
        query: None,
        rating: None,
    };
    let session = |(at, items): (usize, &Vec<u32>)| LogSession {
        id: at.to_string().into(),
        user: None,
        device: None,
        events: items.iter().map(event).collect(),
    };
    Log {
        items: (0..n_items).map(|at| at.to_string().into()).collect(),
        sessions: sessions.iter().enumerate().map(session).collect(),
    }
}

/// Sessions in which each item is followed by the next number.
fn walks(n_items: u32, n_sessions: u32) -> Log {
    let walk = |start: u32| (0..4).map(|step| (start * 7 + step) % n_items).collect();
    log(n_items as usize, &(0..n_sessions).map(walk).collect::<Vec<_>>())
}

fn judged(planted: &Planted, log: &Log, options: &Options) -> Report {
    evaluate(planted, &cases(log, None, Protocol::EveryPrefix), options, &|_| ())
}

fn everything() -> Options {
    Options {
        at: "1,5".parse().unwrap(),
        threads: 2,
        segments: true,
        beyond: true,
        ..Options::default()
    }
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} and not {expected}");
}

#[test]
fn who_knows_is_perfect_and_who_avoids_or_cannot_choose_finds_nothing() {
    let log = walks(50, 40);
    for (plan, expected) in [(Plan::Knows, 1.0), (Plan::Avoids, 0.0), (Plan::Constant, 0.0)] {
        let report = judged(&Planted::new(50, plan), &log, &everything());
        assert_eq!((report.cases, report.sessions, report.unknown_targets), (120, 40, 0));
        for metric in ["hit_rate", "mrr", "ndcg", "map", "recall"] {
            assert_close(report.metrics[&format!("{metric}@5")], expected);
            let Interval { low, high } = report.intervals[&format!("{metric}@5")];
            assert!((low - expected).abs() + (high - expected).abs() < 1e-9);
        }
        assert_close(report.metrics["precision@5"], expected / 5.0);
    }
}

#[test]
fn chance_finds_its_share() {
    let options = Options { at: "60".parse().unwrap(), ..everything() };
    let report = judged(&Planted::new(600, Plan::Random(3)), &walks(600, 600), &options);
    // 1,800 cases, 60 of 600 items: 0.1, standard error 0.007; MRR (1 + 1/2 + … + 1/60) / 600.
    assert!((report.metrics["hit_rate@60"] - 0.1).abs() < 0.025, "{:?}", report.metrics);
    assert!((report.metrics["mrr@60"] - 4.68 / 600.0).abs() < 0.004, "{:?}", report.metrics);
    let Interval { low, high } = report.intervals["hit_rate@60"];
    assert!(low < report.metrics["hit_rate@60"] && report.metrics["hit_rate@60"] < high);
    assert!((0.02..0.04).contains(&(high - low)), "about four standard errors: {low} {high}");
    let beyond = report.beyond.unwrap();
    assert_close(beyond.metrics["coverage@60"], 1.0);
    assert!(beyond.metrics["gini@60"] < 0.06, "chance shows every item about as often");
}

#[test]
fn unknown_targets_are_misses_and_repeats_are_told_apart() {
    // The last item of each session is not sold here; the third is a repeat.
    let log = log(10, &vec![vec![0, 1, 0, 9]; 4]);
    let mut planted = Planted::new(9, Plan::Knows);
    let report = judged(&planted, &log, &everything());
    assert_eq!((report.cases, report.unknown_targets, report.new_items.cases), (12, 4, 8));
    assert_close(report.metrics["hit_rate@1"], 1.0 / 3.0);
    assert_close(report.new_items.metrics["hit_rate@1"], 0.5);
    let segments = report.segments.unwrap();
    let cold = segments["target_popularity"].iter().find(|segment| segment.name == "cold");
    assert_eq!(cold.map(|segment| segment.cases), Some(4));
    // A ranker without any item finds nothing, and nothing breaks.
    planted.ids.clear();
    planted.sessions.clear();
    let report = judged(&planted, &log, &everything());
    assert_eq!((report.cases, report.unknown_targets), (12, 12));
    assert_close(report.metrics["hit_rate@5"], 0.0);
}

#[test]
fn the_rest_of_the_session_has_several_answers() {
    // Known 0; right 1, 2, 3. Then known 0 and 1; right 2, 3. Then right 3 alone.
    let log = log(6, &[vec![0, 1, 2, 3]]);
    // Order of the slate: 1, 5, 2, 4, 3, 0.
    let planted = Planted::new(6, Plan::Order(vec![0.0, 9.0, 7.0, 5.0, 6.0, 8.0]));
    let cases = cases(&log, None, Protocol::RestOfSession);
    let report = evaluate(&planted, &cases, &everything(), &|_| ());
    let mean = |values: [f64; 3]| values.iter().sum::<f64>() / 3.0;
    // Ranks 1, 3, 5; then 3, 5; then 5.
    assert_close(report.metrics["precision@5"], mean([0.6, 0.4, 0.2]));
    assert_close(report.metrics["recall@5"], 1.0);
    assert_close(report.metrics["recall@1"], mean([1.0 / 3.0, 0.0, 0.0]));
    assert_close(report.metrics["mrr@5"], mean([1.0, 1.0 / 3.0, 1.0 / 5.0]));
    let map = [(1.0 + 2.0 / 3.0 + 3.0 / 5.0) / 3.0, f64::midpoint(1.0 / 3.0, 2.0 / 5.0), 1.0 / 5.0];
    assert_close(report.metrics["map@5"], mean(map));
    let gain = |rank: f64| 1.0 / (rank + 1.0).log2();
    let ndcg = [
        (gain(1.0) + gain(3.0) + gain(5.0)) / (gain(1.0) + gain(2.0) + gain(3.0)),
        (gain(3.0) + gain(5.0)) / (gain(1.0) + gain(2.0)),
        gain(5.0),
    ];
    assert_close(report.metrics["ndcg@5"], mean(ndcg));
}

#[test]
fn slates_beyond_accuracy_by_hand() {
    // One case: known 0, right 2. Always the slate 1, 2, 3, 0, 4.
    let log = log(5, &[vec![0, 2]]);
    let mut planted = Planted::new(5, Plan::Order(vec![2.0, 5.0, 4.0, 3.0, 1.0]));
    planted.sessions = vec![4.0, 7.0, 1.0, 0.0, 3.0];
    let axis = |at: usize| (0..3).map(|c| if c == at { 1.0 } else { 0.0 }).collect();
    planted.directions = Some([0, 0, 0, 1, 2].map(axis).to_vec());
    let category = |(item, category): (&'static str, &'static str)| (item, category);
    let categories =
        [("0", "cups"), ("1", "pots"), ("2", "cups"), ("3", "pots")].into_iter().map(category);
    let options = Options {
        at: "2,3".parse().unwrap(),
        background: Background::default().with_categories(categories),
        ..everything()
    };
    let report = judged(&planted, &log, &options);
    let beyond = report.beyond.unwrap();
    let of = |name: &str| beyond.metrics[name];
    assert_close(of("coverage@2"), 2.0 / 5.0);
    assert_close(of("coverage@3"), 3.0 / 5.0);
    // Counts 0 0 0 1 1: Σ (2i − 6) x = 2 + 4, over 5 · 2.
    assert_close(of("gini@2"), 0.6);
    // Shares of 15 + 5: 8/20, 2/20, 1/20.
    let information = |n: f64| (20.0 / (n + 1.0)).log2();
    assert_close(of("novelty@2"), f64::midpoint(information(7.0), information(1.0)));
    assert_close(of("novelty@3"), (information(7.0) + information(1.0) + information(0.0)) / 3.0);
    // Items 1 and 2 point the same way; item 3 stands square to both.
    assert_close(of("diversity@2"), 0.0);
    assert_close(of("diversity@3"), 1.0 - 1.0 / 3.0);
    assert_close(of("popularity@2"), 4.0);
    assert_close(of("popularity_lift@2"), 4.0 / 4.0 - 1.0);
    assert_close(of("popularity_lift@3"), 8.0 / 3.0 / 4.0 - 1.0);
    // By popularity: 1, 0, 4, 2, 3. The right answer 2 is in neither popularity slate.
    assert_close(of("serendipity@2"), 1.0);
    assert_close(of("serendipity@3"), 1.0);
    // Session all cups; slate half cups, then a third.
    let divergence = |q: f64| (1.0 / (0.01 + 0.99 * q)).ln();
    assert_close(of("calibration@2"), divergence(0.5));
    assert_close(of("calibration@3"), divergence(1.0 / 3.0));
    assert!(!beyond.intervals.contains_key("coverage@2"));
    assert_close(beyond.intervals["popularity@2"].low, 4.0);
    assert_eq!(beyond.popularity_from, "model");

    // Without the item seen the popularity slate of three is 1, 4, 2: no surprise any more.
    let options = Options { seen: Seen::LeaveOut, ..options };
    let report = judged(&planted, &log, &options);
    let beyond = report.beyond.unwrap();
    assert_close(beyond.metrics["serendipity@2"], 1.0);
    assert_close(beyond.metrics["serendipity@3"], 0.0);
}

#[test]
fn what_the_data_does_not_give_is_not_there() {
    let report = judged(&Planted::new(9, Plan::Knows), &walks(9, 5), &everything());
    let (beyond, segments) = (report.beyond.unwrap(), report.segments.unwrap());
    for absent in ["diversity@5", "calibration@5"] {
        assert!(!beyond.metrics.contains_key(absent) && !beyond.intervals.contains_key(absent));
    }
    assert_eq!(
        segments.keys().copied().collect::<Vec<_>>(),
        ["clicks_seen", "session_length", "target_popularity"]
    );
    let plain = Options { segments: false, beyond: false, ..everything() };
    let report = judged(&Planted::new(9, Plan::Knows), &walks(9, 5), &plain);
    assert!(report.beyond.is_none() && report.segments.is_none());
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn segments_share_out_the_cases() {
    let mut planted = Planted::new(30, Plan::Knows);
    planted.sessions = (0..30).map(|at| f64::from(30 - at)).collect();
    let categories: Vec<(String, String)> =
        (0..28).map(|item| (item.to_string(), format!("c{}", item % 14))).collect();
    let categories = categories.iter().map(|(item, category)| (item.as_str(), category.as_str()));
    let background = Background::default().with_categories(categories);
    let options = Options { background, ..everything() };
    let report = judged(&planted, &walks(30, 60), &options);
    let segments = report.segments.as_ref().unwrap();
    for (kind, segments) in segments {
        let cases: usize = segments.iter().map(|segment| segment.cases).sum();
        assert_eq!(cases, report.cases, "{kind}");
        for segment in segments {
            assert_close(segment.metrics["hit_rate@1"], 1.0);
            assert!(segment.sessions <= segment.cases && segment.sessions > 0);
            assert!(segment.intervals["popularity@5"].low <= segment.metrics["popularity@5"]);
        }
        // Put together again they are the whole.
        let beyond = &report.beyond.as_ref().unwrap().metrics;
        for name in ["ndcg@1", "precision@5", "recall@5", "novelty@5", "serendipity@5"] {
            let of = |segment: &Segment| segment.metrics[name] * segment.cases as f64;
            let sum: f64 = segments.iter().map(of).sum();
            let whole = report.metrics.get(name).unwrap_or_else(|| &beyond[name]);
            assert_close(sum / report.cases as f64, *whole);
        }
    }
    let names =
        |kind: &str| segments[kind].iter().map(|segment| segment.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names("session_length"), ["1", "2–3"]);
    assert_eq!(names("clicks_seen"), ["1", "2", "3"]);
    assert!(report.one_click_of_five.is_none(), "nobody clicked five times");
    assert_eq!(names("target_popularity"), ["head", "middle", "tail"]);
    assert_eq!(names("category").len(), 12, "ten by name, the others, and none");
    assert_eq!(names("category")[10..], ["other categories", "no category"]);
}

#[test]
fn one_click_is_held_against_five() {
    // After one click of each visit the next number follows; after five, only in every second.
    let walk =
        |at: u32| vec![at, at + 1, 40, 41, 42, if at.is_multiple_of(2) { 43 } else { 3 }, 30, 35];
    let log = log(50, &(0..20).map(walk).collect::<Vec<_>>());
    let report = judged(&Planted::new(50, Plan::Knows), &log, &everything());
    let clicks = &report.segments.as_ref().unwrap()["clicks_seen"];
    let names: Vec<&str> = clicks.iter().map(|segment| segment.name.as_str()).collect();
    assert_eq!(names, ["1", "2", "3", "4", "5", "6+"]);
    assert_close(clicks[0].metrics["hit_rate@1"], 1.0);
    assert_eq!((clicks[4].cases, clicks[5].cases), (20, 40));
    assert_close(clicks[4].metrics["hit_rate@1"], 0.5);
    assert_close(report.one_click_of_five.as_ref().unwrap()["hit_rate@1"], 2.0);
    assert!(report.to_string().contains("after one click hit_rate@1 is 200.0 %"), "{report}");
}

#[test]
fn the_training_log_knows_popularity_better() {
    let training = log(4, &[vec![0, 0, 1], vec![0], vec![0, 2], vec![0]]);
    let background = Background::default().with_training(&training);
    let options = Options { background, ..everything() };
    let report = judged(&Planted::new(4, Plan::Knows), &log(4, &[vec![3, 0, 1, 3]]), &options);
    assert_eq!(report.beyond.as_ref().unwrap().popularity_from, "training log");
    // Item 0 has 4 of 6 sessions; 1 and 2 begin behind two thirds; 3 has none.
    let names: Vec<&str> = report.segments.as_ref().unwrap()["target_popularity"]
        .iter()
        .map(|segment| segment.name.as_str())
        .collect();
    assert_eq!(names, ["head", "tail", "cold"]);
}

#[test]
fn threads_change_nothing_but_the_times() {
    let planted = Planted::new(40, Plan::Random(5));
    let log = walks(40, 90);
    let [one, three] = [1, 3].map(|threads| {
        let report = judged(&planted, &log, &Options { threads, ..everything() });
        (report.metrics, report.intervals, report.new_items, report.beyond, report.segments)
    });
    assert_eq!(one, three);
}

fn compared(a: Plan, b: Plan) -> Comparison {
    let log = walks(40, 120);
    let (a, b) = (Planted::new(40, a), Planted::new(40, b));
    let cases = cases(&log, None, Protocol::EveryPrefix);
    compare([&a, &b], &cases, (&everything(), &Accuracy::OF_ONE_ANSWER), &|_| ())
}

#[test]
fn a_better_ranker_wins_and_equals_are_not_told_apart() {
    let comparison = compared(Plan::Knows, Plan::Random(1));
    assert_eq!(comparison.verdict, Verdict::Model);
    let difference = comparison.differences["hit_rate@5"];
    let [model, with] = [&comparison.model, &comparison.with].map(|s| s.metrics["hit_rate@5"]);
    assert_close(difference.difference, model - with);
    assert!(difference.low < difference.difference && difference.difference < difference.high);
    assert!(difference.p_value < 0.001 && difference.is_clear());
    assert_eq!(comparison.differences.len(), 6);
    assert_eq!(compared(Plan::Random(1), Plan::Knows).verdict, Verdict::With);

    let same = compared(Plan::Knows, Plan::Knows);
    assert_eq!(same.verdict, Verdict::NoTelling);
    assert!(same.differences.values().all(|d| (d.p_value - 1.0).abs() < 1e-12));
    let clear = |seed| compared(Plan::Random(seed), Plan::Random(seed + 100)).verdict;
    let told = (1..=20).filter(|&seed| clear(seed) != Verdict::NoTelling).count();
    assert!(told <= 3, "{told} of 20 pairs of chances were told apart");
}

#[test]
fn a_sweep_begins_with_the_plain_slates_and_ends_varied() {
    let file = include_bytes!("../../../../tests/golden/small.mercer");
    let engine = mercer::Engine::load(file).unwrap();
    let mut log = walks(60, 40);
    let id = |at: usize| engine.model().item_id(ItemIx::from_usize(at)).into();
    log.items = (0..60).map(id).collect();
    let cases = cases(&log, None, Protocol::EveryPrefix);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let tell = |n| _ = done.fetch_add(n, std::sync::atomic::Ordering::Relaxed);
    let swept = sweep(&engine, &cases, &everything(), &tell);
    assert_eq!((swept.at, swept.cases, swept.sessions), (5, 120, 40));
    assert_eq!(done.into_inner() as u64, N_LEVELS * 120);
    assert!(swept.levels.is_sorted_by(|a, b| a.diversity < b.diversity));
    let plain = evaluate(&engine, &cases, &everything(), &|_| ());
    let (first, last) = (&swept.levels[0].metrics, &swept.levels[10].metrics);
    assert_close(first["ndcg@5"], plain.metrics["ndcg@5"]);
    assert_close(first["coverage@5"], plain.beyond.unwrap().metrics["coverage@5"]);
    assert!(last["diversity@5"] > first["diversity@5"] + 0.1, "{first:?} {last:?}");
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, ["coverage@5", "diversity@5", "hit_rate@5", "ndcg@5"]);
    assert_eq!(swept.text().lines().count(), 14);
}
