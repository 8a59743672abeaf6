//! Writes a world into a folder.

use super::chance::index;
use super::text::Product;
use super::truth::Truth;
use super::visit::{Row, Visit};
use super::world::{Item, World};
use crate::stage::Stage;
use anyhow::Result;
use flate2::{Compression, GzBuilder};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::{BufWriter, IntoInnerError, Write};
use std::path::Path;

/// The columns of the event files.
pub const EVENT_COLUMNS: &str = "session_id,user_id,item_id,event_type,timestamp,dwell_ms,\
                                 quantity,price,list_position,query";

/// What [`write()`] has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Names and sizes in bytes of the files.
    pub files: Vec<(String, u64)>,
    /// Visits and events of the training period.
    pub training: Counts,
    /// Visits and events of the test period.
    pub test: Counts,
}

/// How much a period holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Visits.
    pub visits: usize,
    /// Lines of the event file, without the header.
    pub events: usize,
}

/// Writes `events.csv.gz`, `test-events.csv.gz`, `catalog.jsonl`, `shop.json` and
/// `truth.json` into `folder`. Shows progress on stderr if that is a terminal.
///
/// # Errors
/// - The folder cannot be made, or a file in it cannot be written, synced or renamed. Files
///   that stood there before are kept, and no half-written file is left.
pub fn write(world: &World, folder: &Path) -> Result<Written> {
    let mut stage = Stage::open(folder)?;
    let n_items = world.items().len();
    let bar = progress((world.settings().sessions() + 2 * n_items) as u64);
    let mut training = Counts::default();
    let mut visits = world.visits().inspect(|_| bar.inc(1)).peekable();
    stage.write("events.csv.gz", |out| {
        let before_split = std::iter::from_fn(|| visits.next_if(|visit| !visit.is_test()));
        training = write_events(world, before_split, out)?;
        Ok(())
    })?;
    let mut test = Counts::default();
    stage.write("test-events.csv.gz", |out| {
        test = write_events(world, visits, out)?;
        Ok(())
    })?;
    stage.write("catalog.jsonl", |out| write_catalog(world, &bar, out))?;
    stage.write("shop.json", |out| write_shop(world, &bar, out))?;
    stage.write("truth.json", |out| {
        serde_json::to_writer(&mut *out, &Truth(world))?;
        Ok(out.write_all(b"\n")?)
    })?;
    bar.finish_and_clear();
    Ok(Written { files: stage.commit()?, training, test })
}

fn progress(n: u64) -> ProgressBar {
    // Hides itself when stderr is not a terminal.
    let template = "planting {bar:30} {percent:>3} %  {per_sec}  {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is a constant");
    ProgressBar::new(n).with_style(style)
}

fn write_events<W: Write>(
    world: &World,
    visits: impl Iterator<Item = Visit>,
    out: &mut W,
) -> Result<Counts> {
    // The header of the gzip file holds no time: same seed, same bytes.
    let gzip = GzBuilder::new().mtime(0).write(out, Compression::new(5));
    // Every write into the encoder costs it a cleared buffer, so hand it long ones.
    let mut csv = BufWriter::with_capacity(1 << 16, gzip);
    writeln!(csv, "{EVENT_COLUMNS}")?;
    let mut counts = Counts::default();
    for visit in visits {
        counts.visits += 1;
        counts.events += visit.rows.len();
        write_visit(world, &visit, &mut csv)?;
    }
    csv.into_inner().map_err(IntoInnerError::into_error)?.finish()?;
    Ok(counts)
}

fn write_visit<W: Write>(world: &World, visit: &Visit, csv: &mut W) -> Result<()> {
    let session = session_id(visit.number);
    let user = visit.user.map(user_id).unwrap_or_default();
    for row in &visit.rows {
        write_row((&session, &user), world, row, csv)?;
    }
    Ok(())
}

/// No field needs quotes: ids and queries are made of letters, digits, spaces, hyphens and
/// apostrophes.
fn write_row<W: Write>(
    (session, user): (&str, &str),
    world: &World,
    row: &Row,
    csv: &mut W,
) -> Result<()> {
    let id = row.item.map(|ix| world.id(ix)).unwrap_or_default();
    write!(csv, "{session},{user},{id},{},{},", row.kind.name(), row.time_ms)?;
    write_optional(row.dwell_ms, csv)?;
    write_optional(row.quantity, csv)?;
    if let Some(ix) = row.item {
        let cents = world.item(ix).price_cents;
        write!(csv, "{}.{:02}", cents / 100, cents % 100)?;
    }
    write!(csv, ",")?;
    write_optional(row.list_position, csv)?;
    writeln!(csv, "{}", row.query.as_deref().unwrap_or_default())?;
    Ok(())
}

fn write_optional<W: Write>(number: Option<u32>, csv: &mut W) -> Result<()> {
    if let Some(number) = number {
        write!(csv, "{number}")?;
    }
    Ok(write!(csv, ",")?)
}

/// The id of a visit in the event files.
pub(super) fn session_id(number: usize) -> String {
    format!("s{number:07}")
}

/// The id of a returning shopper in the event files.
pub(super) fn user_id(user: u32) -> String {
    format!("u{user:06}")
}

/// One line of the catalogue.
#[derive(Serialize)]
struct CatalogLine<'a> {
    item_id: &'a str,
    title: &'a str,
    description: &'a str,
    category: String,
    brand: &'static str,
    price: f64,
    availability: &'static str,
    image: &'static str,
    url: String,
    colour: &'static str,
    material: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'static str>,
    style: &'static str,
    collection: &'static str,
    released: &'a str,
}

fn write_catalog<W: Write>(world: &World, bar: &ProgressBar, out: &mut W) -> Result<()> {
    for (ix, item) in world.items().iter().enumerate() {
        let product = world.product(index(ix));
        serde_json::to_writer(&mut *out, &catalog_line(&product, item))?;
        out.write_all(b"\n")?;
        bar.inc(1);
    }
    Ok(())
}

fn catalog_line<'a>(product: &'a Product, item: &Item) -> CatalogLine<'a> {
    CatalogLine {
        item_id: &product.id,
        title: &product.title,
        description: &product.description,
        category: product.category.join(" > "),
        brand: product.brand,
        price: item.price(),
        availability: if product.in_stock { "in_stock" } else { "out_of_stock" },
        image: "",
        url: format!("/products/{}", product.id),
        colour: item.colour().name,
        material: product.material,
        size: product.size,
        style: product.style,
        collection: product.collection,
        released: &product.released,
    }
}

/// One product as the storefront reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShopItem<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    category: [&'static str; 3],
    brand: &'static str,
    price: f64,
    colour: &'static str,
    material: &'static str,
    illustration: Illustration,
    in_stock: bool,
    is_new: bool,
    released: &'a str,
}

/// What the storefront draws: a colour in degrees and percent, and one of six drawings.
#[derive(Serialize)]
struct Illustration {
    kind: &'static str,
    #[serde(rename = "type")]
    type_at: u8,
    hue: u16,
    saturation: u8,
    lightness: u8,
    variant: u8,
}

fn write_shop<W: Write>(world: &World, bar: &ProgressBar, out: &mut W) -> Result<()> {
    out.write_all(b"[\n")?;
    for (ix, item) in world.items().iter().enumerate() {
        if ix > 0 {
            out.write_all(b",\n")?;
        }
        let product = world.product(index(ix));
        serde_json::to_writer(&mut *out, &shop_item(&product, item))?;
        bar.inc(1);
    }
    Ok(out.write_all(b"\n]\n")?)
}

fn shop_item<'a>(product: &'a Product, item: &Item) -> ShopItem<'a> {
    let colour = item.colour();
    ShopItem {
        id: &product.id,
        title: &product.title,
        description: &product.description,
        category: product.category,
        brand: product.brand,
        price: item.price(),
        colour: colour.name,
        material: product.material,
        illustration: Illustration {
            kind: item.kind().word,
            type_at: item.type_at,
            hue: colour.hue,
            saturation: colour.saturation,
            lightness: colour.lightness,
            variant: item.variant,
        },
        in_stock: product.in_stock,
        is_new: product.is_new,
        released: &product.released,
    }
}
