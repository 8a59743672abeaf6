use super::*;
use crate::kernels::CodeWidth;
use crate::model::words::{Bands, Columns};
use crate::model::{
    ContentMapParts, Encoder, FactorParts, InterestRule, LexiconParts, ModelParts, Terms, write,
};
use proptest::prelude::*;

const DIM: usize = 16;

/// Three items, a lexicon of three features along three axes, a price and a brand.
fn model() -> Model {
    let axis = |at: usize| (0..DIM).map(move |other| if other == at { 7 } else { 0 });
    let mut brand = Terms::default();
    brand.push(["Acme"]);
    brand.push([]);
    brand.push(["Hario"]);
    let mut attributes = Attributes::default();
    attributes.insert("brand", Column::Terms(brand));
    attributes.insert("price", Column::Numbers(vec![5.0, f32::NAN, 9.5]));
    let parts = ModelParts {
        items: ["a", "b", "c"].map(str::to_owned).to_vec(),
        popularity: vec![3.0, 2.0, 1.0],
        factors: Some(FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes: (0..3).flat_map(axis).collect(),
            lengths: None,
            biases: vec![0.5, -0.25, 0.0],
            interest: InterestRule::Attention(Encoder::flat(4, DIM)),
        }),
        lexicon: Some(LexiconParts {
            features: ["amug", "cacme", "e1"].map(str::to_owned).to_vec(),
            weights: vec![1.0, 0.5, 0.25],
            width: CodeWidth::Four,
            codes: (3..6).flat_map(axis).collect(),
            lengths: vec![1.0; 3],
        }),
        content_map: Some(ContentMapParts { input: 2, matrix: vec![0.5; 2 * DIM] }),
        attributes: Some(attributes),
        signals: vec![("newcomer".to_owned(), -1.5)],
        reading: Some(Columns {
            prices: Bands::with_edges(vec![7.0]).unwrap(),
            ..Columns::default()
        }),
        ..ModelParts::default()
    };
    Model::read(&write(&parts).unwrap()).unwrap()
}

fn text(name: &str, value: &str) -> (String, Value) {
    (name.to_owned(), Value::Text(value.to_owned()))
}

fn mug(id: &str) -> NewItem {
    let price = ("price".to_owned(), Value::Number(12.5));
    let fields = vec![text("brand", "Acme"), price, text("category", "Home > Cups")];
    NewItem { id: id.to_owned(), title: "A mug, a MUG".to_owned(), fields, ..NewItem::default() }
}

#[test]
fn a_new_product_stands_where_its_features_place_it() {
    let mut model = model();
    let ix = model.add(&mug("new")).unwrap();
    assert_eq!((ix, model.n_items(), model.item_ix("new")), (ItemIx(3), 4, Some(ItemIx(3))));
    assert_eq!(model.item_id(ix), "new");
    // (1 + ln 2) · 1 along the mug, 0.5 along the brand, 0.25 along the band of the price.
    let mut wanted = vec![0.0; DIM];
    wanted[3..6].copy_from_slice(&[1.0 + std::f32::consts::LN_2, 0.5, 0.25]);
    let factors = model.factors().unwrap();
    assert_eq!(factors.row(ix), quantise_along(&wanted, CodeWidth::Four));
    assert!((model.bias(ix) + 1.5).abs() < 1e-6);
    assert_eq!(model.popularity().len(), 4);
    assert!((model.cosine(ix, ix) - 1.0).abs() < 1e-6);
    let attributes = model.attributes();
    let names = |field: &str| -> Vec<&str> {
        let terms = attributes.terms(field).unwrap();
        terms.of(ix).iter().map(|&term| terms.name(term)).collect()
    };
    assert_eq!((names("category"), names("brand")), (vec!["Home", "Home > Cups"], vec!["Acme"]));
    assert_eq!(attributes.numbers("price").map(|prices| prices[3]), Some(12.5));
}

#[test]
fn adding_again_changes_and_leaves_the_others_as_they_were() {
    let mut model = model();
    let before = model.clone();
    let ix = model.add(&mug("new")).unwrap();
    for item in (0..3).map(ItemIx) {
        assert_eq!(model.factors().unwrap().row(item), before.factors().unwrap().row(item));
        assert_eq!(model.item_id(item), before.item_id(item));
        assert_eq!(model.bias(item).to_bits(), before.bias(item).to_bits());
        let names = |model: &Model| model.attributes().terms("brand").unwrap().of(item).to_vec();
        assert_eq!(names(&model), names(&before));
    }
    let again = NewItem { title: String::new(), fields: Vec::new(), ..mug("new") };
    assert_eq!(model.add(&again), Ok(ix));
    assert_eq!(model.factors().unwrap().row(ix), [0; DIM], "nothing places it now");
    let known = NewItem { fields: vec![text("price", "3.25")], ..mug("b") };
    assert_eq!(model.add(&known), Ok(ItemIx(1)));
    assert_eq!(model.factors().unwrap().row(ItemIx(1)), before.factors().unwrap().row(ItemIx(1)));
    assert_eq!(model.attributes().numbers("price").map(|prices| prices[1]), Some(3.25));
    assert_eq!(model.n_items(), 4);
}

#[test]
fn an_embedding_places_in_place_of_words() {
    let mut model = model();
    let ix = model.add(&NewItem { embedding: vec![1.0, 1.0], ..mug("new") }).unwrap();
    assert_eq!(model.factors().unwrap().row(ix), [7; DIM]);
    for embedding in [vec![1.0], vec![0.0, 0.0], vec![f32::NAN, 1.0]] {
        let refused = model.add(&NewItem { embedding, ..mug("other") });
        assert_eq!(refused, Err(ItemError::Embedding(2)));
    }
    assert_eq!(model.n_items(), 4, "what is refused is not there");
}

#[test]
fn what_cannot_be_held_is_refused_and_changes_nothing() {
    let mut model = model();
    let before = model.clone();
    let fields = |fields: Change| NewItem { fields, ..mug("new") };
    let long = "x".repeat(257);
    let many = Value::Texts((0..256).map(|at| at.to_string()).collect());
    for (item, error) in [
        (mug(""), ItemError::Id),
        (mug(&long), ItemError::Id),
        (fields(vec![text("price", "cheap")]), ItemError::Field("price".to_owned())),
        (fields(vec![text("brand", &long)]), ItemError::Field("brand".to_owned())),
        (fields(vec![text("", "x")]), ItemError::Field(String::new())),
        (fields(vec![("tags".to_owned(), many)]), ItemError::Field("tags".to_owned())),
        (
            fields(vec![("price".to_owned(), Value::Number(f64::INFINITY))]),
            ItemError::Field("price".to_owned()),
        ),
    ] {
        assert_eq!(model.add(&item), Err(error.clone()));
        assert!(!error.to_string().is_empty() && error.code().starts_with("items/"));
    }
    assert_eq!(model.update(ItemIx(3), &Vec::new()), Err(ItemError::Unknown));
    assert_eq!(model.factors(), before.factors());
    assert_eq!((model.n_items(), model.attributes().names().count()), (3, 2));
    assert_eq!(model.attributes().terms("brand"), before.attributes().terms("brand"));
}

#[test]
fn no_more_than_ten_thousand_are_added() {
    let mut model = model();
    for at in 0..MAX_ADDED {
        let item = NewItem { id: at.to_string(), ..NewItem::default() };
        assert_eq!(model.add(&item), Ok(ItemIx::from_usize(3 + at)));
    }
    assert_eq!(model.add(&mug("one more")), Err(ItemError::Full));
    assert_eq!(model.add(&mug("17")), Ok(ItemIx(20)), "one that is there is changed");
}

#[test]
fn words_of_a_search_are_placed_by_title_and_brand() {
    let model = model();
    let place = model.place_words("Acme mug").unwrap();
    assert!(place[3] > 0.8 && place[4] > 0.3 && place[5] == 0.0, "{place:?}");
    assert_eq!(model.place_words("unheard of"), None);
}

#[test]
fn days_and_numbers_as_a_catalogue_writes_them() {
    let days = |text: &str| values::day(&Value::Text(text.to_owned()));
    assert_eq!(days("1970-01-01"), Some(0.0));
    assert_eq!(days("2024-02-29T12:00:00Z"), Some(19_782.0));
    assert_eq!((days("2024-13-01"), days("soon"), days("19782")), (None, None, Some(19_782.0)));
    for (number, text) in [
        (42.0, "42"),
        (-0.5, "-0.5"),
        (1.25, "1.25"),
        (0.000_000_1, "0"),
        (f64::NAN, ""),
        (1e300, ""),
    ] {
        assert_eq!(values::decimal(number), text);
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<f64>().prop_map(Value::Number),
        ".{0,20}".prop_map(Value::Text),
        proptest::collection::vec(".{0,9}", 0..4).prop_map(Value::Texts),
    ]
}

proptest! {
    #[test]
    fn whatever_is_added_or_refused_nothing_panics(
        items in proptest::collection::vec((".{0,4}", ".{0,30}", value(), "[a-z]{0,3}", value()), 1..6),
    ) {
        let mut model = model();
        for (id, title, price, name, value) in items {
            let n_before = model.n_items();
            let fields = vec![("price".to_owned(), price), (name, value.clone())];
            let added = model.add(&NewItem { id, title, fields, ..NewItem::default() });
            let grown = model.n_items() - n_before;
            prop_assert!(grown <= usize::from(added.is_ok()));
            if let Ok(ix) = added {
                prop_assert!(model.factors().unwrap().row(ix).len() == DIM);
                let _ = model.update(ix, &vec![("brand".to_owned(), value)]);
            }
        }
        let factors = model.factors().unwrap();
        prop_assert_eq!(factors.rows().len(), model.n_items() * DIM);
        prop_assert_eq!(factors.biases().len(), model.popularity().len());
        let prices = model.attributes().numbers("price").unwrap();
        prop_assert!(prices.len() == model.n_items() && prices.iter().all(|x| !x.is_infinite()));
    }
}

fn named(id: &str, fields: &[(&str, Value)]) -> NewItem {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    NewItem { id: id.to_owned(), fields, ..NewItem::default() }
}

#[test]
fn a_list_is_taken_whole_or_not_at_all() {
    // By what it prints: a number that is not known equals nothing, itself included.
    let (mut model, before) = (model(), format!("{:?}", model()));
    let text = |text: &str| Value::Text(text.to_owned());
    let good = named("d", &[("brand", text("Zeta")), ("size", text("L"))]);
    for bad in
        [named("", &[]), named("e", &[("price", text("cheap"))]), named("e", &[("", text("x"))])]
    {
        let refused = model.add_all(&[good.clone(), bad]);
        assert_eq!(refused.map_err(|(at, _)| at), Err(1));
        assert!(format!("{model:?}") == before);
    }
    let changes = [named("a", &[("brand", text("Zeta"))]), named("nobody", &[])];
    assert_eq!(model.update_all(&changes), Err((1, ItemError::Unknown)));
    let placed = NewItem { title: "a mug".to_owned(), ..named("a", &[]) };
    assert_eq!(model.update_all(&[placed]), Err((0, ItemError::Place)));
    assert!(format!("{model:?}") == before);
    assert_eq!(model.add_all(&[good.clone(), good]).map(|added| added.len()), Ok(2), "one twice");
    assert_eq!(model.n_items(), 4);
}

#[test]
fn a_list_is_checked_as_if_what_stands_before_were_taken() {
    let mut model = model();
    let (number, text) = (Value::Number(3.0), Value::Text("three".to_owned()));
    let first = named("d", &[("grams", number)]);
    let refused = model.add_all(&[first, named("e", &[("grams", text)])]);
    assert_eq!(
        refused,
        Err((1, ItemError::Field("grams".to_owned()))),
        "a field of numbers by now"
    );
    let many = |at: usize| named(&format!("n{at}"), &[]);
    let items: Vec<NewItem> = (0..=MAX_ADDED).map(many).collect();
    assert_eq!(model.add_all(&items), Err((MAX_ADDED, ItemError::Full)));
    assert_eq!(model.n_items(), 3);
}
