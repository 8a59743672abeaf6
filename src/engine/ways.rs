use super::placements::Way;
use super::shelf;
use super::walk::Walk;
use crate::explore::Record;
use crate::kernels::sort_by;
use crate::model::{Factors, InterestRule, Model};
use crate::session::{Step, encode, led_by};
use crate::types::{
    AttendedStep, EventKind, Ground, Interest, ItemIx, Lift, Placement, ReachedStep, Reading,
    Signal, Source, Spread, Visit,
};

/// Below this length a sum of directions is none.
const MIN_LENGTH: f32 = 1e-4;
/// The least part of the interest on a product page that belongs to its product.
const PAGE_PART: f32 = 0.5;
/// How many of the new products are looked at where one of them is to be tried.
const MAX_TRIED: f32 = 256.0;

/// A way of ranking that has something to say.
pub(super) struct Ranking<'a> {
    pub(super) way: Way,
    pub(super) source: Source,
    pub(super) reading: Reading<'a>,
    pub(super) among: Among,
}

/// Which items a ranking is of.
pub(super) enum Among {
    /// The whole catalogue.
    All,
    /// These, each once.
    These(Vec<ItemIx>),
}

impl<'a> Walk<'a> {
    /// What a way of ranking has to say; `None` where it has nothing.
    pub(super) fn read(&'a self, way: Way) -> Option<Ranking<'a>> {
        match way {
            Way::Session => self.by_interest(way, self.interest(&self.steps)),
            Way::Page => self.by_page(),
            Way::Cart => self.by_cart(),
            Way::Companions => {
                let companions = self.companions();
                self.by_few(way, (Interest::default(), companions))
            }
            Way::Neighbours => self.by_few(way, (self.reached(), Vec::new())),
            Way::Content => self.by_content(),
            Way::Trend => {
                let trend = self.trend()?;
                Some(self.ranking(way, Ground::Popularity, (Interest::default(), vec![trend])))
            }
            Way::Popular => {
                let personal =
                    !matches!(self.request.placement, Placement::Popular | Placement::Trending);
                let own = if personal { self.searched() } else { None };
                let own = own.into_iter().collect();
                Some(self.ranking(way, Ground::Popularity, (Interest::default(), own)))
            }
            Way::New => self.by_chance(),
            Way::Recent => Some(self.recent()),
            Way::Listed => Some(self.listed()),
        }
    }

    fn model(&self) -> &'a Model {
        &self.engine.model
    }

    /// A ranking of the whole catalogue.
    fn ranking(
        &'a self,
        way: Way,
        ground: Ground,
        (interest, mut own): (Interest, Vec<Lift>),
    ) -> Ranking<'a> {
        own.extend(self.explored(ground, self.request.exploration));
        if ground == Ground::Popularity {
            own.extend(self.moment());
        }
        let reading = Reading { interest, ground, shared: &self.lifts, heard: &[], own };
        Ranking { way, source: way.source(), reading, among: Among::All }
    }

    fn by_interest(&'a self, way: Way, interest: Interest) -> Option<Ranking<'a>> {
        let heard = self.heard();
        let speaks = !interest.is_empty() || heard.iter().any(|lift| lift.signal == Signal::Query);
        speaks.then(|| {
            let mut ranking = self.ranking(way, Ground::Bias, (interest, Vec::new()));
            ranking.reading.heard = heard;
            ranking
        })
    }

    /// On a product page the page's product is what the shopper is on now, whether or not the
    /// shop has already told us so.
    fn by_page(&'a self) -> Option<Ranking<'a>> {
        let item = self.request.item?;
        let mut steps = self.steps.clone();
        if steps.last().is_none_or(|newest| newest.item != item) {
            steps.push(Step { item, kind: EventKind::ViewItem, dwell_ms: None });
        }
        let interest = led_by(self.model(), self.interest(&steps), item, PAGE_PART);
        self.by_interest(Way::Page, interest)
    }

    /// A cart has no order: each item in it counts the same, and so do the neighbours of each.
    fn by_cart(&'a self) -> Option<Ranking<'a>> {
        let step = |&item| Step { item, kind: EventKind::AddToCart, dwell_ms: None };
        let interest = match self.model().factors() {
            Some(factors) if matches!(factors.interest(), InterestRule::Attention(_)) => {
                let items: Vec<_> =
                    self.at_hand.iter().map(|&item| (item, self.kind(item))).collect();
                pointing_at(factors, &items).unwrap_or_default()
            }
            _ => encode(self.model(), &self.at_hand.iter().map(step).collect::<Vec<_>>()),
        };
        let Interest { reached, .. } = self.reached();
        self.by_interest(Way::Cart, Interest { reached, ..interest })
    }

    /// Only the items that something is said of.
    fn by_few(&'a self, way: Way, (interest, own): (Interest, Vec<Lift>)) -> Option<Ranking<'a>> {
        let mut items: Vec<ItemIx> = own.iter().flat_map(|lift| self.few(lift)).collect();
        if let Some(neighbours) = self.model().neighbours() {
            for step in &interest.reached {
                let speaks = neighbours.of(step.item).filter(|(_, weight)| *weight > 0.0);
                items.extend(speaks.map(|(item, _)| item));
            }
        }
        sort_by(&mut items, Ord::cmp);
        items.dedup();
        if items.is_empty() {
            return None;
        }
        let reading =
            Reading { interest, ground: Ground::Level, shared: &self.lifts, heard: &[], own };
        Some(Ranking { way, source: way.source(), reading, among: Among::These(items) })
    }

    /// The items a lift speaks for, if they are few.
    fn few(&self, lift: &Lift) -> Vec<ItemIx> {
        let gains = |item: &ItemIx| self.model().gain(lift, *item) > 0.0;
        match &lift.spread {
            Spread::Few(few) => few.iter().map(|(item, _)| *item).collect(),
            Spread::Terms { .. } => self.mask().items().into_iter().filter(gains).collect(),
            _ => Vec::new(),
        }
    }

    /// Everything at hand, each with all the reach that the newest step has.
    fn reached(&self) -> Interest {
        let reach = self.model().neighbours().and_then(|neighbours| neighbours.reach().first());
        let reach = reach.copied().unwrap_or(0.0);
        let speaks = |item: &&ItemIx| {
            let mut of = self.model().neighbours().into_iter().flat_map(|all| all.of(**item));
            reach > 0.0 && of.any(|(_, weight)| weight > 0.0)
        };
        let step = |&item| ReachedStep { item, kind: self.kind(item), reach };
        let reached = self.at_hand.iter().filter(speaks).map(step).collect();
        Interest { reached, ..Interest::default() }
    }

    /// What the shopper does with an item at hand: looks at it, or has it in the cart.
    pub(super) fn kind(&self, item: ItemIx) -> EventKind {
        if self.request.item == Some(item) { EventKind::ViewItem } else { EventKind::AddToCart }
    }

    fn by_content(&'a self) -> Option<Ranking<'a>> {
        let page = self.request.item?;
        let model = self.model();
        let temperature = model.factors().map_or(1.0, |factors| factors.interest().temperature());
        let own: Vec<Lift> = shelf::lift(model, page, temperature).into_iter().collect();
        let Some(interest) = model
            .factors()
            .and_then(|factors| pointing_at(factors, &[(page, EventKind::ViewItem)]))
        else {
            return self.by_few(Way::Content, (Interest::default(), own));
        };
        let reading =
            Reading { interest, ground: Ground::Level, shared: &self.lifts, heard: &[], own };
        let source = Way::Content.source();
        Some(Ranking { way: Way::Content, source, reading, among: Among::All })
    }

    fn by_chance(&'a self) -> Option<Ranking<'a>> {
        #[expect(clippy::cast_precision_loss, reason = "a part of them, roughly")]
        let n_new = self.engine.newcomers.items().len() as f32;
        let lift = self.explored(Ground::Popularity, (MAX_TRIED / n_new).min(1.0))?;
        self.by_few(Way::New, (Interest::default(), vec![lift]))
    }

    fn explored(&self, ground: Ground, level: f32) -> Option<Lift> {
        if level <= 0.0 {
            return None;
        }
        let records = self.records();
        let record = |item: ItemIx| {
            let found = records.binary_search_by_key(&item, |(other, _)| *other);
            found.map_or_else(|_| Record::default(), |at| records[at].1)
        };
        self.engine.newcomers.lift(self.model(), ground, (level, self.request.seed), record)
    }

    /// The shopper's own items, newest first. The score counts down, so that order and score
    /// agree.
    fn recent(&'a self) -> Ranking<'a> {
        let mut items: Vec<ItemIx> = Vec::new();
        for step in self.steps.iter().rev() {
            if self.mask().allows(step.item) && !items.contains(&step.item) {
                items.push(step.item);
            }
        }
        let own = vec![by_place(Signal::Return, &items, |place| 0.0 - place)];
        let interest = Interest::default();
        let reading = Reading { interest, ground: Ground::Level, shared: &[], heard: &[], own };
        Ranking { way: Way::Recent, source: Source::Recent, reading, among: Among::These(items) }
    }

    /// Clicks in a list fall about as one over the place, so the caller's order is worth
    /// `ln(1 + items) − ln(1 + places above)`: log-odds, as the session's score is, and above 0
    /// even at the end, because what stands high in the list speaks for an item.
    fn listed(&'a self) -> Ranking<'a> {
        let items = once(&self.request.listed);
        #[expect(clippy::cast_precision_loss, reason = "no list has 2^24 items")]
        let behind = libm::log1pf(items.len() as f32);
        let gain = |place| behind - libm::log1pf(place);
        let mut own = vec![by_place(Signal::Listed, &items, gain)];
        let interest = self.interest(&self.steps);
        let (source, ground) = if interest.is_empty() {
            own.extend(self.searched());
            (Source::Listed, Ground::Level)
        } else {
            own.extend(self.heard().iter().cloned());
            (Source::Session, Ground::Bias)
        };
        let reading = Reading { interest, ground, shared: &self.lifts, heard: &[], own };
        Ranking { way: Way::Listed, source, reading, among: Among::These(items) }
    }
}

/// The items in their order, each once.
pub(super) fn once(items: &[ItemIx]) -> Vec<ItemIx> {
    let mut places: Vec<(ItemIx, usize)> = items.iter().copied().zip(0..).collect();
    sort_by(&mut places, Ord::cmp);
    places.dedup_by_key(|(item, _)| *item);
    sort_by(&mut places, |a, b| a.1.cmp(&b.1));
    places.into_iter().map(|(item, _)| item).collect()
}

/// What items, each there once, gain by their place among them, 0 being the first.
fn by_place(signal: Signal, items: &[ItemIx], gain: impl Fn(f32) -> f32) -> Lift {
    #[expect(clippy::cast_precision_loss, reason = "no list has 2^24 items")]
    let gain = |(place, &item): (usize, &ItemIx)| (item, gain(place as f32));
    let mut gains: Vec<(ItemIx, f32)> = items.iter().enumerate().map(gain).collect();
    sort_by(&mut gains, |a, b| a.0.cmp(&b.0));
    Lift { signal, spread: Spread::Few(gains) }
}

/// The interest in what is like some items, each as much as any other; `None` where they have
/// no direction, or point away from each other.
fn pointing_at(factors: &Factors, items: &[(ItemIx, EventKind)]) -> Option<Interest> {
    let mut direction = vec![0.0; factors.dim()];
    for &(item, _) in items {
        let scale = factors.inverse_norm(item);
        for (sum, &code) in direction.iter_mut().zip(factors.row(item)) {
            *sum += scale * f32::from(code);
        }
    }
    let length = direction.iter().fold(0.0, |sum, x| sum + x * x).sqrt();
    if length < MIN_LENGTH {
        return None;
    }
    for x in &mut direction {
        *x /= length;
    }
    let step = |&(item, kind)| {
        let visit = Visit::This;
        AttendedStep { item, kind, share: 1.0 / length, visit }
    };
    let steps = items.iter().map(step).collect();
    Some(Interest { direction, steps, ..Interest::default() })
}
