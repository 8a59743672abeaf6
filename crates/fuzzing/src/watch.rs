//! An input that never ends can only be told of by somebody who does not wait for it.

use crate::campaign::{Find, Outcome};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// As much as the main thread has: what overflows here overflows there.
const STACK_BYTES: usize = 8 << 20;
/// How often one looks.
const GLANCE: Duration = Duration::from_millis(200);

/// What is being tried, and since when.
#[derive(Debug)]
pub struct Watch {
    now: Mutex<Attempt>,
}

#[derive(Debug)]
struct Attempt {
    /// Which one it is, from 1.
    number: u64,
    since: Instant,
    input: Vec<u8>,
}

impl Watch {
    /// Of nobody yet.
    pub fn new() -> Self {
        let now = Attempt { number: 0, since: Instant::now(), input: Vec::new() };
        Self { now: Mutex::new(now) }
    }

    /// Called before each attempt. The memory is kept from one to the next: what the target
    /// allocates is counted, and this must not be in it.
    pub(crate) fn begin(&self, number: u64, input: &[u8]) {
        let mut now = self.now();
        now.number = number;
        now.since = Instant::now();
        now.input.clear();
        now.input.extend_from_slice(input);
    }

    /// The find that it is when the present attempt has taken longer than `patience`.
    fn hangs(&self, patience: Duration) -> Option<Outcome> {
        let now = self.now();
        let taken = now.since.elapsed();
        if taken <= patience {
            return None;
        }
        let said = format!("it has not ended after {} s", taken.as_secs());
        let find = Find { input: now.input.clone(), said, hangs: true };
        let outcome = Outcome { executions: now.number, slowest: taken, find: Some(find) };
        Some(outcome)
    }

    fn now(&self) -> MutexGuard<'_, Attempt> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

/// What `campaign` comes to, on a thread of its own; the find, if one of its attempts takes
/// longer than `patience`. That thread is then left to itself: the process should end soon.
///
/// # Panics
/// If the campaign panics, which a target cannot make it do, or no thread can be had.
pub fn watched(
    patience: Duration,
    campaign: impl FnOnce(&Watch) -> Outcome + Send + 'static,
) -> Outcome {
    let watch = Arc::new(Watch::new());
    let (tell, told) = sync_channel(1);
    let its_own = Arc::clone(&watch);
    // Whoever no longer listens has found it hanging.
    let work = move || drop(tell.send(campaign(&its_own)));
    thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread can be had");
    loop {
        match told.recv_timeout(GLANCE) {
            Ok(outcome) => return outcome,
            Err(RecvTimeoutError::Disconnected) => panic!("the campaign itself panicked"),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(outcome) = watch.hangs(patience) {
                    return outcome;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{Bounds, run, tests::BROKEN};

    const BOUNDS: Bounds = Bounds { executions: 300, time: None };

    #[test]
    fn an_input_that_never_ends_is_found() {
        let endless = crate::Target {
            run: |bytes| {
                while bytes.contains(&b'!') {
                    thread::sleep(Duration::from_millis(5));
                }
            },
            seeds: || vec![b"sound".to_vec(), b"stuck!".to_vec()],
            ..BROKEN
        };
        let outcome =
            watched(Duration::from_millis(300), move |watch| run(&endless, 1, BOUNDS, watch));
        let find = outcome.find.unwrap();
        assert_eq!((outcome.executions, &*find.input), (2, &b"stuck!"[..]));
        assert!(find.hangs && find.said.starts_with("it has not ended after"), "{}", find.said);
    }

    #[test]
    fn what_ends_is_not_disturbed() {
        let sound = crate::Target { run: |_| {}, ..BROKEN };
        let outcome = watched(Duration::from_mins(1), move |watch| run(&sound, 1, BOUNDS, watch));
        assert_eq!((outcome.executions, outcome.find), (300, None));
    }
}
