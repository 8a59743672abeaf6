use crate::model::Model;
use crate::types::{AttendedStep, Interest, ItemIx};

/// The least part of an interest that belongs to the product of the page.
const PAGE_PART: f32 = 0.5;

/// The interest of a session whose shopper stands before `page`: the page speaks at least as
/// loudly as everything before it.
///
/// Attention is learned from the next click, and for that a long visit to another shelf can
/// outweigh the page. A slate on a product page is read as being about the product. So where
/// the page's part `p` of all shares is below half, its shares are raised to half and those
/// of the other steps lowered to the other half: `h' ∝ w·e_page + (1 − w)·h` with the least
/// such `w`; where the page leads already, `w` is 0. The same holds for the reach of
/// neighbours.
#[must_use]
pub fn led_by(model: &Model, mut interest: Interest, page: ItemIx) -> Interest {
    let (own, others) = parts(interest.steps.iter().map(|step| (step.item, step.share)), page);
    if let Some((up, down)) = factors(own, others) {
        for step in &mut interest.steps {
            step.share *= if step.item == page { up } else { down };
        }
        redirect(model, &mut interest);
    }
    let (own, others) = parts(interest.reached.iter().map(|step| (step.item, step.reach)), page);
    if let Some((_, down)) = factors(own, others) {
        // What the page's neighbours weigh is counted: it is not raised, the others give way.
        let down = down / factors(own, others).map_or(1.0, |(up, _)| up);
        for step in interest.reached.iter_mut().filter(|step| step.item != page) {
            step.reach *= down;
        }
    }
    interest
}

/// What belongs to the page, and to all else.
fn parts(shares: impl Iterator<Item = (ItemIx, f32)>, page: ItemIx) -> (f32, f32) {
    shares.fold((0.0, 0.0), |(own, others), (item, share)| {
        let share = share.max(0.0);
        if item == page { (own + share, others) } else { (own, others + share) }
    })
}

/// What to multiply the page's shares by, and the others', so that the sum stays; `None`
/// where nothing is to be done.
fn factors(own: f32, others: f32) -> Option<(f32, f32)> {
    let all = own + others;
    let is_led = own >= PAGE_PART * all;
    (own > 0.0 && !is_led).then(|| (PAGE_PART * all / own, (1.0 - PAGE_PART) * all / others))
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
        direction.iter_mut().for_each(|x| *x /= length);
        interest.steps.iter_mut().for_each(|step| step.share /= length);
    }
}

fn add(sums: &mut [f32], scale: f32, vector: impl Iterator<Item = f32>) {
    for (sum, x) in sums.iter_mut().zip(vector) {
        *sum += scale * x;
    }
}
