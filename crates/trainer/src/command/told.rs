//! Slates, traces and answers to "why" as `recommend` prints them.

use mercer::Engine;
use mercer::caller::{self, Explain};
use mercer::explain::{Bars, Told, Trace, Value, Why, tell};
use mercer::types::{Data, Slate, Source};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt::Write as _;

/// How many reasons of an item are shown.
const N_REASONS: usize = 3;

/// Plain data as JSON, in the shape JavaScript gets: whole numbers without a point, numbers
/// of 32 bits with as many digits as they have.
pub(super) struct Json<'a>(pub(super) &'a Data);

impl Serialize for Json<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "checked: nothing is lost")]
    #[expect(clippy::float_cmp, reason = "the same number or not")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Null => serializer.serialize_unit(),
            Data::Flag(flag) => serializer.serialize_bool(*flag),
            Data::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                serializer.serialize_i64(*number as i64)
            }
            Data::Number(number) if f64::from(*number as f32) == *number => {
                serializer.serialize_f32(*number as f32)
            }
            Data::Number(number) => serializer.serialize_f64(*number),
            Data::Text(text) => serializer.serialize_str(text),
            Data::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| seq.serialize_element(&Json(value)))?;
                seq.end()
            }
            Data::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, v)| map.serialize_entry(name, &Json(v)))?;
                map.end()
            }
        }
    }
}

/// A slate, and what else is told with it.
pub(super) struct Answer<'a> {
    pub(super) engine: &'a Engine,
    pub(super) slate: &'a Slate,
    pub(super) explain: Explain,
    /// What each stage left, where it is asked for.
    pub(super) trace: Option<&'a Trace>,
}

impl Answer<'_> {
    /// In the shape JavaScript gets, without times.
    pub(super) fn data(&self) -> Data {
        let (model, rules) = (self.engine.model(), self.engine.rules());
        let slate = caller::slate(self.slate, model, rules, self.explain);
        match self.trace {
            Some(trace) => caller::with(slate, "trace", caller::traced(trace, &[], model, rules)),
            None => slate,
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let model = self.engine.model();
        let mut text = format!("ranked by {}\n", self.slate.source.name());
        let items = self.slate.items.iter();
        let width = items.clone().map(|scored| model.item_id(scored.item).chars().count()).max();
        let width = width.unwrap_or(0);
        for (place, scored) in (1..).zip(items) {
            let (score, id) = (scored.score, model.item_id(scored.item));
            let _ = write!(text, "{place:>3}  {id:<width$}  {score:>7.3}");
            let told = if self.explain == Explain::Yes { tell(model, scored) } else { Vec::new() };
            for told in told.iter().take(N_REASONS) {
                let _ = write!(text, "  {:.0}% {}", 100.0 * told.share, self.reason(told));
            }
            text.push('\n');
        }
        if let Some(short) = self.slate.shortfall {
            let _ = writeln!(text, "fewer than asked for: {}", short.name());
        }
        if let Some(trace) = self.trace {
            self.push_trace(&mut text, trace);
        }
        text
    }

    fn reason(&self, told: &Told<'_>) -> String {
        let value = told.value.map(|value| match value {
            Value::Term(term) => format!("={term}"),
            Value::Number(number) => format!("={number}"),
        });
        let field = told.field.map(|field| format!("{field}{}", value.unwrap_or_default()));
        let rule = told.rule.map(|rule| rule_name(self.engine, rule));
        let about = told.item.map(str::to_owned).or(field).or(rule);
        about.map_or_else(|| told.kind.to_owned(), |about| format!("{} {about}", told.kind))
    }

    fn push_trace(&self, text: &mut String, trace: &Trace) {
        let _ = writeln!(text, "\n{:<12} {:>8}  by", "stage", "items");
        for pass in &trace.passes {
            let by = pass.by.map_or("", Source::name);
            let line = format!("{:<12} {:>8}  {by}", pass.stage.name(), pass.n);
            let _ = writeln!(text, "{}", line.trim_end());
        }
        for closed in &trace.closed {
            let _ = writeln!(text, "kept out by {}: {}", bars(self.engine, closed.by), closed.n);
        }
        for (item, by) in &trace.dropped {
            let id = self.engine.model().item_id(*item);
            let _ = writeln!(text, "passed over: {id}, by {}", bars(self.engine, *by));
        }
    }
}

/// Why an item is in the slate or not, in a sentence.
pub(super) fn why_text(engine: &Engine, item: &str, why: &Why) -> String {
    let said = match *why {
        Why::Unknown => "the model does not know it".to_owned(),
        Why::Shown { place } => format!("it is in the slate, on place {place}"),
        Why::Closed { by } => format!("it may not be shown: {}", bars(engine, by)),
        Why::NotRetrieved { score: Some(score), last: Some(last) } => format!(
            "it is not among the candidates: it would score {score:.3}, and the last one that was \
             ranked has {last:.3}"
        ),
        Why::NotRetrieved { .. } => {
            "it is not among the candidates: nothing this placement goes by speaks of it".to_owned()
        }
        Why::Below { rank, score, lacks } => format!(
            "the slate ends before it: it is ranked {rank} with {score:.3} and lacks {lacks:.3} to \
             the lowest score of the slate"
        ),
        Why::Moved { rank, to } => {
            format!("variety put others before it: it is ranked {rank}, and stands on place {to}")
        }
        Why::Dropped { rank: Some(rank), by } => {
            format!("it stood on place {rank}, and was passed over by {}", bars(engine, by))
        }
        Why::Dropped { rank: None, by } => format!("it was passed over by {}", bars(engine, by)),
    };
    format!("{item}: {said}\n")
}

fn bars(engine: &Engine, by: Bars) -> String {
    match by.rule {
        Some(rule) => format!("rule {}", rule_name(engine, rule)),
        None => by.cause.to_owned(),
    }
}

/// What the shop calls a rule, or its position from 0.
fn rule_name(engine: &Engine, rule: u16) -> String {
    let declared = engine.rules().rules().get(usize::from(rule));
    let name = declared.and_then(|declared| declared.name.clone());
    name.unwrap_or_else(|| rule.to_string())
}
