use super::*;
use crate::ingest::CatalogItem;
use std::sync::Arc;

fn item(id: usize, title: &str) -> CatalogItem {
    CatalogItem { id: id.to_string().into(), title: title.into(), ..CatalogItem::default() }
}

fn attributes(pairs: &[(&str, &str)]) -> Vec<(Arc<str>, Box<str>)> {
    pairs.iter().map(|(name, value)| (Arc::from(*name), Box::from(*value))).collect()
}

/// Cups and lamps in several colours, and items that say nothing.
fn shop() -> Catalog {
    let mut items = Vec::new();
    for (at, colour) in ["red", "blue", "green", "red", "blue", "green"].iter().enumerate() {
        for (kind, name) in [(0, "ceramic cup"), (1, "reading lamp")] {
            let mut item = item(at * 2 + kind, &format!("{colour} {name}"));
            item.brand = ["Ö &amp; Co", "Acme"][kind].into();
            item.category = vec!["Home".into(), ["Kitchen", "Lights"][kind].into()];
            item.price = Some([5.0, 80.0][kind]);
            item.attributes = attributes(&[("shape", ["round", "tall"][kind])]);
            items.push(item);
        }
    }
    items.extend([item(12, ""), item(13, "<br>&nbsp;"), item(14, "unheard-of")]);
    items.into_iter().collect()
}

fn ids(n: usize) -> Vec<String> {
    (0..n).map(|id| id.to_string()).collect()
}

fn keys_of(catalog: &Catalog, id: &str) -> Vec<String> {
    keys(catalog.find(id).unwrap(), &columns(catalog))
}

#[test]
fn every_part_of_a_product_is_a_feature() {
    let keys = keys_of(&shop(), "0");
    assert_eq!(
        keys,
        [
            "ared",
            "aceramic",
            "acup",
            "ared ceramic",
            "aceramic cup",
            "cö co",
            "dhome",
            "dhome > kitchen",
            "e0",
            "fshape=round"
        ]
    );
}

#[test]
fn what_is_alike_stands_close_and_what_is_unknown_nowhere() {
    let mut asked = ids(15);
    asked.push("not in the catalogue".into());
    let content = content(&shop(), &asked, &ContentSettings::default());
    assert_eq!(content.vectors.nrows(), 16);
    let likeness = |a, b| content.vectors.row(a).dot(&content.vectors.row(b));
    assert!((likeness(0, 6) - 1.0).abs() < 1e-5, "the same product twice");
    assert!(likeness(0, 2) > likeness(0, 3) + 0.3, "two cups, a cup and a lamp");
    assert!(likeness(0, 1) > likeness(0, 3), "the same colour");
    for unknown in 12..16 {
        assert!(content.vectors.row(unknown).iter().all(|x| *x == 0.0), "{unknown}");
    }
    assert_eq!(content.n_known(), 12);
    assert_eq!(content.features.unwrap().n_rows(), 16);
}

#[test]
fn the_lexicon_places_a_product_as_the_trainer_does() {
    let (catalog, settings) = (shop(), ContentSettings::default());
    let content = content(&catalog, &ids(15), &settings);
    let lexicon = content.lexicon.unwrap();
    assert!(lexicon.features.iter().map(LexiconFeature::key).is_sorted());
    for id in 0..12 {
        let keys = keys_of(&catalog, &id.to_string());
        let mut vector = vec![0.0; content.vectors.ncols()];
        for (feature, loading) in lexicon.features.iter().zip(lexicon.loadings.rows()) {
            let times = keys.iter().filter(|key| **key == feature.key()).count();
            for (to, from) in vector.iter_mut().zip(loading).filter(|_| times > 0) {
                *to += (1.0 + f32::from(u8::try_from(times).unwrap()).ln()) * feature.weight * from;
            }
        }
        unit(&mut vector);
        let known = content.vectors.row(id);
        assert!(vector.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-4), "{id}");
    }
}

#[test]
fn a_short_lexicon_keeps_whole_features() {
    let lexicon_of = |lexicon| {
        let settings = ContentSettings { lexicon, ..ContentSettings::default() };
        content(&shop(), &ids(15), &settings).lexicon.unwrap()
    };
    let (short, full) = (lexicon_of(4), lexicon_of(1000));
    assert_eq!((short.features.len(), short.loadings.nrows()), (4, 4));
    for (feature, loading) in short.features.iter().zip(short.loadings.rows()) {
        let at = full.features.iter().position(|other| other == feature).unwrap();
        assert_eq!(full.loadings.row(at), loading);
    }
}

#[test]
fn the_same_catalogue_gives_the_same_bits() {
    let once = || content(&shop(), &ids(15), &ContentSettings::default());
    assert_eq!(once(), once());
}

#[test]
fn a_catalogue_that_says_nothing_gives_zeros() {
    for catalog in [Catalog::default(), std::iter::once(item(0, "alone")).collect()] {
        let content = content(&catalog, &ids(2), &ContentSettings::default());
        assert_eq!((content.vectors.nrows(), content.n_known()), (2, 0));
    }
}

#[test]
fn a_list_is_read_as_its_members_and_a_sentence_as_words() {
    let catalog: Catalog = (0..40)
        .map(|at| {
            let mut item = item(at, "");
            let list = format!("{} {} {}", at % 4, 10 + at % 5, 20 + at % 7);
            let text = format!("made by hand in workshop {at} of the old town, by hand");
            let url = format!("https://shop.example/{at}");
            let sku = format!("SKU-{at}");
            let fields = [("list", list), ("text", text), ("url", url), ("sku", sku)];
            item.attributes = fields.map(|(name, value)| (name.into(), value.into())).to_vec();
            item.attributes.extend(attributes(&[("same", "everywhere"), ("colour", "Sky Blue")]));
            if at % 2 == 0 {
                item.attributes.pop();
                item.attributes.extend(attributes(&[("colour", "Red")]));
            }
            item
        })
        .collect();
    let columns = columns(&catalog);
    let kind = |name: &str| columns.attributes.get(name).unwrap().clone();
    assert_eq!(kind("list"), words::Column::List(' '));
    assert_eq!(kind("text"), words::Column::Text);
    assert_eq!((kind("url"), kind("same")), (words::Column::Nothing, words::Column::Nothing));
    assert_eq!((kind("sku"), kind("colour")), (words::Column::Name, words::Column::Name));
    let keys = keys_of(&catalog, "5");
    for key in ["flist=1", "flist=10", "flist=25", "flist=1 10 25", "bworkshop", "fcolour=sky blue"]
    {
        assert!(keys.iter().any(|k| k == key), "{key}: {keys:?}");
    }
    let vocabulary = count(&catalog, &columns).vocabulary(2, 1000);
    assert_eq!(vocabulary.find("fsku=sku-5"), None, "on one item only");
}

#[test]
fn measures_have_bands_and_numbers_of_items_are_nothing() {
    let catalog: Catalog = (0..200)
        .map(|at| {
            let mut item = item(at, "");
            let half = format!("{}.5", at / 2);
            let fields =
                [("row", at.to_string()), ("grams", half), ("year", (2000 + at % 9).to_string())];
            item.attributes = fields.map(|(name, value)| (name.into(), value.into())).to_vec();
            item
        })
        .collect();
    let columns = columns(&catalog);
    assert_eq!(columns.attributes.get("row"), Some(&words::Column::Nothing));
    assert_eq!(columns.attributes.get("year"), Some(&words::Column::Name));
    let keys = keys_of(&catalog, "199");
    assert_eq!(keys, ["fgrams=band 7", "fyear=2001"]);
}

#[test]
fn a_category_that_came_as_one_text_is_cut_where_its_levels_come_back() {
    let with_category =
        |at: usize, category: String| CatalogItem { category: vec![category], ..item(at, "") };
    let cut: Catalog = (0..60)
        .map(|at| with_category(at, format!("Home & Co,Kind {},Leaf {}", at % 5, at % 20)))
        .collect();
    assert_eq!(keys_of(&cut, "7"), ["dhome co", "dhome co > kind 2", "dhome co > kind 2 > leaf 7"]);
    let whole: Catalog =
        (0..60).map(|at| with_category(at, ["Tools, Garden", "Toys"][at % 2].into())).collect();
    assert_eq!(keys_of(&whole, "0"), ["dtools garden"]);
}

#[test]
fn a_huge_description_does_not_drown_the_title() {
    let mut items: Vec<CatalogItem> = shop().items().to_vec();
    for (at, item) in items.iter_mut().enumerate().take(12) {
        item.description = "word after word ".repeat(20_000 + at).into();
    }
    let content = content(&items.into_iter().collect(), &ids(15), &ContentSettings::default());
    let likeness = |a, b| content.vectors.row(a).dot(&content.vectors.row(b));
    assert!(likeness(0, 2) > likeness(0, 3) + 0.1, "{} {}", likeness(0, 2), likeness(0, 3));
}

/// The worked example of `docs/content.md`.
#[test]
fn the_example_of_the_documentation() {
    let product = |id: &str, title: &str, brand: &str, category: &str| CatalogItem {
        id: id.into(),
        title: title.into(),
        brand: brand.into(),
        category: vec!["Home".into(), category.into()],
        ..CatalogItem::default()
    };
    let catalog: Catalog = [
        product("A", "Red ceramic cup 250ml", "Acme", "Kitchen"),
        product("B", "Blue ceramic cup 250 ml", "ACME", "Kitchen"),
        product("C", "Reading lamp", "Glow", "Lights"),
    ]
    .into_iter()
    .collect();
    let items = ["A", "B", "C"].map(str::to_owned);
    let content = content(&catalog, &items, &ContentSettings::default());
    let features = content.features.unwrap();
    assert_eq!(features.n_columns(), 9);
    assert!(features.row(0).all(|(_, weight)| (weight - 1.0 / 3.0).abs() < 1e-6));
    let weights = content.lexicon.unwrap().features;
    assert!(weights.iter().all(|feature| (feature.weight - 1.287_682).abs() < 1e-5));
    assert_eq!(content.vectors.dim(), (3, 1));
    let [a, b, c] = [0, 1, 2].map(|at| content.vectors[[at, 0]]);
    assert!((a.abs() - 1.0).abs() < 1e-6 && (a - b).abs() < 1e-6 && c == 0.0, "{a} {b} {c}");
}

/// The device's model of a shop: its lexicon, and one item without a direction.
fn device(content: &Content) -> mercer::model::Model {
    use mercer::kernels::CodeWidth::Eight;
    use mercer::model::{
        Encoder, FactorParts, InterestRule, LexiconParts, Model, ModelParts, write,
    };
    let lexicon = content.lexicon.as_ref().unwrap();
    let dim = lexicon.loadings.ncols().next_multiple_of(16);
    let mut vectors = Array2::zeros((lexicon.features.len(), dim));
    for (at, column) in lexicon.loadings.columns().into_iter().enumerate() {
        vectors.column_mut(at).assign(&column);
    }
    let length = |row: ndarray::ArrayView1<'_, f32>| row.dot(&row).sqrt();
    let parts = ModelParts {
        items: vec!["known".to_owned()],
        popularity: vec![0.0],
        factors: Some(FactorParts {
            dim,
            width: Eight,
            codes: vec![0; dim],
            lengths: None,
            biases: vec![0.0],
            interest: InterestRule::Attention(Encoder::flat(1, dim)),
        }),
        lexicon: Some(LexiconParts {
            features: lexicon.features.iter().map(LexiconFeature::key).collect(),
            weights: lexicon.features.iter().map(|feature| feature.weight).collect(),
            width: Eight,
            codes: crate::pack::codes(&vectors, Eight),
            lengths: vectors.rows().into_iter().map(length).collect(),
        }),
        reading: content.reading.clone(),
        ..ModelParts::default()
    };
    Model::read(&write(&parts).unwrap()).unwrap()
}

#[test]
fn the_device_places_a_product_where_training_does() {
    use mercer::model::{NewItem, Value};
    let catalog = shop();
    let content = content(&catalog, &ids(15), &ContentSettings::default());
    let mut model = device(&content);
    for (at, item) in catalog.items().iter().enumerate().take(12) {
        let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
        let mut fields = vec![
            text("brand", &item.brand),
            ("category".to_owned(), Value::Texts(item.category.clone())),
            ("price".to_owned(), Value::Number(item.price.unwrap())),
        ];
        fields.extend(item.attributes.iter().map(|(name, value)| text(name, value)));
        let (id, title) = (item.id.to_string(), item.title.to_string());
        let ix = model.add(&NewItem { id, title, fields, ..NewItem::default() }).unwrap();
        let factors = model.factors().unwrap();
        let row = factors.row(ix).iter().map(|&code| f32::from(code));
        let cosine: f32 = row.zip(content.vectors.row(at)).map(|(a, b)| a * b).sum();
        let cosine = cosine * factors.inverse_norm(ix);
        assert!(cosine > 0.999, "{}: {cosine}", item.title);
    }
}
