//! A shop trains on its catalogue and on vectors of another model. Products that come later are
//! placed by their words, and by their vectors where the shop has them.
//!
//! `cargo test -p mercer-cli --test later -- --nocapture --include-ignored` prints how well.

#![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small numbers")]
#![expect(clippy::print_stderr, reason = "figures for the documentation")]

#[expect(dead_code, reason = "other tests use the rest")]
mod support;

use mercer::Engine;
use mercer::model::{ItemError, NewItem, Value};
use mercer::rng::Rng;
use mercer::types::Seen;
use mercer_trainer::evaluate::{Case, Protocol, Ranker, cases, only};
use mercer_trainer::ingest::{Catalog, CatalogItem, ReadOptions, read_catalog, read_log};
use mercer_trainer::log::Log;
use mercer_trainer::synth::{Item, Settings, World, write};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use support::Desk;

const WIDTH: usize = 48;
/// What is no taste in an imported vector, beside five properties of variance 1.
const NOISE: f64 = 1.0;

/// A planted shop, of which the newest products are kept from training.
struct Shop {
    desk: Desk,
    catalog: Catalog,
    embeddings: BTreeMap<String, Vec<f32>>,
    late: BTreeSet<String>,
    test: Log,
}

impl Shop {
    fn open() -> Self {
        let desk = Desk::new();
        let world = World::plant(&Settings::try_new(800, 8000, 5).unwrap());
        write(&world, &desk.path("")).unwrap();
        let options = ReadOptions::default();
        let (catalog, _) = read_catalog(&desk.path("catalog.jsonl"), &options).unwrap();
        let (test, _) = read_log(&[desk.path("test-events.csv.gz")], &options).unwrap();
        let (mut embeddings, mut late) = (BTreeMap::new(), BTreeSet::new());
        for (ix, item) in (0..).zip(world.items()) {
            embeddings.insert(world.id(ix), planted(&world, item, ix));
            if item.is_cold() {
                late.insert(world.id(ix));
            }
        }
        let shop = Self { desk, catalog, embeddings, late, test };
        shop.keep_from_training();
        shop
    }

    /// Writes what training sees of the products: nothing of those that come later.
    fn keep_from_training(&self) {
        let whole = String::from_utf8(self.desk.bytes("catalog.jsonl")).unwrap();
        let is_late = |line: &&str| {
            let item: serde_json::Value = serde_json::from_str(line).unwrap();
            self.late.contains(item["item_id"].as_str().unwrap())
        };
        let known: Vec<&str> = whole.lines().filter(|line| !is_late(line)).collect();
        self.desk.put("known.jsonl", known.join("\n"));
        let known = self.embeddings.iter().filter(|(id, _)| !self.late.contains(*id));
        let (mut ids, mut numbers, mut n) = (String::new(), Vec::new(), 0);
        for (id, vector) in known {
            writeln!(ids, "{id}").unwrap();
            numbers.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
            n += 1;
        }
        let header =
            format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {WIDTH}), }}\n");
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file.extend(numbers);
        self.desk.put("vectors.npy", file);
        self.desk.put("vectors.ids.txt", ids);
    }

    /// A model file, trained on what is `known` beside the log.
    fn trained(&self, known: &str) -> Vec<u8> {
        let train = "train --events events.csv.gz --epochs 8 --threads 2 --out shop.mercer";
        let ran = self.desk.run(&format!("{train} {known}"));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        self.desk.bytes("shop.mercer")
    }

    /// The products that come later, as `addItems` takes them.
    fn products(&self, by: By) -> Vec<NewItem> {
        self.late.iter().map(|id| self.product(self.catalog.find(id).unwrap(), by)).collect()
    }

    fn product(&self, item: &CatalogItem, by: By) -> NewItem {
        let id = item.id.to_string();
        if by == By::Embedding {
            let embedding = self.embeddings[&id].clone();
            return NewItem { id, embedding, ..NewItem::default() };
        }
        let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
        let mut fields = vec![
            text("brand", &item.brand),
            ("category".to_owned(), Value::Texts(item.category.clone())),
        ];
        fields.extend(item.price.map(|price| ("price".to_owned(), Value::Number(price))));
        fields.extend(item.attributes.iter().map(|(name, value)| text(name, value)));
        let (title, description) = (item.title.to_string(), item.description.to_string());
        NewItem { id, title, description, fields, embedding: Vec::new() }
    }

    /// What shoppers went on to that came later.
    fn cases(&self) -> Vec<Case<'_>> {
        let all = cases(&self.test, None, Protocol::EveryPrefix);
        only(all, |id| self.late.contains(id))
    }

    /// Where the product that a shopper went on to stands among all that came later, from 0 for
    /// the first to 1 for the last, in the mean; by chance a half. And the share of the cases
    /// that have it among the best 20 of the shop.
    fn judged(&self, engine: &Engine) -> (f64, f64) {
        let (mut places, mut hits, mut n) = (0.0, 0.0, 0.0);
        for case in self.cases() {
            for prediction in &case.predictions {
                let mut visit = engine.begin();
                for (id, event) in &case.events[..prediction.known] {
                    visit.observe(id, event);
                }
                let slate = visit.slate(engine.n_items(), Seen::Include);
                let ids: Vec<&str> =
                    slate.iter().map(|ranked| engine.item_id(ranked.item)).collect();
                let target = case.next(prediction);
                let late = ids.iter().filter(|id| self.late.contains(**id));
                let place = late.clone().position(|id| *id == target).unwrap();
                places += place as f64 / (self.late.len() - 1) as f64;
                hits += f64::from(u8::from(ids.iter().take(20).any(|id| *id == target)));
                n += 1.0;
            }
        }
        assert!(n > 100.0, "{n} cases say little");
        (places / n, hits / n)
    }
}

/// What a product that comes later is placed by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Words,
    Embedding,
}

/// A vector as a model of pictures would give it: the sum of a direction for each property that
/// shoppers choose by, and noise.
fn planted(world: &World, item: &Item, ix: u32) -> Vec<f32> {
    let properties = [
        format!("kind {}", item.kind),
        format!("type {} {}", item.kind, item.type_at),
        format!("style {}", item.style),
        format!("colour {}", item.colour),
        format!("brand {}", world.brand(item).name),
    ];
    let mut vector = vec![0.0; WIDTH];
    let mut add = |name: &str, size: f64| {
        let seed = name.bytes().fold(7, |hash: u64, byte| hash.wrapping_mul(31) + u64::from(byte));
        let mut rng = Rng::new(seed);
        for x in &mut vector {
            *x += (rng.normal() * size) as f32;
        }
    };
    for property in &properties {
        add(property, 1.0);
    }
    add(&format!("noise {ix}"), NOISE);
    vector
}

/// How the products fare that come later.
fn fare(shop: &Shop, file: &[u8], by: By) -> Result<f64, ItemError> {
    let mut engine = Engine::load(file).unwrap();
    let taken = engine.change(|model| model.add_all(&shop.products(by)));
    taken.map_err(|(_, error)| error)?;
    let (place, hits) = shop.judged(&engine);
    eprintln!("by {by:?}: {place:.3} of the way down, hit rate@20 {hits:.3}");
    Ok(place)
}

const CATALOG: &str = "--catalog known.jsonl";
const EMBEDDINGS: &str = "--embeddings vectors.npy";

#[test]
fn both_the_words_and_the_vector_of_a_later_product_place_it() {
    let shop = Shop::open();
    let file = shop.trained(&format!("{CATALOG} {EMBEDDINGS}"));
    for by in [By::Words, By::Embedding] {
        let place = fare(&shop, &file, by).unwrap();
        assert!(place < 0.3, "by {by:?} {place:.3} of the way down");
    }
    let model = Engine::load(&file).unwrap();
    assert!(model.model().place_words("lamp").is_some(), "a search has a place");
}

#[test]
#[ignore = "the figures of docs/content.md; two more trainings"]
fn what_is_known_of_one_kind_places_a_later_product_by_that_kind_alone() {
    let shop = Shop::open();
    let file = shop.trained(CATALOG);
    assert!(fare(&shop, &file, By::Words).unwrap() < 0.3);
    assert_eq!(fare(&shop, &file, By::Embedding), Err(ItemError::Embedding(0)));
    let file = shop.trained(EMBEDDINGS);
    assert!(fare(&shop, &file, By::Embedding).unwrap() < 0.3);
    assert!((fare(&shop, &file, By::Words).unwrap() - 0.5).abs() < 0.2);
}
