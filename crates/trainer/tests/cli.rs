//! The `mercer` command as an analyst meets it: the real binary, its whole output.
//!
//! `UPDATE_TRANSCRIPTS=1 cargo test -p mercer-cli --test cli` writes the transcripts anew;
//! read the difference before you commit it.

mod support;

use std::fmt::Write;
use support::{Desk, repository};

const COMMANDS: [&str; 12] = [
    "synth",
    "check",
    "train",
    "evaluate",
    "baseline",
    "compare",
    "inspect",
    "recommend",
    "rules",
    "keygen",
    "sign",
    "verify",
];

/// How a transcript treats numbers that differ from machine to machine.
#[derive(Clone, Copy, PartialEq)]
enum Numbers {
    /// Only durations differ.
    Exact,
    /// Training differs in the last digits, and so does all that follows from it.
    Trained,
}

/// Runs the lines and holds their output against the transcript of that name.
fn hold(desk: &Desk, name: &str, lines: &[(&str, Numbers)]) {
    let mut text = String::new();
    for (line, numbers) in lines {
        let ran = desk.run(line);
        writeln!(text, "$ mercer {line}").unwrap();
        text += &masked(&ran.stdout, *numbers);
        if !ran.stderr.is_empty() {
            write!(text, "--- stderr\n{}", masked(&ran.stderr, *numbers)).unwrap();
        }
        writeln!(text, "--- exit code {}\n", ran.code.unwrap()).unwrap();
    }
    let path = repository(&format!("crates/trainer/tests/transcripts/{name}.txt"));
    if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (at, (here, there)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(here, there, "line {} of {}", at + 1, path.display());
    }
    assert_eq!(text, expected, "{} ends elsewhere", path.display());
}

/// `text` without the numbers that are not the same on every machine.
fn masked(text: &str, numbers: Numbers) -> String {
    text.lines().map(|line| masked_line(line, numbers) + "\n").collect()
}

fn masked_line(line: &str, numbers: Numbers) -> String {
    let mut out = String::new();
    let mut rest = line;
    let is_latency =
        ["\"p50\"", "\"p90\"", "\"p99\"", "fit_seconds"].iter().any(|w| rest.contains(w));
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = &rest[start..];
        let number = |c: char| c.is_ascii_digit() || c == '.';
        let end = tail.find(|c| !number(c)).unwrap_or(tail.len());
        let (digits, after) = tail.split_at(end);
        let digits = digits.trim_end_matches('.');
        let is_time = is_latency || after.starts_with(" µs") || ends_duration(after);
        let differs = is_time || (numbers == Numbers::Trained && digits.contains('.'));
        out += &rest[..start];
        out += if differs { "#" } else { digits };
        rest = &tail[digits.len()..];
    }
    out + rest
}

/// ` s` at the end of a word: seconds.
fn ends_duration(after: &str) -> bool {
    after.strip_prefix(" s").is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

#[test]
fn every_command_has_help_with_examples() {
    use Numbers::Exact;
    let desk = Desk::new();
    let lines: Vec<String> = COMMANDS.iter().map(|command| format!("{command} --help")).collect();
    let mut held = vec![("--version", Exact), ("--help", Exact)];
    held.extend(lines.iter().map(|line| (line.as_str(), Exact)));
    hold(&desk, "help", &held);
    for line in &lines {
        let ran = desk.run(line);
        assert!(ran.stdout.contains("Examples:\n  mercer "), "{line}: {}", ran.stdout);
        assert_eq!((ran.stderr.as_str(), ran.code), ("", Some(0)), "{line}");
    }
}

#[test]
fn the_walk_from_a_sample_shop_to_a_slate() {
    use Numbers::{Exact, Trained};
    let train = "train --events shop/events.csv.gz --catalog shop/catalog.jsonl --epochs 1 \
                 --threads 2 --holdout 0.2 --out shop.mercer";
    let lines = [
        ("synth --out shop --items 60 --sessions 400", Exact),
        ("check --events shop/events.csv.gz --catalog shop/catalog.jsonl", Exact),
        (train, Trained),
        ("evaluate --model shop.mercer --events shop/test-events.csv.gz --at 5,10", Trained),
    ];
    let desk = Desk::new();
    hold(&desk, "walk", &lines);
    assert_eq!(desk.names(), ["shop", "shop.mercer"], "nothing else is left behind");

    let json = desk.run(&format!("{train} --json"));
    let trained: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(trained["model"], "shop.mercer");
    assert_eq!(trained["size"]["bytes"], desk.bytes("shop.mercer").len());
    assert!(trained["holdout"]["metrics"]["mrr@20"].as_f64().unwrap() > 0.0);
    let checked = desk.run("check --events shop/events.csv.gz --json");
    let checked: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!((&checked["status"], &checked["catalog"]), (&"warn".into(), &().into()));
}

/// Sessions over items of the golden model, one of an item it does not know.
const LOG: &str = "session_id,item_id,event_type,timestamp\n\
    a,SKU-00018,view_item,1600000000\na,SKU-00999,add_to_cart,1600000030\n\
    a,boot-42,view_item,1600000060\nb,moka-pot,view_item,1600000000\n\
    b,teapot-glass,view_item,1600000010\nb,moka-pot,view_item,1600000020\n\
    c,tent-1p,view_item,1600000000\nc,not-sold-here,view_item,1600000090\n";

/// The last product is no target of the log.
const ITEMS: &str = "item_id,title,category,brand,cold\n\
    SKU-00018,Cup,Home > Cups,Acme,0\nSKU-00999,Mug,Home > Cups,Acme,1\n\
    boot-42,Boot,Shoes,Alp,1\nmoka-pot,Moka pot,Home > Coffee,Alp,0\n\
    teapot-glass,Teapot,Home > Tea,,0\ntent-1p,Tent,Outdoor,Alp,0\nstove-gas,Stove,Outdoor,,2\n";

const HISTORY: &str = "session_id,item_id,event_type,timestamp\n\
    a,SKU-00018,view_item,1500000000\na,SKU-00019,purchase,1500000030\n\
    c,stove-gas,view_item,1500000000\n";

/// Everything that is asked of a model file.
fn model_lines() -> Vec<(&'static str, Numbers)> {
    use Numbers::{Exact, Trained};
    vec![
        ("inspect --model small.mercer", Exact),
        ("inspect --model small.mercer --item moka-pot", Exact),
        ("inspect --model wide.mercer --item moka-pot --json", Exact),
        ("inspect --model small.mercer --item moka", Exact),
        ("evaluate --model small.mercer --events log.csv --at 1,20", Exact),
        (
            "evaluate --model small.mercer --events log.csv --history history.csv --protocol \
             last-item --exclude-seen --at 20 --json",
            Trained,
        ),
        (
            "evaluate --model small.mercer --events log.csv --catalog items.csv --segments \
             --beyond --training history.csv --protocol rest-of-session --at 5,20",
            Trained,
        ),
        (
            "evaluate --model small.mercer --events log.csv --catalog items.csv --only cold=1 \
             --at 20 --json",
            Trained,
        ),
        ("compare --model small.mercer --with wide.mercer --events log.csv --at 20", Trained),
        (
            "compare --model small.mercer --with small.mercer --events log.csv --at 5 --json",
            Trained,
        ),
        ("recommend --model small.mercer --count 3", Exact),
        (
            "recommend --model small.mercer --count 4 --explain --session \
             \"view_item:SKU-00018,add_to_cart:moka-pot,search:red cup\"",
            Exact,
        ),
        (
            "recommend --model small.mercer --placement related --item tent-1p --count 2 --json",
            Exact,
        ),
        (
            "recommend --model small.mercer --session view_item:nowhere --count 1 --explain --json",
            Exact,
        ),
        (
            "recommend --model small.mercer --placement search --items mug-enamel,tarp-3x3,nowhere \
             --session view_item:tent-2p --count 4",
            Exact,
        ),
        ("recommend --model small.mercer --placement cart --context tent-2p --count 2", Exact),
        ("recommend --model small.mercer --exploration 0.5 --seed 7 --hour 9 --count 2", Exact),
        ("recommend --model small.mercer --count 2 --session view_item:moka-pot --trace", Exact),
        (
            "recommend --model small.mercer --count 2 --session view_item:moka-pot --why moka-pot",
            Exact,
        ),
        (
            "recommend --model small.mercer --count 2 --session view_item:moka-pot \
             --why mug-enamel --json",
            Exact,
        ),
        ("recommend --model small.mercer --why nowhere", Exact),
        ("recommend --model small.mercer --why moka-pot --trace", Exact),
        ("recommend --model small.mercer --placement shelf", Exact),
        ("recommend --model small.mercer --exploration 2", Exact),
        ("recommend --model small.mercer --landing Kitchen", Exact),
        ("recommend --model small.mercer --session moka-pot", Exact),
        ("recommend --model small.mercer --session vew_item:moka-pot", Exact),
        ("recommend --model small.mercer --session view_item:", Exact),
        ("recommend --model small.mercer --count 0", Exact),
        ("trian", Exact),
        ("train --events log.csv", Exact),
        ("train --events log.csv --out x.mercer --bits 5", Exact),
        ("train --events log.csv --out x.mercer --rate -1", Exact),
        ("train --events log.csv --out x.mercer --dim 60", Exact),
        ("train --events log.csv --out x.mercer --model als", Exact),
        ("train --events log.csv --out x.mercer --model svd --rate 0.1", Exact),
        ("train --events log.csv --out x.mercer --model ials --ridge 0", Exact),
        ("train --events log.csv --out x.mercer --model ratings --threads 1", Exact),
        ("train --events log.csv --out x.mercer --holdout 1", Exact),
        ("train --events log.csv --out x.mercer --holdout 0.1", Exact),
        ("train --events log.csv --out x.mercer --min-sessions 0", Exact),
        ("train --events log.csv --out x.mercer --threads 0", Exact),
        ("train --events log.csv --out x.mercer --position-correction on", Exact),
        ("evaluate --model small.mercer --events log.csv --at 0", Exact),
        ("evaluate --model small.mercer --events log.csv --history log.csv", Exact),
        ("evaluate --model small.mercer --events log.csv --protocol next", Exact),
        ("evaluate --model small.mercer --events log.csv --at 5 --diversity-sweep", Exact),
        ("evaluate --model small.mercer --events log.csv --plot x.svg", Exact),
        ("evaluate --model small.mercer --events log.csv --only cold=1", Exact),
        ("evaluate --model small.mercer --events log.csv --catalog items.csv --only cold", Exact),
        ("compare --model small.mercer --events log.csv", Exact),
    ]
}

#[test]
fn a_model_file_judged_inspected_and_asked() {
    let desk = Desk::new();
    for name in ["small.mercer", "wide.mercer"] {
        desk.put(name, std::fs::read(repository("tests/golden").join(name)).unwrap());
    }
    desk.put("log.csv", LOG);
    desk.put("history.csv", HISTORY);
    desk.put("items.csv", ITEMS);
    let lines = model_lines();
    hold(&desk, "model", &lines);
    for (line, _) in lines.iter().filter(|(line, _)| line.ends_with("--json")) {
        let ran = desk.run(line);
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&ran.stdout);
        assert!(parsed.is_ok_and(|value| value.is_object()), "{line}: {}", ran.stdout);
    }
}

const RULES: &str = r#"[
  { "kind": "exclude", "name": "Not for the web", "where": { "brand": ["Ünal", "Harioo"] } },
  { "kind": "limit", "field": "category", "level": 1, "most": 2 },
  { "kind": "include", "where": { "price": { "within": [0.5, 2] } }, "placements": ["related"] },
  { "kind": "boost", "name": "Cheap", "where": { "price": { "atMost": 5 } }, "by": 2 },
  { "kind": "pin", "items": ["moka-pot", "nowhere"], "at": 2 }
]"#;

#[test]
fn a_shops_rules_checked_and_obeyed() {
    use Numbers::Exact;
    let desk = Desk::new();
    desk.put("shop.mercer", std::fs::read(repository("tests/golden/shop.mercer")).unwrap());
    desk.put("rules.json", RULES);
    desk.put("slip.json", r#"[{ "kind": "exclude", "where": { "price": { "atLeast": "5" } } }]"#);
    desk.put("kind.json", r#"{ "rules": [{ "kind": "exlude" }] }"#);
    desk.put("cut.json", r#"[{ "kind": "exclude""#);
    let lines = [
        "rules --model shop.mercer --rules rules.json",
        "rules --model shop.mercer --rules rules.json --json",
        "rules --model shop.mercer --rules slip.json",
        "rules --model shop.mercer --rules kind.json --json",
        "rules --model shop.mercer --rules cut.json",
        "rules --model shop.mercer --rules none.json",
        "recommend --model shop.mercer --count 5 --rules rules.json --explain",
        r#"recommend --model shop.mercer --count 5 --filter '{"maxPrice": 20, "brand": "acme"}'"#,
        r#"recommend --model shop.mercer --filter '{"maxPrice": "20"}'"#,
        "recommend --model shop.mercer --filter maxPrice",
        "recommend --model shop.mercer --rules kind.json",
    ];
    let held: Vec<_> = lines.iter().map(|line| (*line, Exact)).collect();
    hold(&desk, "rules", &held);
}

/// What earlier shoppers did, in the ids of [`LOG`].
const EARLIER: &str = "session_id,item_id,event_type,timestamp\n\
    p,SKU-00018,view_item,1500000000\np,boot-42,view_item,1500000010\n\
    q,moka-pot,view_item,1500100000\nq,teapot-glass,view_item,1500100010\n\
    q,moka-pot,view_item,1500100020\nr,tent-1p,view_item,1500900000\n\
    r,boot-42,view_item,1500900020\n";

#[test]
fn baselines_are_judged_like_a_model_file() {
    use Numbers::Exact;
    let desk = Desk::new();
    desk.put("earlier.csv", EARLIER);
    desk.put("log.csv", LOG);
    desk.put("items.csv", ITEMS);
    let judged = "--train earlier.csv --events log.csv --at 1,5";
    let lines = [
        format!("baseline popularity {judged}"),
        format!("baseline recent-popularity {judged} --window 5d"),
        format!("baseline successors {judged}"),
        format!("baseline item-knn {judged} --exclude-seen"),
        format!("baseline vs-knn {judged}"),
        format!("baseline vmis-knn {judged} --neighbours 1 --sample 2 --last 3"),
        format!("baseline tf-idf {judged} --catalog items.csv --only cold=0"),
        format!("baseline tf-idf {judged}"),
        format!("baseline successors {judged} --last 2"),
        format!("baseline item-knn {judged} --sample 2"),
        format!("baseline recent-popularity {judged} --window 2"),
        format!("baseline vs-knn {judged} --neighbours 0"),
        format!("baseline knn {judged}"),
        "baseline popularity --train log.csv --events log.csv".to_owned(),
    ];
    let held: Vec<_> = lines.iter().map(|line| (line.as_str(), Exact)).collect();
    hold(&desk, "baseline", &held);

    let ran = desk.run(&format!("baseline vmis-knn {judged} --json"));
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&value["cases"], &value["protocol"]), (&5.into(), &"every-prefix".into()));
    let about = &value["baseline"];
    assert_eq!((&about["name"], &about["n_items"]), (&"vmis-knn".into(), &5.into()));
    let settings = serde_json::json!({ "neighbours": 100, "sample": 500, "last": 9 });
    assert_eq!((&about["settings"], &about["train_sessions"]), (&settings, &3.into()));
    for metric in ["hit_rate@5", "mrr@1", "ndcg@5"] {
        assert!(value["metrics"][metric].is_f64() && value["intervals"][metric]["low"].is_f64());
    }
}

#[test]
fn evaluation_as_json_keeps_its_contract() {
    let desk = Desk::new();
    desk.put("small.mercer", std::fs::read(repository("tests/golden/small.mercer")).unwrap());
    desk.put("log.csv", LOG);
    let ran = desk.run("evaluate --model small.mercer --events log.csv --at 5,20 --json");
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    // a: 2 cases, b: 2, c: 1 whose target the model does not know.
    assert_eq!((&value["cases"], &value["protocol"]), (&5.into(), &"every-prefix".into()));
    assert_eq!(value["unknown_targets"], 1);
    for metric in ["hit_rate@5", "mrr@5", "ndcg@5", "hit_rate@20", "mrr@20", "ndcg@20"] {
        let rate = value["metrics"][metric].as_f64().unwrap();
        let interval = &value["intervals"][metric];
        let (low, high) = (interval["low"].as_f64().unwrap(), interval["high"].as_f64().unwrap());
        assert!(0.0 <= low && low <= rate && rate <= high && high <= 1.0, "{metric}: {interval}");
    }
    assert_eq!((&value["model"]["bytes"], &value["model"]["n_items"]), (&2752.into(), &60.into()));
    assert!(value["model"]["bytes_per_item"].as_f64().unwrap() < 10.0);
    assert!(value["latency_us"]["p50"].as_f64() <= value["latency_us"]["p99"].as_f64());
    // What no flag asked for is there, too.
    for figure in ["coverage@20", "gini@5", "novelty@20", "diversity@20", "serendipity@20"] {
        assert!(value["beyond"]["metrics"][figure].is_f64(), "{figure}");
    }
    let lengths = value["segments"]["session_length"].as_array().unwrap();
    let cases: u64 = lengths.iter().map(|segment| segment["cases"].as_u64().unwrap()).sum();
    assert_eq!(cases, 5);
    assert!(lengths[0]["intervals"]["mrr@20"]["low"].is_f64());
}

#[test]
fn only_some_targets_and_two_models_as_json() {
    let desk = Desk::new();
    for name in ["small.mercer", "wide.mercer"] {
        desk.put(name, std::fs::read(repository("tests/golden").join(name)).unwrap());
    }
    desk.put("log.csv", LOG);
    desk.put("items.csv", ITEMS);
    let json = |line: &str| -> serde_json::Value {
        let ran = desk.run(&format!("{line} --events log.csv --json"));
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{line}: {}", ran.stderr))
    };
    let cold = json("evaluate --model small.mercer --catalog items.csv --only cold=1");
    assert_eq!((&cold["cases"], &cold["only"]), (&2.into(), &serde_json::json!(["cold=1"])));
    let both = "--only category=Cups --only cold=1";
    let both = json(&format!("evaluate --model small.mercer --catalog items.csv {both}"));
    assert_eq!(both["cases"], 1);
    let rest = json("evaluate --model small.mercer --protocol rest-of-session");
    assert_eq!((&rest["cases"], &rest["protocol"]), (&5.into(), &"rest-of-session".into()));

    let same = json("compare --model small.mercer --with small.mercer");
    assert_eq!((&same["verdict"], &same["rounds"]), (&"no-telling".into(), &10_000.into()));
    assert_eq!(same["differences"]["mrr@20"]["p_value"], 1.0);
    let alone = json("evaluate --model wide.mercer");
    let other = json("compare --model small.mercer --with wide.mercer");
    assert_eq!(other["with"]["metrics"]["mrr@20"], alone["metrics"]["mrr@20"]);
    assert_eq!(other["sizes"]["with"], alone["model"]);
}

#[test]
fn the_same_seed_and_threads_give_the_same_bytes() {
    let desk = Desk::new();
    desk.run("synth --out shop --items 60 --sessions 400");
    let train = |options: &str, out: &str| {
        let ran = desk
            .run(&format!("train --events shop/events.csv.gz --epochs 1 {options} --out {out}"));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        desk.bytes(out)
    };
    for bits in ["--bits 4", "--bits 8"] {
        let options = format!("{bits} --threads 2 --seed 3 --holdout 0.1");
        assert!(train(&options, "a.mercer") == train(&options, "b.mercer"), "{bits}");
    }
    let (four, eight) =
        (train("--bits 4 --threads 1", "a.mercer"), train("--bits 8 --threads 1", "b.mercer"));
    // 58 items of 64 coordinates, half a byte more each.
    assert!(four.len() + 58 * 32 <= eight.len() + 16, "{} and {}", four.len(), eight.len());
    assert!(four != train("--bits 4 --threads 1 --seed 2", "c.mercer"), "the seed counts");
    // One fit at several widths: the same bytes as by itself, but for what was asked for.
    let spelt = "--bits 8 --threads 1 --also 2=two.mercer --also 4=four.mercer";
    assert!(train(spelt, "b.mercer") == eight && desk.bytes("four.mercer") == four);
    assert!(train("--bits 2 --threads 1", "c.mercer") == desk.bytes("two.mercer"));
    assert_eq!(mercer::model::Model::read(&desk.bytes("two.mercer")).unwrap().bits(), 2);
    for (wrong, word) in [
        ("--budget 99", "--budget 99: the smallest file has"),
        ("--budget 9000 --bits 4", "cannot be used with"),
        ("--also 5=y.mercer", "`5` is none of 1, 2, 3, 4 and 8 bits"),
        ("--also y.mercer", "write BITS=FILE"),
        ("--also 2=e.mercer", "written already"),
        ("--also 2=y.mercer --also 3=y.mercer", "written already"),
        ("--also 2=shop/events.csv.gz", "this is an input"),
    ] {
        let line = format!("train --events shop/events.csv.gz --epochs 1 --out e.mercer {wrong}");
        let ran = desk.run(&line);
        assert!(ran.code == Some(2) && ran.stderr.contains(word), "{wrong}: {}", ran.stderr);
    }
    for (budget, bits) in [(eight.len(), 8), (eight.len() - 1, 4)] {
        let file = train(&format!("--threads 1 --budget {budget}"), "d.mercer");
        assert!(file.len() <= budget && mercer::model::Model::read(&file).unwrap().bits() == bits);
    }
}

#[test]
fn every_family_of_models_can_be_trained_judged_and_asked() {
    let desk = Desk::new();
    desk.run("synth --out shop --items 60 --sessions 400");
    for model in ["ials", "bpr", "svd", "ease"] {
        let train = |out: &str| {
            let line = format!(
                "train --events shop/events.csv.gz --model {model} --threads 2 --holdout 0.1 \
                 --json --out {out}"
            );
            let ran = desk.run(&line);
            assert_eq!(ran.code, Some(0), "{model}: {}", ran.stderr);
            let trained: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
            (desk.bytes(out), trained["holdout"]["metrics"]["hit_rate@20"].as_f64().unwrap())
        };
        let (file, rate) = train("a.mercer");
        assert!(file == train("b.mercer").0, "{model}: the same seed and threads, other bytes");
        // Twenty of sixty products by chance.
        assert!(rate > 0.4, "{model}: {rate}");
        let about = desk.run("inspect --model a.mercer --json").stdout;
        assert!(about.contains(&format!("\"model\": \"{model}\"")), "{about}");
    }
}

#[test]
fn ratings_are_judged_in_stars() {
    let desk = Desk::new();
    let mut log = String::from("user_id,item_id,timestamp,stars\n");
    for (visit, count) in [(0, 10), (1, 5)] {
        for (user, k) in (0..60_u32).flat_map(|user| (0..count).map(move |k| (user, k))) {
            let item = (user * 7 + visit * 10 + k) % 30;
            let stars = 2 + u32::from(item % 2 == 0) + u32::from(user % 3 == 0);
            let time = 1_600_000_000 + visit * 10_000_000 + user * 1000 + k;
            writeln!(log, "u{user},i{item},{time},{stars}").unwrap();
        }
    }
    desk.put("ratings.csv", &log);
    let ran = desk.run(
        "train --events ratings.csv --column rating=stars --model ratings --dim 16 --epochs 60 \
         --rate 0.02 --threads 2 --holdout 0.5 --json --out stars.mercer",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ratings = serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()["ratings"].take();
    assert_eq!(ratings["ratings"], 300);
    // They deviate by 0.69 from their mean.
    let [rmse, mae] = ["rmse", "mae"].map(|error| ratings[error].as_f64().unwrap());
    assert!(mae <= rmse && rmse < 0.4, "{ratings}");

    // The same file, judged on a file of what it was not trained on.
    let rows: Vec<&str> = log.lines().collect();
    desk.put("known.csv", rows[..=600].join("\n"));
    desk.put("next.csv", [&rows[..1], &rows[601..]].concat().join("\n"));
    let evaluate = "evaluate --model stars.mercer --events next.csv --column rating=stars";
    let ran = desk.run(&format!("{evaluate} --history known.csv --json"));
    let judged: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(judged["ratings"], ratings, "{}", ran.stderr);
    let ran = desk.run(&format!("{evaluate} --history known.csv"));
    assert!(ran.stdout.contains(&format!("ratings: rmse {rmse:.4}, mae {mae:.4} over 300")));
    // Without what was rated before, nothing is known of anybody.
    assert!(!desk.run(evaluate).stdout.contains("rmse"));
}

/// The options that `--help` lists, `--json` and its like.
fn options(help: &str) -> Vec<&str> {
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.flat_map(|line| line.split([' ', ',']).take(4));
    words
        .filter(|word| word.starts_with("--") && *word != "--help")
        .map(|word| word.trim_end_matches("..."))
        .collect()
}

#[test]
fn the_manual_has_every_command_and_every_option() {
    let manual = std::fs::read_to_string(repository("docs/cli.md")).unwrap();
    let desk = Desk::new();
    for command in COMMANDS {
        let title = format!("## `mercer {command}`");
        let section = manual.split("\n## ").find(|part| format!("## {part}").starts_with(&title));
        let section = section.unwrap_or_else(|| panic!("docs/cli.md has no section {title}"));
        let help = desk.run(&format!("{command} --help")).stdout;
        let options = options(&help);
        assert!(options.len() >= 2, "{command}: {options:?}");
        for option in options {
            let row = format!("| `{option}");
            assert!(section.contains(&row), "docs/cli.md, {title}: no row for {option}");
        }
        let written = section.lines().filter_map(|line| line.strip_prefix("| `--"));
        for option in written.filter_map(|line| line.split([' ', '`']).next()) {
            assert!(help.contains(&format!("--{option}")), "{title}: there is no --{option}");
        }
    }
}

/// Lists of six that put items with small numbers on top, where they are looked at most.
fn biased_lists() -> String {
    let mut rng = mercer::rng::Rng::new(4);
    let mut log = "session_id,item_id,event_type,list_position\n".to_owned();
    for session in 0..1500 {
        let mut list: Vec<(f64, u32)> =
            (0..12).map(|item| (f64::from(item) + 6.0 * rng.normal(), item)).collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        list.truncate(6);
        for (place, (_, item)) in list.iter().enumerate() {
            writeln!(log, "s{session},i{item},impression,{place}").unwrap();
        }
        for (place, (_, item)) in (0..).zip(&list) {
            if rng.unit_f64() < 0.8 / f64::from(1 + place) {
                writeln!(log, "s{session},i{item},click,{place}").unwrap();
            }
        }
    }
    log
}

#[test]
fn list_positions_are_corrected_for_and_told_of() {
    let desk = Desk::new();
    desk.put("lists.csv", biased_lists());
    let train = "train --events lists.csv --epochs 1 --dim 16 --threads 1 --out m.mercer";
    let ran = desk.run(train);
    assert!(ran.stdout.contains("list positions corrected for"), "{ran:?}");
    assert!(ran.stdout.contains("\n    0: 1.00  1: 0."), "{ran:?}");
    let corrected = desk.bytes("m.mercer");
    let json: serde_json::Value =
        serde_json::from_str(&desk.run(&format!("{train} --json")).stdout).unwrap();
    let told = &json["position_correction"];
    assert_eq!((&told["applied"], &told["ranges"][0]["weight"]), (&true.into(), &1.0.into()));
    let propensity = told["ranges"][2]["propensity"].as_f64().unwrap();
    assert!((propensity - 1.0 / 3.0).abs() < 0.07, "{told}");
    assert!(told["ranges"][5]["to"].is_null(), "{told}");

    let ran = desk.run(&format!("{train} --position-correction off"));
    assert!(ran.stdout.contains("not corrected for: --position-correction off"), "{ran:?}");
    assert_ne!(corrected, desk.bytes("m.mercer"));
    let inspected = desk.run("inspect --model m.mercer --json");
    assert!(inspected.stdout.contains("position_correction"), "{inspected:?}");
}
