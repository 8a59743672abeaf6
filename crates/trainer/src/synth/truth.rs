//! What was planted, for `truth.json`.

use super::calendar::{DAYS, SEASON_DAYS, SPLIT_DAY, SPLIT_MS, START_MS, date, season_factor};
use super::habits::{HABITS, Habits, LIST_LENGTH, examination};
use super::shopper::{
    OTHER_BRAND, OTHER_COLOUR, OTHER_STYLE, PRICE_WIDTH, SEGMENTS, Segment, WRONG_PRICE,
};
use super::vocabulary::{BRANDS, DEPARTMENTS, FAMILIES, KINDS, Kind, STYLES};
use super::world::{COLD_SHARE, NEW_SHARE, World};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// The whole truth of a world, ready to be written. Per-item truth is made while it is
/// written, so a large shop costs no memory here.
pub struct Truth<'w>(pub &'w World);

impl Serialize for Truth<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let world = self.0;
        let settings = world.settings();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(
            "settings",
            &json!({
                "items": settings.items(), "sessions": settings.sessions(), "seed": settings.seed(),
                "devoted": settings.devotion(),
            }),
        )?;
        map.serialize_entry("period", &period())?;
        map.serialize_entry("habits", &HABITS as &Habits)?;
        map.serialize_entry("position_curve", &position_curve())?;
        map.serialize_entry("fit", &fit())?;
        map.serialize_entry("departments", &DEPARTMENTS)?;
        map.serialize_entry("styles", &STYLES.each_ref().map(|style| style.name))?;
        map.serialize_entry("colour_families", &FAMILIES)?;
        map.serialize_entry("segments", &SEGMENTS as &[Segment])?;
        map.serialize_entry("brands", &brands())?;
        map.serialize_entry("kinds", &kinds())?;
        map.serialize_entry("share_new", &NEW_SHARE)?;
        map.serialize_entry("share_cold", &COLD_SHARE)?;
        map.serialize_entry("cold_items", &ColdItems(world))?;
        map.serialize_entry("items", &Items(world))?;
        map.end()
    }
}

fn period() -> Value {
    let day = |day: usize| date(i32::try_from(day).expect("a log has few days"));
    json!({
        "days": DAYS, "first_day": day(0), "last_day": day(DAYS - 1), "start_ms": START_MS,
        "test_from_day": SPLIT_DAY, "test_from_date": day(SPLIT_DAY), "test_from_ms": SPLIT_MS,
    })
}

fn position_curve() -> [f64; LIST_LENGTH] {
    std::array::from_fn(examination)
}

fn fit() -> Value {
    let (any_style, beloved_style) = OTHER_STYLE;
    json!({
        "other_brand": OTHER_BRAND, "other_colour": OTHER_COLOUR, "price_width": PRICE_WIDTH,
        "wrong_price": WRONG_PRICE, "other_style": any_style, "beloved_style": beloved_style,
    })
}

fn brands() -> Vec<Value> {
    let told = BRANDS.iter().map(|brand| {
        json!({
            "name": brand.name,
            "styles": brand.styles.map(|style| STYLES[style].name),
            "price_level": brand.price_level,
            "departments": brand.departments.iter().map(|&at| DEPARTMENTS[at]).collect::<Vec<_>>(),
        })
    });
    told.collect()
}

fn kinds() -> Map<String, Value> {
    KINDS.iter().map(|kind| (kind.word.to_owned(), told_kind(kind))).collect()
}

fn told_kind(kind: &Kind) -> Value {
    let curve = (0..DAYS).step_by(10).map(|day| season_factor(kind.season, day));
    json!({
        "category": kind.category,
        "department": DEPARTMENTS[kind.department],
        "demand": kind.demand,
        "goes_with": kind.goes_with,
        "price": { "median": kind.price.median, "low": kind.price.low, "high": kind.price.high },
        "season": {
            "amplitude": kind.season.amplitude,
            "peak_day": kind.season.peak_day,
            "period_days": SEASON_DAYS,
            "every_tenth_day": curve.collect::<Vec<_>>(),
        },
    })
}

struct ColdItems<'w>(&'w World);

impl Serialize for ColdItems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for (ix, item) in (0_u32..).zip(self.0.items()) {
            if item.is_cold() {
                list.serialize_element(&self.0.id(ix))?;
            }
        }
        list.end()
    }
}

/// By item id: appeal, style, day of release and companions, the best companion first.
struct Items<'w>(&'w World);

#[derive(Serialize)]
struct ItemTruth {
    appeal: f64,
    style: &'static str,
    released_day: i32,
    companions: Vec<String>,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let world = self.0;
        let mut map = serializer.serialize_map(Some(world.items().len()))?;
        for (ix, item) in (0_u32..).zip(world.items()) {
            let truth = ItemTruth {
                appeal: item.appeal,
                style: STYLES[usize::from(item.style)].name,
                released_day: item.released_day,
                companions: world.companions(ix).map(|other| world.id(other)).collect(),
            };
            map.serialize_entry(&world.id(ix), &truth)?;
        }
        map.end()
    }
}
