use crate::types::EventKind;

/// How many classes of dwell time the encoder tells apart, the first for "not known".
pub const N_DWELL_BUCKETS: usize = 8;

/// Upper bounds of the classes after "not known", in milliseconds; the last is open.
const DWELL_BOUNDS_MS: [u32; N_DWELL_BUCKETS - 2] =
    [2_000, 5_000, 15_000, 45_000, 120_000, 300_000];

/// The class of a dwell time: 0 where it is not known, then by length.
pub fn dwell_bucket(dwell_ms: Option<u32>) -> usize {
    dwell_ms.map_or(0, |ms| 1 + DWELL_BOUNDS_MS.partition_point(|&bound| bound <= ms))
}

/// The learned weights that turn a session into an interest vector and a score:
/// `h = unit(Σ a_t e_t)`, `a = softmax_t(position_t + kind + dwell + e_tᵀ·attention·e_1)`,
/// score `= temperature · h·e_i + bias_i + return_t`, `t` = 1 being the newest step.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoder {
    /// Weight of each position, newest first, `[max_steps]`.
    pub position: Vec<f32>,
    /// Weight of each [`EventKind`], by discriminant.
    pub kind: [f32; EventKind::ALL.len()],
    /// Weight of each class of dwell time ([`dwell_bucket`]); 0 for the first, so that a
    /// step of unknown dwell counts like an average one.
    pub dwell: [f32; N_DWELL_BUCKETS],
    /// Attention of a step to the newest one, `[dim, dim]`, row-major: row = coordinate of
    /// the newest step's vector.
    pub attention: Vec<f32>,
    /// Factor on the cosine, above 0.
    pub temperature: f32,
    /// Bonus of an item that stands at a position of the session, newest first,
    /// `[max_steps]`.
    pub returning: Vec<f32>,
}

impl Encoder {
    /// An encoder of `max_steps` positions for vectors of `dim` coordinates that weighs
    /// every step alike.
    pub fn flat(max_steps: usize, dim: usize) -> Self {
        Self {
            position: vec![0.0; max_steps],
            kind: [0.0; EventKind::ALL.len()],
            dwell: [0.0; N_DWELL_BUCKETS],
            attention: vec![0.0; dim * dim],
            temperature: 1.0,
            returning: vec![0.0; max_steps],
        }
    }

    /// How many steps of a session are read.
    pub fn max_steps(&self) -> usize {
        self.position.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dwell_classes_have_open_ends() {
        assert_eq!(dwell_bucket(None), 0);
        assert_eq!(dwell_bucket(Some(0)), 1);
        assert_eq!(dwell_bucket(Some(1_999)), 1);
        assert_eq!(dwell_bucket(Some(2_000)), 2);
        assert_eq!(dwell_bucket(Some(u32::MAX)), N_DWELL_BUCKETS - 1);
    }
}
