//! Hits, ranks and right answers, and that they depend on no number of threads.

use super::*;

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
fn threads_change_nothing_but_the_times() {
    let planted = Planted::new(40, Plan::Random(5));
    let log = walks(40, 90);
    let [one, three] = [1, 3].map(|threads| {
        let report = judged(&planted, &log, &Options { threads, ..everything() });
        (report.metrics, report.intervals, report.new_items, report.beyond, report.segments)
    });
    assert_eq!(one, three);
}
