//! The writer: rows of a model file as a root, or as a shard, byte for byte what they are in the
//! file.

use super::{DirectoryParts, Shard};
use crate::kernels::CodeWidth;
use crate::model::layout::Section;
use crate::model::numbers::Rule;
use crate::model::sections::Sections;
use crate::model::write::{assembled, names, push_codes, u16s};
use crate::model::{Model, ModelError, attributes};
use crate::types::ItemIx;

/// A model file that roots and shards are cut from.
pub struct Source<'a> {
    bytes: &'a [u8],
    sections: Sections<'a>,
    model: Model,
    homes: Vec<u16>,
}

impl<'a> Source<'a> {
    /// Reads a model file.
    ///
    /// # Errors
    /// Those of [`Model::read`]; [`ModelError::MissingSection`] where it has no vectors, which is
    /// what is clustered; [`ModelError::Corrupt`] where it is a root already.
    pub fn read(file: &'a [u8]) -> Result<Self, ModelError> {
        let model = Model::read(file)?;
        if model.factors().is_none() {
            return Err(ModelError::MissingSection(Section::Vectors));
        }
        if model.directory().is_some() {
            let rule: Rule = "the model is a root already; name the file it was made of";
            return Err(ModelError::corrupt(Section::Directory, rule));
        }
        Ok(Self { bytes: file, sections: Sections::find(file)?, model, homes: Vec::new() })
    }

    /// With the group that each item sends for, `[n_items]`, which roots and shards then say of
    /// their items.
    #[must_use]
    pub fn with_homes(self, homes: Vec<u16>) -> Self {
        debug_assert_eq!(homes.len(), self.model.n_items(), "a home an item");
        Self { homes, ..self }
    }

    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// The whole model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// A file of these rows, ascending, and everything that is not of single items. `leave` names
    /// sections that stay behind; lists of neighbours and companions always do: they name items
    /// that are not here.
    pub fn root(&self, rows: &[ItemIx], directory: &DirectoryParts, leave: &[Section]) -> Vec<u8> {
        let content = |section: Section| match section {
            Section::Neighbours | Section::Companions | Section::Shard => None,
            Section::Directory => {
                self.homes.is_empty().then(|| directory_section(directory, self.model.dim()))
            }
            Section::Groups => (!self.homes.is_empty()).then(|| groups_section(directory)),
            Section::Homes => self.homes_of(rows),
            section if leave.contains(&section) => None,
            section => self.rows(section, rows, Part::Root),
        };
        self.file(content)
    }

    /// A shard of these rows, ascending.
    pub fn shard(&self, rows: &[ItemIx], set: u64, shard: Shard) -> Vec<u8> {
        let (kind, number) = shard.code();
        let link = || {
            let numbers = [kind, number].into_iter().flat_map(u32::to_le_bytes);
            set.to_le_bytes().into_iter().chain(numbers).collect()
        };
        let content = |section: Section| match section {
            Section::Shard => Some(link()),
            Section::Homes => self.homes_of(rows),
            Section::Items
            | Section::Vectors
            | Section::Spelt
            | Section::Biases
            | Section::Popularity
            | Section::Lengths
            | Section::Priors
            | Section::Attributes => self.rows(section, rows, Part::Shard),
            _ => None,
        };
        self.file(content)
    }

    #[expect(clippy::unused_self, reason = "a file is always of a source")]
    fn file(&self, content: impl Fn(Section) -> Option<Vec<u8>>) -> Vec<u8> {
        let sections = Section::ALL.into_iter();
        assembled(&sections.filter_map(|one| Some((one, content(one)?))).collect::<Vec<_>>())
    }

    /// What a section says of these rows; a section that is not of items as it is.
    fn rows(&self, section: Section, rows: &[ItemIx], part: Part) -> Option<Vec<u8>> {
        let bytes = self.sections.optional(section)?;
        let n_items = self.model.n_items();
        let dim = self.model.dim();
        match section {
            Section::Items => {
                let id = |&item: &ItemIx| self.model.item_id(item).to_owned();
                Some(names(&rows.iter().map(id).collect::<Vec<_>>()))
            }
            Section::Vectors => {
                Some(picked(bytes, 4, dim * usize::from(self.model.bits()) / 8, rows))
            }
            Section::Spelt => {
                let n_bytes = dim / 8 * usize::from(self.model.bits());
                let head = bytes.len() - n_items * n_bytes;
                let mut picked = picked(bytes, head, n_bytes, rows);
                if part == Part::Shard {
                    picked.drain(4..head);
                }
                Some(picked)
            }
            Section::Biases | Section::Popularity => Some(picked(bytes, 4, 1, rows)),
            Section::Lengths => Some(picked(bytes, 8, 1, rows)),
            Section::Priors => self.priors(bytes, rows, part),
            Section::Attributes => {
                let own = self.model.attributes().of_rows(rows);
                own.names().next().is_some().then(|| attributes::write(&own))
            }
            _ => Some(bytes.to_vec()),
        }
    }

    fn homes_of(&self, rows: &[ItemIx]) -> Option<Vec<u8>> {
        let home = |item: &ItemIx| self.homes[item.at()].to_le_bytes();
        (!self.homes.is_empty()).then(|| rows.iter().flat_map(home).collect())
    }

    /// The tables, which are no matter of shards, and the trend of these rows.
    fn priors(&self, bytes: &[u8], rows: &[ItemIx], part: Part) -> Option<Vec<u8>> {
        let n_items = self.model.n_items();
        let has_trend = bytes[1] != 0;
        match (has_trend, part) {
            (true, Part::Root) => Some(picked(bytes, bytes.len() - n_items, 1, rows)),
            (false, Part::Root) => Some(bytes.to_vec()),
            (true, Part::Shard) => {
                let trend = &bytes[bytes.len() - n_items - 4..];
                Some([vec![0, 1, 0, 0], picked(trend, 4, 1, rows)].concat())
            }
            (false, Part::Shard) => None,
        }
    }
}

/// What rows are cut for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Root,
    Shard,
}

/// The first `head` bytes, and of what follows `n_bytes` for each of the rows.
fn picked(bytes: &[u8], head: usize, n_bytes: usize, rows: &[ItemIx]) -> Vec<u8> {
    let (front, rest) = bytes.split_at(head);
    let mut picked = front.to_vec();
    for item in rows {
        picked.extend_from_slice(&rest[item.at() * n_bytes..][..n_bytes]);
    }
    picked
}

fn groups_section(parts: &DirectoryParts) -> Vec<u8> {
    let mut bytes = parts.set.to_le_bytes().to_vec();
    bytes.extend(u16s(&[parts.covers.len()]));
    bytes.extend([parts.lookup_bits, 0]);
    bytes.extend(&parts.covers);
    bytes.extend(parts.hashes.iter().flatten());
    bytes
}

fn directory_section(parts: &DirectoryParts, dim: usize) -> Vec<u8> {
    let n_groups = parts.groups.iter().max().map_or(0, |&last| usize::from(last) + 1);
    let width = CodeWidth::from_bits(parts.bits).unwrap_or(CodeWidth::Eight);
    let mut bytes = parts.set.to_le_bytes().to_vec();
    bytes.extend(u16s(&[dim]));
    bytes.extend([width.bits(), parts.lookup_bits]);
    bytes.extend(u16s(&[parts.groups.len(), n_groups]));
    push_codes(&mut bytes, &parts.centroids, width);
    bytes.extend(parts.groups.iter().flat_map(|group| group.to_le_bytes()));
    bytes.extend(parts.hashes.iter().flatten());
    bytes
}
