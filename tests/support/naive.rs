//! The formulas of the documents, as plainly as they can be written.
#![expect(clippy::cast_precision_loss, reason = "small counts")]

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

/// The ways of ranking of a placement, first to last.
fn chain(placement: Placement) -> &'static [&'static str] {
    match placement {
        Placement::Home => &["session", "popular"],
        Placement::Related => &["page", "session", "popular"],
        Placement::BoughtTogether => &["companions", "neighbours", "page", "session", "popular"],
        Placement::Cart => &["companions", "cart", "session", "popular"],
        Placement::MoreLikeThis => &["content", "page", "session", "popular"],
        Placement::Trending => &["trend", "popular"],
        Placement::Popular => &["popular"],
        Placement::RecentlyViewed => &["recent"],
        Placement::Search => &["listed"],
    }
}

/// A slate of everything that may be shown: what the first way of ranking says something of,
/// best first, then what the next says of the rest.
pub(crate) fn recommend(model: &Model, events: &[Event], request: &Request) -> Naive {
    let page = Page::of(model, events, request);
    let allowed = allowed(model, events, &page, request);
    let first = if request.placement == Placement::RecentlyViewed {
        Source::Recent
    } else {
        Source::Popular
    };
    let mut naive = Naive { source: first, ranked: Vec::new(), is_unstable: false };
    let mut left = allowed;
    let mut ways_that_spoke = 0;
    for &way in chain(request.placement) {
        let Some((source, scores)) = page.scores(way, &left, &mut naive.is_unstable) else {
            continue;
        };
        let of = |item: ItemIx| scores[item.at()].map(|score| (item, score));
        let items = (0..).map(ItemIx).take(model.n_items()).filter(|item| left[item.at()]);
        let mut ranked: Vec<(ItemIx, f64)> = items.filter_map(of).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        if (request.placement, way, ways_that_spoke) == (Placement::Home, "popular", 0) {
            ranked = page.spread(ranked);
        }
        if ways_that_spoke == 0 {
            naive.source = source;
        }
        ways_that_spoke += 1;
        for (item, _) in &ranked {
            left[item.at()] = false;
        }
        naive.ranked.extend(ranked);
    }
    naive
}

/// What is known before anything is ranked.
struct Page<'a> {
    model: &'a Model,
    request: &'a Request,
    /// Newest first.
    steps: Vec<Step>,
    /// The page's product, and what else the slate is for.
    at_hand: Vec<ItemIx>,
}

/// A score for each item that something is said of.
type Scores = Vec<Option<f64>>;

impl<'a> Page<'a> {
    fn of(model: &'a Model, events: &[Event], request: &'a Request) -> Self {
        let mut steps = steps(model, events);
        steps.reverse();
        let mut context = request.context.clone();
        let is_for_cart = match request.placement {
            Placement::Cart => true,
            Placement::BoughtTogether => request.item.is_none(),
            _ => false,
        };
        if is_for_cart && context.is_empty() {
            context = cart(events).iter().filter_map(|id| model.item_ix(id)).collect();
        }
        let mut at_hand: Vec<ItemIx> = Vec::new();
        for item in request.item.into_iter().chain(context) {
            if !at_hand.contains(&item) {
                at_hand.push(item);
            }
        }
        Self { model, request, steps, at_hand }
    }

    fn scores(&self, way: &str, left: &[bool], is_unstable: &mut bool) -> Option<(Source, Scores)> {
        match way {
            "session" => self.read(&Reading::of(self.model, &self.steps), is_unstable),
            "page" => {
                let item = self.request.item?;
                let mut steps = self.steps.clone();
                if steps.first().is_none_or(|newest| newest.item != item) {
                    steps.insert(0, Step { item, kind: EventKind::ViewItem, dwell_ms: None });
                }
                self.read(&Reading::led_by(self.model, &steps, item), is_unstable)
            }
            "cart" => {
                let mut reading = self.cart();
                reading.neighbours = self.neighbours();
                let speaks = reading.speaks();
                *is_unstable |= speaks && reading.is_unstable;
                let score = |item: ItemIx| Some(reading.score(self.model, item));
                speaks.then(|| (Source::Together, self.each(score)))
            }
            "companions" => self.positive(Source::Together, &self.companions()),
            "neighbours" => self.positive(Source::Together, &self.neighbours()),
            "content" => self.content(),
            "trend" => {
                let trend = self.model.priors()?.trend();
                let says = trend.iter().any(|&x| x != 0.0);
                let score =
                    |item: ItemIx| self.popularity(item) + 4.0 * f64::from(trend[item.at()]);
                says.then(|| (Source::Trending, self.each(|item| Some(score(item)))))
            }
            "popular" => Some((Source::Popular, self.each(|item| Some(self.popularity(item))))),
            "recent" => Some((Source::Recent, self.recent(left))),
            _ => Some(self.listed(is_unstable)),
        }
    }

    fn each(&self, score: impl Fn(ItemIx) -> Option<f64>) -> Scores {
        (0..).map(ItemIx).take(self.model.n_items()).map(score).collect()
    }

    fn popularity(&self, item: ItemIx) -> f64 {
        f64::from(self.model.popularity()[item.at()])
    }

    fn read(&self, reading: &Reading, is_unstable: &mut bool) -> Option<(Source, Scores)> {
        let speaks = reading.speaks();
        *is_unstable |= reading.is_unstable;
        let scores = self.each(|item| Some(reading.score(self.model, item)));
        speaks.then_some((Source::Session, scores))
    }

    /// Only of items that gain something.
    fn positive(&self, source: Source, gains: &[f64]) -> Option<(Source, Scores)> {
        let gain = |item: ItemIx| Some(gains[item.at()]).filter(|gain| *gain > 0.0);
        let speaks = gains.iter().any(|&gain| gain > 0.0);
        speaks.then(|| (source, self.each(gain)))
    }

    fn cart_steps(&self) -> Vec<Step> {
        let step = |&item| Step { item, kind: EventKind::AddToCart, dwell_ms: None };
        self.at_hand.iter().rev().map(step).collect()
    }

    /// With attention: the unit vectors of everything at hand, added up.
    fn cart(&self) -> Reading {
        let steps = self.cart_steps();
        let mut reading = Reading::of(self.model, &steps);
        let factors = self.model.factors().filter(|_| !steps.is_empty());
        if let Some(factors) = factors
            && matches!(factors.interest(), InterestRule::Attention(_))
        {
            let (sum, length) = weighted(factors, &steps, &vec![1.0; steps.len()]);
            reading.is_unstable = length < UNSTABLE_BELOW;
            let unit = || sum.into_iter().map(|x| x / length).collect();
            reading.interest = (length > 1e-4).then(unit);
        }
        reading
    }

    /// What each item gains from being bought with what is at hand.
    fn companions(&self) -> Vec<f64> {
        let mut gains = vec![0.0; self.model.n_items()];
        if let Some(list) = self.model.companions() {
            for (item, weight) in self.at_hand.iter().flat_map(|of| list.of(*of)) {
                gains[item.at()] += f64::from(weight);
            }
        }
        gains
    }

    /// What each item gains from the neighbours of everything at hand, each with all the
    /// reach there is.
    fn neighbours(&self) -> Vec<f64> {
        let mut gains = vec![0.0; self.model.n_items()];
        if let Some(list) = self.model.neighbours() {
            for (item, weight) in self.at_hand.iter().flat_map(|of| list.of(*of)) {
                gains[item.at()] += f64::from(list.reach()[0]) * f64::from(weight);
            }
        }
        gains
    }

    fn content(&self) -> Option<(Source, Scores)> {
        let page = self.request.item?;
        let factors = self.model.factors();
        let temperature = factors.map_or(1.0, |all| f64::from(all.interest().temperature()));
        let shelf = |item: ItemIx| {
            let Some(terms) = self.model.attributes().terms("category") else { return 0.0 };
            let path = terms.of(page);
            let same = path.iter().take_while(|term| terms.has(item, **term)).count();
            if same == 0 { 0.0 } else { temperature * 0.25 * same as f64 / path.len() as f64 }
        };
        let direction = factors.map(|factors| unit_vector(factors, page)).unwrap_or_default();
        if inner(&direction, &direction) == 0.0 {
            let gains: Vec<f64> = (0..)
                .map(ItemIx)
                .take(self.model.n_items())
                .map(|item| if item == page { 0.0 } else { shelf(item) })
                .collect();
            return self.positive(Source::Content, &gains);
        }
        let likeness =
            |item| factors.map_or(0.0, |factors| inner(&direction, &vector(factors, item)));
        let score = |item: ItemIx| Some(temperature * likeness(item) + shelf(item));
        Some((Source::Content, self.each(score)))
    }

    fn recent(&self, left: &[bool]) -> Scores {
        let mut seen: Vec<ItemIx> = Vec::new();
        for step in &self.steps {
            if left[step.item.at()] && !seen.contains(&step.item) {
                seen.push(step.item);
            }
        }
        self.each(|item| seen.iter().position(|other| *other == item).map(|at| -(at as f64)))
    }

    fn listed(&self, is_unstable: &mut bool) -> (Source, Scores) {
        let mut listed: Vec<ItemIx> = Vec::new();
        for item in &self.request.listed {
            if !listed.contains(item) {
                listed.push(*item);
            }
        }
        let reading = Reading::of(self.model, &self.steps);
        let speaks = reading.speaks();
        *is_unstable |= speaks && reading.is_unstable;
        let score = |item: ItemIx| {
            let place = listed.iter().position(|other| *other == item)?;
            let own = if speaks { reading.score(self.model, item) } else { 0.0 };
            Some(own + (1.0 + listed.len() as f64).ln() - (1.0 + place as f64).ln())
        };
        let source = if speaks { Source::Session } else { Source::Listed };
        (source, self.each(score))
    }

    /// No more than a quarter of a slate from one top category, while there are others.
    fn spread(&self, ranked: Vec<(ItemIx, f64)>) -> Vec<(ItemIx, f64)> {
        let Some(terms) = self.model.attributes().terms("category") else { return ranked };
        let at_most = self.request.count.div_ceil(4);
        let (mut first, mut over) = (Vec::new(), Vec::new());
        // The engine has looked at so many.
        let depth = self.request.count.saturating_mul(2).max(200);
        for (at, (item, score)) in ranked.into_iter().enumerate() {
            let top = terms.of(item).first();
            let same = |(other, _): &&(ItemIx, f64)| terms.of(*other).first() == top;
            if at < depth && (top.is_none() || first.iter().filter(same).count() < at_most) {
                first.push((item, score));
            } else {
                over.push((item, score));
            }
        }
        first.extend(over);
        first
    }
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
        Self::with(model, steps, |shares, _| shares)
    }

    /// Reads steps, newest first, half of which must belong to the page.
    fn led_by(model: &Model, steps: &[Step], page: ItemIx) -> Self {
        let mut reading = Self::with(model, steps, |shares, steps| led(shares, steps, page));
        let Some(list) = model.neighbours() else { return reading };
        let speaks = |(step, reach): &(&Step, &f32)| {
            **reach > 0.0 && list.of(step.item).any(|(_, weight)| weight > 0.0)
        };
        let asked: Vec<(ItemIx, f64)> = steps
            .iter()
            .zip(list.reach())
            .filter(speaks)
            .map(|(step, reach)| (step.item, f64::from(*reach)))
            .collect();
        let sum = |is_page: bool| -> f64 {
            asked.iter().filter(|(item, _)| (*item == page) == is_page).map(|(_, x)| x).sum()
        };
        let (own, others) = (sum(true), sum(false));
        let factor = if own > 0.0 && own < others { own / others } else { 1.0 };
        reading.neighbours = vec![0.0; model.n_items()];
        for (of, reach) in asked {
            let reach = if of == page { reach } else { factor * reach };
            for (item, weight) in list.of(of) {
                reading.neighbours[item.at()] += reach * f64::from(weight);
            }
        }
        reading
    }

    /// Reads steps with other shares than their own.
    fn with(model: &Model, steps: &[Step], change: impl Fn(Vec<f64>, &[Step]) -> Vec<f64>) -> Self {
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
                let shares = attention(factors, encoder, &reading.steps);
                let (_, length) = weighted(factors, &reading.steps, &shares);
                reading.is_unstable = length < UNSTABLE_BELOW;
                let changed = change(shares, &reading.steps);
                let (sum, changed_length) = weighted(factors, &reading.steps, &changed);
                reading.is_unstable |= changed_length < UNSTABLE_BELOW;
                let unit = || sum.into_iter().map(|x| x / changed_length).collect();
                reading.interest = (length > 1e-4).then(unit);
            }
            InterestRule::FoldIn(rule) => {
                let pull = |step: &Step| f64::from(rule.pull[step.kind as usize]);
                let pulls: Vec<f64> = reading.steps.iter().map(pull).collect();
                let own = fold_in(factors, rule, &reading.steps, &pulls);
                let speaks = own.iter().any(|&x| x != 0.0);
                let h = fold_in(factors, rule, &reading.steps, &change(pulls, &reading.steps));
                reading.interest = speaks.then_some(h);
            }
        }
        reading
    }

    fn speaks(&self) -> bool {
        self.neighbours.iter().any(|&gain| gain > 0.0) || self.interest.is_some()
    }

    fn score(&self, model: &Model, item: ItemIx) -> f64 {
        let popularity = f64::from(model.popularity()[item.at()]);
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

/// Shares of which at least half is the page's, where the page has any.
fn led(shares: Vec<f64>, steps: &[Step], page: ItemIx) -> Vec<f64> {
    let sum = |is_page: bool| -> f64 {
        let of = steps.iter().zip(&shares).filter(|(step, _)| (step.item == page) == is_page);
        of.map(|(_, share)| share.max(0.0)).sum()
    };
    let (own, others) = (sum(true), sum(false));
    if own <= 0.0 || own >= others {
        return shares;
    }
    let half = 0.5 * (own + others);
    let factor = |step: &Step| if step.item == page { half / own } else { half / others };
    shares.iter().zip(steps).map(|(share, step)| share * factor(step)).collect()
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

/// `a_t`; steps newest first.
fn attention(factors: &Factors, encoder: &Encoder, steps: &[Step]) -> Vec<f64> {
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
    exponentials.into_iter().map(|exponential| exponential / total).collect()
}

/// `Σ a_t e_t` and its length; steps newest first.
fn weighted(factors: &Factors, steps: &[Step], shares: &[f64]) -> (Vec<f64>, f64) {
    let mut sum = vec![0.0; factors.dim()];
    for (step, share) in steps.iter().zip(shares) {
        for (sum, x) in sum.iter_mut().zip(unit_vector(factors, step.item)) {
            *sum += share * x;
        }
    }
    let length = inner(&sum, &sum).sqrt();
    (sum, length)
}

/// `(G + λI + Σ c_t·e_t·e_tᵀ)⁻¹ · Σ p_t·e_t` by Gauss and Jordan; steps newest first.
fn fold_in(factors: &Factors, rule: &FoldIn, steps: &[Step], pulls: &[f64]) -> Vec<f64> {
    let dim = factors.dim();
    let mut system = vec![vec![0.0; dim + 1]; dim];
    for (i, row) in system.iter_mut().enumerate() {
        row[i] += f64::from(rule.ridge);
        for j in (0..dim).filter(|_| !rule.gram.is_empty()) {
            let (low, high) = (i.min(j), i.max(j));
            row[j] += f64::from(rule.gram[high * (high + 1) / 2 + low]);
        }
        for (step, pull) in steps.iter().zip(pulls) {
            let vector = vector(factors, step.item);
            for (j, x) in vector.iter().enumerate() {
                row[j] += f64::from(rule.confidence[step.kind as usize]) * vector[i] * x;
            }
            row[dim] += pull * vector[i];
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
fn allowed(model: &Model, events: &[Event], page: &Page<'_>, request: &Request) -> Vec<bool> {
    let is_search = request.placement == Placement::Search;
    let is_recent = request.placement == Placement::RecentlyViewed;
    let mut allowed = vec![!is_search; model.n_items()];
    for item in request.listed.iter().filter(|_| is_search) {
        allowed[item.at()] = true;
    }
    for item in
        request.exclude.iter().chain(&page.at_hand).chain(&request.item).chain(&request.context)
    {
        allowed[item.at()] = false;
    }
    for (at, event) in events.iter().enumerate() {
        let turns_back = |later: &Event| later.kind.is_interest() && later.item == event.item;
        let item = event.item.as_deref().and_then(|id| model.item_ix(id));
        let holds = event.kind == EventKind::Dismiss && !events[at..].iter().any(turns_back);
        if let Some(item) = item.filter(|_| holds && !is_search) {
            allowed[item.at()] = false;
        }
    }
    if request.owned == Owned::LeaveOut && !is_search {
        for id in owned(events) {
            if let Some(item) = model.item_ix(&id) {
                allowed[item.at()] = false;
            }
        }
    }
    if request.seen == Seen::LeaveOut && !is_recent && !is_search {
        for step in &page.steps {
            allowed[step.item.at()] = false;
        }
    }
    allowed
}

/// In the cart, or bought.
fn owned(events: &[Event]) -> Vec<String> {
    let bought = events.iter().filter(|event| event.kind == EventKind::Purchase);
    bought.filter_map(|event| event.item.clone()).chain(cart(events)).collect()
}

/// In the cart, oldest first.
fn cart(events: &[Event]) -> Vec<String> {
    let mut cart: Vec<String> = Vec::new();
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
            EventKind::RemoveFromCart | EventKind::Purchase => {
                cart.retain(|other| *other != item);
            }
            _ => {}
        }
    }
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
