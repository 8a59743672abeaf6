//! What can be known at best: the chances of the next product page, given the truth.

use super::habits::HABITS;
use super::shopper::Scope;
use super::visit::Visit;
use super::vocabulary::{KINDS, N_KINDS};
use super::world::{Item, World};

/// Knows the shopper's taste and intent and every rate of the world. No model can do
/// better than its ranking, except by reading the lists of a visit, which it ignores.
#[derive(Debug)]
pub struct Oracle<'w> {
    world: &'w World,
    /// Appeal of all items together.
    total: f64,
}

impl<'w> Oracle<'w> {
    /// An oracle of this world.
    pub fn new(world: &'w World) -> Self {
        Self { world, total: world.items().iter().map(|item| item.appeal).sum() }
    }

    /// The chance of each item, `[n_items]`, to be viewed next in `visit` after the items in
    /// `seen` (oldest first, repeats allowed). Looks at every item once.
    pub fn chances(&self, visit: &Visit, seen: &[u32]) -> Vec<f64> {
        let mut chances = self.by_want(visit, seen);
        let Some(&current) = seen.last() else { return chances };
        let of_want = 1.0 - HABITS.repeat - HABITS.companion - HABITS.whim;
        for (chance, item) in chances.iter_mut().zip(self.world.items()) {
            *chance = *chance * of_want + HABITS.whim * item.appeal / self.total;
        }
        for (&weight, companion) in
            HABITS.companion_weights.iter().zip(self.world.companions(current))
        {
            chances[companion as usize] += HABITS.companion * weight;
        }
        self.forget_impossible(&mut chances, visit, seen);
        let earlier = distinct(seen, current);
        for &item in &earlier {
            chances[item as usize] += HABITS.repeat / super::chance::real(earlier.len());
        }
        chances
    }

    /// Chances of the items that today's intent leads to.
    fn by_want(&self, visit: &Visit, seen: &[u32]) -> Vec<f64> {
        let kinds = self.kind_chances(visit, seen.is_empty());
        let mut wants: Vec<f64> = self
            .world
            .items()
            .iter()
            .map(|item| item.appeal * visit.taste.fit(&visit.intent, self.world, item))
            .collect();
        self.forget_impossible(&mut wants, visit, seen);
        self.share_out(&mut wants, &kinds);
        let devotion = self.world.settings().devotion();
        let Some(home) = seen.first().map(|&first| self.world.item(first).collection) else {
            return wants;
        };
        if devotion > 0.0 {
            self.devote(&mut wants, (home, devotion), &kinds, (visit, seen));
        }
        wants
    }

    /// Wants in proportion, so that each kind's sum is its chance; 0 where nothing is wanted.
    fn share_out(&self, wants: &mut [f64], kinds: &[f64; N_KINDS]) {
        let mut sums = [0.0; N_KINDS];
        for (want, item) in wants.iter().zip(self.world.items()) {
            sums[usize::from(item.kind)] += want;
        }
        for (want, item) in wants.iter_mut().zip(self.world.items()) {
            let kind = usize::from(item.kind);
            *want = if sums[kind] > 0.0 { *want / sums[kind] * kinds[kind] } else { 0.0 };
        }
    }

    /// Gives the share that is devoted to the collection `home`, of the kinds that have anything
    /// unseen of it.
    fn devote(
        &self,
        wants: &mut [f64],
        (home, devotion): (u32, f64),
        kinds: &[f64; N_KINDS],
        (visit, seen): (&Visit, &[u32]),
    ) {
        let of_home = |item: &Item| if item.collection == home { item.appeal } else { 0.0 };
        let mut devoted: Vec<f64> = self.world.items().iter().map(of_home).collect();
        self.forget_impossible(&mut devoted, visit, seen);
        self.share_out(&mut devoted, kinds);
        let mut has_any = [false; N_KINDS];
        for (chance, item) in devoted.iter().zip(self.world.items()) {
            has_any[usize::from(item.kind)] |= *chance > 0.0;
        }
        for ((want, devoted), item) in wants.iter_mut().zip(devoted).zip(self.world.items()) {
            if has_any[usize::from(item.kind)] {
                *want = (1.0 - devotion) * *want + devotion * devoted;
            }
        }
    }

    fn kind_chances(&self, visit: &Visit, is_first: bool) -> [f64; N_KINDS] {
        let home = visit.intent.kind;
        let stays = match (is_first, visit.intent.scope) {
            (true, _) => 1.0,
            (false, Scope::Kind) => HABITS.stay_in_kind,
            (false, Scope::Theme) => 0.0,
        };
        let mut near = self.world.kind_weights(&visit.taste, visit.day());
        for (weight, kind) in near.iter_mut().zip(KINDS) {
            if kind.department != KINDS[home].department {
                *weight = 0.0;
            }
        }
        let sum: f64 = near.iter().sum();
        let mut chances = near.map(|weight| (1.0 - stays) * weight / sum);
        chances[home] += stays;
        chances
    }

    /// Seen items come back only as repeats, and nothing is seen before its release.
    fn forget_impossible(&self, chances: &mut [f64], visit: &Visit, seen: &[u32]) {
        for (chance, item) in chances.iter_mut().zip(self.world.items()) {
            if !item.is_released(visit.day()) {
                *chance = 0.0;
            }
        }
        for &item in seen {
            chances[item as usize] = 0.0;
        }
    }
}

fn distinct(seen: &[u32], except: u32) -> Vec<u32> {
    let mut items: Vec<u32> = seen.iter().copied().filter(|&item| item != except).collect();
    items.sort_unstable();
    items.dedup();
    items
}
