//! `mercer inspect`: what is in a model file?

use super::beside_view::{BesideView, attributes_of, attributes_text};
use super::model_file::{Form, Size, bytes, load, show};
use anyhow::{Context, Result};
use clap::Args;
use mercer::kernels::TopK;
use mercer::model::{InterestRule, Model, Neighbours};
use mercer::types::{EventKind, ItemIx};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::PathBuf;

/// How many items lists show.
const SHOWN: usize = 10;

/// Show what a model file holds, or one item of it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer inspect --model shop.mercer
  mercer inspect --model shop.mercer --item KET-0001
  mercer inspect --model shop.mercer --json")]
pub struct InspectArgs {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Show this item: its bias, its popularity, its attributes, the items nearest to it
    #[arg(long, value_name = "ID")]
    item: Option<String>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Prints what the file holds; always true.
///
/// # Errors
/// - The model cannot be read.
/// - It does not know the item.
pub fn run(args: &InspectArgs) -> Result<bool> {
    let engine = load(&args.model)?;
    let model = engine.model();
    if let Some(id) = &args.item {
        let shown = ItemView::of(model, id)?;
        show(Form::of(args.json), &shown, || shown.text())?;
    } else {
        let shown = FileView::of(model, Size::of(model, &args.model)?);
        show(Form::of(args.json), &shown, || shown.text(args))?;
    }
    Ok(true)
}

#[derive(Serialize)]
struct Near {
    item: String,
    cosine: f32,
}

#[derive(Serialize)]
struct Neighbour {
    item: String,
    weight: f32,
}

#[derive(Serialize)]
struct ItemView {
    item: String,
    bias: f32,
    /// Distinct sessions behind it, as far as the file tells; 0 for too few.
    sessions: u64,
    nearest: Vec<Near>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    neighbours: Vec<Neighbour>,
    /// What goes into the cart with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    companions: Vec<Neighbour>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    attributes: Map<String, Value>,
}

impl ItemView {
    fn of(model: &Model, id: &str) -> Result<Self> {
        let item = model.item_ix(id).with_context(|| unknown_item(model, id))?;
        let mut nearest = TopK::new(if model.dim() == 0 { 0 } else { SHOWN });
        for other in (0..).map(ItemIx).take(model.n_items()).filter(|&other| other != item) {
            nearest.push(other.0, model.cosine(item, other));
        }
        let near = |(ix, cosine)| Near { item: model.item_id(ItemIx(ix)).to_owned(), cosine };
        Ok(Self {
            item: id.to_owned(),
            bias: model.bias(item),
            sessions: sessions(model.popularity()[item.at()]),
            nearest: nearest.into_sorted().into_iter().map(near).collect(),
            neighbours: strongest(model, model.neighbours(), item),
            companions: strongest(model, model.companions(), item),
            attributes: attributes_of(model, item),
        })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{}\n  bias {}, {}\n",
            self.item,
            signed(self.bias),
            match self.sessions {
                0 => "fewer sessions than the file tells of".to_owned(),
                n => format!("about {n} sessions"),
            }
        );
        if !self.nearest.is_empty() {
            text += "\nNearest items (cosine)\n";
        }
        for Near { item, cosine } in &self.nearest {
            let _ = writeln!(text, "  {cosine:+.3}  {item}");
        }
        for (title, list) in [("Neighbours", &self.neighbours), ("Companions", &self.companions)] {
            if !list.is_empty() {
                let _ = writeln!(text, "\n{title} (weight)");
            }
            for Neighbour { item, weight } in list {
                let _ = writeln!(text, "  {weight:.3}  {item}");
            }
        }
        text + &attributes_text(&self.attributes)
    }
}

/// The strongest of an item's list; none in a file without lists.
fn strongest(model: &Model, lists: Option<&Neighbours>, item: ItemIx) -> Vec<Neighbour> {
    let mut strongest = TopK::new(SHOWN);
    for (other, weight) in lists.into_iter().flat_map(|lists| lists.of(item)) {
        strongest.push(other.0, weight);
    }
    let neighbour = |(ix, weight)| Neighbour { item: model.item_id(ItemIx(ix)).to_owned(), weight };
    strongest.into_sorted().into_iter().map(neighbour).collect()
}

/// An error that shows what ids look like here.
fn unknown_item(model: &Model, id: &str) -> String {
    format!(
        "the model does not know the item `{id}`; its ids run from `{}` to `{}`",
        model.item_id(ItemIx(0)),
        model.item_id(ItemIx::from_usize(model.n_items() - 1)),
    )
}

/// The session count that a packed popularity stands for.
#[expect(clippy::cast_possible_truncation, reason = "a count far below 2^53")]
#[expect(clippy::cast_sign_loss, reason = "popularity is not negative")]
fn sessions(popularity: f32) -> u64 {
    f64::from(popularity).exp_m1().round() as u64
}

#[derive(Serialize)]
struct FileView {
    size: Size,
    sections: Vec<Value>,
    about: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoder: Option<EncoderView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fold_in: Option<FoldInView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    neighbours: Option<NeighboursView>,
    #[serde(flatten)]
    beside: BesideView,
    most_popular: Vec<Value>,
}

#[derive(Serialize)]
struct EncoderView {
    temperature: f32,
    position: Vec<f32>,
    returning: Vec<f32>,
    kind: Vec<(&'static str, f32)>,
    dwell: Vec<f32>,
}

#[derive(Serialize)]
struct FoldInView {
    temperature: f32,
    ridge: f32,
    gram: bool,
    returning: Vec<f32>,
    /// How sure a step of each kind is, and how hard it pulls.
    kind: Vec<(&'static str, f32, f32)>,
}

#[derive(Serialize)]
struct NeighboursView {
    /// Neighbours of all items together.
    entries: usize,
    reach: Vec<f32>,
}

impl FileView {
    fn of(model: &Model, size: Size) -> Self {
        let mut popular = TopK::new(SHOWN);
        for (ix, &popularity) in (0..).zip(model.popularity()) {
            popular.push(ix, popularity);
        }
        let item = |(ix, popularity)| json!({ "item": model.item_id(ItemIx(ix)), "sessions": sessions(popularity) });
        let section = |&(section, bytes): &(mercer::model::Section, usize)| json!({ "name": section.name(), "bytes": bytes });
        Self {
            size,
            sections: model.section_bytes().iter().map(section).collect(),
            about: serde_json::from_str(model.about()).unwrap_or(Value::Null),
            encoder: model.factors().and_then(|factors| EncoderView::of(factors.interest())),
            fold_in: model.factors().and_then(|factors| FoldInView::of(factors.interest())),
            neighbours: model.neighbours().map(|lists| NeighboursView {
                entries: lists.n_entries(),
                reach: lists.reach().to_vec(),
            }),
            beside: BesideView::of(model),
            most_popular: popular.into_sorted().into_iter().map(item).collect(),
        }
    }

    fn text(&self, args: &InspectArgs) -> String {
        let size = &self.size;
        let mut text = format!(
            "{}\n  {}, {} items × {} coordinates × {} bits\n\nSections\n",
            args.model.display(),
            bytes(size.bytes),
            size.n_items,
            size.dim,
            size.bits
        );
        for section in &self.sections {
            let n = section["bytes"].as_u64().unwrap_or(0);
            let name = section["name"].as_str().unwrap_or("");
            let _ = writeln!(text, "  {:>9}  {name}", bytes(n));
        }
        let about = serde_json::to_string_pretty(&self.about).unwrap_or_default();
        let _ = writeln!(text, "\nWhat the file says of itself\n{about}");
        if let Some(encoder) = &self.encoder {
            text += &encoder.text();
        }
        if let Some(fold_in) = &self.fold_in {
            text += &fold_in.text();
        }
        if let Some(NeighboursView { entries, reach }) = &self.neighbours {
            let _ = writeln!(text, "\nNeighbours (newest step first)\n  entries     {entries}");
            let _ = writeln!(text, "  reach       {}", row(reach));
        }
        text + &self.beside.text() + &self.popular_text()
    }

    fn popular_text(&self) -> String {
        let mut text = String::from("\nMost popular (distinct sessions, about)\n");
        for item in &self.most_popular {
            let (sessions, id) = (item["sessions"].as_u64().unwrap_or(0), &item["item"]);
            let _ = writeln!(text, "  {sessions:>9}  {}", id.as_str().unwrap_or(""));
        }
        text
    }
}

/// A weight with its sign; one that rounds to nothing has none to speak of.
pub(super) fn signed(weight: f32) -> String {
    let text = format!("{weight:+.2}");
    if text == "-0.00" { "+0.00".to_owned() } else { text }
}

/// The first weights of a row.
fn row(weights: &[f32]) -> String {
    weights.iter().take(SHOWN).map(|&weight| signed(weight)).collect::<Vec<_>>().join(" ")
}

impl FoldInView {
    fn of(rule: &InterestRule) -> Option<Self> {
        let InterestRule::FoldIn(rule) = rule else { return None };
        let kinds = EventKind::ALL.map(EventKind::name).into_iter();
        let weights = rule.confidence.into_iter().zip(rule.pull);
        Some(Self {
            temperature: rule.temperature,
            ridge: rule.ridge,
            gram: !rule.gram.is_empty(),
            returning: rule.returning.clone(),
            kind: kinds.zip(weights).map(|(kind, (sure, pull))| (kind, sure, pull)).collect(),
        })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "\nFold-in\n  temperature {:.2}\n  ridge       {:.4}, {} Gram matrix\n  return      {}\n",
            self.temperature,
            self.ridge,
            if self.gram { "with a" } else { "without" },
            row(&self.returning),
        );
        for (name, confidence, pull) in &self.kind {
            let (confidence, pull) = (signed(*confidence), signed(*pull));
            let _ = writeln!(text, "  {name:<17} confidence {confidence}, pull {pull}");
        }
        text
    }
}

impl EncoderView {
    fn of(rule: &InterestRule) -> Option<Self> {
        let InterestRule::Attention(encoder) = rule else { return None };
        let kinds = EventKind::ALL.map(EventKind::name).into_iter().zip(encoder.kind);
        Some(Self {
            temperature: encoder.temperature,
            position: encoder.position.clone(),
            returning: encoder.returning.clone(),
            kind: kinds.collect(),
            dwell: encoder.dwell.to_vec(),
        })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "\nEncoder (newest step first)\n  temperature {:.2}\n  position    {}\n  \
             return      {}\n  dwell       {}\n",
            self.temperature,
            row(&self.position),
            row(&self.returning),
            row(&self.dwell),
        );
        for (name, weight) in self.kind.iter().filter(|(_, weight)| *weight != 0.0) {
            let _ = writeln!(text, "  {name:<17} {}", signed(*weight));
        }
        text
    }
}
