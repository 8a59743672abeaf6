//! What a slate may be asked for beside its placement: flags as fields of a request.

use anyhow::{Result, bail};
use clap::Args;
use mercer::model::Model;
use mercer::types::{Device, ItemIx, Moment, Request};

/// Everything a request says beside its placement.
#[derive(Debug, Args)]
pub(super) struct Asking {
    /// What else the slate is for, for example what is in the cart (repeatable)
    #[arg(long, value_name = "ID")]
    context: Vec<String>,
    /// The list that the placement `search` ranks, best first (repeatable, or with commas)
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    items: Vec<String>,
    /// The words of the search; without, those of the session
    #[arg(long, value_name = "WORDS")]
    query: Option<String>,
    /// How much variety counts beside the score, 0 to 1
    #[arg(long, value_name = "LEVEL", default_value_t = 0.0, value_parser = level)]
    diversity: f32,
    /// How much items shown before without a click give way, 0 to 1
    #[arg(long, value_name = "LEVEL", default_value_t = Request::default().rotation, value_parser = level)]
    rotation: f32,
    /// How much is tried, 0 to 1: items that little is known of, and other ways of ranking
    #[arg(long, value_name = "LEVEL", default_value_t = 0.0, value_parser = level)]
    exploration: f32,
    /// Decides whatever is left to chance
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// What the shopper holds in hand: phone, tablet or desktop
    #[arg(long, value_name = "NAME", value_parser = device)]
    device: Option<Device>,
    /// Hour of the shopper's day, 0 to 23
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..24))]
    hour: Option<u8>,
    /// Day of the week, 0 for Monday to 6
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..7))]
    weekday: Option<u8>,
    /// Month, 0 for January to 11
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..12))]
    month: Option<u8>,
    /// The category the visit began in, as the catalogue writes it
    #[arg(long, value_name = "CATEGORY")]
    landing: Option<String>,
    /// When the slate is asked for, in milliseconds since 1970: for rules of a time, and what is new
    #[arg(long, value_name = "MS", default_value_t = 0)]
    time_ms: u64,
}

fn level(text: &str) -> Result<f32, String> {
    let level = text.parse().ok().filter(|level| (0.0..=1.0).contains(level));
    level.ok_or_else(|| "a number from 0 to 1 is needed".to_owned())
}

fn device(name: &str) -> Result<Device, String> {
    let known = || Device::ALL.map(Device::name).join(", ");
    Device::parse(name).ok_or_else(|| format!("known devices: {}", known()))
}

impl Asking {
    /// Every id that is named.
    pub(super) fn ids(&self) -> impl Iterator<Item = &String> {
        self.context.iter().chain(&self.items)
    }

    /// The request with what is asked for here.
    ///
    /// # Errors
    /// The model knows no category of that name.
    pub(super) fn of(&self, model: &Model, request: Request) -> Result<Request> {
        let known = |ids: &[String]| -> Vec<ItemIx> {
            ids.iter().filter_map(|id| model.item_ix(id)).collect()
        };
        Ok(Request {
            context: known(&self.context),
            listed: known(&self.items),
            query: self.query.clone(),
            diversity: self.diversity,
            rotation: self.rotation,
            exploration: self.exploration,
            seed: self.seed,
            moment: self.moment(model)?,
            ..request
        })
    }

    fn moment(&self, model: &Model) -> Result<Moment> {
        let find = |name: &str| model.attributes().terms("category")?.find(name);
        let landing = self.landing.as_deref().map(|name| (name, find(name)));
        if let Some((name, None)) = landing {
            bail!(
                "--landing `{name}`: the model knows no such category; `mercer inspect` lists them"
            );
        }
        Ok(Moment {
            time_ms: self.time_ms,
            hour: self.hour,
            weekday: self.weekday,
            month: self.month,
            device: self.device,
            landing: landing.and_then(|(_, term)| term),
        })
    }
}
