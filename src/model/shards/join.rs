#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::{Directory, NO_HOME, Shard};
use crate::model::cursor::Cursor;
use crate::model::ids::Names;
use crate::model::layout::Section;
use crate::model::numbers::Rule;
use crate::model::read::popularity;
use crate::model::sections::Sections;
use crate::model::{Model, ModelError, Priors, attributes};
use crate::types::ItemIx;

impl Model {
    /// Where the shards of this root are; `None` for a model that is whole.
    pub fn directory(&self) -> Option<&Directory> {
        self.shards.as_ref().map(|shards| &shards.directory)
    }

    /// Whether a shard has joined.
    pub fn has_joined(&self, shard: Shard) -> bool {
        let Some(shards) = &self.shards else { return false };
        let place = shards.directory.place(shard);
        place.and_then(|at| shards.joined.get(at)).copied().unwrap_or(false)
    }

    /// The group that an item sends for; `None` where items send for none, and for an item of the
    /// page.
    pub fn home(&self, item: ItemIx) -> Option<Shard> {
        self.shards.as_ref()?.home(item)
    }

    /// Takes in the items of a shard and gives how many came. Each has the numbers it has in the
    /// whole file, so what depends on the item and the session alone (likeness, bias, popularity,
    /// what it has in common) comes out the same to the last bit. An item that is there already
    /// stays as it is; a shard that has joined before brings nothing.
    ///
    /// # Errors
    /// Those of [`Model::read`], and [`ModelError::Corrupt`] of [`Section::Shard`] where the model
    /// has no directory or the shard is of another. Then nothing has changed.
    pub fn join(&mut self, file: &[u8]) -> Result<usize, ModelError> {
        let refused = |rule| ModelError::corrupt(Section::Shard, rule);
        let (Some(shards), Some(factors)) = (&self.shards, &self.factors) else {
            return Err(refused("the model has no directory of shards"));
        };
        let sections = Sections::find(file)?;
        let (set, shard) = sections.read(Section::Shard, link)?;
        if set != shards.directory.parts().set {
            return Err(refused("it is a shard of another model"));
        }
        let place = shards
            .directory
            .place(shard)
            .ok_or_else(|| refused("the directory has no such shard"))?;
        let ids = sections.read(Section::Items, Names::read)?;
        let n_items = ids.len();
        let factors = factors.of_shard(&sections, n_items)?;
        let (popularity, _) =
            sections.read(Section::Popularity, |cursor| popularity(cursor, n_items))?;
        let attributes = sections
            .read_if(Section::Attributes, |cursor| attributes::read(cursor, n_items))?
            .unwrap_or_default();
        if !self.attributes.are_like(&attributes) {
            return Err(refused("its fields are not those of the root"));
        }
        let priors = sections
            .read_if(Section::Priors, |cursor| Priors::read(cursor, n_items, &attributes))?;
        let homes = super::homes(&sections, &shards.directory, n_items)?;
        if self.has_joined(shard) {
            return Ok(0);
        }
        let first = self.n_items();
        let mut pairs = Vec::with_capacity(n_items);
        for from in (0..n_items).map(ItemIx::from_usize) {
            let id = ids.at(from.at());
            if self.ids.find(id).is_none() {
                pairs.push((from, ItemIx::from_usize(self.n_items())));
                self.ids.push(id);
                self.popularity.extend(popularity.get(from.at()).copied());
                if let Some(own) = &mut self.factors {
                    own.take(&factors, from);
                }
            }
        }
        self.attributes.take(&attributes, &pairs, self.ids.len());
        if let Some(own) = &mut self.priors {
            let trend = priors.as_ref().map_or([].as_slice(), Priors::trend);
            for &(from, item) in &pairs {
                own.follow(item, &self.attributes);
                own.set_trend(item, trend.get(from.at()).copied().unwrap_or(0.0));
            }
        }
        let end = self.n_items();
        if let Some(shards) = &mut self.shards {
            shards.rows.push(first..end);
            if !homes.is_empty() {
                shards.homes.resize(first, NO_HOME);
                shards.homes.extend(pairs.iter().filter_map(|(from, _)| homes.get(from.at())));
            }
            if let Some(joined) = shards.joined.get_mut(place) {
                *joined = true;
            }
        }
        Ok(pairs.len())
    }
}

/// Of which making a shard is, and which it is.
fn link(mut cursor: Cursor<'_>) -> Result<(u64, Shard), Rule> {
    let set = cursor.u64().ok_or("it is cut short")?;
    let (kind, number) = (cursor.u32().ok_or("it is cut short")?, cursor.u32());
    let number = number.ok_or("it is cut short")?;
    cursor.end()?;
    match kind {
        0 => Ok((set, Shard::Group(number))),
        1 => Ok((set, Shard::Lookup(number))),
        _ => Err("neither a group nor a lookup"),
    }
}
