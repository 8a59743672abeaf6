//! `docs/rules.md` and `docs/rules.schema.json` against the reader. That the examples keep
//! to the schema is tested in `tests/js/rules_schema.test.mjs`.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/shop.rs"]
mod shop;

use mercer::model::{Column, Model, Terms};
use mercer::rules::{
    COMMON_FIELDS, JOINTS, KINDS, MAX_PLACE, MAX_RULES, MAX_WORDS, OPERATORS, RuleNote, RuleSet,
    SHORTHANDS, filter,
};
use mercer::types::{Data, Placement};
use serde_json::{Value, json};
use shop::Product;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn document(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    fs::read_to_string(path).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(&document("rules.schema.json")).unwrap()
}

/// What stands behind ` ```json ` and the text, of every such block.
fn examples() -> Vec<(String, Value)> {
    let text = document("rules.md");
    let blocks = text.split("\n```json").skip(1).map(|rest| rest.split_once("\n```").unwrap().0);
    let blocks = blocks.map(|block| block.split_once('\n').unwrap());
    let parse = |(what, json): (&str, &str)| {
        (what.trim().to_owned(), serde_json::from_str(json).expect("an example is JSON"))
    };
    blocks.map(parse).collect()
}

fn data(value: &Value) -> Data {
    serde_json::from_value(value.clone()).unwrap()
}

/// Rules that hold an example.
fn rules(what: &str, example: Value) -> Value {
    match (what, example) {
        ("condition", condition) => json!([{"kind": "exclude", "where": condition}]),
        (_, rule @ Value::Object(_)) if rule.get("rules").is_none() => json!([rule]),
        (_, rules) => rules,
    }
}

/// A shop of which the examples speak.
fn model() -> Model {
    let product = |id: &str, category, brand, price, colours: &[&'static str]| Product {
        id: id.to_owned(),
        category,
        brand,
        price: Some(price),
        availability: "in_stock",
        group: None,
        colours: colours.to_vec(),
        added: Some(20_700.0),
    };
    let products = [
        product("CAP-0003", "Hats", "Cedar", 1.0, &["red"]),
        product("KET-0001", "Shoes > Boots", "Acme", 30.0, &["red", "blue"]),
        product("MUG-0002", "Gifts", "Birch", 500.0, &["blue"]),
    ];
    let model = shop::model(&products, 1);
    let mut attributes = model.attributes().clone();
    for (name, words) in [("size", ["41", "42", "43"]), ("organic", ["true", "false", "false"])] {
        let mut terms = Terms::default();
        for word in words {
            terms.push([word]);
        }
        attributes.insert(name, Column::Terms(terms));
    }
    model.with_attributes(attributes)
}

#[test]
fn every_example_is_read_as_it_stands() {
    let examples = examples();
    assert!(examples.len() > 20);
    let model = model();
    let known = ["rules/matches-nothing", "rules/matches-everything"];
    let is_slip = |note: &&RuleNote| !known.contains(&note.code());
    for (what, example) in examples {
        let notes = if what == "filter" {
            filter::read(&data(&example), &model).unwrap().1
        } else {
            let declared = rules(&what, example.clone());
            RuleSet::read(&data(&declared), &model).unwrap_or_else(|e| panic!("{e}: {example}")).1
        };
        let slips: Vec<&RuleNote> = notes.iter().filter(is_slip).collect();
        assert!(slips.is_empty(), "{slips:?}: {example}");
    }
}

#[test]
fn every_kind_and_word_has_an_example() {
    let text: String = examples().iter().map(|(_, example)| example.to_string()).collect();
    let fields = KINDS.iter().flat_map(|(kind, fields)| fields.iter().chain([kind]));
    for word in fields.chain(&COMMON_FIELDS).chain(&JOINTS).chain(&OPERATORS).chain(&SHORTHANDS) {
        assert!(text.contains(&format!("\"{word}\"")), "no example of `{word}`");
    }
}

#[test]
fn the_document_names_every_limit() {
    let text = document("rules.md");
    for words in [
        format!("more than {MAX_RULES} rules"),
        "10,000 values and ids".to_owned(),
        "16 levels".to_owned(),
    ] {
        assert!(text.contains(&words), "{words}");
    }
    assert_eq!(MAX_WORDS, 10_000);
    for placement in Placement::ALL {
        assert!(text.contains(&format!("`{}`", placement.name())), "{placement:?}");
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_schema_names_what_the_reader_knows() {
    let schema = schema();
    let defs = &schema["$defs"];
    let kinds = defs["rule"]["oneOf"].as_array().unwrap();
    let named: Vec<&str> =
        kinds.iter().map(|rule| rule["properties"]["kind"]["const"].as_str().unwrap()).collect();
    assert_eq!(named, KINDS.map(|(kind, _)| kind));
    for (rule, (kind, fields)) in kinds.iter().zip(KINDS) {
        let known: BTreeSet<&str> = COMMON_FIELDS.iter().chain(fields).copied().collect();
        assert_eq!(keys(&rule["properties"]), known, "{kind}");
        assert_eq!(rule["additionalProperties"], json!(false), "{kind}");
        assert_eq!(required(rule, kind, &known), needed(kind, &known), "{kind}");
    }
    let placements = kinds[0]["properties"]["placements"]["items"]["enum"].clone();
    assert_eq!(placements, json!(Placement::ALL.map(Placement::name)));
    assert_eq!(keys(&defs["condition"]["properties"]), BTreeSet::from(JOINTS));
    let filter: BTreeSet<&str> = JOINTS.into_iter().chain(SHORTHANDS).collect();
    assert_eq!(keys(&defs["filter"]["properties"]), filter);
    let operators = &defs["field"]["anyOf"][1]["properties"];
    assert_eq!(keys(operators), BTreeSet::from(OPERATORS));
    assert_eq!(defs["rules"]["maxItems"], json!(MAX_RULES));
    assert_eq!(kinds[7]["properties"]["at"]["maximum"], json!(MAX_PLACE));
}

/// What the schema requires of a kind, but for alternatives.
fn required<'a>(rule: &Value, kind: &str, known: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let listed =
        |word: &&&str| rule["required"].as_array().unwrap().iter().any(|one| one == **word);
    let found = known.iter().filter(listed).copied().collect();
    assert!(
        rule["required"].as_array().unwrap().iter().all(|one| one.as_str().is_some()),
        "{kind}"
    );
    found
}

/// What the reader misses where a rule has everything else.
fn needed<'a>(kind: &str, known: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let whole = json!({
        "kind": kind, "name": "a", "placements": ["home"], "from": 1, "until": 2,
        "where": {"brand": "Acme"}, "outOfStock": "show", "lowStock": "show", "by": 1,
        "show": "all", "halfLifeDays": 7, "items": ["KET-0001"], "at": 1, "share": 0.5,
        "field": "category", "level": 1, "most": 1, "below": 1,
    });
    let reads = |without: &str| {
        let fields = whole.as_object().unwrap().iter();
        let fields = fields.filter(|(name, _)| known.contains(name.as_str()) && *name != without);
        // A level stands beside its field.
        let fields = fields.filter(|(name, _)| !(without == "field" && *name == "level"));
        let rule: serde_json::Map<String, Value> =
            fields.map(|(name, value)| (name.clone(), value.clone())).collect();
        RuleSet::read(&data(&json!([rule])), &model()).is_ok()
    };
    assert!(reads(""), "{kind}");
    known.iter().copied().filter(|name| !reads(name)).collect()
}
