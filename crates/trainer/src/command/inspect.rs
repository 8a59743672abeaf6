//! `mercer inspect`: what is in a model file?

use super::model_file::{Form, Size, bytes, load, show};
use anyhow::{Context, Result};
use clap::Args;
use mercer::kernels::TopK;
use mercer::model::{InterestRule, Model};
use mercer::types::{EventKind, ItemIx};
use serde::Serialize;
use serde_json::{Value, json};
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
    /// Show this item: its bias, its popularity, the items nearest to it
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
struct Neighbour {
    item: String,
    cosine: f32,
}

#[derive(Serialize)]
struct ItemView {
    item: String,
    bias: f32,
    /// Distinct sessions behind it, as far as the file tells; 0 for too few.
    sessions: u64,
    nearest: Vec<Neighbour>,
}

impl ItemView {
    fn of(model: &Model, id: &str) -> Result<Self> {
        let item = model.item_ix(id).with_context(|| unknown_item(model, id))?;
        let mut nearest = TopK::new(SHOWN);
        for other in (0..).map(ItemIx).take(model.n_items()).filter(|&other| other != item) {
            nearest.push(other.0, model.cosine(item, other));
        }
        let neighbour =
            |(ix, cosine)| Neighbour { item: model.item_id(ItemIx(ix)).to_owned(), cosine };
        Ok(Self {
            item: id.to_owned(),
            bias: model.bias(item),
            sessions: sessions(model.popularity()[item.at()]),
            nearest: nearest.into_sorted().into_iter().map(neighbour).collect(),
        })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{}\n  bias {}, {}\n\nNearest items (cosine)\n",
            self.item,
            signed(self.bias),
            match self.sessions {
                0 => "fewer sessions than the file tells of".to_owned(),
                n => format!("about {n} sessions"),
            }
        );
        for Neighbour { item, cosine } in &self.nearest {
            let _ = writeln!(text, "  {cosine:+.3}  {item}");
        }
        text
    }
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
        text + &self.popular_text()
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
fn signed(weight: f32) -> String {
    let text = format!("{weight:+.2}");
    if text == "-0.00" { "+0.00".to_owned() } else { text }
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
        let row = |weights: &[f32]| {
            let shown = weights.iter().take(SHOWN).map(|&weight| signed(weight));
            shown.collect::<Vec<_>>().join(" ")
        };
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
