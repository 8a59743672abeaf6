//! What visits do: where they look, what they come back to, what they want and buy.

use super::super::calendar::season_factor;
use super::super::habits::{HABITS, LIST_LENGTH, examination};
use super::super::shopper::SEGMENTS;
use super::super::vocabulary::{KINDS, N_KINDS, kind_at};
use super::*;
use mercer::types::EventKind;
use std::collections::HashSet;

#[test]
fn clicks_by_position_show_the_planted_curve() {
    let made = world(600, 20_000, 1);
    let (mut shown, mut clicked) = ([0.0_f64; LIST_LENGTH], [0.0_f64; LIST_LENGTH]);
    for row in made.visits().flat_map(|visit| visit.rows) {
        let Some(position) = row.list_position else { continue };
        match row.kind {
            EventKind::ViewItemList => shown[position as usize] += 1.0,
            EventKind::SelectItem => clicked[position as usize] += 1.0,
            other => panic!("{other:?} has a list position"),
        }
    }
    let rate = |position: usize| clicked[position] / shown[position];
    for position in 0..LIST_LENGTH {
        let found = rate(position) / rate(0);
        let planted = examination(position);
        assert!((found / planted - 1.0).abs() < 0.1, "{position}: {found} for {planted}");
    }
}

#[test]
fn repeats_come_at_the_planted_rate() {
    let made = world(600, 20_000, 1);
    let (mut chances, mut repeats) = (0.0_f64, 0.0_f64);
    for visit in made.visits().filter(|visit| !visit.has_lists) {
        let mut seen = HashSet::new();
        for item in visit.viewed() {
            if seen.len() >= 2 {
                chances += 1.0;
                repeats += f64::from(u8::from(seen.contains(&item)));
            }
            seen.insert(item);
        }
    }
    assert!((repeats / chances - HABITS.repeat).abs() < 0.01, "{repeats} of {chances}");
}

/// Guests' intents by group, and how many the truth leads one to expect; a group is any
/// number that a visit has.
fn intents(
    made: &World,
    n_groups: usize,
    group_of: impl Fn(&Visit) -> usize,
) -> [Vec<[f64; N_KINDS]>; 2] {
    let mut found = vec![[0.0; N_KINDS]; n_groups];
    let mut planted = found.clone();
    for visit in made.visits().filter(|visit| visit.user.is_none()) {
        let group = group_of(&visit);
        found[group][visit.intent.kind] += 1.0;
        let weights = made.kind_weights(&visit.taste, visit.day());
        let sum: f64 = weights.iter().sum();
        for (total, weight) in planted[group].iter_mut().zip(weights) {
            *total += weight / sum;
        }
    }
    [found, planted]
}

fn assert_within_chance(found: &[[f64; N_KINDS]], planted: &[[f64; N_KINDS]]) {
    for (&is, &should) in found.iter().flatten().zip(planted.iter().flatten()) {
        assert!((is - should).abs() < 4.5 * should.sqrt() + 1.0, "{is} for {should}");
    }
}

#[test]
fn demand_follows_the_seasons() {
    let made = world(600, 40_000, 1);
    let [found, planted] = intents(&made, 6, |visit| visit.day() / 20);
    assert_within_chance(&found, &planted);
    for word in ["tent", "towel", "blanket", "beanie", "jacket", "candle", "lamp"] {
        let kind = kind_at(word);
        let share = |block: usize| found[block][kind] / found[block].iter().sum::<f64>();
        let season = KINDS[kind].season;
        let grows = season_factor(season, 110) > season_factor(season, 10);
        assert_eq!(share(5) > share(0), grows, "{word}: {} to {}", share(0), share(5));
    }
}

#[test]
fn segments_want_what_they_were_given() {
    let made = world(600, 40_000, 1);
    let [found, planted] = intents(&made, SEGMENTS.len(), |visit| visit.taste.segment);
    assert_within_chance(&found, &planted);
    let share = |segment: usize, word: &str| {
        found[segment][kind_at(word)] / found[segment].iter().sum::<f64>()
    };
    let named = |name: &str| SEGMENTS.iter().position(|segment| segment.name == name).unwrap();
    let (cooks, campers) = (named("keen cooks"), named("walkers and campers"));
    assert!(share(cooks, "pan") > 3.0 * share(campers, "pan"));
    assert!(share(campers, "tent") > 3.0 * share(cooks, "tent"));
}

#[test]
fn companions_are_of_kinds_that_go_together_and_are_bought_together() {
    let made = world(600, 20_000, 1);
    for (ix, item) in (0..).zip(made.items()) {
        assert!(made.companions(ix).count() > 0);
        for other in made.companions(ix) {
            assert!(item.kind().goes_with.contains(&made.item(other).kind().word));
        }
    }
    let (mut pairs, mut planted) = (0.0, 0.0);
    for visit in made.visits() {
        let bought: Vec<u32> = visit
            .rows
            .iter()
            .filter(|row| row.kind == EventKind::Purchase)
            .filter_map(|row| row.item)
            .collect();
        for (at, &one) in bought.iter().enumerate() {
            for &other in &bought[at + 1..] {
                pairs += 1.0;
                let goes = |a, b| made.companions(a).any(|companion| companion == b);
                planted += f64::from(u8::from(goes(one, other) || goes(other, one)));
            }
        }
    }
    // By chance it would be about 1 in 100.
    assert!(planted / pairs > 0.15, "{planted} of {pairs}");
}
