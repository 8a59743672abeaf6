use std::collections::HashSet;

use crate::log::{Log, LogEvent, LogItem, LogSession};

use super::IngestError;
use super::events::{EventTable, NONE, RawEvent, Shape};
use super::intern::Interner;
use super::report::{IngestReport, Ledger};

/// The longest dwell that is believed: a tab left open says nothing more.
pub(super) const MAX_DWELL_MS: u32 = 30 * 60 * 1000;

/// Turns checked rows into sessions: orders them, drops exact duplicates, cuts the events
/// of a user where silence lasts longer than `gap_ms`.
///
/// Events of one instant (the lines of an invoice) say nothing about dwell and have none.
///
/// # Errors
/// - [`IngestError::Strict`] at the first duplicate, if the ledger is strict.
/// - [`IngestError::NothingKept`] if no row was sound.
pub(super) fn assemble(table: EventTable, gap_ms: i64) -> Result<(Log, IngestReport), IngestError> {
    let EventTable { files, shape, sessions, users, items, queries, mut rows, mut ledger } = table;
    let shape = shape.ok_or(IngestError::NoFiles)?;
    let n_keys = if shape.has_session { sessions.len() } else { users.len() };
    ledger.report.out_of_order = out_of_order(&rows, n_keys);
    // Stable: rows of one moment stay in the order of the files.
    rows.sort_by_key(|row| (row.key, row.time_ms, row.position));
    if shape.has_time || shape.has_position {
        drop_duplicates(&mut rows, &mut ledger, |row| {
            let file = files.get(usize::from(row.file)).map(|path| path.display().to_string());
            format!(
                "{}:{}: the same event as in an earlier row: same session, item, type and time",
                file.unwrap_or_default(),
                row.line
            )
        })?;
    }
    let mut cutter = Cutter { shape, gap_ms, sessions, users, queries, shared_ids: 0 };
    let mut log = Log { items: items.names().map(Box::from).collect(), sessions: Vec::new() };
    for same_key in rows.chunk_by_mut(|a, b| a.key == b.key) {
        cutter.cut(same_key, &mut log.sessions);
    }
    if shape.has_time {
        log.sessions.sort_by_key(|session| session.events.first().and_then(|event| event.time_ms));
    }
    ledger.report.shared_session_ids = cutter.shared_ids;
    count(&log, &mut ledger.report);
    Ok((log, ledger.close()?))
}

fn count(log: &Log, report: &mut IngestReport) {
    let events = log.n_events() as u64;
    let ones = log.sessions.iter().filter(|session| session.events.len() == 1).count();
    let times = || log.sessions.iter().flat_map(|s| &s.events).filter_map(|event| event.time_ms);
    report.rows_kept = events;
    report.events = events;
    report.sessions = log.sessions.len() as u64;
    report.one_event_sessions = ones as u64;
    report.items = log.items.len() as u64;
    report.first_ms = times().min();
    report.last_ms = times().max();
}

/// Rows that stand behind a later one of the same key.
fn out_of_order(rows: &[RawEvent], n_keys: usize) -> u64 {
    let mut latest = vec![(i64::MIN, i64::MIN); n_keys];
    let mut count = 0;
    for row in rows {
        let (latest, here) = (&mut latest[row.key as usize], (row.time_ms, row.position));
        if here < *latest {
            count += 1;
        } else {
            *latest = here;
        }
    }
    count
}

/// Of rows that agree in everything that says what happened, keeps the first.
fn drop_duplicates(
    rows: &mut Vec<RawEvent>,
    ledger: &mut Ledger,
    say: impl Fn(&RawEvent) -> String,
) -> Result<(), IngestError> {
    let mut duplicates = Vec::new();
    let mut seen = HashSet::new();
    let mut start = 0;
    for moment in
        rows.chunk_by(|a, b| (a.key, a.time_ms, a.position) == (b.key, b.time_ms, b.position))
    {
        if moment.len() > 1 {
            seen.clear();
            for (at, row) in moment.iter().enumerate() {
                let what = (row.item, row.kind, row.user, row.query, row.list_position);
                if !seen.insert(what) {
                    ledger.duplicate(|| say(row))?;
                    duplicates.push(start + at);
                }
            }
        }
        start += moment.len();
    }
    let (mut at, mut next) = (0, duplicates.iter().peekable());
    rows.retain(|_| {
        let drop = next.next_if_eq(&&at).is_some();
        at += 1;
        !drop
    });
    Ok(())
}

/// What the rows of one session id or user become.
struct Cutter {
    shape: Shape,
    gap_ms: i64,
    sessions: Interner,
    users: Interner,
    queries: Interner,
    shared_ids: u64,
}

impl Cutter {
    fn cut(&mut self, rows: &mut [RawEvent], out: &mut Vec<LogSession>) {
        let Some(key) = rows.first().map(|row| row.key) else { return };
        if self.shape.has_session {
            self.by_user(key, rows, out);
        } else if self.shape.has_time {
            let gap_ms = self.gap_ms;
            let visits = rows.chunk_by(|a, b| b.time_ms - a.time_ms <= gap_ms);
            for (number, visit) in (1..).zip(visits) {
                let id = format!("{}#{number}", self.users.name(key));
                out.push(self.session(id.into(), visit));
            }
        } else {
            let id = self.users.name(key).into();
            out.push(self.session(id, rows));
        }
    }

    /// One session, unless the rows name several users: analytics tools number the visits
    /// of each user anew, and such ids meet by chance.
    fn by_user(&mut self, key: u32, rows: &mut [RawEvent], out: &mut Vec<LogSession>) {
        let first = rows.iter().map(|row| row.user).find(|&user| user != NONE).unwrap_or(NONE);
        let id = self.sessions.name(key).to_owned();
        if rows.iter().all(|row| row.user == first || row.user == NONE) {
            out.push(self.session(id.into(), rows));
            return;
        }
        self.shared_ids += 1;
        rows.sort_by_key(|row| row.user);
        for visit in rows.chunk_by(|a, b| a.user == b.user) {
            let user = visit.first().map_or(NONE, |row| row.user);
            let name = if user == NONE { "" } else { self.users.name(user) };
            out.push(self.session(format!("{id}#{name}").into(), visit));
        }
    }

    fn session(&self, id: Box<str>, rows: &[RawEvent]) -> LogSession {
        let user = rows.iter().map(|row| row.user).find(|&user| user != NONE);
        let next = rows.iter().skip(1).map(Some).chain([None]);
        LogSession {
            id,
            user: user.map(|user| self.users.name(user).into()),
            device: rows.iter().find_map(|row| row.device),
            events: rows.iter().zip(next).map(|(row, next)| self.event(row, next)).collect(),
        }
    }

    fn event(&self, row: &RawEvent, next: Option<&RawEvent>) -> LogEvent {
        let to_next = next.map(|next| next.time_ms - row.time_ms).filter(|&gap| gap > 0);
        let to_next = to_next.map(|gap| u32::try_from(gap).unwrap_or(MAX_DWELL_MS));
        let dwell = given(row.dwell_ms).or(to_next);
        LogEvent {
            kind: row.kind,
            item: given(row.item).map(LogItem),
            time_ms: self.shape.has_time.then_some(row.time_ms),
            dwell_ms: dwell.map(|dwell| dwell.min(MAX_DWELL_MS)),
            list_position: given(row.list_position),
            query: given(row.query).map(|query| self.queries.name(query).into()),
            rating: (!row.rating.is_nan()).then_some(row.rating),
        }
    }
}

fn given(value: u32) -> Option<u32> {
    (value != NONE).then_some(value)
}
