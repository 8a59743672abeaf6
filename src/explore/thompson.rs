use crate::rng::Rng;

/// How often something was tried, and how often that went well.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Record {
    /// How often it was shown, at least 0.
    pub shown: f32,
    /// How often it was then chosen, at least 0; more than `shown` counts as `shown`.
    pub chosen: f32,
}

impl Record {
    /// A chance of success as it may be, after what was seen: a draw from
    /// `Beta(1 + chosen, 1 + shown − chosen)`, 0 to 1.
    pub fn draw(self, rng: &mut Rng) -> f64 {
        let shown = f64::from(self.shown.max(0.0));
        let chosen = f64::from(self.chosen.max(0.0)).min(shown);
        if shown > 0.0 { beta(rng, chosen + 1.0, shown - chosen + 1.0) } else { rng.unit_f64() }
    }
}

/// Which of some ways to try next: the one with the highest draw, the first of equals
/// (Thompson 1933; Chapelle & Li 2011, "An empirical evaluation of Thompson sampling",
/// algorithm 2). `None` where there is none.
pub fn choose(ways: &[Record], rng: &mut Rng) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (at, way) in ways.iter().enumerate() {
        let draw = way.draw(rng);
        if best.is_none_or(|(_, highest)| draw > highest) {
            best = Some((at, draw));
        }
    }
    best.map(|(at, _)| at)
}

/// A draw from the beta distribution with shapes `a` and `b`, both at least 1.
pub fn beta(rng: &mut Rng, a: f64, b: f64) -> f64 {
    let (x, y) = (gamma(rng, a), gamma(rng, b));
    x / (x + y)
}

/// A draw from the gamma distribution with a shape of at least 1 (Marsaglia & Tsang 2000,
/// "A simple method for generating gamma variables", without the squeeze).
fn gamma(rng: &mut Rng, shape: f64) -> f64 {
    let d = shape.max(1.0) - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = rng.normal();
        let side = 1.0 + c * x;
        if side <= 0.0 {
            continue;
        }
        let cube = side * side * side;
        let chance = libm::log(1.0 - rng.unit_f64());
        if chance < 0.5 * x * x + d - d * cube + d * libm::log(cube) {
            return d * cube;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_mean_and_variance_of_the_distribution() {
        for (a, b) in [(1.0, 1.0), (2.0, 9.0), (30.0, 4.0)] {
            let mut rng = Rng::new(5);
            let draws: Vec<f64> = (0..20_000).map(|_| beta(&mut rng, a, b)).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
            let all: f64 = a + b;
            assert!((mean - a / all).abs() < 0.006, "{a} {b}: mean {mean}");
            let expected = a * b / (all * all * (all + 1.0));
            assert!((variance / expected - 1.0).abs() < 0.06, "{a} {b}: variance {variance}");
        }
    }

    #[test]
    fn what_goes_well_is_tried_more_often_and_nothing_is_given_up() {
        let ways = [Record { shown: 20.0, chosen: 2.0 }, Record { shown: 20.0, chosen: 6.0 }];
        let mut rng = Rng::new(1);
        let mut chosen = [0; 2];
        for _ in 0..2_000 {
            chosen[choose(&ways, &mut rng).unwrap()] += 1;
        }
        assert!(chosen[1] > 8 * chosen[0] && chosen[0] > 20, "{chosen:?}");
        assert_eq!(choose(&[], &mut rng), None);
    }
}
