//! Calls as a page may make them: mostly what the documentation says, and now and then whatever
//! comes to hand.

use mercer::rng::Rng;
use mercer::rules::KINDS;
use mercer::types::{Data, EventKind, Placement};

/// One call at the door.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    Observe(Data),
    Recommend(Data),
    Page(Data),
    Why(String, Data),
    SetRules(Data),
    Add(Data),
    Update(Data),
    Restore(Data),
    RollOver(u64),
    Forget,
}

const NOW: f64 = 1.79e12;
const IDS: [&str; 9] =
    ["tent-2p", "kettle-1.7l", "boot-42", "NEW-1", "NEW-2", "nowhere", "", "日本茶碗", "9"];

/// A call; another for every state of the generator.
pub(crate) fn call(rng: &mut Rng) -> Call {
    match rng.below(24) {
        0..8 => Call::Observe(event(rng)),
        8..14 => Call::Recommend(request(rng)),
        14 => Call::Page(many(rng, 4, request)),
        15 => Call::Why(id(rng), request(rng)),
        16..18 => Call::SetRules(rules(rng)),
        18 => Call::Add(many(rng, 3, product)),
        19 => Call::Update(many(rng, 3, product)),
        20 => Call::Restore(state(rng)),
        21..23 => Call::RollOver(rng.next_u64() >> rng.below(64)),
        _ => Call::Forget,
    }
}

fn event(rng: &mut Rng) -> Data {
    let kind = Data::Text(EventKind::ALL[rng.below(EventKind::ALL.len())].name().into());
    let mut fields = vec![("kind".to_owned(), kind), ("timeMs".to_owned(), time(rng))];
    fields.push(("item".to_owned(), text(rng, id)));
    may(rng, &mut fields, "query", |rng| Data::Text(word(rng)));
    may(rng, &mut fields, "dwellMs", |rng| whole(rng, 100_000));
    may(rng, &mut fields, "quantity", |rng| whole(rng, 5));
    may(rng, &mut fields, "price", number);
    muddled(rng, fields)
}

fn request(rng: &mut Rng) -> Data {
    let mut fields = Vec::new();
    let placement =
        |rng: &mut Rng| Data::Text(Placement::ALL[rng.below(Placement::ALL.len())].name().into());
    may(rng, &mut fields, "placement", placement);
    may(rng, &mut fields, "item", |rng| text(rng, id));
    for list in ["context", "items", "exclude"] {
        may(rng, &mut fields, list, |rng| many(rng, 6, |rng| text(rng, id)));
    }
    may(rng, &mut fields, "query", |rng| Data::Text(word(rng)));
    may(rng, &mut fields, "count", |rng| whole(rng, 70));
    may(rng, &mut fields, "filter", |rng| condition(rng, 3));
    for level in ["diversity", "rotation", "exploration"] {
        may(rng, &mut fields, level, |rng| Data::Number(rng.unit_f64()));
    }
    may(rng, &mut fields, "seed", |rng| whole(rng, 99));
    for flag in ["includeSeen", "includeOwned", "explain", "trace"] {
        may(rng, &mut fields, flag, |rng| Data::Flag(rng.below(2) == 0));
    }
    may(rng, &mut fields, "timeMs", time);
    may(rng, &mut fields, "hour", |rng| whole(rng, 24));
    may(rng, &mut fields, "landing", |_| Data::Text("Outdoor".into()));
    may(rng, &mut fields, "device", |_| Data::Text("phone".into()));
    muddled(rng, fields)
}

fn rules(rng: &mut Rng) -> Data {
    many(rng, 5, |rng| {
        let (kind, own) = KINDS[rng.below(KINDS.len())];
        let mut fields = vec![("kind".to_owned(), Data::Text(kind.into()))];
        for name in own {
            may(rng, &mut fields, name, |rng| rule_value(rng, name));
        }
        may(rng, &mut fields, "from", time);
        may(rng, &mut fields, "until", time);
        muddled(rng, fields)
    })
}

fn rule_value(rng: &mut Rng, name: &str) -> Data {
    let of = |words: &[&str], rng: &mut Rng| Data::Text(words[rng.below(words.len())].into());
    match name {
        "where" => condition(rng, 3),
        "items" => many(rng, 4, |rng| text(rng, id)),
        "field" => of(&["brand", "category", "price", "none"], rng),
        "show" => of(&["collapse", "all"], rng),
        "outOfStock" | "lowStock" => of(&["show", "bury", "exclude"], rng),
        "at" | "most" | "level" | "halfLifeDays" => whole(rng, 9),
        "share" => Data::Number(rng.unit_f64()),
        _ => Data::Number(9.0 * rng.unit_f64()),
    }
}

fn condition(rng: &mut Rng, depth: usize) -> Data {
    let mut fields = Vec::new();
    may(rng, &mut fields, "brand", |rng| Data::Text(word(rng)));
    may(rng, &mut fields, "colour", |rng| many(rng, 3, |rng| Data::Text(word(rng))));
    may(rng, &mut fields, "price", |rng| {
        let mut bounds = Vec::new();
        may(rng, &mut bounds, "atLeast", number);
        may(rng, &mut bounds, "atMost", number);
        may(rng, &mut bounds, "within", |rng| many(rng, 3, number));
        Data::Object(bounds)
    });
    may(rng, &mut fields, "category", |rng| {
        let mut same = vec![("same".to_owned(), Data::Flag(true))];
        may(rng, &mut same, "levels", |rng| whole(rng, 4));
        Data::Object(same)
    });
    if depth > 0 {
        may(rng, &mut fields, "any", |rng| many(rng, 3, |rng| condition(rng, depth - 1)));
        may(rng, &mut fields, "all", |rng| many(rng, 3, |rng| condition(rng, depth - 1)));
        may(rng, &mut fields, "not", |rng| condition(rng, depth - 1));
    }
    muddled(rng, fields)
}

fn product(rng: &mut Rng) -> Data {
    let mut fields = vec![("item".to_owned(), text(rng, id))];
    for name in ["title", "description", "brand", "category", "group", "availability", "colour"] {
        may(rng, &mut fields, name, |rng| Data::Text(word(rng)));
    }
    may(rng, &mut fields, "price", number);
    may(rng, &mut fields, "added", |_| Data::Text("2026-09-21".into()));
    may(rng, &mut fields, "embedding", |rng| many(rng, 5, number));
    muddled(rng, fields)
}

fn state(rng: &mut Rng) -> Data {
    let with = |name: &str, value| (name.to_owned(), value);
    let counted = |rng: &mut Rng, names: [&str; 2]| {
        let [one, two] = names.map(|name| (name.to_owned(), whole(rng, 40_000)));
        Data::Object(vec![with("item", text(rng, id)), one, two])
    };
    let cart = |rng: &mut Rng| {
        Data::Object(vec![with("item", text(rng, id)), with("quantity", whole(rng, 3))])
    };
    let fields = vec![
        with("version", whole(rng, 4)),
        with("events", many(rng, 6, event)),
        with("cart", many(rng, 3, cart)),
        with("bought", many(rng, 3, |rng| text(rng, id))),
        with("impressions", many(rng, 4, |rng| counted(rng, ["shown", "timeMs"]))),
        with("taste", many(rng, 4, |rng| counted(rng, ["weight", "day"]))),
    ];
    muddled(rng, fields)
}

/// The fields, of which in one of eight cases one holds whatever comes to hand.
fn muddled(rng: &mut Rng, mut fields: Vec<(String, Data)>) -> Data {
    if rng.below(8) == 0 && !fields.is_empty() {
        let at = rng.below(fields.len());
        fields[at].1 = anything(rng, 2);
    }
    Data::Object(fields)
}

fn anything(rng: &mut Rng, depth: usize) -> Data {
    let numbers = [0.0, -0.0, -1.0, 0.5, 1e300, -1e300, 9e15, f64::NAN, f64::INFINITY, 5e-324];
    match rng.below(if depth > 0 { 7 } else { 5 }) {
        0 => Data::Null,
        1 => Data::Flag(true),
        2 => Data::Number(numbers[rng.below(numbers.len())]),
        3 => Data::Text("x".repeat(10_000)),
        4 => Data::Text(id(rng)),
        5 => many(rng, 4, |rng| anything(rng, depth - 1)),
        _ => Data::Object(vec![(word(rng), anything(rng, depth - 1))]),
    }
}

fn may(
    rng: &mut Rng,
    fields: &mut Vec<(String, Data)>,
    name: &str,
    value: impl FnOnce(&mut Rng) -> Data,
) {
    if rng.below(3) == 0 {
        fields.push((name.to_owned(), value(rng)));
    }
}

fn many(rng: &mut Rng, most: usize, mut one: impl FnMut(&mut Rng) -> Data) -> Data {
    Data::List((0..rng.below(most + 1)).map(|_| one(rng)).collect())
}

fn text(rng: &mut Rng, word: fn(&mut Rng) -> String) -> Data {
    Data::Text(word(rng))
}

fn id(rng: &mut Rng) -> String {
    IDS[rng.below(IDS.len())].to_owned()
}

fn word(rng: &mut Rng) -> String {
    let words = ["mug", "Hario", "acme", "Kitchen > 1", "out_of_stock", "low_stock", "", "ﬁn\0"];
    words[rng.below(words.len())].to_owned()
}

fn number(rng: &mut Rng) -> Data {
    Data::Number([0.0, 4.5, 20.0, 1e-40, 1e11, -3.0][rng.below(6)])
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn whole(rng: &mut Rng, below: usize) -> Data {
    Data::Number(rng.below(below) as f64)
}

/// Times run on, back, and away.
fn time(rng: &mut Rng) -> Data {
    let times = [0.0, NOW, NOW - 9e9, NOW + 9e9, 8.64e15, 9_007_199_254_740_991.0, 1.0];
    Data::Number(times[rng.below(times.len())] + f64::from(u8::try_from(rng.below(200)).unwrap()))
}
