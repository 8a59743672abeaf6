//! Small models in pieces.

use mercer::kernels::{CodeWidth, quantise_along};
use mercer::model::{DirectoryParts, MIN_COVER, Model, Shard, Source, lookup_of};
use mercer::types::ItemIx;
use sha2::{Digest, Sha256};

/// The root of a model of 60 items, one group of the rest, and two lookups.
pub(crate) struct Pieces {
    pub(crate) root: Vec<u8>,
    pub(crate) group: Vec<u8>,
    pub(crate) lookups: [Vec<u8>; 2],
}

/// Stands in every shard of these.
pub(crate) const SET: u64 = 0x5EED;

/// How a page finds the group that an interest asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// By the centroids of clusters.
    Centroids,
    /// By what the items most like it name.
    Homes,
}

/// Cuts a model file: every third item stays in the root, each eighth is a cluster.
pub(crate) fn cut(file: &[u8], form: Form) -> Pieces {
    let source = Source::read(file).expect("a whole model with vectors");
    let source = match form {
        Form::Centroids => source,
        Form::Homes => {
            let homes = vec![0; source.model().n_items()];
            source.with_homes(homes)
        }
    };
    let model = source.model();
    let items = || (0..model.n_items()).map(ItemIx::from_usize);
    let middle = |cluster: usize| {
        let mut sum = vec![0.0; model.dim()];
        for item in items().filter(|item| item.at() % MIN_COVER == cluster) {
            let row = model.factors().map_or(&[][..], |factors| factors.row(item));
            sum.iter_mut().zip(row).for_each(|(sum, &code)| *sum += f32::from(code));
        }
        quantise_along(&sum, CodeWidth::Four)
    };
    let by_form = match form {
        Form::Centroids => DirectoryParts {
            bits: 4,
            centroids: (0..MIN_COVER).flat_map(middle).collect(),
            groups: vec![0; MIN_COVER],
            ..DirectoryParts::default()
        },
        Form::Homes => DirectoryParts { covers: vec![8], ..DirectoryParts::default() },
    };
    let mut directory = DirectoryParts { set: SET, lookup_bits: 1, ..by_form };
    let (kept, rest): (Vec<ItemIx>, Vec<ItemIx>) = items().partition(|item| item.at() % 3 == 0);
    let lookup = |number: u32| {
        let is_in = |item: &&ItemIx| lookup_of(model.item_id(**item), 1) == number;
        let rows: Vec<ItemIx> = rest.iter().filter(is_in).copied().collect();
        source.shard(&rows, SET, Shard::Lookup(number))
    };
    let group = source.shard(&rest, SET, Shard::Group(0));
    let lookups = [lookup(0), lookup(1)];
    let files = [&group, &lookups[0], &lookups[1]];
    directory.hashes =
        files.map(|file| *Sha256::digest(file).first_chunk().expect("longer")).to_vec();
    Pieces { root: source.root(&kept, &directory, &[]), group, lookups }
}

/// How many items of the model are not in the root.
pub(crate) fn n_elsewhere(whole: &Model) -> usize {
    whole.n_items() - whole.n_items().div_ceil(3)
}
