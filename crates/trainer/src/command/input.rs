//! What reading the input came to, told where nobody overlooks it.

use crate::ingest::{Catalog, IngestReport};
use crate::log::Log;
use anyhow::{Result, bail};
use mercer::model::Model;
use std::io::Write;
use std::path::Path;

/// Whether two paths lead to one file that is there.
pub(super) fn is_same(path: &Path, other: &Path) -> bool {
    match (path.canonicalize(), other.canonicalize()) {
        (Ok(path), Ok(other)) => path == other,
        _ => false,
    }
}

/// Rejected and duplicate rows are no error, but nobody should overlook them: says on stderr
/// what was left out, or nothing if nothing was.
pub(super) fn tell_rejects(report: &IngestReport) -> Result<()> {
    let nothing_lost = report.n_rejected() == 0 && report.duplicates.rows == 0;
    if nothing_lost && report.values_left_out.is_empty() && report.warnings().is_empty() {
        return Ok(());
    }
    write!(std::io::stderr(), "{report}")?;
    Ok(())
}

/// Refuses a log and a catalogue that speak of different items: one of them has the wrong
/// column.
pub(super) fn check_catalog(log: &Log, catalog: &(Catalog, IngestReport)) -> Result<()> {
    let (catalog, report) = catalog;
    if log.items.iter().any(|id| catalog.find(id).is_some()) {
        return Ok(());
    }
    let catalog_id = catalog.items().first().map_or("", |item| item.id.as_ref());
    bail!(
        "{}: the log and the catalogue share no item: the log has ids like `{}`, the catalogue \
         like `{catalog_id}`; map the right column with --column catalog.item_id=NAME or \
         events.item_id=NAME",
        report.files.join(", "),
        log.items.first().map_or("", |id| id),
    )
}

/// Refuses a log none of whose items the model knows.
pub(super) fn check_model(log: &Log, report: &IngestReport, model: &Model) -> Result<()> {
    if log.items.iter().any(|id| model.item_ix(id).is_some()) {
        return Ok(());
    }
    bail!(
        "{}: the model knows none of the log's items: the log has ids like `{}`, the model like \
         `{}`; map the right column with --column item_id=NAME, or give the model of this shop",
        report.files.join(", "),
        log.items.first().map_or("", |id| id),
        model.item_id(mercer::types::ItemIx(0)),
    )
}
