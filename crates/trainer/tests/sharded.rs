//! A model in pieces, from the command line.

mod support;

use serde_json::Value;
use support::{Desk, repository};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn pieces_keep_to_their_sizes_and_rank_nearly_like_the_whole() {
    let desk = Desk::new();
    assert_eq!(desk.run("synth --out shop --items 3000 --sessions 6000").code, Some(0));
    let fit = "train --model svd --events shop/events.csv.gz --catalog shop/catalog.jsonl --out m";
    assert_eq!(desk.run(fit).code, Some(0));
    let cut = "shard --model m --out pieces --root-bytes 60000 --group-bytes 20000 \
               --lookup-bytes 5000 --json";
    let ran = desk.run(cut);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let facts = json(&ran.stdout);
    let number = |name: &str| {
        name.split('.').fold(&facts, |value, name| &value[name]).as_u64().unwrap_or_default()
    };
    assert!(number("root_bytes") <= 60_000 && number("root_items") > 100);
    assert!(number("groups.largest_bytes") <= 20_000 && number("lookups.largest_bytes") <= 5_000);
    assert!(number("cover.least_clusters") >= 8);
    let n_files = number("groups.files") + number("lookups.files") + 1;
    let files = std::fs::read_dir(desk.path("pieces")).unwrap().count() as u64;
    assert_eq!(files, n_files);
    let first = desk.bytes("pieces/root.mercer");
    assert_eq!(desk.run(cut).code, Some(0));
    assert_eq!(desk.bytes("pieces/root.mercer"), first, "the same model, the same pieces");

    let judge = "evaluate --model m --events shop/test-events.csv.gz --at 20 --json";
    let whole = json(&desk.run(judge).stdout);
    let pieces = desk.run(&format!("{judge} --shards pieces"));
    let pieces = json(&pieces.stdout);
    let hits = |judged: &Value| judged["metrics"]["hit_rate@20"].as_f64().unwrap();
    assert!(hits(&pieces) > 0.95 * hits(&whole), "{} of {}", hits(&pieces), hits(&whole));
    let most = pieces["fetched"]["most_bytes"].as_u64().unwrap();
    assert!(most > 0 && most <= 30_000, "a group, and a lookup or two: {most}");
    assert!(whole.get("fetched").is_none());

    std::fs::remove_file(desk.path("pieces/root.mercer")).unwrap();
    let gone = desk.run(&format!("{judge} --shards pieces"));
    assert_eq!(gone.code, Some(2));
    assert!(gone.stderr.contains("root.mercer"), "{}", gone.stderr);
}

#[test]
fn what_cannot_be_cut_is_said() {
    let desk = Desk::new();
    for (name, file) in [("lists", "lists"), ("small", "small"), ("root", "shards/root")] {
        let file = repository(&format!("tests/golden/{file}.mercer"));
        desk.put(name, std::fs::read(file).unwrap());
    }
    let refused = |line: &str, said: &str| {
        let ran = desk.run(&format!("shard --out pieces {line}"));
        assert_eq!(ran.code, Some(2), "{line}");
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    };
    refused("--model none", "cannot be read");
    refused("--model lists", "no section of item vectors");
    refused("--model root", "a root already");
    refused("--model small", "1 clusters");
    refused("--model small --group-bytes 1800 --root-bytes 500", "raise --root-bytes");
    refused("--model small --group-bytes 1800", "serve the model as it is");
    refused("--model small --group-bytes 250 --root-bytes 2600", "raise --group-bytes");
    refused(
        "--model small --group-bytes 1800 --root-bytes 2400 --lookup-bytes 99",
        "--lookup-bytes",
    );
    assert_eq!(desk.names(), ["lists", "pieces", "root", "small"]);
    assert!(
        std::fs::read_dir(desk.path("pieces")).unwrap().next().is_none(),
        "nothing was written"
    );
}
