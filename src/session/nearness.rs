//! What lies near a place in item space.

use super::affinity::refused;
use super::visit::Session;
use crate::kernels::{Scan, quantise_i8};
use crate::model::{Factors, Model};
use crate::types::{Lift, Signal, Spread};

/// How many of the newest items the shopper said no to are read.
const MAX_READ: usize = 20;
/// So many events of interest later a search says half as much.
const HALF_LIFE_EVENTS: f32 = 5.0;
/// Below this length a sum of vectors has no direction worth following.
const MIN_LENGTH: f32 = 1e-4;

/// Items near those the shopper said no to lose a little: `weight · s · max(0, cos)²`, `cos`
/// being that of the item and the direction of `Σ s_j·e_j` over the newest 20 such items, `s_j`
/// 1 for "not this one" and ½ for what was taken out of the cart, and `s` the largest of them.
/// So at most `weight` (log-odds); the square leaves alone what is not really near. `None`
/// where the shopper said no to nothing the model can place.
pub fn dislikes(model: &Model, session: &Session, weight: f32) -> Option<Lift> {
    let factors = model.factors().filter(|_| weight != 0.0)?;
    let refused = refused(model, session);
    let mut direction = vec![0.0; factors.dim()];
    let mut strongest = 0.0_f32;
    for &(item, strength) in refused.iter().rev().take(MAX_READ) {
        let scale = strength * factors.inverse_norm(item);
        for (sum, &code) in direction.iter_mut().zip(factors.row(item)) {
            *sum += scale * f32::from(code);
        }
        strongest = strongest.max(strength);
    }
    let loss = |cosine: f32| {
        let near = cosine.max(0.0);
        -weight * strongest * near * near
    };
    near(factors, &direction, loss)
        .map(|values| Lift { signal: Signal::Dislike, spread: Spread::Each(values) })
}

/// What the words of a search say: those of the request, else of the latest search, which says
/// `2^(−n / 5)` as much after `n` events of interest. Weighed by the model
/// ([`Signals::query`](crate::model::Signals::query)) times its factor on likeness, so that a
/// search counts so many times what likeness to the session counts. `None` where nothing was
/// searched for, or the words have no place.
pub fn searched(model: &Model, session: &Session, words: Option<&str>) -> Option<Lift> {
    let temperature = model.factors()?.interest().temperature();
    let weight = model.signals().query() * temperature;
    let latest = || session.latest_search().map(|(words, since)| (words, search_fade(since)));
    let (words, fade) = words.map(|words| (words, 1.0)).or_else(latest)?;
    query(model, &model.place_words(words)?, weight * fade)
}

/// Items gain `weight · cos` of their vector and the place of a search's words, `[dim]`, any
/// length. `None` where the words have no place.
pub fn query(model: &Model, place: &[f32], weight: f32) -> Option<Lift> {
    let factors =
        model.factors().filter(|factors| weight != 0.0 && place.len() == factors.dim())?;
    let values = near(factors, place, |cosine| weight * cosine)?;
    Some(Lift { signal: Signal::Query, spread: Spread::Each(values) })
}

/// How much the latest search still says after so many events of interest: `2^(−n / 5)`.
#[expect(clippy::cast_precision_loss, reason = "at most 100 events are kept")]
pub fn search_fade(events_since: usize) -> f32 {
    libm::exp2f(-(events_since as f32) / HALF_LIFE_EVENTS)
}

/// `value(cos)` for every item, `[n_items]`, the direction rounded to eight bits; the cosine of
/// an item without direction is 0. `None` where `direction` has none.
fn near(factors: &Factors, direction: &[f32], value: impl Fn(f32) -> f32) -> Option<Vec<f32>> {
    let length = direction.iter().fold(0.0, |sum, x| sum + x * x).sqrt();
    // Not `length < MIN_LENGTH`: a place that is no number has no direction either.
    if !(length >= MIN_LENGTH && length.is_finite()) {
        return None;
    }
    let (codes, step) = quantise_i8(direction);
    let norms = factors.inverse_norms();
    let mut values = vec![0.0; norms.len()];
    let scan = Scan::new(&codes, step / length, factors.width());
    scan.add(factors.rows(), norms, &mut values);
    for cosine in &mut values {
        *cosine = value(bounded(*cosine));
    }
    Some(values)
}

/// Rounding may have a cosine a little beyond 1.
#[expect(
    clippy::manual_clamp,
    reason = "the panic of `clamp` prints floats, which is a sixth of the module"
)]
fn bounded(cosine: f32) -> f32 {
    cosine.min(1.0).max(-1.0)
}
