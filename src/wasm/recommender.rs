use super::data::{data, js};
use super::error;
use super::timed::Timed;
use crate::caller::{self, Asked, Refusal, Tracing};
use crate::engine::{Engine, Tries, Wanted};
use crate::model::{ItemError, Model, NewItem};
use crate::rules::RuleSet;
use crate::session::{Outcome, Session};
use crate::types::{Data, Request, Slate};
use js_sys::Function;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// More at once is no count of a page.
const MAX_RECORDED: u32 = 1000;

/// A model and one shopper's session with it.
#[wasm_bindgen]
pub struct Recommender {
    engine: Engine,
    session: Session,
    tries: Tries,
}

#[wasm_bindgen]
impl Recommender {
    /// Loads a model file.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `model/`.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Self, JsValue> {
        let engine = Engine::load(file).map_err(|failure| error::model(&failure))?;
        Ok(Self { engine, session: Session::new(), tries: Tries::default() })
    }

    /// What the model is: items, dimension, bits, and what it says of itself.
    pub fn info(&self) -> JsValue {
        js(&caller::info(self.engine.model()))
    }

    /// Whether the model knows an item.
    pub fn knows(&self, item: &str) -> bool {
        self.engine.model().item_ix(item).is_some()
    }

    /// Takes in one event.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `event/`.
    pub fn observe(&mut self, event: &JsValue) -> Result<(), JsValue> {
        let event = caller::event(&data(event, "event/invalid")?).map_err(error::refused)?;
        self.tries.observe(&mut self.session, event).map_err(error::event)
    }

    /// Ranks a slate. `clock` gives milliseconds, for a trace.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `request/`.
    #[expect(clippy::needless_pass_by_value, reason = "optional values cannot be lent")]
    pub fn recommend(
        &mut self,
        request: &JsValue,
        clock: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let model = self.engine.model();
        let asked = data(request, "request/invalid")?;
        let asked = caller::request(&asked, model).map_err(error::refused)?;
        let (slate, data) = self.slate(&asked.request, &asked, clock.as_ref());
        self.tries.shown(&mut self.session, self.engine.model(), &slate);
        Ok(js(&data))
    }

    /// Ranks the slates of a page, in order; no item stands in two of them.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `request/` or `filter/`.
    #[expect(clippy::needless_pass_by_value, reason = "optional values cannot be lent")]
    pub fn page(
        &mut self,
        requests: &JsValue,
        clock: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        let model = self.engine.model();
        let units = data(requests, "request/invalid")?;
        let units = caller::page(&units, model).map_err(error::refused)?;
        let requests: Vec<_> = units.iter().map(|asked| asked.request.clone()).collect();
        let mut told = Vec::with_capacity(units.len());
        let slates = self.engine.page_with(&requests, |request| {
            let (slate, data) = self.slate(request, &units[told.len()], clock.as_ref());
            told.push(data);
            slate
        });
        for slate in &slates {
            self.tries.shown(&mut self.session, self.engine.model(), slate);
        }
        Ok(js(&Data::List(told)))
    }

    /// Why an item is in the slate of a request, or what kept it out.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `request/` or `filter/`.
    pub fn why(&self, item: &str, request: &JsValue) -> Result<JsValue, JsValue> {
        let asked = data(request, "request/invalid")?;
        let asked = caller::request(&asked, self.engine.model()).map_err(error::refused)?;
        let why = self.engine.why(&self.session, &asked.request, item);
        Ok(js(&caller::why(&why, self.engine.rules())))
    }

    /// Replaces the shop's rules, and gives what is to be noted of them.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `rules/`; the rules before stay.
    #[wasm_bindgen(js_name = setRules)]
    pub fn set_rules(&mut self, rules: &JsValue) -> Result<JsValue, JsValue> {
        let declared = data(rules, "rules/invalid")?;
        let read = RuleSet::read(&declared, self.engine.model());
        let (rules, notes) = read.map_err(Refusal::of_rules).map_err(error::refused)?;
        self.engine.set_rules(rules);
        Ok(js(&caller::notes(&notes)))
    }

    /// Adds products the model has never seen, or changes those it knows.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `items/`; then none of them was taken.
    #[wasm_bindgen(js_name = addItems)]
    pub fn add_items(&mut self, products: &JsValue) -> Result<(), JsValue> {
        self.change(products, |model, products| model.add_all(products).map(|_| ()))
    }

    /// Changes what is known of products.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `items/`; then none of them was changed.
    #[wasm_bindgen(js_name = updateItems)]
    pub fn update_items(&mut self, changes: &JsValue) -> Result<(), JsValue> {
        self.change(changes, Model::update_all)
    }

    /// The shards that the session asks for, by the names of their files.
    pub fn wanted(&self) -> JsValue {
        let Wanted { lookups, group } = self.engine.wanted(&self.session);
        js(&caller::shards(self.engine.model(), &lookups, group))
    }

    /// Takes in a shard and gives how many items came.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `model/`; then nothing has changed.
    pub fn join(&mut self, shard: &[u8]) -> Result<usize, JsValue> {
        self.engine.join(shard).map_err(|failure| error::model(&failure))
    }

    /// Everything the session holds, as a plain object.
    pub fn export(&self) -> JsValue {
        js(&caller::stored(self.session.state()))
    }

    /// Goes on with the state of an earlier session.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `state/`; the session is left as it was.
    pub fn restore(&mut self, state: &JsValue) -> Result<(), JsValue> {
        let state = data(state, "state/invalid")?;
        let state = caller::state(&state).map_err(error::refused)?;
        self.session = Session::restore(state).map_err(error::restore)?;
        Ok(())
    }

    /// Takes in an event that was observed elsewhere, or before the state it follows was
    /// restored: what this page tried has no part in it.
    ///
    /// # Errors
    /// An `Error` whose `code` starts with `event/`.
    pub fn replay(&mut self, event: &JsValue) -> Result<(), JsValue> {
        let event = caller::event(&data(event, "event/invalid")?).map_err(error::refused)?;
        self.session.observe(event).map_err(error::event)
    }

    /// Counts what was tried elsewhere under `key`: so often shown, and so often chosen.
    pub fn record(&mut self, key: &str, shown: u32, chosen: u32) {
        for (outcome, times) in [(Outcome::Shown, shown), (Outcome::Chosen, chosen)] {
            for _ in 0..times.min(MAX_RECORDED) {
                self.session.record(key, outcome);
            }
        }
    }

    /// Ends the visit if its newest event is more than 30 minutes before `now_ms`
    /// (milliseconds since 1970): its events become part of the taste. Whether anything was
    /// forgotten.
    #[expect(clippy::cast_possible_truncation, reason = "saturates; fractions do not matter")]
    #[expect(clippy::cast_sign_loss, reason = "what is below 0, or no number, is 0")]
    #[wasm_bindgen(js_name = rollOver)]
    pub fn roll_over(&mut self, now_ms: f64) -> bool {
        self.session.roll_over(now_ms as u64)
    }

    /// Wipes the session.
    pub fn forget(&mut self) {
        self.session.forget();
        self.tries = Tries::default();
    }
}

impl Recommender {
    fn change(
        &mut self,
        products: &JsValue,
        take: impl FnOnce(&mut Model, &[NewItem]) -> Result<(), (usize, ItemError)>,
    ) -> Result<(), JsValue> {
        let products = data(products, "items/invalid")?;
        let products = caller::products(&products).map_err(error::refused)?;
        let taken = self.engine.change(|model| take(model, &products));
        taken.map_err(|(at, flaw)| error::refused(caller::of_product(at, &flaw)))
    }

    /// The slate, and as the caller gets it.
    fn slate(&self, request: &Request, asked: &Asked, clock: Option<&Function>) -> (Slate, Data) {
        let (model, rules) = (self.engine.model(), self.engine.rules());
        if asked.trace == Tracing::Off {
            let slate = self.engine.recommend(&self.session, request);
            let data = caller::slate(&slate, model, rules, asked.explain);
            let data = caller::with_unlisted(data, asked);
            return (slate, data);
        }
        let timed = Timed::start(clock.cloned());
        let slate = self.engine.watched(&self.session, request, &timed);
        let data = caller::slate(&slate, model, rules, asked.explain);
        let data = caller::with_unlisted(data, asked);
        let trace = caller::traced(&timed.tracer().trace(), &timed.times(), model, rules);
        (slate, caller::with(data, "trace", trace))
    }
}
