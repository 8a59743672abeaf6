//! A sharded model as a device has it: the root, and whatever the visit sent for.

use super::ranker::{Ranked, Ranker, Visit, event_of, neutral};
use crate::log::LogEvent;
use mercer::model::{ModelError, Shard};
use mercer::types::{ItemIx, Seen};
use mercer::{Engine, Session, Wanted};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often lookups may follow each other: what one brings may change what is wanted.
const ROUNDS: usize = 3;

/// A root with its shards, and the whole model they were cut from, which says what there is.
#[derive(Debug)]
pub struct ShardedModel<'a> {
    whole: &'a Engine,
    root: Engine,
    shards: BTreeMap<Shard, Vec<u8>>,
    events: AtomicU64,
    fetches: AtomicU64,
    bytes: AtomicU64,
    most: AtomicU64,
}

/// What devices fetched beside the root.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fetched {
    /// Events that were observed.
    pub events: u64,
    /// Files.
    pub files: u64,
    /// Bytes an event, the mean.
    pub bytes_an_event: f64,
    /// The most bytes after one event.
    pub most_bytes: u64,
}

impl<'a> ShardedModel<'a> {
    /// A root beside the whole model. `read` gives the bytes of a shard by the name of its file.
    ///
    /// # Errors
    /// What `read` answers; a [`ModelError`] where a shard cannot join the root.
    pub fn read(
        whole: &'a Engine,
        root: Engine,
        read: impl Fn(&str) -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<Self> {
        let directory = root.model().directory();
        let directory = directory.ok_or_else(|| anyhow::anyhow!("the root has no directory"))?;
        let mut shards = BTreeMap::new();
        let groups = (0..).take(directory.n_groups()).map(Shard::Group);
        let n_lookups = directory.n_shards() - directory.n_groups();
        for shard in groups.chain((0..).take(n_lookups).map(Shard::Lookup)) {
            let name = directory.file(shard).unwrap_or_default();
            let file = read(&name)?;
            let fits: Result<usize, ModelError> = root.model().clone().join(&file);
            fits.map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
            shards.insert(shard, file);
        }
        let zero = || AtomicU64::new(0);
        let (events, fetches, bytes, most) = (zero(), zero(), zero(), zero());
        Ok(Self { whole, root, shards, events, fetches, bytes, most })
    }

    /// What was fetched so far.
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    pub fn fetched(&self) -> Fetched {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Fetched {
            events: of(&self.events),
            files: of(&self.fetches),
            bytes_an_event: of(&self.bytes) as f64 / of(&self.events).max(1) as f64,
            most_bytes: of(&self.most),
        }
    }
}

impl Ranker for ShardedModel<'_> {
    fn n_items(&self) -> usize {
        self.whole.n_items()
    }

    fn item_ix(&self, id: &str) -> Option<ItemIx> {
        Ranker::item_ix(self.whole, id)
    }

    fn item_id(&self, item: ItemIx) -> &str {
        Ranker::item_id(self.whole, item)
    }

    fn sessions(&self) -> Vec<f64> {
        self.whole.sessions()
    }

    fn direction(&self, item: ItemIx) -> Option<Vec<f32>> {
        self.whole.direction(item)
    }

    fn begin(&self) -> Box<dyn Visit + '_> {
        Box::new(Device { of: self, engine: self.root.clone(), session: Session::new() })
    }
}

/// A visit on a device.
struct Device<'a> {
    of: &'a ShardedModel<'a>,
    engine: Engine,
    session: Session,
}

impl Device<'_> {
    fn fetch(&mut self, shard: Shard) -> u64 {
        let file = &self.of.shards[&shard];
        self.engine.join(file).expect("every shard was tried");
        self.of.fetches.fetch_add(1, Ordering::Relaxed);
        file.len() as u64
    }
}

impl Visit for Device<'_> {
    /// The lookups of items that are lacking, then one group.
    fn observe(&mut self, item: &str, event: &LogEvent) {
        let _refused = self.session.observe(event_of(item, event));
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let Wanted { lookups, .. } = self.engine.wanted(&self.session);
            bytes += lookups.into_iter().map(|lookup| self.fetch(lookup)).sum::<u64>();
        }
        if let Some(group) = self.engine.wanted(&self.session).group {
            bytes += self.fetch(group);
        }
        self.of.events.fetch_add(1, Ordering::Relaxed);
        self.of.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.of.most.fetch_max(bytes, Ordering::Relaxed);
    }

    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked> {
        let slate = self.engine.recommend(&self.session, &neutral(count, seen));
        let ranked = |scored: &mercer::types::Scored| {
            let id = self.engine.model().item_id(scored.item);
            Some(Ranked { item: Ranker::item_ix(self.of.whole, id)?, score: scored.score })
        };
        slate.items.iter().filter_map(ranked).collect()
    }
}
