//! The rows of the table: which data, judged how, and what is asked of it. Nothing here is a
//! setting of the training: all rows are trained with the defaults.

use anyhow::{Result, bail};

/// One model to train and judge.
#[derive(Debug, Clone, Copy)]
pub(in crate::command) struct Row {
    /// For `--only`.
    pub(in crate::command) name: &'static str,
    /// As the table calls it.
    pub(super) title: &'static str,
    /// Below the data folder.
    pub(super) folder: &'static str,
    pub(super) task: Task,
    /// Metrics with the least value that is asked.
    pub(super) asked: &'static [(&'static str, f64)],
    /// The longest training that is asked for, in seconds, and the most memory, in bytes.
    pub(super) cost: Option<(f64, u64)>,
}

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Each step of each test session.
    EveryPrefix,
    /// The test item of each user, from training and validation, which it is not among.
    LastItem,
    /// The same where that item was kept out of training: `cold_holdout` is 1.
    ColdItem,
}

impl Row {
    /// The metrics that something is asked of.
    pub(in crate::command) fn metrics(&self) -> impl Iterator<Item = &'static str> {
        self.asked.iter().map(|(name, _)| *name)
    }
}

impl Task {
    /// The lengths of slate.
    pub(super) fn at(self) -> &'static str {
        match self {
            Self::EveryPrefix => "20",
            Self::LastItem | Self::ColdItem => "5,10",
        }
    }

    /// The baselines that say something here.
    pub(super) fn baselines(self) -> &'static [&'static str] {
        match self {
            Self::EveryPrefix => {
                &["popularity", "recent-popularity", "successors", "item-knn", "vs-knn", "vmis-knn"]
            }
            Self::LastItem => {
                &["popularity", "successors", "item-knn", "vs-knn", "vmis-knn", "tf-idf"]
            }
            Self::ColdItem => &["popularity", "tf-idf"],
        }
    }
}

/// Bytes an item for item vectors and biases, everywhere.
pub(super) const BYTES_PER_ITEM: f64 = 34.0;

pub(in crate::command) const ALL: [Row; 7] = [
    Row {
        name: "diginetica",
        title: "Diginetica",
        folder: "diginetica",
        task: Task::EveryPrefix,
        asked: &[("hit_rate@20", 0.560), ("mrr@20", 0.200)],
        cost: Some((600.0, 3_000_000_000)),
    },
    Row {
        name: "yoochoose",
        title: "Yoochoose 1/64",
        folder: "yoochoose1_64",
        task: Task::EveryPrefix,
        asked: &[("hit_rate@20", 0.725), ("mrr@20", 0.327)],
        cost: None,
    },
    Row {
        name: "toy",
        title: "Serenade's toy set",
        folder: "serenade_toy",
        task: Task::EveryPrefix,
        asked: &[("hit_rate@20", 0.690), ("mrr@20", 0.360)],
        cost: None,
    },
    Row {
        name: "beauty",
        title: "Amazon Beauty",
        folder: "amazon_beauty",
        task: Task::LastItem,
        asked: &[("hit_rate@10", 0.100), ("ndcg@10", 0.058)],
        cost: None,
    },
    Row {
        name: "beauty-cold",
        title: "Amazon Beauty, cold items",
        folder: "amazon_beauty",
        task: Task::ColdItem,
        asked: &[("hit_rate@10", 0.110)],
        cost: None,
    },
    Row {
        name: "scientific",
        title: "Amazon Scientific",
        folder: "amazon_scientific",
        task: Task::LastItem,
        asked: &[("hit_rate@10", 0.140), ("ndcg@10", 0.090)],
        cost: None,
    },
    Row {
        name: "scientific-cold",
        title: "Amazon Scientific, cold items",
        folder: "amazon_scientific",
        task: Task::ColdItem,
        asked: &[("hit_rate@10", 0.180)],
        cost: None,
    },
];

/// The rows of these names, each name a list parted by commas; all without a name.
///
/// # Errors
/// - there is no row of that name.
pub(in crate::command) fn choose(names: &[&str]) -> Result<Vec<Row>> {
    let names: Vec<&str> = names.iter().flat_map(|list| list.split(',')).map(str::trim).collect();
    if let Some(unknown) = names.iter().find(|name| ALL.iter().all(|row| row.name != **name)) {
        let known: Vec<&str> = ALL.iter().map(|row| row.name).collect();
        bail!("`--only {unknown}`: there are {}", known.join(", "));
    }
    Ok(ALL.into_iter().filter(|row| names.is_empty() || names.contains(&row.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chosen_by_name_in_their_own_order() {
        let names = |only: &[&str]| -> Vec<&str> {
            choose(only).unwrap().iter().map(|row| row.name).collect()
        };
        assert_eq!(names(&[]).len(), ALL.len());
        assert_eq!(names(&["toy, diginetica", "beauty"]), ["diginetica", "toy", "beauty"]);
        let said = choose(&["toys"]).unwrap_err().to_string();
        assert!(said.contains("`--only toys`") && said.contains("yoochoose, toy"), "{said}");
    }
}
