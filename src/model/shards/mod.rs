//! Models in pieces: a root that serves alone, and shards of further items that join it.
//!
//! *Input → output:* a model file → a root and shards ([`Source`]); a root and a shard → a model
//! that also ranks the shard's items ([`Model::join`](super::Model::join)).
//!
//! A shard is a *group* of clusters that lie far apart, or a *lookup*: the items whose ids share
//! the first bits of their hash, for an item that the shopper is on and the model lacks. What
//! joins has the very numbers of the whole file, so it scores what it scores there.

mod cut;
mod directory;
mod join;

pub use cut::Source;
pub use directory::{Directory, DirectoryParts, Shard, lookup_of};

use crate::model::ModelError;
use crate::model::cursor::Cursor;
use crate::model::layout::Section;
use crate::model::numbers::Rule;
use crate::model::sections::Sections;
use crate::types::ItemIx;
use std::ops::Range;

/// What a model knows of its shards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shards {
    pub(super) directory: Directory,
    /// Whether each shard has joined, groups before lookups.
    joined: Vec<bool>,
    /// The items that came with each.
    rows: Vec<Range<usize>>,
    /// The group each item sends for, [`NO_HOME`] for one of the page; empty where what lies
    /// nearest is asked for.
    homes: Vec<u16>,
}

/// No group has this number: there are 65,535 at most.
const NO_HOME: u16 = u16::MAX;

impl Shards {
    /// What a root says of its shards; `None` for a model that is whole.
    pub(super) fn read(
        sections: &Sections<'_>,
        dim: usize,
        n_items: usize,
    ) -> Result<Option<Self>, ModelError> {
        let of_clusters =
            sections.read_if(Section::Directory, |cursor| Directory::read(cursor, dim))?;
        let of_groups = sections.read_if(Section::Groups, Directory::of_groups)?;
        let directory = match (of_clusters, of_groups) {
            (Some(_), Some(_)) => {
                return Err(ModelError::corrupt(Section::Groups, "it stands beside another"));
            }
            (None, Some(_)) if dim == 0 => {
                return Err(ModelError::corrupt(Section::Groups, "there are no vectors"));
            }
            (one, other) => one.or(other),
        };
        let Some(directory) = directory else { return Ok(None) };
        let homes = homes(sections, &directory, n_items)?;
        let joined = vec![false; directory.n_shards()];
        Ok(Some(Self { directory, joined, rows: Vec::new(), homes }))
    }

    /// The group an item sends for.
    fn home(&self, item: ItemIx) -> Option<Shard> {
        let home = self.homes.get(item.at()).filter(|&&home| home != NO_HOME)?;
        Some(Shard::Group((*home).into()))
    }

    /// How many items came with shards.
    pub(super) fn n_items(&self) -> usize {
        self.rows.iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether an item came with a shard.
    pub(super) fn holds(&self, item: ItemIx) -> bool {
        self.rows.iter().any(|rows| rows.contains(&item.at()))
    }
}

/// The homes of a file's items; none where the directory asks for none.
fn homes(
    sections: &Sections<'_>,
    directory: &Directory,
    n_items: usize,
) -> Result<Vec<u16>, ModelError> {
    if !directory.has_homes() {
        return Ok(Vec::new());
    }
    let read = |mut cursor: Cursor<'_>| -> Result<Vec<u16>, Rule> {
        let homes: Option<Vec<u16>> = (0..n_items).map(|_| cursor.u16()).collect();
        let homes = homes.ok_or("not one home an item")?;
        cursor.end()?;
        let is_group = |home: &u16| usize::from(*home) < directory.n_groups();
        if homes.iter().all(is_group) { Ok(homes) } else { Err("a home is no group") }
    };
    sections.read(Section::Homes, read)
}
