//! Two rankers, or one at several levels of variety, on the same cases.

use super::*;

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
    let file = include_bytes!("../../../../../tests/golden/small.mercer");
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
