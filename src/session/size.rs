//! How many bytes a state takes as JSON, without writing it.

use super::memory::{Impression, Liking, Trial};
use super::state::{Line, SessionState};
use crate::types::Event;

/// The most bytes a state has as JSON: 8 kB, whatever was observed.
pub const MAX_STATE_BYTES: usize = 8_000;

/// `{"version":2,"events":[],"cart":[],"bought":[],"impressions":[],"taste":[],"trials":[]}`,
/// and some room.
const FRAME: usize = 100;

/// What each list may have in any case, in the order of [`List`], in bytes. What one does not
/// need the others may take.
const SHARES: [usize; 6] = [3_600, 1_000, 800, 1_000, 1_000, 400];
const _: () = assert!(
    FRAME + SHARES[0] + SHARES[1] + SHARES[2] + SHARES[3] + SHARES[4] + SHARES[5]
        <= MAX_STATE_BYTES
);

/// The longest a price gets: `-1.2345678901234567e-300`.
const PRICE: usize = 24;

/// How many bytes the state has as JSON, at most.
pub(super) fn of(state: &SessionState) -> usize {
    FRAME + lists(state).iter().sum::<usize>()
}

/// Forgets until the state fits: always from the list that is the most beyond its share, and
/// there what is oldest, or of the taste what is weakest. The newest event fits in any case.
pub(super) fn fit(state: &mut SessionState) {
    let mut sizes = lists(state);
    while FRAME + sizes.iter().sum::<usize>() > MAX_STATE_BYTES {
        let beyond = |list: &usize| sizes[*list].saturating_sub(SHARES[*list]);
        let Some(list) = (0..SHARES.len()).max_by_key(beyond) else { return };
        sizes[list] -= 1 + match list {
            0 => bytes_of_event(&state.events.remove(0)),
            1 => bytes_of_line(&state.cart.remove(0)),
            2 => text(&state.bought.remove(0)),
            3 => bytes_of_impression(&state.impressions.remove(0)),
            4 => state.taste.pop().as_ref().map_or(0, bytes_of_liking),
            _ => bytes_of_trial(&state.trials.remove(0)),
        };
    }
}

fn lists(state: &SessionState) -> [usize; 6] {
    [
        total(&state.events, bytes_of_event),
        total(&state.cart, bytes_of_line),
        total(&state.bought, |id| text(id)),
        total(&state.impressions, bytes_of_impression),
        total(&state.taste, bytes_of_liking),
        total(&state.trials, bytes_of_trial),
    ]
}

/// Entries and the commas after them.
fn total<T>(list: &[T], bytes: impl Fn(&T) -> usize) -> usize {
    list.iter().map(|entry| bytes(entry) + 1).sum()
}

fn bytes_of_event(event: &Event) -> usize {
    let mut bytes = r#"{"kind":"","timeMs":}"#.len() + event.kind.name().len();
    bytes += whole(event.time_ms);
    bytes += event.item.as_deref().map_or(0, |item| r#","item":"#.len() + text(item));
    bytes += event.dwell_ms.map_or(0, |ms| r#","dwellMs":"#.len() + whole(ms.into()));
    bytes += event.query.as_deref().map_or(0, |query| r#","query":"#.len() + text(query));
    bytes += event.quantity.map_or(0, |n| r#","quantity":"#.len() + whole(n.into()));
    bytes + event.price.map_or(0, |_| r#","price":"#.len() + PRICE)
}

fn bytes_of_line(line: &Line) -> usize {
    r#"{"item":,"quantity":}"#.len() + text(&line.item) + whole(line.quantity.into())
}

fn bytes_of_impression(shown: &Impression) -> usize {
    r#"{"item":,"shown":,"timeMs":}"#.len()
        + text(&shown.item)
        + fraction(shown.shown)
        + whole(shown.time_ms)
}

fn bytes_of_liking(liking: &Liking) -> usize {
    r#"{"item":,"weight":,"day":}"#.len()
        + text(&liking.item)
        + fraction(liking.weight)
        + whole(liking.day.into())
}

fn bytes_of_trial(trial: &Trial) -> usize {
    r#"{"key":,"shown":,"chosen":}"#.len()
        + text(&trial.key)
        + fraction(trial.shown)
        + fraction(trial.chosen)
}

/// A text in quotes, as `JSON.stringify` and `serde_json` escape it.
fn text(text: &str) -> usize {
    let byte = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..=31 => 6,
        _ => 1,
    };
    2 + text.bytes().map(byte).sum::<usize>()
}

fn whole(number: u64) -> usize {
    1 + number.checked_ilog10().unwrap_or(0) as usize
}

/// A number on the grid of [`on_grid`](super::memory::on_grid): its whole part, a point and
/// six digits.
#[expect(clippy::cast_possible_truncation, reason = "the whole part is wanted")]
#[expect(clippy::cast_sign_loss, reason = "what is kept is never negative")]
fn fraction(number: f32) -> usize {
    whole(number as u64) + 7
}
