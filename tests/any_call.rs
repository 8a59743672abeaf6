//! No call at the door poisons the engine: whatever is said, in whatever order, is taken or refused
//! with a code; nothing panics, and afterwards everything is as if only what was taken had been said.
//! `tests/js/any_call.test.mjs` says the same of the package.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/calls.rs"]
mod calls;

use calls::{Call, call};
use mercer::caller::{self, Refusal};
use mercer::model::NewItem;
use mercer::rng::Rng;
use mercer::rules::RuleSet;
use mercer::types::{Data, Event, EventKind, Placement, Request, Slate};
use mercer::{Engine, Session, Tries};
use proptest::prelude::*;
use std::collections::BTreeSet;

const MODELS: [&[u8]; 6] = [
    include_bytes!("golden/blend.mercer"),
    include_bytes!("golden/fold-in.mercer"),
    include_bytes!("golden/lists.mercer"),
    include_bytes!("golden/shop.mercer"),
    include_bytes!("golden/wide.mercer"),
    include_bytes!("golden/words.mercer"),
];

/// What stands behind the door of `src/wasm/`, without JavaScript.
struct Door {
    engine: Engine,
    session: Session,
    tries: Tries,
    /// The products that were taken, one list a call, and whether they are changes.
    taken: Vec<(Vec<NewItem>, bool)>,
}

impl Door {
    fn open(file: &[u8]) -> Self {
        let engine = Engine::load(file).unwrap();
        Self { engine, session: Session::new(), tries: Tries::default(), taken: Vec::new() }
    }

    /// Makes a call; the code, if it is refused.
    fn answer(&mut self, call: &Call) -> Result<(), String> {
        let refused = |refusal: Refusal| refusal.code.to_owned();
        match call {
            Call::Observe(event) => {
                let event = caller::event(event).map_err(refused)?;
                let taken = self.tries.observe(&mut self.session, event);
                taken.map_err(|error| error.code().to_owned())?;
            }
            Call::Recommend(request) => {
                let asked = caller::request(request, self.engine.model()).map_err(refused)?;
                let slate = self.engine.recommend(&self.session, &asked.request);
                self.check(&asked.request, &slate);
                self.tries.shown(&mut self.session, self.engine.model(), &slate);
                caller::slate(&slate, self.engine.model(), self.engine.rules(), asked.explain);
            }
            Call::Page(units) => {
                let units = caller::page(units, self.engine.model()).map_err(refused)?;
                let units: Vec<Request> = units.into_iter().map(|asked| asked.request).collect();
                for (unit, slate) in units.iter().zip(self.engine.page(&self.session, &units)) {
                    self.check(unit, &slate);
                }
            }
            Call::Why(item, request) => {
                let asked = caller::request(request, self.engine.model()).map_err(refused)?;
                let why = self.engine.why(&self.session, &asked.request, item);
                caller::why(&why, self.engine.rules());
            }
            Call::SetRules(rules) => {
                let read = RuleSet::read(rules, self.engine.model());
                let (rules, notes) = read.map_err(Refusal::of_rules).map_err(refused)?;
                self.engine.set_rules(rules);
                caller::notes(&notes);
            }
            Call::Add(products) => self.change(products, false)?,
            Call::Update(products) => self.change(products, true)?,
            Call::Restore(state) => {
                let state = caller::state(state).map_err(refused)?;
                self.session = Session::restore(state).map_err(|error| error.code().to_owned())?;
            }
            Call::RollOver(now_ms) => {
                self.session.roll_over(*now_ms);
            }
            Call::Forget => {
                self.session.forget();
                self.tries = Tries::default();
            }
        }
        Ok(())
    }

    fn change(&mut self, products: &Data, is_change: bool) -> Result<(), String> {
        let products = caller::products(products).map_err(|refusal| refusal.code.to_owned())?;
        let taken = take(&mut self.engine, &products, is_change);
        taken.map_err(|(at, flaw)| caller::of_product(at, &flaw).code)?;
        self.taken.push((products, is_change));
        Ok(())
    }

    fn check(&self, request: &Request, slate: &Slate) {
        assert!(slate.items.len() <= request.count);
        let items: BTreeSet<_> = slate.items.iter().map(|scored| scored.item).collect();
        assert_eq!(items.len(), slate.items.len(), "an item twice");
        assert!(slate.items.len() == request.count || slate.shortfall.is_some(), "and no word why");
        for scored in &slate.items {
            assert!(scored.score.is_finite(), "{scored:?}");
            assert!(scored.item.at() < self.engine.model().n_items());
        }
    }
}

fn take(
    engine: &mut Engine,
    products: &[NewItem],
    is_change: bool,
) -> Result<(), (usize, mercer::model::ItemError)> {
    engine.change(|model| {
        if is_change { model.update_all(products) } else { model.add_all(products).map(|_| ()) }
    })
}

/// What an engine gives at every placement, to somebody who looked at two products.
fn slates(engine: &Engine) -> Vec<Slate> {
    let mut session = Session::new();
    for id in ["NEW-1", "tent-2p"] {
        session.observe(Event { time_ms: 1, ..Event::new(EventKind::ViewItem, id) }).unwrap();
    }
    let item = engine.model().item_ix("kettle-1.7l");
    let request = |placement| Request { placement, item, count: 70, ..Request::default() };
    Placement::ALL.map(|placement| engine.recommend(&session, &request(placement))).to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn no_call_poisons_the_engine(seed in any::<u64>(), which in 0..MODELS.len()) {
        let mut rng = Rng::new(seed);
        let mut door = Door::open(MODELS[which]);
        for _ in 0..40 {
            let call = call(&mut rng);
            let before = door.session.clone();
            if let Err(code) = door.answer(&call) {
                prop_assert!(code.contains('/'), "{} is no code", code);
                prop_assert_eq!(&door.session, &before, "a refusal leaves no trace: {:?}", call);
            }
            let kept = serde_json::to_string(door.session.state()).unwrap();
            prop_assert!(kept.len() <= 8000, "{} bytes after {:?}", kept.len(), call);
        }
        door.engine.set_rules(RuleSet::none(door.engine.model()));
        let mut other = Engine::load(MODELS[which]).unwrap();
        for (products, is_change) in &door.taken {
            take(&mut other, products, *is_change).unwrap();
        }
        prop_assert!(slates(&door.engine) == slates(&other), "only what was taken is there");
    }
}

#[test]
fn most_calls_are_taken_and_some_are_refused() {
    let (mut taken, mut codes) = ([0_u32; 2], BTreeSet::new());
    for (seed, file) in (0..30).zip(MODELS.iter().cycle()) {
        let (mut rng, mut door) = (Rng::new(seed), Door::open(file));
        for _ in 0..60 {
            match door.answer(&call(&mut rng)) {
                Ok(()) => taken[0] += 1,
                Err(code) => {
                    taken[1] += 1;
                    codes.insert(code);
                }
            }
        }
    }
    assert!(taken[0] > taken[1] && taken[1] > 100, "{taken:?}");
    assert!(codes.len() >= 12, "{codes:?}");
}
