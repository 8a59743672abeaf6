use super::world::{self, DIM, N_ITEMS, id, weighing};
use super::*;
use crate::model::{InterestRule, Model};
use crate::ranking::open;
use crate::rng::Rng;
use crate::types::{FieldIx, Ground, Interest, ItemIx, Lift, Reading, Signal, Visit};
use proptest::prelude::*;

/// How far a signal may be from its twin; the scan rounds a direction to eight bits.
const TOLERANCE: f64 = 2e-5;
const SCAN_TOLERANCE: f64 = 0.02;

/// Any visit of a few items, with prices now and then.
fn visit(seed: u64, n_events: usize) -> Session {
    let mut rng = Rng::new(seed);
    let mut session = Session::new();
    for n in 0..n_events as u64 {
        let kind = EventKind::ALL[rng.below(EventKind::ALL.len())];
        let item = if rng.below(6) == 0 { "gone".to_owned() } else { id(rng.below(N_ITEMS)) };
        let price = (rng.below(4) == 0).then(|| 1.0 + 99.0 * rng.unit_f64());
        let query = Some("words".to_owned());
        let event = Event { query, price, ..event(kind, &item, NOON_MS + n * 10_000) };
        session.observe(event).unwrap();
    }
    session
}

fn steps(model: &Model, session: &Session) -> Vec<Step<ItemIx>> {
    session.steps(|id| model.item_ix(id))
}

fn unit(model: &Model, item: ItemIx) -> Vec<f64> {
    let codes: Vec<f64> =
        model.factors().unwrap().row(item).iter().map(|&code| f64::from(code)).collect();
    scaled(codes.clone(), 1.0 / length(&codes))
}

fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn scaled(vector: Vec<f64>, by: f64) -> Vec<f64> {
    vector.into_iter().map(|x| x * by).collect()
}

fn plus(a: &[f64], b: Vec<f64>) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn items() -> impl Iterator<Item = ItemIx> {
    (0..N_ITEMS).map(ItemIx::from_usize)
}

/// The refused items by the formula: every "no" is looked for in all that came after it.
fn against(session: &Session, model: &Model) -> Vec<(ItemIx, f64)> {
    let events = &session.state().events;
    let mut found: Vec<(usize, ItemIx, f64)> = Vec::new();
    for item in items() {
        let own: Vec<(usize, EventKind)> = events
            .iter()
            .enumerate()
            .filter(|(_, event)| event.item.as_deref() == Some(model.item_id(item)))
            .map(|(at, event)| (at, event.kind))
            .collect();
        let turned = own.iter().rposition(|(_, kind)| kind.is_interest()).map_or(0, |at| at + 1);
        let in_cart = session.cart().any(|id| id == model.item_id(item));
        let no = own[turned..].iter().rev();
        let dismissed = no.clone().find(|(_, kind)| *kind == EventKind::Dismiss);
        let removed = no.clone().find(|(_, kind)| *kind == EventKind::RemoveFromCart && !in_cart);
        let newest = no.clone().find(|(_, kind)| {
            *kind == EventKind::Dismiss || *kind == EventKind::RemoveFromCart && !in_cart
        });
        let strength = if dismissed.is_some() { 1.0 } else { 0.5 };
        if dismissed.is_some() || removed.is_some() {
            found.push((newest.unwrap().0, item, strength));
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    found.into_iter().map(|(_, item, strength)| (item, strength)).collect()
}

/// `(item, weight, price)` of everything the shopper leans to, by the formula.
fn leaning(model: &Model, session: &Session) -> Vec<(ItemIx, f64, f64)> {
    let against = against(session, model);
    let catalogue = model.attributes().numbers("price").unwrap();
    let price = |item: ItemIx| {
        let events = session.state().events.iter().rev();
        let said = events
            .filter(|event| event.item.as_deref() == Some(model.item_id(item)))
            .find_map(|event| event.price);
        said.map_or_else(|| catalogue[item.at()].into(), single)
    };
    let gain = |kind| match kind {
        EventKind::Purchase | EventKind::AddToCart => 3.0,
        EventKind::AddToWishlist => 2.0,
        EventKind::SelectItem => 0.5,
        _ => 1.0,
    };
    let mut leanings = Vec::new();
    for (t, step) in steps(model, session).iter().rev().enumerate().take(20) {
        if against.iter().all(|(item, _)| *item != step.item) {
            let fade = 0.5_f64.powf(f64::from(u32::try_from(t).unwrap()) / 5.0);
            leanings.push((step.item, gain(step.kind) * fade, price(step.item)));
        }
    }
    leanings.extend(against.iter().map(|&(item, strength)| (item, -strength, price(item))));
    leanings
}

fn naive_terms(model: &Model, leanings: &[(ItemIx, f64, f64)], name: &str) -> Vec<f64> {
    let terms = model.attributes().terms(name).unwrap();
    let told: Vec<_> = leanings.iter().filter(|(item, ..)| !terms.of(*item).is_empty()).collect();
    let all: f64 = told.iter().map(|(_, weight, _)| weight.abs()).sum();
    let share = |term: u32| {
        let with = told.iter().filter(|(item, ..)| terms.of(*item).contains(&term));
        with.map(|(_, weight, _)| weight).sum::<f64>() / all
    };
    let value = |item| {
        let levels: Vec<f64> = terms.of(item).iter().map(|&term| share(term)).collect();
        match levels[..] {
            [] => 0.0,
            [a] => a,
            [a, b] => a / 3.0 + b * 2.0 / 3.0,
            [a, b, c] => a / 9.0 + b * 2.0 / 9.0 + c * 2.0 / 3.0,
            _ => panic!("three levels at most"),
        }
    };
    if all == 0.0 { vec![0.0; N_ITEMS] } else { items().map(value).collect() }
}

/// As the engine keeps a price.
#[expect(clippy::cast_possible_truncation, reason = "as the engine does")]
fn single(price: f64) -> f64 {
    f64::from(price as f32)
}

/// The middle of a number's band in octaves, from its first five binary digits.
fn octaves(number: f64) -> f64 {
    let exponent = number.log2().floor();
    let digits = (number / exponent.exp2() * 16.0).floor() / 16.0;
    exponent + (digits + 1.0 / 32.0).log2()
}

fn naive_price(model: &Model, leanings: &[(ItemIx, f64, f64)]) -> Vec<f64> {
    let prices = model.attributes().numbers("price").unwrap();
    let told: Vec<_> = leanings.iter().filter(|(_, _, price)| *price > 0.0).collect();
    let all: f64 = told.iter().map(|(_, weight, _)| weight.abs()).sum();
    let value = |item: ItemIx| {
        let price = f64::from(prices[item.at()]);
        let near = |(_, weight, other): &&(ItemIx, f64, f64)| {
            let distance = octaves(price) - octaves(*other);
            let near = if distance.abs() > 2.0 { 0.0 } else { (-4.0 * distance.powi(2)).exp2() };
            weight * near
        };
        if price.is_nan() { 0.0 } else { told.iter().map(near).sum::<f64>() / all }
    };
    if all == 0.0 { vec![0.0; N_ITEMS] } else { items().map(value).collect() }
}

fn agree(
    model: &Model,
    lift: Option<&Lift>,
    naive: &[f64],
    tolerance: f64,
) -> Result<(), TestCaseError> {
    for (item, naive) in items().zip(naive) {
        let value = lift.map_or(0.0, |lift| f64::from(model.gain(lift, item)));
        prop_assert!((value - naive).abs() < tolerance, "{item:?}: {value} for {naive}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn affinities_are_what_the_formulas_say(seed in any::<u64>(), n_events in 0_usize..45) {
        let signals =
            [("affinity.brand", 0.8), ("affinity.category", 1.5), ("affinity.price", -0.7)];
        let model = weighing(world::parts(seed), &signals);
        let session = visit(seed, n_events);
        let lifts = lifts(&model, &session, &steps(&model, &session), None);
        let leanings = leaning(&model, &session);
        let of = |name| {
            let field = model.attributes().field(name).unwrap();
            lifts.iter().find(|lift| lift.signal == Signal::Affinity { field })
        };
        for (name, weight) in [("brand", 0.8), ("category", 1.5)] {
            let naive = scaled(naive_terms(&model, &leanings, name), weight);
            agree(&model, of(name), &naive, TOLERANCE)?;
        }
        agree(&model, of("price"), &scaled(naive_price(&model, &leanings), -0.7), TOLERANCE)?;
        let most = lifts.iter().flat_map(|lift| items().map(|item| model.gain(lift, item).abs()));
        prop_assert!(most.fold(0.0, f32::max) <= 1.5001);
    }

    #[test]
    fn dislikes_are_what_the_formula_says(seed in any::<u64>(), n_events in 0_usize..45) {
        let model = weighing(world::parts(seed), &[]);
        let session = visit(seed, n_events);
        let against = against(&session, &model);
        let newest = against.iter().rev().take(20);
        let sum = newest.clone().fold(vec![0.0; DIM], |sum, &(item, strength)| {
            plus(&sum, scaled(unit(&model, item), strength))
        });
        let strongest = newest.map(|(_, strength)| *strength).fold(0.0, f64::max);
        let loss = |item| {
            let near = inner(&sum, &unit(&model, item)) / length(&sum);
            -0.5 * strongest * near.max(0.0).powi(2)
        };
        let lift = dislikes(&model, &session, 0.5);
        prop_assert_eq!(lift.is_none(), against.is_empty());
        let naive: Vec<f64> =
            items().map(|item| if against.is_empty() { 0.0 } else { loss(item) }).collect();
        agree(&model, lift.as_ref(), &naive, SCAN_TOLERANCE)?;
        prop_assert_eq!(dislikes(&model, &session, 0.0), None);
    }

    #[test]
    fn a_search_gains_by_the_cosine(seed in any::<u64>(), scale in 0.01_f32..50.0) {
        let model = weighing(world::parts(seed), &[]);
        let mut rng = Rng::new(seed);
        let place: Vec<f32> = (0..DIM).map(|_| scale * (rng.unit_f32() - 0.5)).collect();
        let wide: Vec<f64> = place.iter().map(|&x| f64::from(x)).collect();
        let naive: Vec<f64> =
            items().map(|item| 3.0 * inner(&wide, &unit(&model, item)) / length(&wide)).collect();
        agree(&model, query(&model, &place, 3.0).as_ref(), &naive, 3.0 * SCAN_TOLERANCE)?;
    }

    #[test]
    fn rotation_is_what_the_formula_says(seed in any::<u64>(), n_events in 0_usize..45) {
        let model = weighing(world::parts(seed), &[("rotation", 0.5)]);
        let mut session = visit(seed, n_events);
        let mut rng = Rng::new(seed);
        let mut naive = vec![0.0; N_ITEMS];
        for item in items() {
            let shown = (0..rng.below(4)).map(|_| NOON_MS + (DAY_MS / 100) * rng.below(900) as u64);
            let mut shown: Vec<u64> = shown.collect();
            shown.sort_unstable();
            // What the visit already showed counts, too; here only items it did not show.
            let known = |other: &Impression| other.item == model.item_id(item);
            if session.state().impressions.iter().any(known) {
                continue;
            }
            let mut k = 0.0_f64;
            let mut before = 0;
            for at in shown {
                k = ((k * left(before, at) + 1.0) * 64.0).round() / 64.0;
                before = at;
                session.observe(event(EventKind::ViewItemList, model.item_id(item), at)).unwrap();
            }
            let clicked = steps(&model, &session).iter().any(|step| step.item == item);
            let kept = session.state().impressions.iter().any(known);
            if kept && !clicked {
                naive[item.at()] = -0.4 * 0.5 * (k * left(before, NOON_MS + 10 * DAY_MS)).ln_1p();
            }
        }
        let lift = rotation(&model, &session, NOON_MS + 10 * DAY_MS, 0.4);
        let of = |item| lift.as_ref().map_or(0.0, |lift| f64::from(model.gain(lift, item)));
        let clicked = steps(&model, &session);
        for item in items() {
            let kept = |other: &Impression| other.item == model.item_id(item);
            if naive[item.at()] != 0.0 && session.state().impressions.iter().any(kept) {
                prop_assert!((of(item) - naive[item.at()]).abs() < 0.002, "{} for {}", of(item), naive[item.at()]);
            }
            prop_assert!(of(item) <= 0.0);
            if clicked.iter().any(|step| step.item == item) {
                prop_assert!(of(item) == 0.0);
            }
        }
        prop_assert_eq!(rotation(&model, &session, NOON_MS, 0.0), None);
    }

    #[test]
    fn a_taste_leads_an_empty_visit_and_steps_back(seed in any::<u64>(), n_events in 0_usize..30) {
        let model = weighing(world::parts(seed), &[]);
        let session = visit(seed, n_events);
        let mut earlier = visit(seed ^ 1, 20);
        earlier.end_visit(0);
        let tastes = tastes(&model, &earlier, NOON_MS + 5 * DAY_MS);
        let steps = steps(&model, &session);
        let (plain, both) = (encode(&model, &steps), encode_with_taste(&model, &steps, &tastes, 0.7));
        prop_assert_eq!(encode_with_taste(&model, &steps, &tastes, 0.0), plain.clone());
        prop_assert_eq!(encode_with_taste(&model, &steps, &[], 0.7), plain.clone());
        let u = tastes.iter().fold(vec![0.0; DIM], |sum, taste| {
            plus(&sum, scaled(unit(&model, taste.item), taste.weight.into()))
        });
        let u = scaled(u.clone(), 1.0 / length(&u));
        let h: Vec<f64> = plain.direction.iter().map(|&x| f64::from(x)).collect();
        let n = f64::from(u32::try_from(steps.len().min(4)).unwrap());
        let sum = if h.is_empty() { u } else { plus(&scaled(h, n), scaled(u, 0.7)) };
        prop_assume!(length(&sum) > 0.05);
        for (x, naive) in both.direction.iter().zip(scaled(sum.clone(), 1.0 / length(&sum))) {
            prop_assert!((f64::from(*x) - naive).abs() < 1e-4);
        }
        opens(&model, both)?;
    }

    #[test]
    fn a_taste_is_folded_in_as_looks(seed in any::<u64>(), n_events in 0_usize..30) {
        let model = world::model(&world::fold_in(seed));
        let session = visit(seed, n_events);
        let mut earlier = visit(seed ^ 1, 12);
        earlier.end_visit(0);
        let tastes = tastes(&model, &earlier, 0);
        let steps = steps(&model, &session);
        let both = encode_with_taste(&model, &steps, &tastes, 2.0);
        prop_assert_eq!(encode_with_taste(&model, &steps, &tastes, 0.0), encode(&model, &steps));
        for (x, naive) in both.direction.iter().zip(naive_fold_in(&model, &steps, &tastes, 2.0)) {
            prop_assert!((f64::from(*x) - naive).abs() < 1e-3, "{x} for {naive}");
        }
        opens(&model, both)?;
    }
}

/// What is left of an impression.
fn left(before: u64, at: u64) -> f64 {
    let seconds = u32::try_from(at.saturating_sub(before) / 1000).unwrap();
    let minutes = f64::from(seconds) / 60.0;
    0.5 * 0.5_f64.powf(minutes / 30.0) + 0.5 * 0.5_f64.powf(minutes / (7.0 * 24.0 * 60.0))
}

/// The parts of a score are what the direction says, taste by taste.
fn opens(model: &Model, interest: Interest) -> Result<(), TestCaseError> {
    let factors = model.factors().unwrap();
    let direction: Vec<f64> = interest.direction.iter().map(|&x| f64::from(x)).collect();
    let earlier = interest.steps.iter().filter(|step| step.visit == Visit::Earlier).count();
    let reading =
        Reading { interest, ground: Ground::Level, shared: &[], heard: &[], own: Vec::new() };
    for item in items() {
        let scale = f64::from(factors.scale(item));
        let codes: Vec<f64> = factors.row(item).iter().map(|&code| f64::from(code)).collect();
        let temperature = f64::from(factors.interest().temperature());
        let naive = temperature * scale * inner(&direction, &codes);
        let scored = open(model, &reading, item);
        prop_assert!(
            (f64::from(scored.score) - naive).abs() < 2e-3,
            "{} for {naive}",
            scored.score
        );
        let taste = |signal| matches!(signal, Signal::Taste { .. });
        let n_taste = scored.contributions.iter().filter(|part| taste(part.signal)).count();
        prop_assert_eq!(n_taste, earlier);
    }
    Ok(())
}

/// `(G + λI + Σ c·e·eᵀ)⁻¹ · Σ p·e` by Gauss and Jordan over steps and looks.
fn naive_fold_in(model: &Model, steps: &[Step<ItemIx>], tastes: &[Taste], looks: f64) -> Vec<f64> {
    let factors = model.factors().unwrap();
    let InterestRule::FoldIn(rule) = factors.interest() else { panic!("a fold-in") };
    let all: f64 = tastes.iter().map(|taste| f64::from(taste.weight)).sum();
    let newest = steps.iter().rev().take(6).map(|step| (step.item, 1.0));
    let tastes = tastes.iter().map(|taste| (taste.item, looks * f64::from(taste.weight) / all));
    let mut system = vec![vec![0.0; DIM + 1]; DIM];
    for (i, row) in system.iter_mut().enumerate() {
        for (j, x) in row.iter_mut().enumerate().take(DIM) {
            let (low, high) = (i.min(j), i.max(j));
            *x = f64::from(rule.gram[high * (high + 1) / 2 + low]);
        }
        row[i] += f64::from(rule.ridge);
    }
    for (item, times) in newest.chain(tastes) {
        let vector = unit(model, item);
        for i in 0..DIM {
            for j in 0..DIM {
                system[i][j] += times * 3.0 * vector[i] * vector[j];
            }
            system[i][DIM] += times * 4.0 * vector[i];
        }
    }
    for pivot in 0..DIM {
        let divisor = system[pivot][pivot];
        let cleared: Vec<f64> = system[pivot].iter().map(|x| x / divisor).collect();
        for (i, row) in system.iter_mut().enumerate() {
            let times = if i == pivot { 0.0 } else { row[pivot] };
            let kept = if i == pivot { cleared.clone() } else { row.clone() };
            *row = kept.iter().zip(&cleared).map(|(x, y)| x - times * y).collect();
        }
    }
    system.into_iter().map(|row| row[DIM]).collect()
}

#[test]
fn in_a_file_of_neighbours_a_taste_is_asked_for_them() {
    let model = world::model(&world::lists(3));
    let tastes = [Taste { item: ItemIx(4), weight: 3.0 }, Taste { item: ItemIx(9), weight: 1.0 }];
    let interest = encode_with_taste(&model, &[], &tastes, 0.5);
    let reached: Vec<(ItemIx, f32)> =
        interest.reached.iter().map(|step| (step.item, step.reach)).collect();
    assert_eq!(reached, [(ItemIx(4), 0.375), (ItemIx(9), 0.125)]);
}

#[test]
fn signals_without_weight_or_without_a_word_are_silent() {
    let (session, stranger) = (visit(5, 40), Session::new());
    let off = weighing(world::parts(5), &[]);
    assert_eq!(lifts(&off, &session, &steps(&off, &session), None), []);
    let on = [("affinity.brand", 1.0), ("affinity.price", 1.0), ("dislike", 1.0)];
    let on = weighing(world::parts(5), &on);
    assert_eq!(lifts(&on, &stranger, &[], None), []);
    assert_eq!(query(&on, &[0.0; DIM], 1.0), None);
    assert_eq!(query(&on, &[f32::NAN; DIM], 1.0), None);
    assert_eq!(query(&on, &[1.0; 3], 1.0), None);
    let field = FieldIx(0);
    let lists = world::model(&world::lists(5));
    assert_eq!(dislikes(&lists, &session, 1.0), None);
    assert_eq!(affinity(&lists, &[], lists.attributes().name(field), 1.0), None);
}

#[test]
fn the_latest_search_fades_with_what_comes_after_it() {
    use EventKind::{Search, ViewCart, ViewItem};
    let mut session = Session::new();
    assert_eq!(session.latest_search(), None);
    for (kind, words) in [(Search, "cup"), (Search, "tent"), (ViewItem, ""), (ViewCart, "")] {
        let query = Some(words.to_owned());
        session.observe(Event { query, ..event(kind, "a", 0) }).unwrap();
    }
    assert_eq!(session.latest_search(), Some(("tent", 1)));
    assert!((search_fade(5) - 0.5).abs() < 1e-6 && search_fade(0) > 0.999);
}
