//! The formulas of the documents, as plainly as they can be written.

use mercer::model::{Encoder, Factors, FoldIn, InterestRule, Model, dwell_bucket};
use mercer::types::{Event, EventKind, ItemIx, Owned, Placement, Request, Seen, Source};

/// Below this length of the weighted sum, `f32` and `f64` may part ways.
const UNSTABLE_BELOW: f64 = 0.02;

/// The naive answer.
pub(crate) struct Naive {
    /// What ranked it.
    pub(crate) source: Source,
    /// Every eligible item with its score, best first.
    pub(crate) ranked: Vec<(ItemIx, f64)>,
    /// The steps almost cancel out: nothing can be said to three digits.
    pub(crate) is_unstable: bool,
}

#[derive(Clone, Copy)]
struct Step {
    item: ItemIx,
    kind: EventKind,
    dwell_ms: Option<u32>,
}

/// A slate of everything that may be shown.
pub(crate) fn recommend(model: &Model, events: &[Event], request: &Request) -> Naive {
    let mut steps = steps(model, events);
    let allowed = allowed(model, events, &steps, request);
    if request.placement == Placement::RecentlyViewed {
        let mut ranked: Vec<(ItemIx, f64)> = Vec::new();
        for step in steps.iter().rev().filter(|step| allowed[step.item.at()]) {
            if ranked.iter().all(|(item, _)| *item != step.item) {
                ranked.push((step.item, -f64::from(u32::try_from(ranked.len()).unwrap())));
            }
        }
        return Naive { source: Source::Recent, ranked, is_unstable: false };
    }
    if let (Placement::Related, Some(item)) = (request.placement, request.item)
        && steps.last().is_none_or(|step| step.item != item)
    {
        steps.push(Step { item, kind: EventKind::ViewItem, dwell_ms: None });
    }
    steps.reverse();
    if request.placement == Placement::Popular {
        steps.clear();
    }
    let reading = Reading::of(model, &steps);
    let items = (0..).map(ItemIx).take(model.n_items()).filter(|item| allowed[item.at()]);
    let mut ranked: Vec<(ItemIx, f64)> =
        items.map(|item| (item, reading.score(model, item))).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Naive { source: reading.source(), ranked, is_unstable: reading.is_unstable }
}

/// What the formulas make of the steps.
struct Reading {
    /// `h`; `None` where the steps point nowhere.
    interest: Option<Vec<f64>>,
    /// The steps that `h` was made of, newest first.
    steps: Vec<Step>,
    /// What each item gains from the neighbours of the steps.
    neighbours: Vec<f64>,
    is_unstable: bool,
}

impl Reading {
    /// Reads steps, newest first.
    fn of(model: &Model, steps: &[Step]) -> Self {
        let neighbours = neighbours(model, steps);
        let mut reading =
            Self { interest: None, steps: Vec::new(), neighbours, is_unstable: false };
        let Some(factors) = model.factors() else { return reading };
        reading.steps = steps[..steps.len().min(factors.interest().max_steps())].to_vec();
        if reading.steps.is_empty() {
            return reading;
        }
        match factors.interest() {
            InterestRule::Attention(encoder) => {
                let (sum, length) = attend(factors, encoder, &reading.steps);
                reading.is_unstable = length < UNSTABLE_BELOW;
                reading.interest =
                    (length > 1e-4).then(|| sum.into_iter().map(|x| x / length).collect());
            }
            InterestRule::FoldIn(rule) => {
                let h = fold_in(factors, rule, &reading.steps);
                reading.interest = h.iter().any(|&x| x != 0.0).then_some(h);
            }
        }
        reading
    }

    fn source(&self) -> Source {
        let speaks = self.neighbours.iter().any(|&gain| gain > 0.0);
        if speaks || self.interest.is_some() { Source::Session } else { Source::Popular }
    }

    fn score(&self, model: &Model, item: ItemIx) -> f64 {
        let popularity = f64::from(model.popularity()[item.at()]);
        if self.source() == Source::Popular {
            return popularity;
        }
        let gain = self.neighbours[item.at()];
        let Some(factors) = model.factors() else {
            let peak = model.popularity().iter().copied().fold(0.0, f32::max);
            return if gain > 0.0 { gain } else { popularity - f64::from(peak) };
        };
        let bias = f64::from(factors.biases()[item.at()]);
        let Some(interest) = &self.interest else { return bias + gain };
        let rule = factors.interest();
        let position = self.steps.iter().position(|step| step.item == item);
        let returning = position.map_or(0.0, |at| f64::from(rule.returning()[at]));
        let product = inner(interest, &vector(factors, item));
        f64::from(rule.temperature()) * product + bias + gain + returning
    }
}

/// `Σ_t reach_t · weight(item_t → i)`, steps newest first, each as often as it stands there.
fn neighbours(model: &Model, steps: &[Step]) -> Vec<f64> {
    let mut gains = vec![0.0; model.n_items()];
    let Some(neighbours) = model.neighbours() else { return gains };
    for (step, &reach) in steps.iter().zip(neighbours.reach()) {
        for (item, weight) in neighbours.of(step.item) {
            gains[item.at()] += f64::from(reach) * f64::from(weight);
        }
    }
    gains
}

/// `Σ a_t e_t` and its length; steps newest first.
fn attend(factors: &Factors, encoder: &Encoder, steps: &[Step]) -> (Vec<f64>, f64) {
    let newest = unit_vector(factors, steps[0].item);
    let exponentials: Vec<f64> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let vector = unit_vector(factors, step.item);
            let mut attention = 0.0;
            for (row, from) in newest.iter().enumerate() {
                for (column, to) in vector.iter().enumerate() {
                    attention +=
                        from * f64::from(encoder.attention[row * factors.dim() + column]) * to;
                }
            }
            let dwell = encoder.dwell[dwell_bucket(step.dwell_ms)];
            let fixed = encoder.position[at] + encoder.kind[step.kind as usize] + dwell;
            (f64::from(fixed) + attention).exp()
        })
        .collect();
    let total: f64 = exponentials.iter().sum();
    let mut sum = vec![0.0; factors.dim()];
    for (step, exponential) in steps.iter().zip(exponentials) {
        for (sum, x) in sum.iter_mut().zip(unit_vector(factors, step.item)) {
            *sum += exponential / total * x;
        }
    }
    let length = inner(&sum, &sum).sqrt();
    (sum, length)
}

/// `(G + λI + Σ c_t·e_t·e_tᵀ)⁻¹ · Σ p_t·e_t` by Gauss and Jordan; steps newest first.
fn fold_in(factors: &Factors, rule: &FoldIn, steps: &[Step]) -> Vec<f64> {
    let dim = factors.dim();
    let mut system = vec![vec![0.0; dim + 1]; dim];
    for (i, row) in system.iter_mut().enumerate() {
        row[i] += f64::from(rule.ridge);
        for j in (0..dim).filter(|_| !rule.gram.is_empty()) {
            let (low, high) = (i.min(j), i.max(j));
            row[j] += f64::from(rule.gram[high * (high + 1) / 2 + low]);
        }
        for step in steps {
            let vector = vector(factors, step.item);
            for (j, x) in vector.iter().enumerate() {
                row[j] += f64::from(rule.confidence[step.kind as usize]) * vector[i] * x;
            }
            row[dim] += f64::from(rule.pull[step.kind as usize]) * vector[i];
        }
    }
    for pivot in 0..dim {
        let divisor = system[pivot][pivot];
        system[pivot].iter_mut().for_each(|x| *x /= divisor);
        let cleared = system[pivot].clone();
        for (_, row) in system.iter_mut().enumerate().filter(|(i, _)| *i != pivot) {
            let times = row[pivot];
            row.iter_mut().zip(&cleared).for_each(|(x, y)| *x -= times * y);
        }
    }
    system.into_iter().map(|row| row[dim]).collect()
}

/// The item's vector at its length, read from codes and scale.
fn vector(factors: &Factors, item: ItemIx) -> Vec<f64> {
    let scale = f64::from(factors.scale(item));
    factors.row(item).iter().map(|&code| f64::from(code) * scale).collect()
}

fn unit_vector(factors: &Factors, item: ItemIx) -> Vec<f64> {
    let codes: Vec<f64> = factors.row(item).iter().map(|&code| f64::from(code)).collect();
    let length = inner(&codes, &codes).sqrt();
    codes.into_iter().map(|x| if length == 0.0 { 0.0 } else { x / length }).collect()
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What may be shown, by item.
fn allowed(model: &Model, events: &[Event], steps: &[Step], request: &Request) -> Vec<bool> {
    let mut allowed = vec![true; model.n_items()];
    for item in request.exclude.iter().chain(&request.item) {
        allowed[item.at()] = false;
    }
    for (at, event) in events.iter().enumerate() {
        let turns_back = |later: &Event| later.kind.is_interest() && later.item == event.item;
        let item = event.item.as_deref().and_then(|id| model.item_ix(id));
        let holds = event.kind == EventKind::Dismiss && !events[at..].iter().any(turns_back);
        if let Some(item) = item.filter(|_| holds) {
            allowed[item.at()] = false;
        }
    }
    if request.owned == Owned::LeaveOut {
        for id in owned(events) {
            if let Some(item) = model.item_ix(&id) {
                allowed[item.at()] = false;
            }
        }
    }
    if request.seen == Seen::LeaveOut && request.placement != Placement::RecentlyViewed {
        for step in steps {
            allowed[step.item.at()] = false;
        }
    }
    allowed
}

/// In the cart, or bought.
fn owned(events: &[Event]) -> Vec<String> {
    let (mut cart, mut bought) = (Vec::new(), Vec::new());
    for event in events {
        let item = event.item.clone().unwrap_or_default();
        let pieces = event.quantity.unwrap_or(1) as usize;
        match event.kind {
            EventKind::AddToCart => cart.extend(vec![item; pieces]),
            EventKind::RemoveFromCart if event.quantity.is_some() => {
                for _ in 0..pieces {
                    let held = cart.iter().position(|other| *other == item);
                    held.map(|at| cart.remove(at));
                }
            }
            EventKind::RemoveFromCart => cart.retain(|other| *other != item),
            EventKind::Purchase => {
                cart.retain(|other| *other != item);
                bought.push(item);
            }
            _ => {}
        }
    }
    cart.append(&mut bought);
    cart
}

/// Events of interest on known items, oldest first; neighbours on one item are one step
/// unless they are of the same kind.
fn steps(model: &Model, events: &[Event]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut before = None;
    for (at, event) in events.iter().enumerate() {
        let item = event.item.as_deref().and_then(|id| model.item_ix(id));
        let Some(item) = item else { continue };
        if event.kind == EventKind::RemoveFromCart {
            for step in steps.iter_mut().filter(|step| step.item == item) {
                if step.kind == EventKind::AddToCart {
                    step.kind = EventKind::ViewItem;
                }
            }
        }
        if !event.kind.is_interest() {
            continue;
        }
        let dwell_ms = dwell(event, &events[at + 1..]);
        match steps.last_mut() {
            Some(step) if step.item == item && before != Some(event.kind) => {
                step.kind = stronger(step.kind, event.kind);
                let parts: Vec<u32> = step.dwell_ms.into_iter().chain(dwell_ms).collect();
                step.dwell_ms = (!parts.is_empty()).then(|| half_an_hour(parts.iter().sum()));
            }
            _ => steps.push(Step { item, kind: event.kind, dwell_ms }),
        }
        before = Some(event.kind);
    }
    if let Some(newest) = steps.last_mut() {
        newest.dwell_ms = None;
    }
    steps
}

/// Until the next event with a later time; only impressions may be passed over on the way.
fn dwell(event: &Event, later: &[Event]) -> Option<u32> {
    let timed = |next: &&Event| event.time_ms > 0 && next.time_ms >= event.time_ms;
    let is_shown = |next: &&Event| next.kind == EventKind::ViewItemList;
    let until_next = later.iter().find(|next| timed(next) || !is_shown(next)).filter(timed);
    let until_next = until_next.map(|next| u32::try_from(next.time_ms - event.time_ms).unwrap());
    event.dwell_ms.or(until_next).map(half_an_hour)
}

fn half_an_hour(ms: u32) -> u32 {
    ms.min(1_800_000)
}

/// From the weakest word to the strongest.
fn stronger(a: EventKind, b: EventKind) -> EventKind {
    let order = [
        EventKind::SelectItem,
        EventKind::ViewItem,
        EventKind::AddToWishlist,
        EventKind::AddToCart,
        EventKind::Purchase,
    ];
    let place = |kind| order.iter().position(|other| *other == kind);
    if place(b) > place(a) { b } else { a }
}
