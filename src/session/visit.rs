use super::memory::{Impression, Outcome, Trial};
use super::state::{
    Line, MAX_EVENTS, MAX_IMPRESSIONS, MAX_OWNED, MAX_QUERY_CHARS, MAX_TRIALS, STATE_VERSION,
    SessionState,
};
use super::steps::{MAX_DWELL_MS, Step, merge};
use super::{EventError, RestoreError, check, fatigue, size, taste};
use crate::types::{Event, EventKind, MAX_ID_BYTES};

/// A pause longer than this ends a visit: 30 minutes.
pub const MAX_PAUSE_MS: u64 = 30 * 60 * 1000;

/// What the shopper did in this visit, and what is remembered of earlier ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Session {
    state: SessionState,
}

/// How the shopper said no to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Took it out of the cart.
    Removed,
    /// Said "not this one".
    Dismissed,
}

impl Session {
    /// A stranger's session.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in one event. A time before that of the event before it is taken as it is: then
    /// nobody knows how long the shopper stayed.
    ///
    /// # Errors
    /// - [`EventError::MissingItem`]: the kind is about a product, and none is named.
    /// - [`EventError::ItemTooLong`]: the id is longer than [`MAX_ID_BYTES`].
    /// - [`EventError::MissingQuery`]: a search without words.
    /// - [`EventError::Quantity`]: no pieces, or more than
    ///   [`MAX_QUANTITY`](crate::types::MAX_QUANTITY).
    /// - [`EventError::Price`]: negative, infinite or no number.
    pub fn observe(&mut self, mut event: Event) -> Result<(), EventError> {
        check::event(&event)?;
        if let Some(query) = &mut event.query {
            *query = query.chars().take(MAX_QUERY_CHARS).collect();
        }
        self.take_in(event);
        size::fit(&mut self.state);
        Ok(())
    }

    /// Everything the session holds.
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// A session with the state of an earlier one. Of a state of version 1 everything is
    /// taken over that version 2 has room for.
    ///
    /// # Errors
    /// - [`RestoreError::Newer`]: written by a newer engine.
    /// - [`RestoreError::TooLarge`]: no engine writes that much.
    /// - [`RestoreError::Event`]: an event or an id that `observe` would have refused.
    /// - [`RestoreError::Number`]: a count or a weight that no session holds.
    pub fn restore(mut state: SessionState) -> Result<Self, RestoreError> {
        state.check()?;
        state.version = STATE_VERSION;
        let impressions = state.events.iter().any(|event| event.kind == EventKind::ViewItemList);
        let events = if impressions { std::mem::take(&mut state.events) } else { Vec::new() };
        let mut session = Self { state };
        for event in events {
            session.note(event);
        }
        size::fit(&mut session.state);
        Ok(session)
    }

    /// Wipes everything.
    pub fn forget(&mut self) {
        *self = Self::new();
    }

    /// Ends the visit: what it was about becomes part of the taste, its events are forgotten,
    /// except for what the shopper said no to. Cart, purchases, impressions and trials stay.
    ///
    /// Call it only where the shop may keep what a visit was about beyond the visit.
    /// `now_ms`: milliseconds since 1970, 0 where it is not known; it counts only where the
    /// events have no times.
    pub fn end_visit(&mut self, now_ms: u64) {
        let times = self.state.events.iter().rev().map(|event| event.time_ms);
        let end_ms = { times }.find(|&ms| ms > 0).unwrap_or(now_ms);
        let steps = self.steps(Some);
        let gains: Vec<_> = steps.iter().map(|step| (step.item, taste::gain(step.kind))).collect();
        let no = self.dismissed();
        let likings = taste::after(&self.state.taste, &gains, &no, taste::day(end_ms));
        let no: Vec<String> = no.into_iter().map(str::to_owned).collect();
        let holds = |event: &Event| event.item.as_ref().is_some_and(|item| no.contains(item));
        self.state.events.retain(|event| event.kind == EventKind::Dismiss && holds(event));
        self.state.taste = likings;
        size::fit(&mut self.state);
    }

    /// [`end_visit`](Self::end_visit) if the newest event is more than [`MAX_PAUSE_MS`] ago;
    /// for the beginning of a page, with the same proviso. Whether anything was forgotten.
    pub fn roll_over(&mut self, now_ms: u64) -> bool {
        let n_events = self.state.events.len();
        let newest = self.state.events.last().map_or(0, |event| event.time_ms);
        if newest > 0 && now_ms.saturating_sub(newest) > MAX_PAUSE_MS {
            self.end_visit(now_ms);
        }
        self.state.events.len() < n_events
    }

    /// Counts how a trial went. A key that is empty or longer than [`MAX_ID_BYTES`] is no
    /// trial. Where there are more than [`MAX_TRIALS`], the one longest ago is forgotten.
    pub fn record(&mut self, key: &str, outcome: Outcome) {
        if key.is_empty() || key.len() > MAX_ID_BYTES {
            return;
        }
        let trials = &mut self.state.trials;
        let known = trials.iter().position(|trial| trial.key == key);
        let mut trial = known.map_or_else(
            || Trial { key: key.to_owned(), shown: 0.0, chosen: 0.0 },
            |at| trials.remove(at),
        );
        trial.count(outcome);
        trials.push(trial);
        keep_newest(trials, MAX_TRIALS);
        size::fit(&mut self.state);
    }

    /// How often what stands under `key` was shown and chosen; `None` where it was not tried,
    /// or that is forgotten.
    pub fn trial(&self, key: &str) -> Option<&Trial> {
        self.state.trials.iter().find(|trial| trial.key == key)
    }

    /// The session as steps, oldest first, of the items that `resolve` knows. The newest
    /// step's dwell is never known: the shopper is still there.
    pub fn steps<'a, I: Copy + PartialEq>(
        &'a self,
        resolve: impl Fn(&'a str) -> Option<I>,
    ) -> Vec<Step<I>> {
        let events = &self.state.events;
        let step = |(at, event): (usize, &'a Event)| {
            let item = resolve(event.item.as_deref()?)?;
            Some(Step { item, kind: event.kind, dwell_ms: dwell(event, events.get(at + 1)) })
        };
        let mut steps = merge(events.iter().enumerate().filter_map(step));
        if let Some(newest) = steps.last_mut() {
            newest.dwell_ms = None;
        }
        steps
    }

    /// Ids of what is in the cart, oldest first.
    pub fn cart(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.state.cart.iter().map(|line| line.item.as_str())
    }

    /// Ids of what is in the cart, then of what was bought, each oldest first.
    pub fn owned(&self) -> impl Iterator<Item = &str> {
        self.cart().chain(self.state.bought.iter().map(String::as_str))
    }

    /// Ids of the items the shopper said no to, and did not turn back to since.
    pub fn dismissed(&self) -> Vec<&str> {
        let dismissed = self.refused().into_iter();
        dismissed.filter(|(_, how)| *how == Refusal::Dismissed).map(|(item, _)| item).collect()
    }

    /// Ids of the items the shopper said no to or took out of the cart, and did not turn back
    /// to since, oldest first. A "no" holds until then, whatever else is taken out.
    pub fn refused(&self) -> Vec<(&str, Refusal)> {
        let mut refused: Vec<(&str, Refusal)> = Vec::new();
        for event in &self.state.events {
            let Some(item) = event.item.as_deref() else { continue };
            let how = match event.kind {
                EventKind::Dismiss => Refusal::Dismissed,
                EventKind::RemoveFromCart if self.cart().all(|other| other != item) => {
                    Refusal::Removed
                }
                kind if kind.is_interest() => {
                    refused.retain(|(other, _)| *other != item);
                    continue;
                }
                _ => continue,
            };
            let no = (item, Refusal::Dismissed);
            let how = if refused.contains(&no) { Refusal::Dismissed } else { how };
            refused.retain(|(other, _)| *other != item);
            refused.push((item, how));
        }
        refused
    }

    /// The words of the latest search, and how many events of interest came after it.
    pub fn latest_search(&self) -> Option<(&str, usize)> {
        let newest_first = self.state.events.iter().rev();
        let is_search = |event: &&Event| event.kind == EventKind::Search;
        let words = newest_first.clone().find(is_search)?.query.as_deref()?;
        let since = newest_first.take_while(|event| !is_search(event));
        Some((words, since.filter(|event| event.kind.is_interest()).count()))
    }

    fn take_in(&mut self, event: Event) {
        self.remember_owned(&event);
        self.note(event);
    }

    fn note(&mut self, event: Event) {
        let state = &mut self.state;
        if event.kind == EventKind::ViewItemList {
            end_stay(state.events.last_mut(), &event);
            fatigue::show(&mut state.impressions, event);
            keep_newest(&mut state.impressions, MAX_IMPRESSIONS);
            return;
        }
        if event.kind.is_interest() {
            let clicked = |shown: &Impression| Some(shown.item.as_str()) == event.item.as_deref();
            state.impressions.retain(|shown| !clicked(shown));
        }
        state.events.push(event);
        keep_newest(&mut state.events, MAX_EVENTS);
    }

    fn remember_owned(&mut self, event: &Event) {
        let Some(item) = &event.item else { return };
        let state = &mut self.state;
        match event.kind {
            EventKind::AddToCart => put(&mut state.cart, item, event.quantity.unwrap_or(1)),
            EventKind::RemoveFromCart => take_out(&mut state.cart, item, event.quantity),
            EventKind::Purchase => {
                take_out(&mut state.cart, item, None);
                state.bought.retain(|other| other != item);
                state.bought.push(item.clone());
                keep_newest(&mut state.bought, MAX_OWNED);
            }
            _ => {}
        }
    }
}

/// More of what is in the cart already makes it the newest there.
fn put(cart: &mut Vec<Line>, item: &str, quantity: u32) {
    let before = cart.iter().find(|line| line.item == item).map_or(0, |line| line.quantity);
    take_out(cart, item, None);
    cart.push(Line { item: item.to_owned(), quantity: before.saturating_add(quantity) });
    keep_newest(cart, MAX_OWNED);
}

/// `None`: all there are.
fn take_out(cart: &mut Vec<Line>, item: &str, quantity: Option<u32>) {
    for line in cart.iter_mut().filter(|line| line.item == item) {
        line.quantity = line.quantity.saturating_sub(quantity.unwrap_or(u32::MAX));
    }
    cart.retain(|line| line.quantity > 0);
}

/// Impressions are not kept among the events. What they say of how long the shopper stayed
/// with the event before is written to that event.
fn end_stay(newest: Option<&mut Event>, shown: &Event) {
    if let Some(newest) = newest {
        newest.dwell_ms = dwell(newest, Some(shown));
    }
}

/// The event's own dwell, else the time to the next event where both times are known.
fn dwell(event: &Event, next: Option<&Event>) -> Option<u32> {
    let known = |event: &Event| (event.time_ms > 0).then_some(event.time_ms);
    let until_next = || u32::try_from(known(next?)?.checked_sub(known(event)?)?).ok();
    event.dwell_ms.or_else(until_next).map(|ms| ms.min(MAX_DWELL_MS))
}

fn keep_newest<T>(list: &mut Vec<T>, limit: usize) {
    let surplus = list.len().saturating_sub(limit);
    list.drain(..surplus);
}
