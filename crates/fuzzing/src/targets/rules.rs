use crate::heap;
use crate::said::{self, Said};
use crate::seeds;
use mercer::rules::{RuleSet, filter};
use mercer::types::{Data, Event, EventKind, ItemIx, Moment, Placement, Request};
use mercer::{Engine, Session};
use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static ENGINES: RefCell<[Engine; 2]> = RefCell::new([seeds::shop(), seeds::small()]);
}

/// Rules are read or refused, whatever the model is, and what is read is obeyed.
pub(super) fn run(bytes: &[u8]) {
    let mut said = Said::new(bytes);
    let asked = said.byte();
    let declared = said.data();
    let size = said::size(&declared);
    ENGINES.with_borrow_mut(|[shop, small]| {
        heap::bounded(size, || {
            let read = RuleSet::read(&declared, shop.model());
            let elsewhere = RuleSet::read(&declared, small.model());
            assert_eq!(
                read.as_ref().err().map(ToString::to_string),
                elsewhere.err().map(|error| error.to_string()),
                "what is refused depends on the model"
            );
            let filter = filter::read(&declared, shop.model()).ok().map(|(filter, _)| filter);
            if let Ok((rules, notes)) = read {
                assert!(notes.iter().all(|note| !note.to_string().is_empty()));
                shop.set_rules(rules);
                serve(shop, &request(asked));
            }
            if filter.is_some() {
                shop.set_rules(RuleSet::none(shop.model()));
                serve(shop, &Request { filter, ..request(asked) });
            }
        });
    });
}

pub(super) fn spelt(bytes: &[u8]) -> Vec<u8> {
    let mut said = Said::new(bytes);
    let mut kept = vec![said.byte()];
    let declared: Data = said.data();
    said::write(&declared, &mut kept);
    kept
}

fn request(asked: u8) -> Request {
    let placement = Placement::ALL[usize::from(asked) % Placement::ALL.len()];
    let item = (asked & 0x40 == 0).then_some(ItemIx(u32::from(asked % 7)));
    let moment = Moment { time_ms: 1_790_000_000_000, ..Moment::default() };
    Request { placement, item, moment, count: 6, ..Request::default() }
}

fn serve(engine: &Engine, request: &Request) {
    let mut session = Session::new();
    for item in ["tent-2p", "moka-pot"] {
        let _ = session.observe(Event::new(EventKind::ViewItem, item));
    }
    let slate = engine.recommend(&session, request);
    let items: BTreeSet<usize> = slate.items.iter().map(|scored| scored.item.at()).collect();
    assert!(items.len() == slate.items.len() && items.len() <= request.count, "{slate:?}");
    assert!(slate.items.iter().all(|scored| scored.score.is_finite()), "{slate:?}");
}
