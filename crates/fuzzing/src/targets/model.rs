use crate::file::repaired;
use crate::heap;
use crate::seeds;
use mercer::model::Model;
use mercer::types::{Event, EventKind, ItemIx, Moment, Owned, Placement, Request, Seen};
use mercer::{Engine, Session};

/// The reader's promise: no bytes make it panic or allocate out of proportion, and what it
/// accepts can be served.
pub(super) fn run(bytes: &[u8]) {
    heap::bounded(bytes.len(), || drop(Model::read(bytes)));
    let file = repaired(bytes);
    heap::bounded(file.len(), || {
        if let Ok(engine) = Engine::load(&file) {
            // What is asked for depends on the input, so that a find repeats itself.
            let pick = usize::from(file[24]);
            serve(&engine, Placement::ALL[pick % Placement::ALL.len()]);
        }
        for mut root in seeds::roots() {
            if root.join(&file).is_ok() {
                serve(&root, Placement::Home);
            }
        }
    });
}

fn serve(engine: &Engine, placement: Placement) {
    let model = engine.model();
    let n_items = model.n_items();
    let request = Request {
        placement,
        listed: (0..).take(n_items).map(ItemIx).collect(),
        item: Some(ItemIx(0)),
        count: 7,
        seen: Seen::Include,
        owned: Owned::Include,
        diversity: 0.3,
        rotation: 0.2,
        exploration: 0.2,
        moment: Moment { hour: Some(3), month: Some(0), landing: Some(0), ..Moment::default() },
        ..Request::default()
    };
    let session = visit(model);
    let wanted = engine.wanted(&session);
    assert!(wanted.lookups.is_empty(), "every item of the visit is known");
    let slate = engine.recommend(&session, &request);
    let listed = matches!(placement, Placement::RecentlyViewed | Placement::Search);
    // The page's own product is never among what is shown beside it, nor is what the cart holds.
    let eligible = n_items.saturating_sub(3);
    assert!(listed || slate.items.len() >= eligible.min(7), "{placement:?}: a short slate");
    assert!(slate.items.len() <= 7, "{placement:?}: more than were asked for");
    assert!(slate.items.iter().all(|scored| scored.score.is_finite()), "{placement:?}");
    let known = slate.items.iter().all(|scored| scored.item.at() < n_items);
    assert!(known, "{placement:?}: an item that is none");
}

/// Three looks and a purchase.
fn visit(model: &Model) -> Session {
    let mut session = Session::new();
    let last = ItemIx::from_usize(model.n_items() - 1);
    let kinds =
        [EventKind::ViewItem, EventKind::AddToCart, EventKind::Purchase, EventKind::ViewItem];
    for ((item, kind), time_ms) in
        [ItemIx(0), last, ItemIx(0), last].into_iter().zip(kinds).zip(1..)
    {
        // Ids that no session takes (none, or of more than 256 bytes) are still an item's.
        let event = Event { time_ms, ..Event::new(kind, model.item_id(item)) };
        let _ = session.observe(event);
    }
    session
}
