//! What sharding came to.

use super::cover;
use super::files::Cut;
use super::tree::Cluster;
use serde::Serialize;

/// What sharding came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facts {
    /// Items of the whole model.
    pub items: usize,
    /// Items of the root.
    pub root_items: usize,
    /// Bytes of the root.
    pub root_bytes: usize,
    /// Bytes of the directory in it.
    pub directory_bytes: usize,
    /// Clusters of the item space.
    pub clusters: usize,
    /// How many groups there are, and their size.
    pub groups: Files,
    /// How many lookups there are, and their size.
    pub lookups: Files,
    /// How well a group hides which of its clusters is wanted.
    pub cover: Cover,
    /// What stays behind for want of room, or because it names items that may not be there.
    pub left_out: Vec<&'static str>,
}

/// The files of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Files {
    /// How many.
    pub files: usize,
    /// Bytes of all together.
    pub bytes: usize,
    /// Bytes of the largest.
    pub largest_bytes: usize,
    /// Items of the one with the fewest.
    pub least_items: usize,
}

/// How well groups hide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cover {
    /// Clusters of the smallest group.
    pub least_clusters: usize,
    /// Equally popular clusters that a group hides as much as: the mean.
    pub mean_effective: f64,
    /// The same of the group that hides least.
    pub least_effective: f64,
    /// The cosine of two clusters of a group: the mean.
    pub mean_cosine: f64,
}

pub(super) fn facts_of(cuts: &[Cut]) -> Files {
    Files {
        files: cuts.len(),
        bytes: cuts.iter().map(|cut| cut.1.len()).sum(),
        largest_bytes: cuts.iter().map(|cut| cut.1.len()).max().unwrap_or(0),
        least_items: cuts.iter().map(|cut| cut.2).min().unwrap_or(0),
    }
}

#[expect(clippy::cast_precision_loss, reason = "means of a few thousand")]
pub(super) fn cover_of(
    clusters: &[Cluster],
    masses: &[f64],
    groups: &[u16],
    n_groups: usize,
) -> Cover {
    let mut members = vec![Vec::new(); n_groups];
    for (at, &group) in groups.iter().enumerate() {
        members[usize::from(group)].push(at);
    }
    let effective =
        |own: &Vec<usize>| cover::effective(&own.iter().map(|&at| masses[at]).collect::<Vec<_>>());
    let effective: Vec<f64> = members.iter().map(effective).collect();
    let cosine = |a: usize, b: usize| -> f64 {
        let pairs = clusters[a].centroid.iter().zip(&clusters[b].centroid);
        pairs.map(|(x, y)| f64::from(x * y)).sum()
    };
    let (mut sum, mut n_pairs) = (0.0, 0.0);
    for own in &members {
        for (place, &a) in own.iter().enumerate() {
            for &b in &own[..place] {
                sum += cosine(a, b);
                n_pairs += 1.0;
            }
        }
    }
    Cover {
        least_clusters: members.iter().map(Vec::len).min().unwrap_or(0),
        mean_effective: effective.iter().sum::<f64>() / n_groups as f64,
        least_effective: effective.iter().copied().fold(f64::INFINITY, f64::min),
        mean_cosine: sum / n_pairs,
    }
}
