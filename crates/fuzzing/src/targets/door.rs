use crate::heap;
use crate::said::{self, Said};
use crate::seeds;
use mercer::caller::{self, Asked, Refusal, Tracing};
use mercer::explain::Tracer;
use mercer::model::{ItemError, Model, NewItem};
use mercer::rules::RuleSet;
use mercer::types::{Data, Slate};
use mercer::{Engine, Session, Tries};
use std::collections::BTreeSet;

/// How many calls an input makes.
const MAX_CALLS: usize = 24;
const N_CALLS: u8 = 10;

thread_local! {
    static ENGINE: Engine = seeds::shop();
}

/// Calls in any order, as `src/wasm/recommender.rs` hands them on: each is answered or refused
/// with a code of its kind, and no slate has an item twice or a score that is none.
pub(super) fn run(bytes: &[u8]) {
    let calls = calls(bytes);
    let size = calls.iter().map(|(_, data)| said::size(data)).sum();
    let engine = ENGINE.with(Clone::clone);
    heap::bounded(size, || {
        let mut page = Page { engine, session: Session::new(), tries: Tries::default() };
        for (call, data) in &calls {
            if let Err(refusal) = page.call(*call, data) {
                let known = ["event/", "request/", "filter/", "rules/", "items/", "state/"];
                let is_known = known.iter().any(|start| refusal.code.starts_with(start));
                assert!(is_known && !refusal.message.is_empty(), "{refusal:?}");
            }
        }
    });
}

pub(super) fn spelt(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for (call, data) in calls(bytes) {
        kept.push(call);
        said::write(&data, &mut kept);
    }
    kept
}

fn calls(bytes: &[u8]) -> Vec<(u8, Data)> {
    let mut said = Said::new(bytes);
    let mut calls = Vec::new();
    while !said.is_over() && calls.len() < MAX_CALLS {
        calls.push((said.byte() % N_CALLS, said.data()));
    }
    calls
}

/// Takes products into a model, all or none.
type Take = fn(&mut Model, &[NewItem]) -> Result<(), (usize, ItemError)>;

/// What a page holds: the same three things as the `Recommender` of the WebAssembly module.
struct Page {
    engine: Engine,
    session: Session,
    tries: Tries,
}

impl Page {
    fn call(&mut self, call: u8, data: &Data) -> Result<(), Refusal> {
        match call {
            0 | 1 => self.observe(data),
            2 => self.recommend(data),
            3 => self.page(data),
            4 => self.why(data),
            5 => self.change(data, |model, products| model.add_all(products).map(drop)),
            6 => self.change(data, Model::update_all),
            7 => self.set_rules(data),
            8 => self.restore(data),
            _ => {
                self.session.roll_over(1_790_009_999_999);
                Ok(())
            }
        }
    }

    fn observe(&mut self, data: &Data) -> Result<(), Refusal> {
        let event = caller::event(data)?;
        // Refused by a rule of the session, with a code of its own.
        if let Err(error) = self.tries.observe(&mut self.session, event) {
            assert!(error.code().starts_with("event/"));
        }
        Ok(())
    }

    fn recommend(&mut self, data: &Data) -> Result<(), Refusal> {
        let asked = caller::request(data, self.engine.model())?;
        let tracer = Tracer::default();
        let slate = match asked.trace {
            Tracing::Off => self.engine.recommend(&self.session, &asked.request),
            Tracing::On => self.engine.watched(&self.session, &asked.request, &tracer),
        };
        self.check(&slate, &asked);
        let (model, rules) = (self.engine.model(), self.engine.rules());
        drop(caller::traced(&tracer.trace(), &[], model, rules));
        self.tries.shown(&mut self.session, self.engine.model(), &slate);
        Ok(())
    }

    fn page(&mut self, data: &Data) -> Result<(), Refusal> {
        let units = caller::page(data, self.engine.model())?;
        let requests: Vec<_> = units.iter().map(|asked| asked.request.clone()).collect();
        let slates = self.engine.page(&self.session, &requests);
        assert_eq!(slates.len(), units.len());
        for (slate, asked) in slates.iter().zip(&units) {
            self.check(slate, asked);
            self.tries.shown(&mut self.session, self.engine.model(), slate);
        }
        Ok(())
    }

    fn why(&self, data: &Data) -> Result<(), Refusal> {
        let asked = caller::request(data, self.engine.model())?;
        for item in ["tent-2p", "gone", ""] {
            let why = self.engine.why(&self.session, &asked.request, item);
            drop(caller::why(&why, self.engine.rules()));
        }
        Ok(())
    }

    fn change(&mut self, data: &Data, take: Take) -> Result<(), Refusal> {
        let products = caller::products(data)?;
        let taken = self.engine.change(|model| take(model, &products));
        taken.map_err(|(at, flaw)| caller::of_product(at, &flaw))
    }

    fn set_rules(&mut self, data: &Data) -> Result<(), Refusal> {
        let read = RuleSet::read(data, self.engine.model());
        let (rules, notes) = read.map_err(Refusal::of_rules)?;
        drop(caller::notes(&notes));
        self.engine.set_rules(rules);
        Ok(())
    }

    /// What is given, or, where that is nothing, what the session itself stores.
    fn restore(&mut self, data: &Data) -> Result<(), Refusal> {
        let own = caller::stored(self.session.state());
        let state = caller::state(if *data == Data::Null { &own } else { data })?;
        match Session::restore(state) {
            Ok(session) => self.session = session,
            Err(error) => {
                assert!(*data != Data::Null, "its own state is refused: {error}");
                assert!(error.code().starts_with("state/"));
            }
        }
        Ok(())
    }

    fn check(&self, slate: &Slate, asked: &Asked) {
        let (model, rules) = (self.engine.model(), self.engine.rules());
        let items: BTreeSet<usize> = slate.items.iter().map(|scored| scored.item.at()).collect();
        assert_eq!(items.len(), slate.items.len(), "an item twice: {slate:?}");
        assert!(items.len() <= asked.request.count, "more than were asked for: {slate:?}");
        assert!(slate.items.iter().all(|scored| scored.score.is_finite()), "{slate:?}");
        let data = caller::slate(slate, model, rules, asked.explain);
        drop(caller::with_unlisted(data, asked));
    }
}
