use crate::heap;
use crate::said::{self, Said};
use crate::seeds;
use mercer::session::{MAX_STATE_BYTES, SessionState};
use mercer::types::{Data, Placement, Request};
use mercer::{Engine, Session, caller};

thread_local! {
    static ENGINE: Engine = seeds::shop();
}

/// Whatever was stored is restored or refused. What is restored fits its 8,000 bytes, is stored
/// and restored as itself, and can be gone on with.
pub(super) fn run(bytes: &[u8]) {
    let mut said = Said::new(bytes);
    let state = said.data();
    let events: Vec<Data> = (0..3).map(|_| said.data()).collect();
    let size = said::size(&state) + events.iter().map(said::size).sum::<usize>();
    heap::bounded(size, || {
        let Ok(state) = caller::state(&state) else { return };
        let Ok(mut session) = Session::restore(state) else { return };
        check(&session);
        go_on(&mut session, &events);
        check(&session);
    });
}

pub(super) fn spelt(bytes: &[u8]) -> Vec<u8> {
    let mut said = Said::new(bytes);
    let mut kept = Vec::new();
    (0..4).for_each(|_| said::write(&said.data(), &mut kept));
    kept
}

fn go_on(session: &mut Session, events: &[Data]) {
    for event in events {
        if let Ok(event) = caller::event(event) {
            let _ = session.observe(event);
        }
    }
    ENGINE.with(|engine| {
        let request = Request { placement: Placement::Home, count: 5, ..Request::default() };
        let slate = engine.recommend(session, &request);
        assert!(slate.items.iter().all(|scored| scored.score.is_finite()), "{slate:?}");
    });
    session.roll_over(1_790_009_999_999);
}

/// What the session says of itself.
fn check(session: &Session) {
    let state = session.state();
    let json = serde_json::to_string(state).unwrap_or_default();
    assert!(!json.is_empty() && json.len() <= MAX_STATE_BYTES, "{} bytes: {json}", json.len());
    let again = caller::state(&caller::stored(state)).map(Session::restore);
    let again = again.unwrap_or_else(|refusal| panic!("{}: {json}", refusal.message));
    let again = again.unwrap_or_else(|error| panic!("{error}: {json}"));
    assert!(again.state() == state, "{json} comes back as {}", show(again.state()));
}

fn show(state: &SessionState) -> String {
    serde_json::to_string(state).unwrap_or_default()
}
