//! What file and session know beside vectors and steps, as the walk asks for it.

use super::walk::Walk;
use crate::types::{ItemIx, Lift, Signal, Spread};

/// What the trend counts beside popularity where it is asked for: an item that is chosen
/// twice as often as before stands beside one that is sixteen times as popular.
const TREND: f32 = 4.0;

impl Walk<'_> {
    /// What each item at hand says of those that are bought with it.
    pub(super) fn companions(&self) -> Vec<Lift> {
        let Some(companions) = self.engine.model.companions() else { return Vec::new() };
        let lift = |&of: &ItemIx| {
            let speaks = companions.of(of).filter(|(_, weight)| *weight > 0.0);
            let few: Vec<(ItemIx, f32)> = speaks.collect();
            let signal = Signal::Neighbours { of, kind: self.kind(of) };
            (!few.is_empty()).then_some(Lift { signal, spread: Spread::Few(few) })
        };
        self.at_hand.iter().filter_map(lift).collect()
    }

    /// What is chosen more often lately than before; `None` where the file does not say.
    pub(super) fn trend(&self) -> Option<Lift> {
        self.trend_times(TREND)
    }

    /// What is chosen at this time, on such a device, by who lands here, and lately.
    pub(super) fn moment(&self) -> impl Iterator<Item = Lift> {
        let model = &self.engine.model;
        let context = model.context_lifts(&self.request.moment);
        let context =
            context.map(|values| Lift { signal: Signal::Context, spread: Spread::Each(values) });
        let trend = self.trend_times(model.signals().trend());
        context.into_iter().chain(trend)
    }

    fn trend_times(&self, factor: f32) -> Option<Lift> {
        let trend = self.engine.model.priors()?.trend();
        let says = factor != 0.0 && trend.iter().any(|&x| x != 0.0);
        let spread = || Spread::Each(trend.iter().map(|x| factor * x).collect());
        says.then(|| Lift { signal: Signal::Trend, spread: spread() })
    }
}
