//! Reads the rules of a shop.

use super::at::At;
use super::condition::{Dialect, condition, ids, known};
use super::error::{Flaw, RuleError};
use super::note::Remark;
use super::reader::{Bounds, Fields, Reader, choice, list, text, unknown, whole};
use super::rule::{Action, Per, Rule, Scope, Treatment, Variants};
use crate::model::{Column, Model};
use crate::types::{Condition, Data, FieldIx, Placement};

/// The most rules of a shop.
pub const MAX_RULES: usize = 200;
/// The furthest place an item can be pinned to.
pub const MAX_PLACE: usize = 1_000;

/// The kinds of rules, each with the fields it has beside [`COMMON_FIELDS`].
pub const KINDS: [(&str, &[&str]); 11] = [
    ("include", &["where"]),
    ("exclude", &["where"]),
    ("stock", &["outOfStock", "lowStock", "by"]),
    ("variants", &["show"]),
    ("boost", &["where", "by"]),
    ("bury", &["where", "by"]),
    ("fresh", &["where", "by", "halfLifeDays"]),
    ("pin", &["items", "at"]),
    ("promote", &["where", "share"]),
    ("limit", &["where", "field", "level", "most"]),
    ("minimum", &["below"]),
];
/// The fields that every rule has.
pub const COMMON_FIELDS: [&str; 5] = ["kind", "name", "placements", "from", "until"];

const TREATMENTS: [(&str, Treatment); 3] =
    [("show", Treatment::Show), ("bury", Treatment::Bury), ("exclude", Treatment::Exclude)];
const SHOWN: [(&str, Variants); 2] = [("collapse", Variants::Collapse), ("all", Variants::All)];
const RULES: &str = "a list of rules, or an object with `rules`";

const LOG_ODDS: Bounds = Bounds(f64::MIN_POSITIVE, 50.0, "a number above 0 and at most 50");
const BELOW: Bounds = Bounds(0.0, 50.0, "a number from 0 to 50");
const SHARE: Bounds = Bounds(f64::MIN_POSITIVE, 1.0, "a number above 0 and at most 1");
const DAYS: Bounds = Bounds(1.0, 365.0, "a number of days from 1 to 365");
const TIME: Bounds = Bounds(0.0, 8.64e15, "whole milliseconds since 1970");
const PLACE: Bounds = Bounds(1.0, 1_000.0, "a whole number from 1 to 1000");
const LEVEL: Bounds = Bounds(1.0, 255.0, "a whole number from 1 to 255");

/// The rules that a list says, or the field `rules` of an object.
pub(super) fn rules(reader: &mut Reader<'_>, data: &Data) -> Result<Vec<Rule>, RuleError> {
    let at = At::root("rules");
    let data = match data {
        Data::Object(_) => {
            let fields = Fields::of(&at, data, RULES)?;
            fields.only(&["$schema", "rules"])?;
            fields.need("rules", RULES)?
        }
        other => other,
    };
    let written = list(&at, data, RULES)?;
    if written.len() > MAX_RULES {
        return Err(RuleError::new(&at, Flaw::TooLarge { what: "rules", most: MAX_RULES }));
    }
    let written = written.iter().enumerate();
    written.map(|(place, data)| rule(reader, &at.index(place), data)).collect()
}

fn rule(reader: &mut Reader<'_>, at: &At<'_>, data: &Data) -> Result<Rule, RuleError> {
    let fields = Fields::of(at, data, "an object with `kind`")?;
    let kind = text(&at.field("kind"), fields.need("kind", "a kind of rule")?, "a kind of rule")?;
    let Some((kind, own)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return Err(unknown(&at.field("kind"), kind, &KINDS.map(|(name, _)| name)));
    };
    fields.only(&[&COMMON_FIELDS, *own].concat())?;
    Ok(Rule {
        name: fields.may("name").map(|data| name(at, data)).transpose()?,
        scope: scope(&fields)?,
        items: items(reader, kind, &fields)?,
        action: action(reader, kind, &fields)?,
    })
}

fn name(at: &At<'_>, data: &Data) -> Result<String, RuleError> {
    Ok(text(&at.field("name"), data, "a text")?.to_owned())
}

fn scope(fields: &Fields<'_>) -> Result<Scope, RuleError> {
    let time = |name| {
        let data = fields.may(name).map(|data| whole(&fields.at.field(name), data, &TIME));
        data.transpose()
    };
    let (from, until) = (time("from")?, time("until")?);
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        let at = fields.at.field("until");
        return Err(RuleError::expected(&at, "a time after `from`", "an earlier one"));
    }
    Ok(Scope { placements: placements(fields)?, from, until })
}

fn placements(fields: &Fields<'_>) -> Result<Vec<Placement>, RuleError> {
    const EXPECTED: &str = "a list of at least one placement";
    let at = fields.at.field("placements");
    let Some(data) = fields.may("placements") else { return Ok(Vec::new()) };
    let words = list(&at, data, EXPECTED)?;
    if words.is_empty() {
        return Err(RuleError::expected(&at, EXPECTED, "an empty list"));
    }
    let known = Placement::ALL.map(|placement| (placement.name(), placement));
    let words = words.iter().enumerate();
    words.map(|(place, word)| choice(&at.index(place), word, &known)).collect()
}

/// Which items a rule speaks of.
fn items(
    reader: &mut Reader<'_>,
    kind: &str,
    fields: &Fields<'_>,
) -> Result<Option<Condition>, RuleError> {
    let needed = matches!(kind, "include" | "exclude" | "boost" | "bury" | "promote");
    let data = match fields.may("where") {
        None if needed => fields.need("where", "an object of conditions")?,
        None => return Ok(None),
        Some(data) => data,
    };
    condition(reader, (&fields.at.field("where"), data), Dialect::Rule).map(Some)
}

#[expect(clippy::cast_possible_truncation, reason = "scores are as narrow")]
fn action(reader: &mut Reader<'_>, kind: &str, fields: &Fields<'_>) -> Result<Action, RuleError> {
    let log_odds = || fields.number("by", &LOG_ODDS).map(|by| by as f32);
    Ok(match kind {
        "include" => Action::Include,
        "exclude" => Action::Exclude,
        "stock" => Action::Stock {
            out: may_choose(fields, "outOfStock", &TREATMENTS)?.unwrap_or(Treatment::Exclude),
            low: may_choose(fields, "lowStock", &TREATMENTS)?.unwrap_or(Treatment::Show),
            by: fields.number_or("by", 1.0, &LOG_ODDS)? as f32,
        },
        "variants" => {
            let data = fields.need("show", "`collapse` or `all`")?;
            Action::Variants(choice(&fields.at.field("show"), data, &SHOWN)?)
        }
        "boost" => Action::Boost(log_odds()?),
        "bury" => Action::Bury(log_odds()?),
        "fresh" => Action::Fresh {
            by: log_odds()?,
            half_life_days: fields.number_or("halfLifeDays", 14.0, &DAYS)? as f32,
        },
        "pin" => pin(reader, fields)?,
        "promote" => Action::Promote(fields.number("share", &SHARE)?),
        "limit" => limit(reader, fields)?,
        _ => Action::Minimum(fields.number("below", &BELOW)? as f32),
    })
}

fn may_choose<T: Copy>(
    fields: &Fields<'_>,
    name: &'static str,
    known: &[(&str, T)],
) -> Result<Option<T>, RuleError> {
    let at = fields.at.field(name);
    fields.may(name).map(|data| choice(&at, data, known)).transpose()
}

/// A whole number that fits a place.
fn place(fields: &Fields<'_>, name: &'static str, default: u64) -> Result<usize, RuleError> {
    let at = fields.at.field(name);
    let data = fields.may(name).map(|data| whole(&at, data, &PLACE)).transpose()?;
    Ok(usize::try_from(data.unwrap_or(default)).unwrap_or(MAX_PLACE))
}

fn pin(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Result<Action, RuleError> {
    let written = fields.need("items", "a list of item ids")?;
    let at = fields.at.field("items");
    let items = ids(reader, &at, written)?;
    let first = place(fields, "at", 1)?;
    if first + items.len() > MAX_PLACE + 1 {
        return Err(RuleError::new(&at, Flaw::TooLarge { what: "places", most: MAX_PLACE }));
    }
    Ok(Action::Pin { items, at: first })
}

/// Whether terms can be counted in a field.
fn holds_terms(model: &Model, field: FieldIx) -> bool {
    matches!(model.attributes().column(field), Some(Column::Terms(_)))
}

fn limit(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Result<Action, RuleError> {
    fields.need("most", PLACE.2)?;
    let most = place(fields, "most", 1)?;
    let at = fields.at.field("field");
    let level = fields.may("level").map(|data| (fields.at.field("level"), data));
    let Some(data) = fields.may("field") else {
        if let Some((at, _)) = level {
            return Err(RuleError::expected(&at, "`field` beside it", "`level` alone"));
        }
        fields.need("where", "`field` or `where`")?;
        return Ok(Action::Limit { per: Per::All, most });
    };
    let field = text(&at, data, "the name of a field")?;
    let level = match level {
        Some((at, _)) if field != "category" => {
            return Err(RuleError::expected(&at, "a level of `category` only", "another field's"));
        }
        Some((at, data)) => u8::try_from(whole(&at, data, &LEVEL)?).ok(),
        None => None,
    };
    let found = known(reader, &at, field);
    let per = found.map_or(Per::Nothing, |field| Per::Term(field, level));
    if found.is_some_and(|field| !holds_terms(reader.model, field)) {
        reader.note(&at, Remark::OtherKind { holds: "numbers" });
    }
    Ok(Action::Limit { per, most })
}
