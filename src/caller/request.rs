use super::Refusal;
use super::fields::{COUNT, FLAG, Fields, ID, Kind, LEVEL, TEXT, WHOLE, list, shortened, up_to};
use crate::model::Model;
use crate::rules;
use crate::types::{
    Condition, Data, Device, ItemIx, Moment, Owned, Placement, Request, Seen, SmallMap,
};

/// The largest slate that may be asked for.
pub const MAX_COUNT: usize = 1000;
/// How many units a page may have.
pub const MAX_UNITS: usize = 100;
/// How many ids a list of a request may hold.
pub const MAX_LISTED: usize = 10_000;

pub(super) const KNOWN: [&str; 22] = [
    "placement",
    "item",
    "context",
    "items",
    "query",
    "count",
    "includeSeen",
    "includeOwned",
    "exclude",
    "filter",
    "diversity",
    "rotation",
    "exploration",
    "seed",
    "explain",
    "trace",
    "device",
    "timeMs",
    "hour",
    "weekday",
    "month",
    "landing",
];

const SIZE: Kind<usize> = Kind("a whole number from 1 to 1000", size);
const IDS: Kind<Vec<String>> = Kind("a list of at most 10000 texts of at most 256 bytes", ids);
const HOUR: Kind<u8> = Kind("a whole number from 0 to 23", |data| up_to(data, 23));
const WEEKDAY: Kind<u8> = Kind("a whole number from 0 (Monday) to 6", |data| up_to(data, 6));
const MONTH: Kind<u8> = Kind("a whole number from 0 (January) to 11", |data| up_to(data, 11));

/// Whether the slate carries its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explain {
    /// Items and scores alone.
    No,
    /// Every item with its reasons.
    Yes,
}

/// A request, and what else the caller wants to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What the engine answers.
    pub request: Request,
    /// Whether the slate carries its reasons.
    pub explain: Explain,
    /// Whether it says what each stage left.
    pub trace: Tracing,
    /// Of the list that a search is to rank: the ids that the model does not know, each once,
    /// with their places from 0, ascending. They keep their places.
    pub unlisted: Vec<(usize, String)>,
}

/// Whether the slate says what each stage left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracing {
    /// No.
    Off,
    /// It does.
    On,
}

/// The request that an object says. What is not given is as [`Request::default`] has it; ids
/// and terms the model does not know are left out.
///
/// # Errors
/// - `request/unknown-placement`: `placement` is no word of [`Placement`];
/// - `request/invalid`: a field is unknown, or not what it should be;
/// - `filter/…`: the filter is none; see [`rules::filter::read`].
pub fn request(data: &Data, model: &Model) -> Result<Asked, Refusal> {
    let fields = Fields::of(data, "request/invalid")?.only(&KNOWN)?;
    let items = |name| {
        let ids = fields.may(name, &IDS)?.unwrap_or_default();
        Ok(ids.iter().filter_map(|id| model.item_ix(id)).collect::<Vec<ItemIx>>())
    };
    let level = |name| fields.may(name, &LEVEL);
    let flag = |name| Ok(fields.may(name, &FLAG)? == Some(true));
    let request = Request {
        placement: placement(&fields)?,
        item: fields.may("item", &ID)?.and_then(|id| model.item_ix(&id)),
        context: items("context")?,
        listed: items("items")?,
        query: fields.may("query", &TEXT)?,
        count: fields.may("count", &SIZE)?.unwrap_or_else(|| Request::default().count),
        seen: if flag("includeSeen")? { Seen::Include } else { Seen::LeaveOut },
        owned: if flag("includeOwned")? { Owned::Include } else { Owned::LeaveOut },
        exclude: items("exclude")?,
        filter: filter(&fields, model)?,
        diversity: level("diversity")?.unwrap_or(0.0),
        rotation: level("rotation")?.unwrap_or_else(|| Request::default().rotation),
        exploration: level("exploration")?.unwrap_or(0.0),
        moment: moment(&fields, model)?,
        seed: fields.may("seed", &WHOLE)?.unwrap_or(0),
    };
    let explain = if flag("explain")? { Explain::Yes } else { Explain::No };
    let trace = if flag("trace")? { Tracing::On } else { Tracing::Off };
    let ids = |name| Ok(fields.may(name, &IDS)?.unwrap_or_default());
    let unlisted = match request.placement {
        // What is not known cannot be held against a filter.
        Placement::Search if request.filter.is_none() => {
            let mut left_out = [ids("exclude")?, ids("context")?].concat();
            left_out.extend(fields.may("item", &ID)?);
            unlisted(&ids("items")?, &left_out, model)
        }
        _ => Vec::new(),
    };
    Ok(Asked { request, explain, trace, unlisted })
}

/// The ids that the model does not know and the caller does not exclude, each once, with the
/// places they have where every id stands once.
fn unlisted(ids: &[String], excluded: &[String], model: &Model) -> Vec<(usize, String)> {
    let mut met: SmallMap<&str, ()> = excluded.iter().map(|id| (id.as_str(), ())).collect();
    let first = ids.iter().filter(|id| met.insert(id.as_str(), ()).is_none());
    let placed = first.enumerate().filter(|(_, id)| model.item_ix(id).is_none());
    placed.map(|(place, id)| (place, id.clone())).collect()
}

/// The requests that a list says, in order.
///
/// # Errors
/// - `request/invalid`: it is no list, or has more than [`MAX_UNITS`] requests;
/// - those of [`request`].
pub fn page(data: &Data, model: &Model) -> Result<Vec<Asked>, Refusal> {
    let units = list(data).filter(|units| units.len() <= MAX_UNITS).ok_or_else(|| {
        Refusal::new("request/invalid", &["a page is a list of at most 100 requests"])
    })?;
    units.iter().map(|unit| request(unit, model)).collect()
}

fn placement(fields: &Fields<'_>) -> Result<Placement, Refusal> {
    let Some(word) = fields.may("placement", &TEXT)? else { return Ok(Placement::default()) };
    Placement::parse(&word).ok_or_else(|| {
        let known = Placement::ALL.map(Placement::name).join(", ");
        let parts = ["`", shortened(&word), "` is no placement; known: ", &known];
        Refusal::new("request/unknown-placement", &parts)
    })
}

/// What is to be noted of a filter shows in the slate: it is short.
fn filter(fields: &Fields<'_>, model: &Model) -> Result<Option<Condition>, Refusal> {
    let Some(data) = fields.data("filter") else { return Ok(None) };
    let (condition, _) = rules::filter::read(data, model).map_err(Refusal::of_rules)?;
    Ok(Some(condition))
}

fn moment(fields: &Fields<'_>, model: &Model) -> Result<Moment, Refusal> {
    const DEVICE: Kind<Device> = Kind("`phone`, `tablet` or `desktop`", device);
    let landing = fields.may("landing", &TEXT)?;
    let categories = model.attributes().terms("category");
    Ok(Moment {
        time_ms: fields.may("timeMs", &WHOLE)?.unwrap_or(0),
        hour: fields.may("hour", &HOUR)?,
        weekday: fields.may("weekday", &WEEKDAY)?,
        month: fields.may("month", &MONTH)?,
        device: fields.may("device", &DEVICE)?,
        landing: landing.zip(categories).and_then(|(name, terms)| terms.find(&name)),
    })
}

fn device(data: &Data) -> Option<Device> {
    match data {
        Data::Text(word) => Device::parse(word),
        _ => None,
    }
}

fn size(data: &Data) -> Option<usize> {
    let count = (COUNT.1)(data)? as usize;
    (1..=MAX_COUNT).contains(&count).then_some(count)
}

fn ids(data: &Data) -> Option<Vec<String>> {
    let list = list(data).filter(|list| list.len() <= MAX_LISTED)?;
    list.iter().map(ID.1).collect()
}
