//! What was shown again and again, and not clicked.

use super::memory::{Impression, on_grid};
use super::visit::Session;
use crate::kernels::sort_by;
use crate::model::Model;
use crate::types::{Event, ItemIx, Lift, Signal, Spread};

/// Half of the fatigue is gone after this time, twice over.
const VISIT_HALF_LIFE_MS: f32 = 30.0 * 60.0 * 1000.0;
/// The other half is gone after this time, twice over.
const LASTING_HALF_LIFE_MS: f32 = 7.0 * 24.0 * 60.0 * 60.0 * 1000.0;

/// Items that were shown and not clicked give way to others: one that was shown `k` times
/// loses `weight · level · ln(1 + k)`, `k` being what is left of the impressions at `now_ms`, and
/// the weight the model's ([`Signals::rotation`](crate::model::Signals::rotation)). `None` where
/// that is nothing.
///
/// Of an impression half fades within the visit (half-life 30 minutes) and half over visits
/// (7 days): after `Δ` there is `½·2^(−Δ / 30 min) + ½·2^(−Δ / 7 d)` of it left. Nothing fades
/// where a time is not known (0) or runs back. An item the shopper was on in this visit loses
/// nothing.
///
/// `level`: 0 to 1, unitless. `now_ms`: milliseconds since 1970.
pub fn rotation(model: &Model, session: &Session, now_ms: u64, level: f32) -> Option<Lift> {
    let level = level * model.signals().rotation();
    if level == 0.0 {
        return None;
    }
    let clicked = session.steps(|id| model.item_ix(id));
    let mut loss: Vec<(ItemIx, f32)> = Vec::new();
    for shown in &session.state().impressions {
        let Some(item) = model.item_ix(&shown.item) else { continue };
        let left = left(shown, now_ms);
        if left > 0.0 && clicked.iter().all(|step| step.item != item) {
            loss.push((item, -level * libm::log1pf(left)));
        }
    }
    sort_by(&mut loss, |a, b| a.0.cmp(&b.0));
    (!loss.is_empty()).then_some(Lift { signal: Signal::Rotation, spread: Spread::Few(loss) })
}

/// Counts an impression, which becomes the newest.
pub(super) fn show(impressions: &mut Vec<Impression>, event: Event) {
    let Some(item) = event.item else { return };
    let known = impressions.iter().position(|shown| shown.item == item);
    let before = known.map(|at| impressions.remove(at));
    let kept = before.as_ref().map_or(0.0, |shown| left(shown, event.time_ms));
    // A clock that is missing or runs back does not make the impression older.
    let time_ms = before.map_or(0, |shown| shown.time_ms).max(event.time_ms);
    impressions.push(Impression { item, shown: on_grid(kept + 1.0), time_ms });
}

/// What is left of the impressions.
#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds to seven digits will do")]
fn left(shown: &Impression, now_ms: u64) -> f32 {
    let known = shown.time_ms > 0;
    let elapsed = if known { now_ms.saturating_sub(shown.time_ms) as f32 } else { 0.0 };
    let part = |half_life: f32| 0.5 * libm::exp2f(-elapsed / half_life);
    shown.shown * (part(VISIT_HALF_LIFE_MS) + part(LASTING_HALF_LIFE_MS))
}
