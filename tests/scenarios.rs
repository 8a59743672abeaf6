//! The scenario suite, natively. The same files run in WebAssembly (`wasm_scenarios.rs`)
//! and through the npm package, and must give the same slates, bit for bit.
//!
//! A new case: a file in `tests/cases/` without `expect`, its name in
//! `tests/support/case.rs`, then `UPDATE_CASES=1 cargo test --test scenarios` and a look at
//! what was written.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/case.rs"]
mod case;

use case::{Answer, CASES, Case, Plain, Wholes};
use mercer::rules::{COMMON_FIELDS, JOINTS, KINDS, OPERATORS, SHORTHANDS};
use mercer::types::{Data, EventKind, Placement};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn cases() -> impl Iterator<Item = (&'static str, Case)> {
    CASES.iter().map(|(file, text)| (*file, Case::parse(file, text)))
}

fn answer(wanted: &str) -> Answer {
    let (_, case) = cases().find(|(file, _)| *file == wanted).expect("a case of this name");
    case.answer()
}

#[test]
fn every_case_gets_the_answer_it_expects() {
    for (file, case) in cases() {
        let answer = case.answer();
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(folder().join(file).with_extension("json"), render(&case, &answer)).unwrap();
        } else {
            let expected = case.expect.as_ref();
            let expected =
                expected.unwrap_or_else(|| panic!("{file}: nothing expected; `UPDATE_CASES=1`"));
            assert_eq!(answer, *expected, "{file}: {}", case.name);
        }
    }
}

#[test]
fn every_file_is_compiled_in() {
    let found: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = CASES.iter().map(|(file, _)| format!("{file}.json")).collect();
    assert_eq!(found, listed, "list it in tests/support/case.rs");
}

#[test]
fn the_suite_speaks_of_every_event_kind_and_every_placement() {
    let kinds: BTreeSet<EventKind> =
        cases().flat_map(|(_, case)| case.events).map(|event| event.kind).collect();
    assert_eq!(kinds.len(), EventKind::ALL.len(), "{kinds:?}");
    let placements: BTreeSet<&str> = cases()
        .flat_map(|(_, case)| case.asked(case.engine().model()))
        .map(|asked| asked.request.placement.name())
        .collect();
    assert_eq!(placements.len(), Placement::ALL.len(), "{placements:?}");
}

#[test]
fn the_suite_speaks_of_every_rule() {
    let rules: Vec<Data> = cases().filter_map(|(_, case)| Some(case.rules?.0)).collect();
    let filters = cases().flat_map(|(_, case)| fields(&case.request.0, "filter"));
    let kinds: BTreeSet<String> = rules.iter().flat_map(|set| texts(set, "kind")).collect();
    for (kind, own) in KINDS {
        assert!(kinds.contains(kind), "no case has a rule `{kind}`");
        let of_kind = rules.iter().flat_map(objects).filter(|rule| texts(rule, "kind") == [kind]);
        let said: BTreeSet<&str> = of_kind.flat_map(names).collect();
        for field in own.iter().filter(|field| **field != "where") {
            assert!(said.contains(field), "no `{kind}` with `{field}`");
        }
    }
    let filters: Vec<Data> = filters.collect();
    let said: BTreeSet<&str> =
        rules.iter().chain(&filters).flat_map(objects).flat_map(names).collect();
    for word in OPERATORS.iter().chain(&JOINTS).chain(&SHORTHANDS).chain(&COMMON_FIELDS) {
        assert!(said.contains(word), "no condition with `{word}`");
    }
}

#[test]
fn the_suite_gives_every_source_every_reason_and_every_shortfall() {
    let answers: Vec<Data> = cases().filter_map(|(_, case)| Some(case.expect?.0)).collect();
    let said = |field| -> BTreeSet<String> {
        answers.iter().flat_map(objects).flat_map(|object| texts(object, field)).collect()
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let types = fs::read_to_string(root.join("pkg/index.d.ts")).unwrap();
    let declared = [
        ("source", words_between(&types, "export type Source =", ";")),
        ("short", words_between(&types, "export type Shortfall =", ";")),
        (
            "kind",
            words_between(&types, "export interface SessionReason", "export interface Trace "),
        ),
    ];
    for (field, words) in declared {
        assert!(words.len() > 5, "{field}: {words:?}");
        let said = said(field);
        for word in words {
            // What takes away is a reason only where others take away more.
            let is_against = ["dislike", "rotation"].contains(&word);
            assert!(is_against || said.contains(word), "no case has the {field} `{word}`");
        }
    }
}

#[test]
fn the_suite_knows_every_kind_of_start() {
    let any = |is: &dyn Fn(&Case) -> bool| cases().any(|(_, case)| is(&case));
    let is_stranger = |case: &Case| case.events.is_empty() && case.stored.is_none();
    assert!(any(&is_stranger), "a stranger");
    assert!(any(&|case| case.events.len() == 1), "one click");
    assert!(any(&|case| case.events.is_empty() && case.stored.is_some()), "a return");
    assert!(any(&|case| case.add.is_some() && is_stranger(case)), "new products, a stranger");
    assert!(any(&|case| case.add.is_some() && !is_stranger(case)), "new products after a click");
    assert!(any(&|case| case.update.is_some()), "products that change");
}

#[test]
fn staying_longer_says_more() {
    assert_ne!(answer("dwell-short"), answer("dwell-long"));
}

#[test]
fn events_of_unknown_items_change_nothing() {
    assert_eq!(answer("unknown-items-only"), answer("stranger"));
    assert_eq!(answer("unknown-items-mixed"), answer("several-clicks"));
    assert_eq!(answer("related-unknown-product"), answer("one-click"));
}

#[test]
fn a_click_in_a_list_and_the_page_it_opens_are_one_step() {
    assert_eq!(answer("select-and-view"), answer("several-clicks"));
}

#[test]
fn a_page_without_a_session_is_a_session_of_one_view() {
    assert_eq!(answer("related-page-product"), answer("one-click"));
}

/// Everything that is an object in some data, at any depth.
fn objects(data: &Data) -> Vec<&Data> {
    match data {
        Data::List(list) => list.iter().flat_map(objects).collect(),
        Data::Object(fields) => {
            let inner = fields.iter().flat_map(|(_, value)| objects(value));
            std::iter::once(data).chain(inner).collect()
        }
        _ => Vec::new(),
    }
}

fn names(object: &Data) -> Vec<&str> {
    let Data::Object(fields) = object else { return Vec::new() };
    fields.iter().map(|(name, _)| name.as_str()).collect()
}

/// The values of a field, in the objects of some data.
fn fields(data: &Data, wanted: &str) -> Vec<Data> {
    let all = objects(data).into_iter().flat_map(|object| match object {
        Data::Object(fields) => &fields[..],
        _ => &[],
    });
    all.filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
}

fn texts(data: &Data, wanted: &str) -> Vec<String> {
    let text = |value| match value {
        Data::Text(text) => Some(text),
        _ => None,
    };
    fields(data, wanted).into_iter().filter_map(text).collect()
}

/// The quoted words of a declaration in the package's types.
fn words_between<'a>(types: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let declared = types.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    declared.unwrap_or_else(|| panic!("no {start}")).0.split('"').skip(1).step_by(2).collect()
}

/// The case with this answer, one event and one item a line.
fn render(case: &Case, answer: &Answer) -> String {
    let events = lines(&case.events, "    ");
    let mut fields = vec![
        format!("\"name\": {}", json(&case.name)),
        format!("\"model\": {}", json(&case.model)),
    ];
    let calls = [
        ("rules", &case.rules),
        ("add", &case.add),
        ("update", &case.update),
        ("stored", &case.stored),
    ];
    for (name, call) in calls {
        fields.extend(call.as_ref().map(|call| format!("\"{name}\": {}", json(call))));
    }
    let asked = if case.is_page() { "page" } else { "request" };
    fields.extend([
        format!("\"events\": [{events}{}]", if case.events.is_empty() { "" } else { "\n  " }),
        format!("\"{asked}\": {}", json(&case.request)),
        format!("\"expect\": {}", slates(&answer.0)),
    ]);
    format!("{{\n  {}\n}}\n", fields.join(",\n  "))
}

fn slates(answer: &Data) -> String {
    match answer {
        Data::List(slates) => {
            let slates: Vec<String> = slates.iter().map(slate_in_lines).collect();
            format!("[{}]", slates.join(", "))
        }
        slate => slate_in_lines(slate),
    }
}

fn slate_in_lines(slate: &Data) -> String {
    let Data::Object(fields) = slate else { panic!("a slate is an object") };
    let field = |(name, value): &(String, Data)| match value {
        Data::List(items) if !items.is_empty() => {
            let items: Vec<Plain> = items.iter().map(|item| Plain(item, Wholes::Floats)).collect();
            format!("\n    {}: [{}\n    ]", json(name), lines(&items, "      "))
        }
        value => format!("\n    {}: {}", json(name), json(&Plain(value, Wholes::Floats))),
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!("{{{}\n  }}", fields.join(","))
}

fn lines<T: Serialize>(values: &[T], indent: &str) -> String {
    let lines: Vec<String> = values.iter().map(|x| format!("\n{indent}{}", json(x))).collect();
    lines.join(",")
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data")
}
