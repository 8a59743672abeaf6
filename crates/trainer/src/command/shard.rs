//! `mercer shard`: one model file as a small root and shards.

use super::model_file::{Form, bytes, show};
use crate::progress::Bar;
use crate::shard::{Facts, Limits, shard};
use crate::stage::Stage;
use anyhow::{Context, Result, anyhow};
use clap::Args;
use mercer::model::Source;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// What the root is called.
pub(super) const ROOT: &str = "root.mercer";

/// Cut a model file into a small root and shards, for large catalogues.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer shard --model shop.mercer --out shop-shards
  mercer evaluate --model shop.mercer --shards shop-shards --events test.csv.gz --at 20

Serve the folder as static files and load root.mercer. A page fetches a group when the shopper's
interest changes, and a lookup for a product that it does not know; the names of shards change with
what is in them, so that they may be cached for ever. See docs/sharding.md.")]
pub struct ShardArgs {
    /// The model file, with vectors
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The folder that is written
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The most bytes of the root
    #[arg(long, value_name = "N", default_value_t = 500_000)]
    root_bytes: usize,
    /// The most bytes of a group
    #[arg(long, value_name = "N", default_value_t = 125_000)]
    group_bytes: usize,
    /// The most bytes of a lookup
    #[arg(long, value_name = "N", default_value_t = 25_000)]
    lookup_bytes: usize,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Writes the folder and prints what it came to; always true.
///
/// # Errors
/// - The model cannot be read, has no vectors, or is a root already.
/// - It cannot be cut to these sizes.
/// - The folder cannot be written.
pub fn run(args: &ShardArgs) -> Result<bool> {
    let shown = args.model.display();
    let file = fs::read(&args.model)
        .with_context(|| format!("{shown}: cannot be read; check path and permissions"))?;
    let source = Source::read(&file).map_err(|error| anyhow!("{shown}: {error}"))?;
    let limits =
        Limits { root: args.root_bytes, group: args.group_bytes, lookup: args.lookup_bytes };
    let mut stage = Stage::open(&args.out)?;
    let bar = Bar::new("sharding", 0);
    let sharded = shard(source, limits, &|n| bar.advance(n));
    bar.finish();
    let sharded = sharded.map_err(|error| anyhow!("{shown}: {error}"))?;
    // The root last: with it the rest is found.
    for (name, file) in &sharded.shards {
        stage.write(name, |to| Ok(to.write_all(file)?))?;
    }
    stage.write(ROOT, |to| Ok(to.write_all(&sharded.root)?))?;
    stage.commit()?;
    show(Form::of(args.json), &sharded.facts, || text(args, &sharded.facts))?;
    Ok(true)
}

fn text(args: &ShardArgs, facts: &Facts) -> String {
    let size = |n: usize| bytes(n as u64);
    let Facts { groups, lookups, cover, .. } = facts;
    let mut text = format!(
        "{}: {} items\n  root     {}, {} items, {} of it the directory\n  groups   {} files, at most \
         {}, {} items or more; {} in all\n  lookups  {} files, at most {}, {} items or more; {} in \
         all\n  cover    {} clusters, {} or more a group, as good as {:.1} equally popular ones (least \
         {:.1}); mean cosine {:.2}\n",
        args.out.display(),
        facts.items,
        size(facts.root_bytes),
        facts.root_items,
        size(facts.directory_bytes),
        groups.files,
        size(groups.largest_bytes),
        groups.least_items,
        size(groups.bytes),
        lookups.files,
        size(lookups.largest_bytes),
        lookups.least_items,
        size(lookups.bytes),
        facts.clusters,
        cover.least_clusters,
        cover.mean_effective,
        cover.least_effective,
        cover.mean_cosine,
    );
    if !facts.left_out.is_empty() {
        text.extend(["  left out ", &facts.left_out.join(", "), "\n"]);
    }
    text
}
