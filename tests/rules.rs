//! Rules against a naive reading of `docs/rules.md`: random shops, random declarations.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/shop.rs"]
mod shop;

use mercer::model::Model;
use mercer::rules::{
    Action, Bar, Eligibility, KINDS, Known, RuleSet, Shelf, eligible, filter, place,
};
use mercer::types::{
    Data, Event, EventKind, ItemIx, Mask, Moment, Placement, Request, Scored, Seen, Signal, Slate,
};
use mercer::{Engine, Session};
use proptest::prelude::*;
use serde_json::{Value, json};
use shop::{Product, levels};
use std::collections::{BTreeMap, BTreeSet};

const CATEGORIES: [&str; 6] =
    ["", "Shoes", "Shoes > Boots", "Shoes > Boots > Winter", "Hats", "Hats > Caps"];
const BRANDS: [&str; 4] = ["", "Acme", "Birch", "Cedar"];
const COLOURS: [&str; 3] = ["red", "blue", "green"];
const STOCK: [&str; 5] = ["", "in_stock", "in_stock", "low_stock", "out_of_stock"];
/// 2026-11-20, a moment in it.
const NOW_MS: u64 = 20_777 * 86_400_000 + 5_000_000;

#[derive(Debug, Clone)]
struct World {
    products: Vec<Product>,
    seed: u64,
}

fn products() -> impl Strategy<Value = Product> {
    let price = prop_oneof![1 => Just(None), 4 => (1_u16..100).prop_map(|x| Some(f32::from(x)))];
    let group = prop_oneof![2 => Just(None), 1 => (0_u8..6).prop_map(|n| Some(format!("g{n}")))];
    let colours = proptest::sample::subsequence(COLOURS.to_vec(), 0..=2);
    let added = proptest::option::of((20_600_u16..20_800).prop_map(f32::from));
    (0_usize..6, 0_usize..4, 0_usize..5, price, group, colours, added).prop_map(
        |(category, brand, stock, price, group, colours, added)| Product {
            id: String::new(),
            category: CATEGORIES[category],
            brand: BRANDS[brand],
            price,
            availability: STOCK[stock],
            group,
            colours,
            added,
        },
    )
}

fn worlds() -> impl Strategy<Value = World> {
    let products = proptest::collection::vec(products(), 2..90);
    (products, any::<u64>()).prop_map(|(mut products, seed)| {
        for (at, product) in products.iter_mut().enumerate() {
            product.id = format!("item-{at:03}");
        }
        World { products, seed }
    })
}

/// Conditions on fields, single and joined.
fn conditions() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (1_usize..6).prop_map(|c| json!({"category": CATEGORIES[c]})),
        (1_usize..4).prop_map(|b| json!({"brand": BRANDS[b]})),
        Just(json!({"brand": ["Acme", "Birch"]})),
        Just(json!({"brand": {"not": "Acme"}})),
        (0_usize..3).prop_map(|c| json!({"colour": COLOURS[c]})),
        (1_u8..100).prop_map(|x| json!({"price": {"atLeast": x}})),
        (1_u8..50).prop_map(|x| json!({"price": {"atLeast": x, "atMost": 2 * x}})),
        (1_u8..100).prop_map(|x| json!({"price": x})),
        Just(json!({"price": {"within": [0.5, 1.5]}})),
        Just(json!({"category": {"same": true}})),
        (1_u8..4).prop_map(|n| json!({"category": {"same": true, "levels": n}})),
        Just(json!({"colour": {"same": true}})),
        Just(json!({"size": "XL"})),
        Just(json!({"brand": "Nobody"})),
        proptest::collection::vec(0_usize..100, 0..6).prop_map(
            |ids| json!({"items": ids.iter().map(|n| format!("item-{n:03}")).collect::<Vec<_>>()})
        ),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|all| json!({"all": all})),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|any| json!({"any": any})),
            inner.clone().prop_map(|not| json!({"not": not})),
            (inner.clone(), inner).prop_map(|(a, b)| json!({"any": [a], "not": b})),
        ]
    })
}

fn data(value: &Value) -> Data {
    serde_json::from_value(value.clone()).unwrap()
}

fn ix(at: usize) -> ItemIx {
    ItemIx::from_usize(at)
}

impl World {
    fn model(&self) -> Model {
        shop::model(&self.products, self.seed)
    }

    /// Whether a condition holds of a product, by the words of the document; `None` where it
    /// says nothing.
    fn holds(&self, condition: &Value, item: usize, context: &[usize]) -> Option<bool> {
        let parts = condition.as_object().unwrap().iter();
        let parts = parts.map(|(name, value)| self.part_holds(name, value, item, context));
        all(parts.collect())
    }

    fn part_holds(
        &self,
        name: &str,
        value: &Value,
        item: usize,
        context: &[usize],
    ) -> Option<bool> {
        let product = &self.products[item];
        let each = |list: &Value| -> Vec<Option<bool>> {
            let list = list.as_array().unwrap().iter();
            list.map(|part| self.holds(part, item, context)).collect()
        };
        match name {
            "all" => all(each(value)),
            "any" => {
                let parts = each(value);
                let said: Vec<bool> = parts.iter().copied().flatten().collect();
                (parts.is_empty() || !said.is_empty()).then(|| said.contains(&true))
            }
            "not" => self.holds(value, item, context).map(|holds| !holds),
            "items" => Some(value.as_array().unwrap().iter().any(|id| id == product.id.as_str())),
            "minPrice" => Some(product.price.is_some_and(|x| f64::from(x) >= number(value))),
            "maxPrice" => Some(product.price.is_some_and(|x| f64::from(x) <= number(value))),
            field => match value {
                Value::Object(operators) => all(operators
                    .iter()
                    .filter(|(operator, _)| *operator != "levels")
                    .map(|(operator, operand)| {
                        let levels = operators.get("levels").and_then(Value::as_u64);
                        self.operator_holds(field, (operator, operand, levels), item, context)
                    })
                    .collect()),
                Value::Array(values) => {
                    Some(values.iter().any(|one| product_is(product, field, one)))
                }
                one => Some(product_is(product, field, one)),
            },
        }
    }

    fn operator_holds(
        &self,
        field: &str,
        (operator, operand, depth): (&str, &Value, Option<u64>),
        item: usize,
        context: &[usize],
    ) -> Option<bool> {
        let product = &self.products[item];
        match operator {
            "not" => Some(!product_is(product, field, operand)),
            "atLeast" => Some(product.price.is_some_and(|x| f64::from(x) >= number(operand))),
            "atMost" => Some(product.price.is_some_and(|x| f64::from(x) <= number(operand))),
            "within" => {
                let near = |x: f32| {
                    let factor = |at: usize| {
                        #[expect(
                            clippy::cast_possible_truncation,
                            reason = "0.5 and 1.5 are exact"
                        )]
                        let factor = number(&operand[at]) as f32;
                        factor
                    };
                    let own = product.price;
                    own.is_some_and(|own| factor(0) * x <= own && own <= factor(1) * x)
                };
                let prices: Vec<f32> =
                    context.iter().filter_map(|&at| self.products[at].price).collect();
                (!prices.is_empty()).then(|| prices.into_iter().any(near))
            }
            "same" => {
                let wanted: Vec<String> = context
                    .iter()
                    .flat_map(|&at| {
                        let other = &self.products[at];
                        if field == "colour" {
                            return other.colours.iter().map(|&c| c.to_owned()).collect();
                        }
                        let path = levels(other.category);
                        let deepest = path.len();
                        let at =
                            depth.map_or(deepest, |n| deepest.min(usize::try_from(n).unwrap()));
                        path.get(at.wrapping_sub(1)).cloned().into_iter().collect::<Vec<_>>()
                    })
                    .collect();
                let own = |term: &String| product_is(product, field, &json!(term));
                (!wanted.is_empty()).then(|| wanted.iter().any(own))
            }
            other => panic!("{other}"),
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// All of those that say anything; `None` where there are some and none does.
fn all(parts: Vec<Option<bool>>) -> Option<bool> {
    let said: Vec<bool> = parts.iter().copied().flatten().collect();
    (parts.is_empty() || !said.is_empty()).then(|| said.iter().all(|&holds| holds))
}

fn product_is(product: &Product, field: &str, value: &Value) -> bool {
    match field {
        "category" => levels(product.category).iter().any(|term| value == term.as_str()),
        "brand" => !product.brand.is_empty() && value == product.brand,
        "colour" => product.colours.iter().any(|colour| value == *colour),
        "price" => product.price.is_some_and(|x| value.as_f64() == Some(f64::from(x))),
        _ => false,
    }
}

fn shown(eligibility: &Eligibility, n_items: usize) -> Vec<usize> {
    (0..n_items).filter(|&at| eligibility.mask().allows(ix(at))).collect()
}

/// A score for every item, none like another.
fn scores(world: &World) -> Vec<f32> {
    let n = world.products.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&at| {
        (at.wrapping_mul(7919) ^ usize::try_from(world.seed % 1024).unwrap()) % 101
    });
    let mut scores = vec![0.0; n];
    for (rank, at) in order.into_iter().enumerate() {
        scores[at] = 3.0 - 0.1 * f32::from(u16::try_from(rank).unwrap());
    }
    scores
}

fn best(scores: &[f32], mask: &Mask, k: usize) -> Vec<Scored> {
    let mut open: Vec<usize> = (0..scores.len()).filter(|&at| mask.allows(ix(at))).collect();
    open.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    open.truncate(k);
    let scored = |at| Scored { item: ix(at), score: scores[at], contributions: Vec::new() };
    open.into_iter().map(scored).collect()
}

/// The slate that placing makes of the best `depth` items.
fn placed(
    world: &World,
    rules: &RuleSet,
    (request, depth): (&Request, usize),
) -> (Vec<usize>, Eligibility) {
    let model = world.model();
    let scores = scores(world);
    let eligibility = eligible(rules, &model, request, Known::default());
    let mask = eligibility.mask();
    let shelf = Shelf { rules, model: &model, request, mask };
    let ranked = best(&scores, mask, depth);
    let placed = place(&shelf, ranked, &mut |mask, k| best(&scores, mask, k));
    (placed.items.iter().map(|scored| scored.item.at()).collect(), eligibility)
}

fn read(world: &World, rules: &Value) -> RuleSet {
    RuleSet::read(&data(rules), &world.model()).unwrap().0
}

/// Any plain value, with the words of rules in it.
fn anything() -> impl Strategy<Value = Data> {
    let words = prop_oneof![
        proptest::sample::select(vec![
            "kind",
            "where",
            "items",
            "at",
            "by",
            "share",
            "most",
            "field",
            "level",
            "below",
            "include",
            "pin",
            "limit",
            "promote",
            "rules",
            "brand",
            "price",
            "all",
            "any",
            "not",
            "same",
            "levels",
            "within",
            "atLeast",
            "placements",
            "home",
            "stock",
            "show",
            "Acme",
            "item-001",
            "minPrice",
            "category",
            "from",
            "until",
            "name",
            "variants",
            "lowStock",
        ])
        .prop_map(str::to_owned),
        "[a-z>ß ]{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Flag),
        any::<f64>().prop_map(Data::Number),
        (-3_i32..9).prop_map(|x| Data::Number(f64::from(x))),
        words.clone().prop_map(Data::Text),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Data::List),
            proptest::collection::vec((words.clone(), inner), 0..5).prop_map(Data::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn masks_equal_a_naive_evaluation(
        world in worlds(),
        (include, exclude, wanted) in (conditions(), conditions(), conditions()),
        (page, cart) in (proptest::option::of(0_usize..90), proptest::collection::vec(0_usize..90, 0..3)),
    ) {
        let n = world.products.len();
        let model = world.model();
        prop_assume!(include != exclude);
        let rules = read(&world, &json!([
            {"kind": "include", "where": include},
            {"kind": "exclude", "where": exclude},
            {"kind": "variants", "show": "all"},
        ]));
        let page = page.filter(|&at| at < n);
        let cart: Vec<usize> = cart.into_iter().filter(|&at| at < n).collect();
        let request = Request {
            item: page.map(ix),
            context: cart.iter().copied().map(ix).collect(),
            filter: Some(filter::read(&data(&wanted), &model).unwrap().0),
            ..Request::default()
        };
        let eligibility = eligible(&rules, &model, &request, Known::default());
        let context = page.map_or(cart.clone(), |page| vec![page]);
        for at in 0..n {
            let holds = |condition| world.holds(condition, at, &context);
            let cause = if page == Some(at) || cart.contains(&at) {
                Some(Bar::Page)
            } else if holds(&wanted) == Some(false) {
                Some(Bar::Filter)
            } else if world.products[at].availability == "out_of_stock" {
                Some(Bar::Stock)
            } else if holds(&include) == Some(false) {
                Some(Bar::Rule(0))
            } else if holds(&exclude) == Some(true) {
                Some(Bar::Rule(1))
            } else {
                None
            };
            prop_assert_eq!(eligibility.cause(ix(at)), cause, "{}", at);
            prop_assert_eq!(eligibility.mask().allows(ix(at)), cause.is_none());
        }
        let closed: usize = eligibility.counts().map(|(_, n)| n).sum();
        prop_assert_eq!(closed, n - shown(&eligibility, n).len());
    }

    #[test]
    fn what_is_insisted_on_is_in_the_slate(
        world in worlds(),
        (pins, at, count) in (proptest::collection::btree_set(0_usize..90, 0..4), 1_usize..8, 0_usize..30),
        (most, share, promoted) in (1_usize..4, 1_u8..=10, conditions()),
        (depth, brand_limit, category_limit) in (0_usize..20, any::<bool>(), any::<bool>()),
    ) {
        let n = world.products.len();
        let ids: Vec<String> = pins.iter().map(|at| format!("item-{at:03}")).collect();
        let share = f64::from(share) / 10.0;
        let mut declared = vec![
            json!({"kind": "pin", "items": ids, "at": at}),
            json!({"kind": "promote", "where": promoted, "share": share}),
        ];
        if brand_limit {
            declared.push(json!({"kind": "limit", "field": "brand", "most": most}));
        }
        if category_limit {
            declared.push(json!({"kind": "limit", "field": "category", "level": 1, "most": most}));
        }
        let rules = read(&world, &Value::Array(declared));
        let request = Request { count, ..Request::default() };
        let (slate, eligibility) = placed(&world, &rules, (&request, depth));

        let unique: BTreeSet<usize> = slate.iter().copied().collect();
        prop_assert_eq!(unique.len(), slate.len(), "no item twice");
        prop_assert!(slate.len() <= count);
        prop_assert!(slate.iter().all(|&item| eligibility.mask().allows(ix(item))));

        // Pins stand where they should.
        for (item, place) in pins.iter().zip(at..) {
            let is_open = *item < n && eligibility.mask().allows(ix(*item)) && place <= count;
            if is_open {
                let found = slate.iter().position(|other| other == item).map(|at| at + 1);
                // Only where nothing is left to stand before it, it moves up.
                let is_short = slate.len() < count && found.is_some_and(|found| found < place);
                prop_assert!(found == Some(place) || is_short, "{item} to {place}: {slate:?}");
            }
        }

        // Limits and variants hold for all but pins.
        let is_pin = |item: usize| {
            pins.iter().zip(at..).any(|(pin, place)| *pin == item && place <= count)
        };
        let terms = |item: usize| {
            let product = &world.products[item];
            let brand = (brand_limit && !product.brand.is_empty()).then(|| format!("b{}", product.brand));
            let shelf = levels(product.category).into_iter().next().filter(|_| category_limit);
            brand.into_iter().chain(shelf.map(|shelf| format!("c{shelf}"))).collect::<Vec<String>>()
        };
        let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for &item in &slate {
            for term in terms(item) {
                let (all, own) = counts.entry(term).or_default();
                *all += 1;
                *own += usize::from(is_pin(item));
            }
            if let Some(group) = &world.products[item].group {
                let (all, own) = groups.entry(group).or_default();
                *all += 1;
                *own += usize::from(is_pin(item));
            }
        }
        for (term, (all, own)) in &counts {
            prop_assert!(*all <= most.max(*own), "{term}: {all} of {most}, {own} pinned");
        }
        for (group, (all, own)) in &groups {
            prop_assert!(*all <= 1.max(*own), "{group}: {all}, {own} pinned");
        }

        // The slate is full unless whatever is left would break a limit.
        if slate.len() < count {
            for item in (0..n).filter(|&at| eligibility.mask().allows(ix(at)) && !slate.contains(&at)) {
                let is_full = terms(item).iter().any(|term| counts.get(term).is_some_and(|(all, _)| *all >= most));
                let group = world.products[item].group.as_deref();
                let is_variant = group.is_some_and(|group| groups.contains_key(group));
                prop_assert!(is_full || is_variant, "{item} would fit into {slate:?}");
            }
        }

        // Promoted items have their share, as long as there are any.
        if ids.is_empty() && !brand_limit && !category_limit {
            let is_promoted = |item: usize| world.holds(&promoted, item, &[]) == Some(true);
            let left_out = (0..n).any(|at| {
                let group = world.products[at].group.as_deref();
                let is_variant = group.is_some_and(|group| groups.contains_key(group));
                eligibility.mask().allows(ix(at)) && is_promoted(at) && !slate.contains(&at) && !is_variant
            });
            for place in 1..=slate.len() {
                let had = slate[..place].iter().filter(|&&item| is_promoted(item)).count();
                #[expect(clippy::cast_precision_loss, reason = "few places")]
                let due = (place as f64 * share + 1e-9).floor();
                #[expect(clippy::cast_precision_loss, reason = "few places")]
                let had = had as f64;
                prop_assert!(!left_out || had >= due, "{had} of {due} in {place}: {slate:?}");
            }
        }
    }

    #[test]
    fn without_rules_placing_changes_nothing(world in worlds(), count in 0_usize..40, depth in 0_usize..90) {
        let rules = read(&world, &json!([{"kind": "variants", "show": "all"}]));
        let request = Request { count, ..Request::default() };
        let (slate, eligibility) = placed(&world, &rules, (&request, depth));
        let naive = best(&scores(&world), eligibility.mask(), count);
        let naive: Vec<usize> = naive.iter().map(|scored| scored.item.at()).collect();
        prop_assert_eq!(slate, naive);
        let lifts = rules.lifts(&world.model(), &request);
        prop_assert!(lifts.is_empty());
    }

    #[test]
    fn no_declaration_makes_the_reader_panic(value in anything()) {
        let products = vec![Product {
            id: "item-001".to_owned(),
            category: "Shoes",
            brand: "Acme",
            price: Some(1.0),
            availability: "in_stock",
            group: None,
            colours: Vec::new(),
            added: None,
        }];
        let model = shop::model(&products, 1);
        let told = |error: mercer::rules::RuleError, root: &str| {
            assert!(error.path.starts_with(root), "{error}");
            assert!(error.code().starts_with(root), "{error}");
        };
        match RuleSet::read(&value, &model) {
            Ok((mut rules, notes)) => assert_eq!(rules.refresh(&model), notes),
            Err(error) => told(error, "rules"),
        }
        if let Err(error) = filter::read(&value, &model) {
            told(error, "filter");
        }
        for (kind, fields) in KINDS {
            let own = fields.iter().map(|field| ((*field).to_owned(), value.clone()));
            let kind = ("kind".to_owned(), Data::Text(kind.to_owned()));
            let rule = Data::Object([kind].into_iter().chain(own).collect());
            if let Err(error) = RuleSet::read(&Data::List(vec![rule]), &model) {
                told(error, "rules");
            }
        }
    }
}
