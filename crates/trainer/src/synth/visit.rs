//! The visits of the log: who comes when, for what, and the trail of events they leave.

use super::calendar::{Clock, day_of};
use super::chance::{happens, real, whole};
use super::habits::HABITS;
use super::shopper::{Intent, Taste};
use super::walk::Walk;
use super::world::{World, stream};
use mercer::rng::Rng;
use mercer::types::EventKind;

/// A visit, and the truth behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Its running number from 0, in order of time.
    pub number: usize,
    /// The shopper, unless a guest.
    pub user: Option<u32>,
    /// When it starts, in milliseconds since 1970. A visit belongs to the period it starts in.
    pub start_ms: i64,
    /// What the shopper likes.
    pub taste: Taste,
    /// What the shopper came for.
    pub intent: Intent,
    /// Whether its lists are in the log.
    pub has_lists: bool,
    /// What happened, oldest first; never empty.
    pub rows: Vec<Row>,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What the shopper did.
    pub kind: EventKind,
    /// The product, except for a search.
    pub item: Option<u32>,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// Milliseconds on the product page; views only.
    pub dwell_ms: Option<u32>,
    /// How many; cart and purchase only.
    pub quantity: Option<u32>,
    /// Position in the list from 0; impressions and clicks only.
    pub list_position: Option<u32>,
    /// The words of a search.
    pub query: Option<Box<str>>,
}

impl Visit {
    /// The day of the log on which it starts.
    pub fn day(&self) -> usize {
        day_of(self.start_ms)
    }

    /// Whether it belongs to the test period.
    pub fn is_test(&self) -> bool {
        self.start_ms >= super::calendar::SPLIT_MS
    }

    /// The items of its product pages, in order.
    pub fn viewed(&self) -> impl Iterator<Item = u32> + '_ {
        self.rows.iter().filter(|row| row.kind == EventKind::ViewItem).filter_map(|row| row.item)
    }
}

/// The visits of a world, oldest first, made one by one: a long log needs no memory.
#[derive(Debug)]
pub struct Visits<'w> {
    world: &'w World,
    clock: Clock,
    next: usize,
    /// The last item each returning shopper looked at.
    last_seen: Vec<Option<u32>>,
}

impl World {
    /// Every visit of the log, oldest first.
    pub fn visits(&self) -> Visits<'_> {
        let n = self.settings().sessions();
        Visits { world: self, clock: Clock::new(n), next: 0, last_seen: vec![None; n / 6 + 1] }
    }
}

impl Iterator for Visits<'_> {
    type Item = Visit;

    fn next(&mut self) -> Option<Visit> {
        let number = self.next;
        if number >= self.world.settings().sessions() {
            return None;
        }
        self.next += 1;
        let mut rng = self.world.root.fork(stream::VISITS).fork(number as u64);
        let start_ms = self.clock.start_ms(number, rng.unit_f64());
        let user = self.shopper(&mut rng);
        let taste = match user {
            Some(user) => Taste::of_user(self.world, user),
            None => Taste::of_guest(self.world, number as u64),
        };
        let resumed = user.and_then(|user| self.last_seen[user as usize]);
        let resumed = resumed.filter(|_| happens(HABITS.resume, &mut rng));
        let day = day_of(start_ms);
        let intent = match resumed {
            Some(item) => Intent::resume(&taste, self.world.item(item)),
            None => Intent::draw(self.world, &taste, day, &mut rng)
                .expect("settings ask for at least one item"),
        };
        let walk = Walk::new(self.world, &taste, &intent, (start_ms, rng));
        let has_lists = walk.has_lists;
        let rows = walk.run(resumed);
        let visit = Visit { number, user, start_ms, taste, intent, has_lists, rows };
        if let (Some(user), Some(last)) = (user, visit.viewed().last()) {
            self.last_seen[user as usize] = Some(last);
        }
        Some(visit)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.world.settings().sessions() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Visits<'_> {}

impl Visits<'_> {
    /// A guest, or one of the returning shoppers: some come often, most seldom.
    fn shopper(&self, rng: &mut Rng) -> Option<u32> {
        if happens(HABITS.guest, rng) {
            return None;
        }
        let share = libm::pow(rng.unit_f64(), 1.6);
        Some(whole(share * real(self.last_seen.len())))
    }
}

impl Row {
    pub(super) fn new(kind: EventKind, item: Option<u32>, time_ms: i64) -> Self {
        Self {
            kind,
            item,
            time_ms,
            dwell_ms: None,
            quantity: None,
            list_position: None,
            query: None,
        }
    }
}
