use mercer::model::words::{Group, N_GROUPS};

/// How a catalogue becomes vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentSettings {
    /// Coordinates of a content vector; fewer where the catalogue has not as many
    /// independent directions.
    pub dim: usize,
    /// Items a feature must stand on to count.
    pub min_items: u32,
    /// Features at most; those on the most items stay.
    pub max_features: usize,
    /// Features the lexicon holds at most.
    pub lexicon: usize,
    /// The weight of each group, in the order of [`Group::ALL`].
    pub group_weights: [f32; N_GROUPS],
    /// How far the directions are evened out: each is divided by its singular value to this
    /// power. At 0 a few broad directions (the large categories) decide likeness, at 1 each
    /// direction counts the same.
    pub evenness: f32,
    /// Where the random start of the decomposition comes from.
    pub seed: u64,
}

impl Default for ContentSettings {
    fn default() -> Self {
        Self {
            dim: 256,
            min_items: 2,
            max_features: 100_000,
            lexicon: 4000,
            group_weights: [1.0, 0.3, 1.0, 1.0, 0.5, 0.5],
            evenness: 0.5,
            seed: 1,
        }
    }
}

impl ContentSettings {
    /// The weight of a group.
    pub fn weight(&self, group: Group) -> f32 {
        self.group_weights[group as usize]
    }
}
