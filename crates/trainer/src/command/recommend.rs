//! `mercer recommend`: what would this shopper see?

use super::asking::Asking;
use super::insisting::Insisting;
use super::model_file::{Form, load, show};
use super::told::{Answer, Json, why_text};
use anyhow::{Context, Result, bail};
use clap::Args;
use mercer::caller::{self, Explain};
use mercer::explain::Tracer;
use mercer::model::Model;
use mercer::types::{Event, EventKind, Owned, Placement, Request, Seen};
use mercer::{Engine, Session};
use std::io::Write as _;
use std::path::PathBuf;

/// Rank a slate for a session written by hand.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one a switch on the command line")]
#[command(after_help = "Examples:
  mercer recommend --model shop.mercer
  mercer recommend --model shop.mercer --session \"view_item:SKU1,add_to_cart:SKU2\" --explain
  mercer recommend --model shop.mercer --placement related --item SKU1 --count 4 --json
  mercer recommend --model shop.mercer --placement cart --context SKU1 --context SKU2
  mercer recommend --model shop.mercer --placement search --items SKU1,SKU2,SKU3 --query \"red cup\"
  mercer recommend --model shop.mercer --session view_item:SKU1 --why SKU9
  mercer recommend --model shop.mercer --rules rules.json --filter '{\"maxPrice\": 80}'

Kinds are view_item, add_to_cart, purchase and the other event types of a log. An id may
hold commas and colons. Items the model does not know are noted on stderr and ignored.")]
pub struct RecommendArgs {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// What the shopper did, oldest first: KIND:ITEM,KIND:ITEM,… or search:WORDS (repeatable)
    #[arg(long, value_name = "EVENTS")]
    session: Vec<String>,
    /// The kind of unit: home, related, bought-together, cart, more-like-this, trending, popular,
    /// recently-viewed or search
    #[arg(long, value_name = "NAME", default_value = "home", value_parser = placement)]
    placement: Placement,
    /// The product of the page
    #[arg(long, value_name = "ID")]
    item: Option<String>,
    /// How many items at most
    #[arg(long, value_name = "N", default_value_t = 12,
          value_parser = clap::value_parser!(u16).range(1..))]
    count: u16,
    /// Let items of the session compete with the rest
    #[arg(long)]
    include_seen: bool,
    /// Let items in the cart and bought items compete with the rest
    #[arg(long)]
    include_owned: bool,
    /// An item that must not appear (repeatable)
    #[arg(long, value_name = "ID")]
    exclude: Vec<String>,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    insisting: Insisting,
    /// Say why each item is there
    #[arg(long)]
    explain: bool,
    /// Say what each stage left, and what kept items out
    #[arg(long)]
    trace: bool,
    /// Instead of the slate, say why this item is in it, or what kept it out
    #[arg(long, value_name = "ID", conflicts_with_all = ["explain", "trace"])]
    why: Option<String>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

fn placement(name: &str) -> Result<Placement, String> {
    let known = || Placement::ALL.map(Placement::name).join(", ");
    Placement::parse(name).ok_or_else(|| format!("known placements: {}", known()))
}

/// Ranks and prints the slate; always true.
///
/// # Errors
/// - The model cannot be read.
/// - The session is not written as KIND:ITEM,…, or an event is none.
/// - The rules or the filter are refused.
pub fn run(args: &RecommendArgs) -> Result<bool> {
    let mut engine = load(&args.model)?;
    if let Some(rules) = args.insisting.rules(engine.model())? {
        engine.set_rules(rules);
    }
    let session = args.read_session(engine.model())?;
    let request = args.request(engine.model())?;
    match &args.why {
        Some(item) => {
            let why = engine.why(&session, &request, item);
            let data = caller::why(&why, engine.rules());
            show(Form::of(args.json), &Json(&data), || why_text(&engine, item, &why))?;
        }
        None => args.show_slate(&engine, &session, &request)?,
    }
    Ok(true)
}

impl RecommendArgs {
    fn show_slate(&self, engine: &Engine, session: &Session, request: &Request) -> Result<()> {
        let tracer = Tracer::default();
        let slate = engine.watched(session, request, &tracer);
        let explain = if self.explain { Explain::Yes } else { Explain::No };
        let trace = tracer.into_trace();
        let answer = Answer { engine, slate: &slate, explain, trace: self.trace.then_some(&trace) };
        show(Form::of(self.json), &Json(&answer.data()), || answer.text())
    }

    /// The order of the events is known, their times are not.
    fn read_session(&self, model: &Model) -> Result<Session> {
        let mut session = Session::new();
        let written = self.session.iter().flat_map(|events| split_events(events));
        for text in written {
            let event = parse_event(&text)?;
            tell_unknown(model, event.item.as_deref().unwrap_or(""))?;
            session.observe(event).with_context(|| format!("--session `{text}`"))?;
        }
        Ok(session)
    }

    fn request(&self, model: &Model) -> Result<Request> {
        for id in self.item.iter().chain(&self.exclude).chain(self.asking.ids()) {
            tell_unknown(model, id)?;
        }
        let request = Request {
            placement: self.placement,
            item: self.item.as_deref().and_then(|id| model.item_ix(id)),
            count: usize::from(self.count),
            seen: if self.include_seen { Seen::Include } else { Seen::LeaveOut },
            owned: if self.include_owned { Owned::Include } else { Owned::LeaveOut },
            exclude: self.exclude.iter().filter_map(|id| model.item_ix(id)).collect(),
            filter: self.insisting.filter(model)?,
            ..Request::default()
        };
        self.asking.of(model, request)
    }
}

/// Splits at commas that begin a new event, so that an id may hold a comma.
fn split_events(events: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in events.split(',') {
        let begins =
            part.split_once(':').is_some_and(|(k, _)| EventKind::parse(k.trim()).is_some());
        match found.last_mut() {
            Some(last) if !begins && part.split_once(':').is_none() => {
                last.push(',');
                last.push_str(part);
            }
            _ => found.push(part.to_owned()),
        }
    }
    found
}

/// What stands behind the colon is the item, for a search its words.
fn parse_event(text: &str) -> Result<Event> {
    let Some((kind, about)) = text.split_once(':') else {
        bail!("--session `{text}`: write events as KIND:ITEM, for example view_item:SKU1");
    };
    let Some(kind) = EventKind::parse(kind.trim()) else {
        let known = EventKind::ALL.map(EventKind::name).join(", ");
        bail!("--session `{text}`: `{}` is no event type; known: {known}", kind.trim());
    };
    let about = Some(about.trim()).filter(|about| !about.is_empty()).map(str::to_owned);
    let (item, query) = if kind == EventKind::Search { (None, about) } else { (about, None) };
    Ok(Event { item, query, ..Event::bare(kind) })
}

/// An item the model does not know is no error, on the device neither, but an analyst wants
/// to hear of a typing slip.
fn tell_unknown(model: &Model, id: &str) -> Result<()> {
    if !id.is_empty() && model.item_ix(id).is_none() {
        writeln!(std::io::stderr(), "note: the model does not know the item `{id}`")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_may_hold_commas_and_colons() {
        let events = split_events("view_item:A,1,add_to_cart:B:2");
        assert_eq!(events, ["view_item:A,1", "add_to_cart:B:2"]);
        let event = parse_event(&events[1]).unwrap();
        assert_eq!((event.kind, event.item.as_deref()), (EventKind::AddToCart, Some("B:2")));
        let event = parse_event("search:red cup").unwrap();
        assert_eq!((event.item, event.query.as_deref()), (None, Some("red cup")));
    }

    #[test]
    fn slips_are_named() {
        let told = |text| parse_event(text).unwrap_err().to_string();
        assert!(told("SKU1").contains("KIND:ITEM"));
        assert!(told("vew_item:A").contains("`vew_item` is no event type; known: view_item,"));
    }
}
