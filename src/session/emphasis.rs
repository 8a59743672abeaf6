use crate::model::Model;
use crate::types::{AttendedStep, Interest, ItemIx};

/// The interest of a session whose shopper stands before `page`: at least `part` (0 to 1) of
/// it belongs to the page.
///
/// Attention is learned from the next click, and for that a long visit to another shelf can
/// outweigh the page. A slate on a product page is read as being about the product. Where the
/// page's part of all shares is lower, its shares are raised and those of the other steps
/// lowered to match: `h' ∝ w·e_page + (1 − w)·h` with the least `w` that does it; where the
/// page leads already, `w` is 0. Neighbours of the other steps give way in the same measure.
#[must_use]
pub fn led_by(model: &Model, mut interest: Interest, page: ItemIx, part: f32) -> Interest {
    let steps = interest.steps.iter().map(|step| (step.item, step.share));
    if let Some((up, down)) = factors(steps, page, part) {
        for step in &mut interest.steps {
            step.share *= if step.item == page { up } else { down };
        }
        redirect(model, &mut interest);
    }
    let reached = interest.reached.iter().map(|step| (step.item, step.reach));
    if let Some((up, down)) = factors(reached, page, part) {
        // A weight of neighbours is a count of shoppers: the page's is not raised.
        for step in interest.reached.iter_mut().filter(|step| step.item != page) {
            step.reach *= down / up;
        }
    }
    interest
}

/// What to multiply the page's shares by, and the others', so that `part` of all is the
/// page's and the sum stays; `None` where the page has that much, or nothing, or next to it: what no
/// finite number raises.
fn factors(
    shares: impl Iterator<Item = (ItemIx, f32)>,
    page: ItemIx,
    part: f32,
) -> Option<(f32, f32)> {
    let (own, others) = shares.fold((0.0, 0.0), |(own, others), (item, share)| {
        let share = share.max(0.0);
        if item == page { (own + share, others) } else { (own, others + share) }
    });
    let all = own + others;
    let up = part * all / own;
    (own < part * all && up.is_finite()).then(|| (up, (1.0 - part) * all / others))
}

/// The direction that the steps' shares now add up to; of unit length where the steps'
/// vectors are the items' own.
fn redirect(model: &Model, interest: &mut Interest) {
    let Some(factors) = model.factors() else { return };
    interest.direction = vec![0.0; factors.dim()];
    let direction = &mut interest.direction;
    if !interest.vectors.is_empty() {
        for (step, vector) in
            interest.steps.iter().zip(interest.vectors.chunks_exact(factors.dim()))
        {
            add(direction, step.share, vector.iter().copied());
        }
        return;
    }
    for AttendedStep { item, share, .. } in &interest.steps {
        let scale = share * factors.inverse_norm(*item);
        add(direction, scale, factors.row(*item).iter().map(|&code| f32::from(code)));
    }
    let length = direction.iter().fold(0.0, |sum, x| sum + x * x).sqrt();
    if length > 0.0 {
        for x in direction.iter_mut() {
            *x /= length;
        }
        for step in &mut interest.steps {
            step.share /= length;
        }
    }
}

fn add(sums: &mut [f32], scale: f32, vector: impl Iterator<Item = f32>) {
    for (sum, x) in sums.iter_mut().zip(vector) {
        *sum += scale * x;
    }
}
