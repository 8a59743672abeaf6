//! The tables, in Markdown, and the same as JSON.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::judge::{Measured, metric};
use super::measure::Ran;
use super::rows::{BYTES_PER_ITEM, Row};

/// A row with all that was measured.
pub(super) struct Filled {
    pub(super) row: Row,
    pub(super) model: Measured,
    pub(super) baselines: Vec<(&'static str, Ran)>,
}

/// Something asked, and what was reached.
struct Goal {
    what: String,
    reached: String,
    interval: String,
    asked: String,
    is_met: bool,
}

impl Filled {
    /// Whether all that is asked of the row was reached.
    ///
    /// # Errors
    /// - a figure is missing in what `mercer` printed.
    pub(super) fn is_met(&self) -> Result<bool> {
        Ok(self.goals()?.iter().all(|goal| goal.is_met))
    }

    /// Everything as JSON.
    pub(super) fn json(&self) -> Result<Value> {
        let goal = |goal: &Goal| {
            let Goal { what, reached, interval, asked, is_met } = goal;
            json!({ "what": what, "reached": reached, "interval": interval, "asked": asked, "met": is_met })
        };
        let cost = |ran: &Ran| json!({ "seconds": ran.seconds, "peak_bytes": ran.peak, "result": ran.json });
        let baselines = self.baselines.iter().map(|(name, ran)| ((*name).to_owned(), cost(ran)));
        Ok(json!({
            "name": self.row.name,
            "goals": self.goals()?.iter().map(goal).collect::<Vec<Value>>(),
            "train": cost(&self.model.train),
            "evaluate": cost(&self.model.evaluate),
            "inspect": self.model.inspect,
            "baselines": baselines.collect::<serde_json::Map<String, Value>>(),
        }))
    }

    fn goals(&self) -> Result<Vec<Goal>> {
        let mut goals = Vec::new();
        for (name, asked) in self.row.asked {
            let reached = metric(&self.model.evaluate, name)?;
            goals.push(Goal {
                what: shown(name),
                reached: format!("**{}**", fraction(reached)),
                interval: interval(&self.model.evaluate, name)?,
                asked: format!("≥ {}", fraction(*asked)),
                is_met: reached >= *asked,
            });
        }
        let bytes = number(&self.model.evaluate.json["model"]["bytes_per_item"], "bytes an item")?;
        let most = |what: &str, reached: String, asked: String, is_met| {
            let (what, asked) = (what.to_owned(), format!("≤ {asked}"));
            Goal { what, reached, interval: String::new(), asked, is_met }
        };
        goals.push(most(
            "bytes an item",
            format!("{bytes:.1}"),
            format!("{BYTES_PER_ITEM}"),
            bytes <= BYTES_PER_ITEM,
        ));
        if let Some((seconds, memory)) = self.row.cost {
            let Ran { seconds: took, peak, .. } = self.model.train;
            let limit = format!("{seconds:.0} s");
            goals.push(most("training", format!("{took:.0} s"), limit, took <= seconds));
            let is_met = peak.is_some_and(|peak| peak <= memory);
            goals.push(most("memory", megabytes(peak), megabytes(Some(memory)), is_met));
        }
        Ok(goals)
    }

    /// File, sections, times.
    fn costs(&self) -> Result<String> {
        let Measured { train, evaluate, inspect } = &self.model;
        let own = ["item vectors", "item biases"];
        let sections = inspect["sections"].as_array().context("inspect lists no sections")?;
        let others: Vec<String> = sections
            .iter()
            .filter_map(|section| Some((section["name"].as_str()?, section["bytes"].as_u64()?)))
            .filter(|(name, bytes)| !own.contains(name) && *bytes > 0)
            .map(|(name, bytes)| format!("{name} {bytes}"))
            .collect();
        let model = &evaluate.json["model"];
        Ok(format!(
            "| {} | {} | {} | {:.1} | {} | {:.0} | {} | {:.0} |",
            self.row.title,
            number(&model["n_items"], "n_items")?,
            number(&model["bytes"], "bytes")?,
            number(&model["bytes_per_item"], "bytes an item")?,
            others.join(", "),
            train.seconds,
            megabytes(train.peak),
            evaluate.seconds,
        ))
    }
}

/// The tables of what was asked and reached, of the costs, and of the baselines.
///
/// # Errors
/// - a figure is missing in what `mercer` printed.
pub(super) fn markdown(rows: &[Filled]) -> Result<String> {
    let mut lines = vec![
        "| data | | reached | 95 % interval | asked | |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for filled in rows {
        let mut title = format!("{}, {} cases", filled.row.title, cases(&filled.model.evaluate)?);
        for goal in filled.goals()? {
            let Goal { what, reached, interval, asked, is_met } = goal;
            let met = if is_met { "met" } else { "**not met**" };
            lines.push(format!("| {title} | {what} | {reached} | {interval} | {asked} | {met} |"));
            title = String::new();
        }
    }
    lines.push(
        "\n| data | items | bytes of the file | an item for vector and bias | bytes of the other \
         sections | training s | peak memory | judging s |\n|---|---|---|---|---|---|---|---|"
            .to_owned(),
    );
    for filled in rows {
        lines.push(filled.costs()?);
    }
    lines.push("\n| data | ranker | | |\n|---|---|---|---|".to_owned());
    for filled in rows {
        lines.extend(rankers(filled)?);
    }
    Ok(lines.join("\n"))
}

/// The model beside the baselines.
fn rankers(filled: &Filled) -> Result<Vec<String>> {
    let model = ("**the file**", &filled.model.evaluate);
    let baselines = filled.baselines.iter().map(|(name, ran)| (*name, ran));
    let mut title = filled.row.title;
    let mut lines = Vec::new();
    for (name, ran) in std::iter::once(model).chain(baselines) {
        let mut cells = vec![format!("| {title} | {name} |")];
        for (metric_name, _) in filled.row.asked {
            let (value, range) = (metric(ran, metric_name)?, interval(ran, metric_name)?);
            cells.push(format!(" {} {} ({range}) |", shown(metric_name), fraction(value)));
        }
        if filled.row.asked.len() == 1 {
            cells.push(" |".to_owned());
        }
        lines.push(cells.concat());
        title = "";
    }
    Ok(lines)
}

fn cases(ran: &Ran) -> Result<u64> {
    ran.json["cases"].as_u64().context("the result has no cases")
}

fn interval(ran: &Ran, name: &str) -> Result<String> {
    let range = &ran.json["intervals"][name];
    let end = |end: &str| number(&range[end], name);
    Ok(format!("{}–{}", fraction(end("low")?), fraction(end("high")?)))
}

fn number(value: &Value, what: &str) -> Result<f64> {
    value.as_f64().with_context(|| format!("the result has no {what}"))
}

/// `hit_rate@20` → `HR@20`.
pub(in crate::command) fn shown(metric: &str) -> String {
    metric.replace("hit_rate", "HR").to_uppercase()
}

/// Four decimals without the leading zero.
pub(in crate::command) fn fraction(value: f64) -> String {
    let text = format!("{value:.4}");
    text.strip_prefix('0').map_or_else(|| text.clone(), str::to_owned)
}

#[expect(clippy::cast_precision_loss, reason = "shown in megabytes")]
pub(in crate::command) fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "unknown".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6))
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    fn ran(json: Value) -> Ran {
        Ran { json, seconds: 12.4, peak: Some(250_000_000) }
    }

    fn judged(hit_rate: f64) -> Ran {
        let interval = json!({ "low": 0.4, "high": 1.0 });
        ran(json!({
            "cases": 7,
            "metrics": { "hit_rate@20": hit_rate, "mrr@20": 0.2 },
            "intervals": { "hit_rate@20": interval, "mrr@20": interval },
            "model": { "bytes": 900, "n_items": 20, "bytes_per_item": 33.0 },
        }))
    }

    fn filled(hit_rate: f64) -> Filled {
        let sections =
            json!([{ "name": "item vectors", "bytes": 640 }, { "name": "about", "bytes": 99 }]);
        Filled {
            row: rows::ALL[0],
            model: Measured {
                train: ran(json!({})),
                evaluate: judged(hit_rate),
                inspect: json!({ "sections": sections }),
            },
            baselines: vec![("popularity", judged(0.0123))],
        }
    }

    #[test]
    fn tables_say_what_was_reached() {
        let text = markdown(&[filled(0.55)]).unwrap();
        for line in [
            "| Diginetica, 7 cases | HR@20 | **.5500** | .4000–1.0000 | ≥ .5600 | **not met** |",
            "|  | MRR@20 | **.2000** | .4000–1.0000 | ≥ .2000 | met |",
            "|  | bytes an item | 33.0 |  | ≤ 34 | met |",
            "|  | memory | 250 MB |  | ≤ 3000 MB | met |",
            "| Diginetica | 20 | 900 | 33.0 | about 99 | 12 | 250 MB | 12 |",
            "|  | popularity | HR@20 .0123 (.4000–1.0000) | MRR@20 .2000 (.4000–1.0000) |",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!filled(0.55).is_met().unwrap() && filled(0.56).is_met().unwrap());
        let json = filled(0.56).json().unwrap();
        assert_eq!(json["goals"][0]["met"], true);
        assert_eq!(json["baselines"]["popularity"]["result"]["metrics"]["hit_rate@20"], 0.0123);
    }

    #[test]
    fn a_missing_figure_is_named() {
        let mut broken = filled(0.5);
        broken.model.evaluate.json["metrics"] = json!({});
        let said = markdown(&[broken]).unwrap_err().to_string();
        assert!(said.contains("hit_rate@20"), "{said}");
    }
}
