//! What is the future? The one place that decides: sessions are split by time, never at
//! random, because a random split leaks what was to be predicted.

use crate::log::{Log, LogSession};
use std::fmt;
use std::str::FromStr;

/// A share of the sessions, from 0 to below 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(f64);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0.0);
    /// The newest tenth.
    pub const TENTH: Self = Self(0.1);
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(share) if (0.0..1.0).contains(&share) => Ok(Self(share)),
            _ => Err("give a share from 0 to below 1, for example 0.1".to_owned()),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Splits a log into its older sessions and the newest `share` of them, by the time of their
/// first event (in the order of the log, which is the order of the file where it has no
/// times). Both keep all items, so that their numbers stay the same.
pub fn split(mut log: Log, share: Share) -> (Log, Log) {
    let n_older = parts(&log, share).0.len();
    let sessions = log.sessions.split_off(n_older);
    let held_out = Log { items: log.items.clone(), sessions };
    (log, held_out)
}

/// The sessions of a log in those two parts, where they are.
#[expect(clippy::cast_precision_loss, reason = "a share of a count")]
#[expect(clippy::cast_possible_truncation, reason = "at most the count")]
#[expect(clippy::cast_sign_loss, reason = "not negative")]
pub fn parts(log: &Log, share: Share) -> (&[LogSession], &[LogSession]) {
    let newest = (log.sessions.len() as f64 * share.0).floor() as usize;
    log.sessions.split_at(log.sessions.len() - newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_sessions_are_the_future() {
        let session = |n: u8| LogSession {
            id: n.to_string().into(),
            user: None,
            device: None,
            events: vec![],
        };
        let log = Log { items: vec!["a".into()], sessions: (0..10).map(session).collect() };
        let (past, future) = split(log.clone(), "0.25".parse().unwrap());
        let ids = |log: &Log| log.sessions.iter().map(|s| s.id.to_string()).collect::<String>();
        assert_eq!((ids(&past), ids(&future)), ("01234567".to_owned(), "89".to_owned()));
        assert_eq!(
            split(log.clone(), Share::NONE),
            (log, Log { items: vec!["a".into()], sessions: vec![] })
        );
        assert!("1.0".parse::<Share>().is_err() && "x".parse::<Share>().is_err());
    }
}
