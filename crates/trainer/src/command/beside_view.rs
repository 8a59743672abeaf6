//! What a model file holds beside the model, as `mercer inspect` shows it.

use super::inspect::signed;
use mercer::model::{Column, Context, Model, Terms};
use mercer::types::ItemIx;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Attributes, signal weights, companions and priors of a file; what it lacks is left out.
#[derive(Serialize)]
pub(super) struct BesideView {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signals: Vec<(String, f32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    companions: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priors: Option<PriorsView>,
}

/// One field of the attributes.
#[derive(Serialize)]
struct FieldView {
    name: String,
    /// How many items it says something of.
    items: usize,
    /// How many different terms; none for a field of numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<usize>,
}

#[derive(Serialize)]
struct PriorsView {
    contexts: Vec<&'static str>,
    categories: Vec<String>,
    /// How many items are chosen more or less often lately.
    trending: usize,
}

impl BesideView {
    pub(super) fn of(model: &Model) -> Self {
        Self {
            fields: columns(model).map(|(name, column)| FieldView::of(name, column)).collect(),
            signals: model.signals().all().to_vec(),
            companions: model.companions().map(mercer::model::Neighbours::n_entries),
            priors: model.priors().map(|priors| PriorsView {
                contexts: priors.tables().map(|(context, _)| Context::name(context)).collect(),
                categories: priors.categories().map(str::to_owned).collect(),
                trending: priors.trend().iter().filter(|&&trend| trend != 0.0).count(),
            }),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if !self.fields.is_empty() {
            text += "\nAttributes\n";
        }
        for FieldView { name, items, terms } in &self.fields {
            let values = terms.map_or("numbers".to_owned(), |n| format!("{n} terms"));
            let _ = writeln!(text, "  {name:<14} {items:>8} items  {values}");
        }
        if !self.signals.is_empty() {
            text += "\nSignal weights\n";
        }
        for (name, weight) in &self.signals {
            let _ = writeln!(text, "  {name:<22} {}", signed(*weight));
        }
        if let Some(entries) = self.companions {
            let _ = writeln!(text, "\nCompanions\n  entries     {entries}");
        }
        if let Some(PriorsView { contexts, categories, trending }) = &self.priors {
            let contexts =
                if contexts.is_empty() { "none".to_owned() } else { contexts.join(", ") };
            let _ = writeln!(text, "\nPriors\n  contexts    {contexts}");
            let _ = writeln!(text, "  categories  {}", categories.len());
            let _ = writeln!(text, "  trending    {trending} items");
        }
        text
    }
}

impl FieldView {
    fn of(name: &str, column: &Column) -> Self {
        let (items, terms) = match column {
            Column::Numbers(numbers) => (numbers.iter().filter(|x| !x.is_nan()).count(), None),
            Column::Terms(terms) => {
                let lists = (0..terms.n_items()).map(|at| terms.of(ItemIx::from_usize(at)));
                (lists.filter(|list| !list.is_empty()).count(), Some(terms.n_terms()))
            }
        };
        Self { name: name.to_owned(), items, terms }
    }
}

/// What the file says of one item: a number, or a list of terms, by field.
pub(super) fn attributes_of(model: &Model, item: ItemIx) -> Map<String, Value> {
    let names = |terms: &Terms| -> Vec<String> {
        terms.of(item).iter().map(|&term| terms.name(term).to_owned()).collect()
    };
    let value = |column: &Column| match column {
        Column::Terms(terms) => Some(json!(names(terms))).filter(|names| names != &json!([])),
        Column::Numbers(numbers) => {
            numbers.get(item.at()).filter(|x| !x.is_nan()).map(|&x| json!(short(x)))
        }
    };
    let known = columns(model).filter_map(|(name, column)| Some((name.to_owned(), value(column)?)));
    known.collect()
}

/// The attributes of one item as lines.
pub(super) fn attributes_text(attributes: &Map<String, Value>) -> String {
    let mut text = String::new();
    if !attributes.is_empty() {
        text += "\nAttributes\n";
    }
    for (name, value) in attributes {
        let shown = match value.as_array() {
            Some(terms) => terms.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            None => value.to_string(),
        };
        let _ = writeln!(text, "  {name:<14} {shown}");
    }
    text
}

/// The number that the single stands for, without the digits that only a double has.
fn short(x: f32) -> f64 {
    x.to_string().parse().unwrap_or_else(|_| f64::from(x))
}

fn columns(model: &Model) -> impl Iterator<Item = (&str, &Column)> {
    let attributes = model.attributes();
    let column = |name| attributes.column(attributes.field(name)?).map(|column| (name, column));
    attributes.names().filter_map(column)
}
