use super::*;
use crate::model::Model;
use crate::types::{Data, EventKind, ItemIx, Placement, Request};
use proptest::prelude::*;

fn model() -> Model {
    Model::read(include_bytes!("../../tests/golden/small.mercer")).unwrap()
}

fn parse(json: &str) -> Data {
    serde_json::from_str(json).unwrap()
}

/// Any plain data, wild numbers and deep lists among it.
fn any_data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Flag),
        any::<f64>().prop_map(Data::Number),
        (-3_i16..1005).prop_map(|number| Data::Number(number.into())),
        "\\PC{0,12}".prop_map(Data::Text),
        prop_oneof![Just("home"), Just("tent-2p"), Just("phone")]
            .prop_map(|s| Data::Text(s.into())),
        Just(Data::Text("é".repeat(200))),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Data::List),
            prop::collection::vec(("[a-z]{0,6}", inner), 0..4).prop_map(Data::Object),
        ]
    })
}

/// A call in which some fields hold anything.
fn any_call(names: &'static [&'static str]) -> impl Strategy<Value = Data> {
    let name = prop::sample::select(names).prop_map(str::to_owned);
    prop::collection::vec((name, any_data()), 0..6).prop_map(Data::Object)
}

const EVENT: &[&str] = &["kind", "item", "timeMs", "dwellMs", "query", "quantity", "price", "x"];
const STATE: &[&str] = &["version", "events", "cart", "bought", "impressions", "taste", "x"];

proptest! {
    #[test]
    fn whatever_is_said_is_read_or_refused(
        call in prop_oneof![any_data(), any_call(&request::KNOWN)]
    ) {
        if let Err(refusal) = request(&call, &model()) {
            let is_known = refusal.code.starts_with("request/") || refusal.code.starts_with("filter/");
            prop_assert!(is_known, "{}", refusal.code);
        }
    }

    #[test]
    fn whatever_happened_is_read_or_refused(call in prop_oneof![any_data(), any_call(EVENT)]) {
        if let Err(refusal) = event(&call) {
            prop_assert!(refusal.code.starts_with("event/"), "{}", refusal.code);
        }
    }

    #[test]
    fn whatever_was_stored_is_read_or_refused(call in prop_oneof![any_data(), any_call(STATE)]) {
        if let Err(refusal) = state(&call) {
            prop_assert!(refusal.code.starts_with("state/"), "{}", refusal.code);
        }
    }
}

#[test]
fn what_is_not_said_is_the_default() {
    let asked = request(&parse("{}"), &model()).unwrap();
    assert_eq!(asked.request, Request::default());
    assert_eq!(asked.explain, Explain::No);
    let nulls = parse(r#"{"item":null,"count":null,"context":null,"device":null}"#);
    assert_eq!(request(&nulls, &model()).unwrap(), asked);
}

#[test]
fn ids_become_items_and_unknown_ones_are_left_out() {
    let model = model();
    let call = parse(
        r#"{"placement":"search","item":"tent-2p","items":["kettle-1.7l","gone","tent-2p"],
            "context":["gone"],"exclude":["mug-enamel"]}"#,
    );
    let Request { placement, item, listed, context, exclude, .. } =
        request(&call, &model).unwrap().request;
    let ix = |id| model.item_ix(id).unwrap();
    assert_eq!(placement, Placement::Search);
    assert_eq!(item, Some(ix("tent-2p")));
    assert_eq!(listed, [ix("kettle-1.7l"), ix("tent-2p")]);
    assert_eq!(context, [] as [ItemIx; 0]);
    assert_eq!(exclude, [ix("mug-enamel")]);
}

#[test]
fn a_refusal_names_the_field_and_what_it_should_be() {
    for (call, code, part) in [
        (r#"{"count":0}"#, "request/invalid", "`count` must be a whole number from 1 to 1000"),
        (r#"{"count":"4"}"#, "request/invalid", "it is a text"),
        (r#"{"diversity":1.5}"#, "request/invalid", "`diversity` must be a number from 0 to 1"),
        (r#"{"hour":24}"#, "request/invalid", "`hour`"),
        (r#"{"device":"fridge"}"#, "request/invalid", "`tablet`"),
        (r#"{"exclude":[1]}"#, "request/invalid", "`exclude`"),
        (r#"{"maximum":1}"#, "request/invalid", "`maximum` is no known field"),
        (r#"{"placement":"checkout"}"#, "request/unknown-placement", "recently-viewed"),
        ("[]", "request/invalid", "not a list"),
    ] {
        let refusal = request(&parse(call), &model()).unwrap_err();
        assert_eq!(refusal.code, code, "{call}");
        assert!(refusal.message.contains(part), "{call}: {}", refusal.message);
    }
}

#[test]
fn an_event_is_read_as_it_stands() {
    let read = event(&parse(r#"{"kind":"view_item","item":"a","timeMs":7,"dwellMs":9}"#)).unwrap();
    assert_eq!((read.kind, read.item.as_deref()), (EventKind::ViewItem, Some("a")));
    assert_eq!((read.time_ms, read.dwell_ms), (7, Some(9)));
    let refusal = event(&parse(r#"{"kind":"viewed","timeMs":7}"#)).unwrap_err();
    assert_eq!(refusal.code, "event/unknown-type");
    assert_eq!(event(&parse(r#"{"kind":"search"}"#)).unwrap_err().code, "event/invalid");
}

#[test]
fn what_is_stored_is_read_back() {
    let call = parse(
        r#"{"version":2,
            "events":[{"kind":"add_to_cart","item":"a","timeMs":7,"quantity":2,"price":9.5},
                      {"kind":"search","timeMs":8,"dwellMs":3,"query":"mug"}],
            "cart":[{"item":"a","quantity":2}],"bought":["b"],
            "impressions":[{"item":"c","shown":1.5,"timeMs":9}],
            "taste":[{"item":"d","weight":0.25,"day":20000}],
            "trials":[{"key":"new","shown":4,"chosen":1}]}"#,
    );
    let state = state(&call).unwrap();
    assert_eq!(stored(&state), call);
}

#[test]
fn products_are_read_and_a_refusal_names_the_place() {
    let call = parse(
        r#"[{"item":"new","title":"A mug","category":"Dining > Mugs","price":9.5,"organic":true,
             "colour":["red","blue"],"embedding":[0.5,1],"brand":null}]"#,
    );
    let [product] = &products(&call).unwrap()[..] else { panic!("one product") };
    assert_eq!((product.id.as_str(), product.title.as_str()), ("new", "A mug"));
    assert_eq!(product.embedding, [0.5, 1.0]);
    let names: Vec<&str> = product.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["category", "price", "organic", "colour"]);
    for (call, part) in [
        ("{}", "not an object"),
        ("[1]", "products[0]: a product is an object"),
        (r#"[{"item":"a"},{"title":"b"}]"#, "products[1]: `item` is missing"),
        (r#"[{"item":"a","title":3}]"#, "products[0]: `title` must be a text"),
        (r#"[{"item":"a","embedding":[null]}]"#, "finite numbers"),
        (r#"[{"item":"a","colour":{}}]"#, "`colour` must be"),
    ] {
        let refusal = products(&parse(call)).unwrap_err();
        assert_eq!(refusal.code, "items/invalid");
        assert!(refusal.message.contains(part), "{call}: {}", refusal.message);
    }
}
