//! Parts of the cases.

use super::*;

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
fn coverage_and_gini_of_a_segment_are_of_its_own_slates() {
    // After 0 comes 1, after 1 comes 2; after one step the slate of one is 1, after two it is 2.
    let log = log(5, &[vec![0, 1, 2], vec![0, 1, 4], vec![2, 3]]);
    let report = judged(&Planted::new(5, Plan::Knows), &log, &everything());
    let whole = &report.beyond.as_ref().unwrap().metrics;
    // 1 and 2 twice each, 3 once: Σ (2i − 6) x = 0·1 + 2·2 + 4·2 over 5 · 5.
    assert_close(whole["coverage@1"], 3.0 / 5.0);
    assert_close(whole["gini@1"], 12.0 / 25.0);
    let lengths = &report.segments.as_ref().unwrap()["session_length"];
    let [one, two] = &lengths[..] else { panic!("{lengths:?}") };
    // One step known: 1, 1 and 3. Counts 0 0 0 1 2: 2·1 + 4·2 over 5 · 3.
    assert_close(one.metrics["coverage@1"], 2.0 / 5.0);
    assert_close(one.metrics["gini@1"], 10.0 / 15.0);
    // Two: 2 alone, twice.
    assert_close(two.metrics["coverage@1"], 1.0 / 5.0);
    assert_close(two.metrics["gini@1"], 4.0 / 5.0);
    assert!(!two.intervals.contains_key("coverage@1"));

    let accuracy = Options { beyond: false, ..everything() };
    let report = judged(&Planted::new(5, Plan::Knows), &log, &accuracy);
    let lengths = &report.segments.as_ref().unwrap()["session_length"];
    assert!(lengths.iter().all(|segment| !segment.metrics.contains_key("coverage@1")));
}
