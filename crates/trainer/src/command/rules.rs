//! `mercer rules`: what do the shop's rules say of this model?

use super::insisting::declared;
use super::model_file::{Form, load, show};
use anyhow::Result;
use clap::Args;
use mercer::model::Model;
use mercer::rules::{RuleError, RuleNote, RuleSet};
use mercer::types::ItemIx;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// How many items of a rule are named.
const EXAMPLES: usize = 3;

/// Check a shop's rules, and show which items each of them speaks of.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer rules --model shop.mercer --rules rules.json
  mercer rules --model shop.mercer --rules rules.json --json

docs/rules.md says what a rule can be. Exit code 1: the rules are refused, and stdout says
where and why. What is probably not meant, for example a brand that no item has, is noted and
refuses nothing.")]
pub struct RulesArgs {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The rules, a JSON file
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct RulesView {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RemarkView>,
    n_items: usize,
    rules: Vec<RuleView>,
    notes: Vec<RemarkView>,
}

#[derive(Serialize)]
struct RuleView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// How many items it speaks of; `None` where that depends on the page.
    n_items: Option<usize>,
    /// The first of them.
    items: Vec<String>,
}

#[derive(Serialize)]
struct RemarkView {
    code: &'static str,
    path: String,
    message: String,
}

/// Checks the rules and prints what they speak of; `false` if they are refused.
///
/// # Errors
/// - The model cannot be read.
/// - The rules cannot be read, or are no JSON.
pub fn run(args: &RulesArgs) -> Result<bool> {
    let engine = load(&args.model)?;
    let model = engine.model();
    let view = match RuleSet::read(&declared(&args.rules)?, model) {
        Ok((rules, notes)) => RulesView::of(model, &rules, &notes),
        Err(error) => RulesView::refused(model, &error),
    };
    show(Form::of(args.json), &view, || view.text())?;
    Ok(view.error.is_none())
}

impl RulesView {
    fn of(model: &Model, rules: &RuleSet, notes: &[RuleNote]) -> Self {
        let view = |(at, rule): (usize, &mercer::rules::Rule)| {
            let set = rules.items(at);
            let is_open = set.is_none() && !rules.compares(at);
            let first = set.iter().flat_map(|set| set.iter());
            let id = |item: ItemIx| model.item_id(item).to_owned();
            RuleView {
                kind: rule.kind(),
                name: rule.name.clone(),
                n_items: set
                    .as_ref()
                    .map(|set| set.len())
                    .or_else(|| is_open.then(|| model.n_items())),
                items: first.take(EXAMPLES).map(id).collect(),
            }
        };
        Self {
            status: "ok",
            error: None,
            n_items: model.n_items(),
            rules: rules.rules().iter().enumerate().map(view).collect(),
            notes: notes.iter().map(RemarkView::of_note).collect(),
        }
    }

    fn refused(model: &Model, error: &RuleError) -> Self {
        let error =
            RemarkView { code: error.code(), path: error.path.clone(), message: error.to_string() };
        let n_items = model.n_items();
        Self { status: "refused", error: Some(error), n_items, rules: vec![], notes: vec![] }
    }

    fn text(&self) -> String {
        if let Some(error) = &self.error {
            return format!("REFUSED {}\n", error.message);
        }
        let mut text = format!("{} rules for {} items\n", self.rules.len(), self.n_items);
        let named = |rule: &RuleView| rule.name.as_deref().map_or(0, |name| name.chars().count());
        let width = self.rules.iter().map(named).max().unwrap_or(0);
        for (at, rule) in self.rules.iter().enumerate() {
            let name = rule.name.as_deref().unwrap_or("");
            let _ = writeln!(text, "{at:>3}  {:<8}  {name:<width$}  {}", rule.kind, rule.about());
        }
        for note in &self.notes {
            let _ = writeln!(text, "note: {}", note.message);
        }
        text
    }
}

impl RuleView {
    fn about(&self) -> String {
        let shown = self.items.join(", ");
        match self.n_items {
            None => "depends on the product of the page".to_owned(),
            Some(0) => "no item".to_owned(),
            Some(_) if self.items.is_empty() => "every item".to_owned(),
            Some(1) => format!("1 item: {shown}"),
            Some(n) if n <= EXAMPLES => format!("{n} items: {shown}"),
            Some(n) => format!("{n} items, for example {shown}"),
        }
    }
}

impl RemarkView {
    fn of_note(note: &RuleNote) -> Self {
        Self { code: note.code(), path: note.path.clone(), message: note.to_string() }
    }
}
