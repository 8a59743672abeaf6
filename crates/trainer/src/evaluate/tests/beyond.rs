//! What slates are worth beyond being right.

use super::*;

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
