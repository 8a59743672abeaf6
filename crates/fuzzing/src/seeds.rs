//! Where mutations begin: sound inputs, and what once was found.

use crate::said::write_short;
use mercer::Engine;
use mercer::types::Data;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const DECLARED: &str = include_str!("seeds/rules.json");
const STORED: &str = include_str!("seeds/states.json");
const CALLED: &str = include_str!("seeds/calls.json");

/// The golden shop, which has every section that a whole model has.
pub(crate) fn shop() -> Engine {
    engine(include_bytes!("../../../tests/golden/shop.mercer"))
}

/// The golden roots, with centroids and with homes; their shards are seeds as well.
pub(crate) fn roots() -> [Engine; 2] {
    [
        engine(include_bytes!("../../../tests/golden/shards/root.mercer")),
        engine(include_bytes!("../../../tests/golden/homes/root.mercer")),
    ]
}

/// The golden model without attributes.
pub(crate) fn small() -> Engine {
    engine(include_bytes!("../../../tests/golden/small.mercer"))
}

fn engine(file: &[u8]) -> Engine {
    Engine::load(file).unwrap_or_else(|error| panic!("a golden file is read for ever: {error}"))
}

fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

/// The files of a folder below `tests/`, by name; none where there is no folder.
pub(crate) fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(tests().join(folder)) else { return Vec::new() };
    let mut files: Vec<(String, Vec<u8>)> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file())
        .filter_map(|path| {
            Some((path.file_name()?.to_string_lossy().into_owned(), fs::read(&path).ok()?))
        })
        .collect();
    files.sort();
    files
}

fn contents(folder: &str) -> impl Iterator<Item = Vec<u8>> {
    files(folder).into_iter().map(|(_, bytes)| bytes)
}

/// Golden files, hostile ones, finds.
pub(crate) fn models() -> Vec<Vec<u8>> {
    let folders = ["golden", "golden/shards", "golden/homes", "hostile", "hostile/model"];
    folders.into_iter().flat_map(contents).collect()
}

/// Stored states, each with events after it.
pub(crate) fn sessions() -> Vec<Vec<u8>> {
    let seed = |state: &Value| {
        let events = [r#"{"kind":"view_item","item":"tent-1p","timeMs":1790000000000}"#, "null"];
        spoken(std::iter::once(data(state)).chain(events.map(parse)))
    };
    list(STORED).iter().map(seed).chain(contents("hostile/session")).collect()
}

/// Declarations of rules and filters, each behind a byte that says what is asked for.
pub(crate) fn rules() -> Vec<Vec<u8>> {
    let seed = |(asked, declared): (u8, &Value)| {
        let mut bytes = vec![asked];
        write_short(&data(declared), &mut bytes);
        bytes
    };
    (0..).zip(&list(DECLARED)).map(seed).chain(contents("hostile/rules")).collect()
}

/// Calls: lists of the number of a call and what it says.
pub(crate) fn calls() -> Vec<Vec<u8>> {
    let seed = |calls: &Value| {
        let mut bytes = Vec::new();
        for call in calls.as_array().into_iter().flatten() {
            let number = call[0].as_u64().and_then(|number| u8::try_from(number).ok());
            bytes.extend(number);
            write_short(&data(&call[1]), &mut bytes);
        }
        bytes
    };
    list(CALLED).iter().map(seed).chain(contents("hostile/door")).collect()
}

/// Logs and catalogues.
pub(crate) fn feeds() -> Vec<Vec<u8>> {
    let files = [
        "item_id,session_id,timestamp,event_type\na,1,1790000000,view\nb,1,1790000060,purchase\n",
        "item_id\tuser_id\ttimestamp\tquery\na\tu1\t2026-01-02T03:04:05.678+01:00\t\"x \"\"y\"\"\n\
         b\tu1\t2026-01-02 04:00:00\t\nc\tu2\t1790000000000000\t\n",
        "{\"item_id\":\"a\",\"session_id\":7,\"timestamp\":\"2026-01-02\",\"dwell_ms\":5.5}\n\
         {\"item_id\":\"b\",\"session_id\":7,\"timestamp\":1790000000,\"price\":\"9.50 EUR\"}\n",
        "item_id;title;category;price;availability;added_at\n\
         a;\"A mug\nof tin\";Dining > Mugs;1.299,00;in stock;2026-01-02\nb;;[\"A\",\"B\"];$15;0;x\n",
        "{\"item_id\":\"a\",\"category\":[\"A\",\"B\"],\"colour\":[\"red\"],\"organic\":true}\n",
        "\u{feff}item_id|session_id|position|rating|device|list_position|quantity\n\
         a|s|1|4.5|mobile|3|1\na|s|2||tablet|-1|0\n",
    ];
    files
        .map(|text| text.as_bytes().to_vec())
        .into_iter()
        .chain(contents("hostile/feeds"))
        .collect()
}

/// Numbers from a formula.
pub(crate) fn kernels() -> Vec<Vec<u8>> {
    let bytes = |n: u32| (0..n).map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]);
    [0, 5, 38, 150, 700]
        .map(|n| bytes(n).collect())
        .into_iter()
        .chain(contents("hostile/kernels"))
        .collect()
}

fn spoken(said: impl Iterator<Item = Data>) -> Vec<u8> {
    let mut bytes = Vec::new();
    said.for_each(|data| write_short(&data, &mut bytes));
    bytes
}

fn list(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("a seed is JSON: {error}"))
}

fn data(value: &Value) -> Data {
    parse(&value.to_string())
}

fn parse(json: &str) -> Data {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("a seed is JSON: {error}"))
}
