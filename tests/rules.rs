//! Rules against a naive reading of `docs/rules.md`: random shops, random declarations.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/shop.rs"]
mod shop;

use mercer::explain::Why;
use mercer::model::{Column, Model, Terms};
use mercer::rules::{
    Bar, Eligibility, KINDS, Known, Ranker, RuleSet, Shelf, eligible, filter, place,
};
use mercer::types::{
    Data, Event, EventKind, ItemIx, Mask, Moment, Placement, Request, Scored, Shortfall, Signal,
    Slate,
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
        all(&parts.collect::<Vec<_>>())
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
            "all" => all(&each(value)),
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
                Value::Object(operators) => all(&operators
                    .iter()
                    .filter(|(operator, _)| *operator != "levels")
                    .map(|(operator, operand)| {
                        let levels = operators.get("levels").and_then(Value::as_u64);
                        self.operator_holds(field, (operator, operand, levels), item, context)
                    })
                    .collect::<Vec<_>>()),
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
fn all(parts: &[Option<bool>]) -> Option<bool> {
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

/// Every item ranked the same way.
struct Scores<'a> {
    all: &'a [f32],
    mask: &'a Mask,
}

impl Ranker for Scores<'_> {
    fn more(&mut self, mask: &Mask, k: usize) -> Vec<Scored> {
        best(self.all, mask, k)
    }

    fn best_beside(&self, _: ItemIx) -> Option<f32> {
        Some(best(self.all, self.mask, 1).first()?.score)
    }
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
    let placed = place(&shelf, ranked, &mut Scores { all: &scores, mask });
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
        let context = page.map_or_else(|| cart.clone(), |page| vec![page]);
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

/// A small shop: six items with all there is to say of them.
fn corner_shop() -> World {
    let product = |at: u8, category, brand, price: f32, group: Option<&str>| Product {
        id: format!("item-{at:03}"),
        category,
        brand,
        price: Some(price),
        availability: if at == 5 { "out_of_stock" } else { "in_stock" },
        group: group.map(str::to_owned),
        colours: Vec::new(),
        added: Some(if at == 2 { 20_777.0 } else { 20_000.0 }),
    };
    let products = vec![
        product(0, "Shoes > Boots", "Acme", 40.0, Some("boot")),
        product(1, "Shoes > Boots", "Acme", 50.0, Some("boot")),
        product(2, "Shoes", "Birch", 45.0, None),
        product(3, "Hats", "Birch", 10.0, None),
        product(4, "Hats > Caps", "Cedar", 5.0, None),
        product(5, "Hats", "Cedar", 7.0, None),
    ];
    World { products, seed: 3 }
}

impl World {
    fn slate(&self, rules: &Value, request: &Request) -> Slate {
        let mut engine = Engine::new(self.model());
        engine.set_rules(read(self, rules));
        engine.recommend(&Session::new(), request)
    }
}

fn items(slate: &Slate) -> Vec<usize> {
    slate.items.iter().map(|scored| scored.item.at()).collect()
}

#[test]
fn numbers_are_told_what_they_are() {
    let model = corner_shop().model();
    let boost = |by: f64| {
        let fields = [("kind", Data::Text("boost".into())), ("by", Data::Number(by))];
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let all = [fields, vec![("where".to_owned(), Data::Object(vec![]))]].concat();
        Data::List(vec![Data::Object(all)])
    };
    let expected = "rules[0].by: expected a number above 0 and at most 50, found ";
    for (by, found) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "an infinite number"),
        (-1.0, "a negative number"),
        (0.0, "0"),
        (1e300, "a huge number"),
        (51.0, "another number"),
    ] {
        let error = RuleSet::read(&boost(by), &model).unwrap_err();
        assert_eq!(
            (error.to_string(), error.code()),
            (format!("{expected}{found}"), "rules/invalid")
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of slips")]
fn slips_are_told_with_their_place() {
    let model = corner_shop().model();
    let exclude = |condition: Value| json!([{"kind": "exclude", "where": condition}]);
    let deep = (0..20).fold(json!({"brand": "Acme"}), |inner, _| json!({"not": inner}));
    let many: Vec<String> = (0..10_001).map(|n| format!("x{n}")).collect();
    let slips = [
        (
            json!(null),
            "rules/invalid",
            "rules: expected a list of rules, or an object with `rules`, found nothing",
        ),
        (
            json!({"rule": []}),
            "rules/unknown",
            "rules.rule: `rule` is not known here; did you mean `rules`?; known: $schema, rules",
        ),
        (json!([3]), "rules/invalid", "rules[0]: expected an object with `kind`, found a number"),
        (json!([{}]), "rules/invalid", "rules[0].kind: expected a kind of rule, found nothing"),
        (
            json!([{"kind": "variants", "show": "none"}]),
            "rules/unknown",
            "rules[0].show: `none` is not known here; known: collapse, all",
        ),
        (
            json!([{"kind": "include", "where": {}, "placements": ["hom"]}]),
            "rules/unknown",
            "rules[0].placements[0]: `hom` is not known here; did you mean `home`?; known: home, related, bought-together, cart, more-like-this, trending, popular, recently-viewed, search",
        ),
        (
            exclude(json!({"price": {"atLeast": "5"}})),
            "rules/invalid",
            "rules[0].where.price.atLeast: expected a number of at most twelve digits, found a text",
        ),
        (
            exclude(json!({"price": {"atleast": 5}})),
            "rules/unknown",
            "rules[0].where.price.atleast: `atleast` is not known here; did you mean `atLeast`?; known: not, atLeast, atMost, same, levels, within",
        ),
        (
            exclude(json!({"price": {"atLeast": 5, "atMost": 4}})),
            "rules/invalid",
            "rules[0].where.price.atLeast: expected a lower bound that is not above the upper one, found a larger number",
        ),
        (
            exclude(json!({"price": {"within": [2, 1]}})),
            "rules/invalid",
            "rules[0].where.price.within: expected the smaller factor first, found the larger one",
        ),
        (
            exclude(json!({"brand": {"same": true, "levels": 1}})),
            "rules/invalid",
            "rules[0].where.brand.levels: expected levels of `category` only, found another field's",
        ),
        (
            exclude(json!({"all": [{"not": {"brand": [[1]]}}]})),
            "rules/invalid",
            "rules[0].where.all[0].not.brand[0]: expected a text, a number, a flag, a list of these, or an object, found a list",
        ),
        (
            exclude(json!({"minPrice": {"below": 4}})),
            "rules/unknown",
            "rules[0].where.minPrice.below: `below` is not known here; known: not, atLeast, atMost, same, levels, within",
        ),
        (
            exclude(deep),
            "rules/too-large",
            "rules[0].where.not.not.not.not.not.not.not.not.not.not.not.not.not.not: at most 16 levels of nesting",
        ),
        (
            exclude(json!({"items": many})),
            "rules/too-large",
            "rules[0].where.items[10000]: at most 10000 terms and ids",
        ),
        (
            json!([{"kind": "limit", "field": "brand", "most": 0}]),
            "rules/invalid",
            "rules[0].most: expected a whole number from 1 to 1000, found 0",
        ),
        (
            json!([{"kind": "limit", "field": "brand", "most": 1.5}]),
            "rules/invalid",
            "rules[0].most: expected a whole number from 1 to 1000, found a number with a fraction",
        ),
        (
            json!([{"kind": "minimum", "below": 1, "from": 9, "until": 9}]),
            "rules/invalid",
            "rules[0].until: expected a time after `from`, found an earlier one",
        ),
        (
            json!([{"kind": "pin", "items": ["a", "b", "a"]}]),
            "rules/invalid",
            "rules[0].items[2]: expected each item once, found it twice",
        ),
        (
            json!(vec![json!({"kind": "pin", "items": []}); 201]),
            "rules/too-large",
            "rules: at most 200 rules",
        ),
    ];
    for (declared, code, message) in slips {
        let error = RuleSet::read(&data(&declared), &model).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.code()), (message, code));
    }
    let error = filter::read(&data(&json!({"maxPrice": "5"})), &model).unwrap_err();
    assert_eq!((error.path.as_str(), error.code()), ("filter.maxPrice", "filter/invalid"));
}

#[test]
fn rules_that_contradict_each_other_are_refused() {
    let model = corner_shop().model();
    let told = |declared: Value| match RuleSet::read(&data(&declared), &model) {
        Ok(_) => String::new(),
        Err(error) => format!("{} {error}", error.code()),
    };
    let pin = |id: &str, at: u8| json!({"kind": "pin", "items": [id, "z"], "at": at});
    let with = |mut rule: Value, more: Value| {
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    };
    let refused = [
        (json!([pin("a", 1), {"kind": "pin", "items": ["b"], "at": 2}]), "pins to the same place"),
        (json!([pin("a", 1), {"kind": "pin", "items": ["a"], "at": 7}]), "pins the same item"),
        (json!([{"kind": "stock"}, {"kind": "stock"}]), "says what to do with stock"),
        (
            json!([{"kind": "minimum", "below": 1}, {"kind": "minimum", "below": 2}]),
            "says how far below the best is too far",
        ),
        (
            json!([{"kind": "include", "where": {"brand": "Acme"}}, {"kind": "exclude", "where": {"brand": "Acme"}}]),
            "decides whether the same items are shown",
        ),
        (
            json!([{"kind": "promote", "where": {"brand": "Acme"}, "share": 0.6}, {"kind": "promote", "where": {"brand": "Birch"}, "share": 0.5}]),
            "promotes into more places than there are",
        ),
    ];
    for (declared, about) in refused {
        assert_eq!(
            told(declared),
            format!("rules/conflict rules[1]: {about}, and so does rules[0]")
        );
    }
    let apart = [
        json!([
            with(pin("a", 1), json!({"placements": ["home"]})),
            with(pin("a", 1), json!({"placements": ["cart"]}))
        ]),
        json!([with(pin("a", 1), json!({"until": 5})), with(pin("a", 1), json!({"from": 5}))]),
        json!([{"kind": "promote", "where": {"brand": "Acme"}, "share": 0.7}, {"kind": "promote", "where": {"brand": "Birch"}, "share": 0.3}]),
    ];
    for declared in apart {
        assert_eq!(told(declared), "");
    }
}

#[test]
fn what_is_probably_not_meant_is_noted() {
    let model = corner_shop().model();
    let declared = json!([
        {"kind": "exclude", "where": {"brnd": "Acme"}},
        {"kind": "exclude", "where": {"brand": "Acne"}},
        {"kind": "boost", "where": {"items": ["item-000", "x", "y"]}, "by": 1},
        {"kind": "exclude", "where": {"price": "cheap"}},
        {"kind": "bury", "where": {"category": "Boots"}, "by": 1},
        {"kind": "boost", "where": {"category": {"same": true}}, "by": 1, "placements": ["home"]},
        {"kind": "include", "where": {"brand": ["Acme", "Birch"]}},
        {"kind": "pin", "items": ["item-004"]},
        {"kind": "include", "where": {"brand": "Cedar"}},
        {"kind": "boost", "where": {"price": {"atLeast": 0}}, "by": 1},
    ]);
    let (_, notes) = RuleSet::read(&data(&declared), &model).unwrap();
    let told: Vec<String> = notes.iter().map(|note| format!("{} {note}", note.code())).collect();
    assert_eq!(
        told,
        [
            "rules/no-field rules[0].where.brnd: the model has no such field; did you mean `brand`?",
            "rules/no-term rules[1].where.brand: no item has `Acne`; did you mean `Acme`?",
            "rules/no-item rules[2].where.items: the model does not know 2 of the items, for example `x`",
            "rules/other-kind rules[3].where.price: the field holds numbers",
            "rules/no-term rules[4].where.category: no item has `Boots`; did you mean `Shoes > Boots`?",
            "rules/matches-nothing rules[0].where: no item meets it",
            "rules/matches-nothing rules[1].where: no item meets it",
            "rules/matches-nothing rules[3].where: no item meets it",
            "rules/matches-nothing rules[4].where: no item meets it",
            "rules/never-compares rules[5].where: it compares with the product of the page, and its placements have none",
            "rules/pin-closed rules[7].items[0]: `item-004` is never shown, by rules[6]",
            "rules/matches-everything rules[9].where: every item meets it",
            "rules/leaves-nothing rules[8]: together with the rules before it, it leaves no item to show",
        ]
    );
}

#[test]
fn stock_and_variants_are_minded_without_a_rule() {
    let shop = corner_shop();
    let request = Request { count: 10, ..Request::default() };
    let slate = shop.slate(&json!([]), &request);
    let shown: BTreeSet<usize> = items(&slate).into_iter().collect();
    assert!(!shown.contains(&5) && shown.len() == 4, "{shown:?}");
    assert_eq!(slate.shortfall, Some(Shortfall::Rules));
    let all = json!([{"kind": "variants", "show": "all"}, {"kind": "stock", "outOfStock": "show"}]);
    assert_eq!(shop.slate(&all, &request).items.len(), 6);
    let page = Request { item: Some(ItemIx(0)), placement: Placement::Related, ..request.clone() };
    assert!(!items(&shop.slate(&json!([]), &page)).contains(&1), "a variant of the page's product");
    assert!(items(&shop.slate(&all, &page)).contains(&1));
}

#[test]
fn what_rules_add_is_part_of_the_score() {
    let shop = corner_shop();
    let declared = json!([
        {"kind": "boost", "where": {"brand": "Birch"}, "by": 5},
        {"kind": "bury", "where": {"category": "Hats"}, "by": 0.5},
        {"kind": "fresh", "by": 3, "halfLifeDays": 7},
        {"kind": "stock", "outOfStock": "bury", "by": 9},
    ]);
    let moment = Moment { time_ms: NOW_MS + 7 * 86_400_000, ..Moment::default() };
    let request = Request { count: 6, moment, ..Request::default() };
    let slate = shop.slate(&declared, &request);
    let by_rules = |item: usize| -> Vec<(u16, f32)> {
        let scored = slate.items.iter().find(|scored| scored.item.at() == item).unwrap();
        let sum = scored.contributions.iter().fold(0.0, |sum: f32, part| sum + part.value);
        assert_eq!(sum.to_bits(), scored.score.to_bits());
        let parts = scored.contributions.iter();
        let of_rule = |part: &mercer::types::Contribution| match part.signal {
            Signal::Rule { rule } => Some((rule, part.value)),
            _ => None,
        };
        parts.filter_map(of_rule).collect()
    };
    assert_eq!(by_rules(2), [(0, 5.0), (2, 1.5)]);
    assert_eq!(by_rules(3), [(0, 5.0), (1, -0.5)]);
    assert_eq!(by_rules(5), [(3, -9.0), (1, -0.5)]);
    assert_eq!(items(&slate)[0], 2, "and so it orders");
    let unknown_time = Request { moment: Moment::default(), ..request };
    let fresh = shop.slate(&declared, &unknown_time);
    let is_fresh = |scored: &Scored| {
        scored.contributions.iter().any(|part| part.signal == Signal::Rule { rule: 2 })
    };
    assert!(!fresh.items.iter().any(is_fresh), "without a clock nothing is new");
}

#[test]
fn a_comparison_without_a_product_is_left_out() {
    let shop = corner_shop();
    let model = shop.model();
    let near = json!({"category": {"same": true, "levels": 1}, "price": {"atMost": 45}});
    let filter = filter::read(&data(&near), &model).unwrap().0;
    let rules = read(
        &shop,
        &json!([
            {"kind": "exclude", "where": {"brand": {"same": true}}},
            {"kind": "variants", "show": "all"},
        ]),
    );
    let shown_for = |item, context: &[u32]| {
        let context = context.iter().copied().map(ItemIx).collect();
        let request = Request { item, context, filter: Some(filter.clone()), ..Request::default() };
        let eligibility = eligible(&rules, &model, &request, Known::default());
        (shown(&eligibility, 6), eligibility.resting().to_vec())
    };
    assert_eq!(shown_for(Some(ItemIx(1)), &[]), (vec![2], vec![]));
    assert_eq!(shown_for(None, &[]), (vec![0, 2, 3, 4], vec![Bar::Rule(0)]));
    assert_eq!(shown_for(None, &[1, 3]), (vec![4], vec![]));
}

#[test]
fn the_minimum_shortens_a_slate_on_purpose() {
    let shop = corner_shop();
    let rules = read(&shop, &json!([{"kind": "minimum", "below": 0.15}]));
    let request = Request { count: 5, ..Request::default() };
    let (slate, eligibility) = placed(&shop, &rules, (&request, 1));
    let all = best(&scores(&shop), eligibility.mask(), 5);
    let near: Vec<usize> = all
        .iter()
        .filter(|scored| scored.score >= all[0].score - 0.15)
        .map(|scored| scored.item.at())
        .collect();
    let unlike_variants = |item: &&usize| **item != 1 || !near.contains(&0);
    assert_eq!(slate, near.iter().filter(unlike_variants).copied().collect::<Vec<_>>());
}

#[test]
fn a_limit_is_filled_up_from_the_whole_catalogue() {
    // 400 items of one brand are ranked before the first of another.
    let products: Vec<Product> = (0..420)
        .map(|at| Product {
            id: format!("item-{at:03}"),
            category: "Shoes",
            brand: if at < 400 { "Acme" } else { BRANDS[2 + at % 2] },
            price: None,
            availability: "",
            group: None,
            colours: Vec::new(),
            added: None,
        })
        .collect();
    let shop = World { products, seed: 1 };
    let declared = json!([
        {"kind": "boost", "where": {"brand": "Acme"}, "by": 40},
        {"kind": "limit", "field": "brand", "most": 3},
    ]);
    let request = Request { count: 12, ..Request::default() };
    let slate = shop.slate(&declared, &request);
    let brands: Vec<&str> = items(&slate).iter().map(|&at| shop.products[at].brand).collect();
    for brand in ["Acme", "Birch", "Cedar"] {
        assert_eq!(brands.iter().filter(|other| **other == brand).count(), 3);
    }
    assert_eq!((slate.items.len(), slate.shortfall), (9, Some(Shortfall::Rules)));
    let mut engine = Engine::new(shop.model());
    engine.set_rules(read(&shop, &declared));
    for product in &shop.products {
        match engine.why(&Session::new(), &request, &product.id) {
            Why::Shown { .. } => {}
            Why::Dropped { by, .. } => assert_eq!((by.cause, by.rule), ("rule", Some(1))),
            other => panic!("{}: the limit is why, not {other:?}", product.id),
        }
    }
}

#[test]
fn a_page_shows_a_product_once_in_all_its_variants() {
    let shop = corner_shop();
    let engine = Engine::new(shop.model());
    let unit = Request { count: 2, ..Request::default() };
    let slates = engine.page(&Session::new(), &[unit.clone(), unit.clone(), unit]);
    let shown: Vec<usize> = slates.iter().flat_map(items).collect();
    assert_eq!(shown.len(), 4, "five in stock, two of them one boot: {shown:?}");
    assert!(!(shown.contains(&0) && shown.contains(&1)));
}

#[test]
fn rules_follow_a_model_that_changes() {
    let shop = corner_shop();
    let model = shop.model();
    let (mut rules, notes) =
        RuleSet::read(&data(&json!([{"kind": "exclude", "where": {"brand": "Dune"}}])), &model)
            .unwrap();
    assert_eq!(notes.len(), 2);
    let mut attributes = model.attributes().clone();
    let mut brands = Terms::default();
    for brand in ["Dune", "Acme", "Dune", "", "", ""] {
        brands.push([brand]);
    }
    attributes.insert("brand", Column::Terms(brands));
    let model = model.with_attributes(attributes);
    assert_eq!(rules.refresh(&model), []);
    let closed: Vec<ItemIx> = rules.items(0).unwrap().iter().collect();
    assert_eq!(closed, [ItemIx(0), ItemIx(2)]);
}

#[test]
fn what_the_shopper_knows_is_out_by_default_and_pins_obey() {
    let shop = corner_shop();
    let mut engine = Engine::new(shop.model());
    engine.set_rules(read(&shop, &json!([{"kind": "pin", "items": ["item-003", "item-004"]}])));
    let mut session = Session::new();
    let item = Some("item-003".to_owned());
    session.observe(Event { item, time_ms: 1, ..Event::bare(EventKind::AddToCart) }).unwrap();
    let request = Request { count: 3, ..Request::default() };
    let slate = engine.recommend(&session, &request);
    assert!(!items(&slate).contains(&3), "it is in the cart");
    assert_eq!(items(&slate)[1], 4, "the other keeps its place");
}
