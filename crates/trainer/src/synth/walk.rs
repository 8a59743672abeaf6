//! The way of one shopper through the shop: list, click, page, cart, and on to the next.

use super::calendar::day_of;
use super::chance::{happens, index, log_normal, one_of, pick, row, whole};
use super::habits::{HABITS, LIST_LENGTH, examination};
use super::shopper::{Intent, Scope, Taste};
use super::visit::Row;
use super::vocabulary::{COLOURS, KINDS, N_KINDS, N_STYLES, STYLES};
use super::world::World;
use mercer::rng::Rng;
use mercer::types::EventKind;

/// A shopper on the way through the shop.
pub(super) struct Walk<'a> {
    world: &'a World,
    taste: &'a Taste,
    intent: &'a Intent,
    rng: Rng,
    day: usize,
    now_ms: i64,
    pub(super) has_lists: bool,
    seen: Vec<u32>,
    /// The collection of the first page.
    home: Option<u32>,
    cart: Vec<(u32, u32)>,
    rows: Vec<Row>,
}

/// Views after which every shopper has had enough.
const MOST_VIEWS: usize = 40;
/// Draws after which a shopper finds nothing new that suits.
const MOST_TRIES: usize = 80;
/// Pages of a list that a shopper leafs through before picking something directly.
const MOST_PAGES: usize = 3;

impl<'a> Walk<'a> {
    pub(super) fn new(
        world: &'a World,
        taste: &'a Taste,
        intent: &'a Intent,
        (start_ms, mut rng): (i64, Rng),
    ) -> Self {
        let has_lists = happens(HABITS.lists_logged, &mut rng);
        Self {
            world,
            taste,
            intent,
            rng,
            day: day_of(start_ms),
            now_ms: start_ms,
            has_lists,
            seen: Vec::new(),
            home: None,
            cart: Vec::new(),
            rows: Vec::new(),
        }
    }

    pub(super) fn run(mut self, resumed: Option<u32>) -> Vec<Row> {
        if let Some(item) = resumed {
            self.view(item);
        } else {
            if happens(HABITS.search, &mut self.rng) {
                self.search();
            }
            self.browse(self.intent.kind);
        }
        if self.seen.is_empty() {
            // Nothing of today's kind is out yet: whatever the shop has must do.
            let any = self.whim().unwrap_or(0);
            self.view(any);
        }
        while self.seen.len() < MOST_VIEWS && !happens(HABITS.leave, &mut self.rng) {
            if !self.step() {
                break;
            }
        }
        self.check_out();
        self.rows
    }

    /// Moves on to the next product page; false if there is nothing left to see.
    fn step(&mut self) -> bool {
        let mut draw = self.rng.unit_f64();
        let mut is = |probability: f64| {
            draw -= probability;
            draw < 0.0
        };
        let target = if is(HABITS.repeat) {
            self.earlier()
        } else if is(HABITS.companion) {
            self.companion()
        } else if is(HABITS.whim) {
            self.whim()
        } else {
            None
        };
        if let Some(item) = target {
            self.view(item);
            return true;
        }
        let kind = self.next_kind();
        if happens(HABITS.list_again, &mut self.rng) {
            self.browse(kind)
        } else {
            self.pick_directly(kind)
        }
    }

    /// An item seen before the present one, which is last among the seen: all alike.
    fn earlier(&mut self) -> Option<u32> {
        let (_, before) = self.seen.split_last()?;
        (!before.is_empty()).then(|| *one_of(before, &mut self.rng))
    }

    fn companion(&mut self) -> Option<u32> {
        let companions: Vec<u32> = self.world.companions(*self.seen.last()?).collect();
        let nth = pick(&HABITS.companion_weights[..companions.len()], &mut self.rng)?;
        Some(companions[nth]).filter(|&item| self.is_news(item))
    }

    fn whim(&mut self) -> Option<u32> {
        for _ in 0..MOST_TRIES {
            let item = self.world.shelves.any(&mut self.rng)?;
            if self.is_news(item) {
                return Some(item);
            }
        }
        None
    }

    fn next_kind(&mut self) -> usize {
        let home = self.intent.kind;
        if self.intent.scope == Scope::Kind && happens(HABITS.stay_in_kind, &mut self.rng) {
            return home;
        }
        let weights = self.world.kind_weights(self.taste, self.day);
        let department = KINDS[home].department;
        let near: [f64; N_KINDS] =
            std::array::from_fn(
                |at| {
                    if KINDS[at].department == department { weights[at] } else { 0.0 }
                },
            );
        pick(&near, &mut self.rng).unwrap_or(home)
    }

    /// Views one or more items of a kind, through logged lists or directly; false if none
    /// was found.
    fn browse(&mut self, kind: usize) -> bool {
        if self.has_lists {
            for _ in 0..MOST_PAGES {
                if self.page(kind) {
                    return true;
                }
            }
        }
        self.pick_directly(kind)
    }

    fn pick_directly(&mut self, kind: usize) -> bool {
        let found = self.wanted(kind);
        if let Some(item) = found {
            self.view(item);
        }
        found.is_some()
    }

    /// Shows one page of a list and views what is clicked; false without a click. Each
    /// position is looked at by its own chance and clicked by the item's fit, and every
    /// click is followed up: clicks by position show the examination curve undistorted.
    fn page(&mut self, kind: usize) -> bool {
        let shown = self.fill_page(kind);
        let time_ms = self.now_ms;
        for (position, &item) in (0_u32..).zip(&shown) {
            let row = Row::new(EventKind::ViewItemList, Some(item), time_ms);
            self.rows.push(Row { list_position: Some(position), ..row });
        }
        self.pass(2_500.0);
        let mut clicked = false;
        for (position, item) in shown.into_iter().enumerate() {
            let looked = happens(examination(position), &mut self.rng);
            let fit = self.taste.fit(self.intent, self.world, self.world.item(item));
            if !happens(HABITS.click * fit, &mut self.rng) || !looked || self.seen.contains(&item) {
                continue;
            }
            clicked = true;
            let row = Row::new(EventKind::SelectItem, Some(item), self.now_ms);
            self.rows.push(Row { list_position: Some(index(position)), ..row });
            self.pass(300.0);
            self.view(item);
        }
        clicked
    }

    /// Half of a page is in the style in mind, as filters and a shop's own ranking make it;
    /// the order is random.
    fn fill_page(&mut self, kind: usize) -> Vec<u32> {
        let shelves = &self.world.shelves;
        let mut shown = Vec::with_capacity(LIST_LENGTH);
        for nth in 0..4 * LIST_LENGTH {
            if shown.len() == LIST_LENGTH {
                break;
            }
            let drawn = if let Some(item) = self.of_home(kind) {
                Some(item)
            } else if nth % 2 == 0 {
                shelves.draw(kind, self.intent.style, &mut self.rng)
            } else {
                shelves.of_kind(kind, &mut self.rng)
            };
            if let Some(item) = drawn
                && !shown.contains(&item)
                && self.world.item(item).is_released(self.day)
            {
                shown.push(item);
            }
        }
        self.rng.shuffle(&mut shown);
        shown
    }

    /// An unseen item of a kind in proportion to appeal × fit: a style by its share of
    /// that, an item of the style by appeal, kept with the probability of its remaining fit.
    fn wanted(&mut self, kind: usize) -> Option<u32> {
        let of_home = self.of_home(kind);
        if of_home.is_some() {
            return of_home;
        }
        let shelves = &self.world.shelves;
        let masses: [f64; N_STYLES] =
            std::array::from_fn(|style| shelves.mass(kind, style) * self.intent.styles[style]);
        for _ in 0..MOST_TRIES {
            let style = pick(&masses, &mut self.rng)?;
            let item = shelves.draw(kind, style, &mut self.rng)?;
            let keeps = self.taste.fit_beside_style(self.world, self.world.item(item));
            if happens(keeps, &mut self.rng) && self.is_news(item) {
                return Some(item);
            }
        }
        None
    }

    /// What devotion wants: an unseen item of the kind, of the collection that the visit began
    /// with, by appeal.
    fn of_home(&mut self, kind: usize) -> Option<u32> {
        let (home, devotion) = (self.home?, self.world.settings().devotion());
        if devotion == 0.0 || !happens(devotion, &mut self.rng) {
            return None;
        }
        for _ in 0..MOST_TRIES {
            let item = self.world.shelves.of_collection(home, row(kind), &mut self.rng)?;
            if self.is_news(item) {
                return Some(item);
            }
        }
        None
    }

    fn is_news(&self, item: u32) -> bool {
        self.world.item(item).is_released(self.day) && !self.seen.contains(&item)
    }

    fn search(&mut self) {
        let kind = KINDS[self.intent.kind];
        let noun = *one_of(kind.searches, &mut self.rng);
        let style = &STYLES[self.intent.style];
        let modifier = match self.rng.below(4) {
            0 => COLOURS[*one_of(&style.palette, &mut self.rng)].name.to_lowercase(),
            1 => one_of(kind.materials, &mut self.rng).name.to_owned(),
            2 => style.name.to_owned(),
            _ => String::new(),
        };
        let n_words = |text: &str| text.split_whitespace().count();
        let query = if n_words(&modifier) + n_words(noun) <= 3 {
            format!("{modifier} {noun}").trim_start().into()
        } else {
            noun.into()
        };
        let row = Row::new(EventKind::Search, None, self.now_ms);
        self.rows.push(Row { query: Some(query), ..row });
        self.pass(1_500.0);
    }

    /// Opens a product page, stays a while, and may put the item on a list or in the cart.
    fn view(&mut self, item: u32) {
        let fit = self.taste.fit(self.intent, self.world, self.world.item(item));
        let [base, more] = HABITS.dwell_ms;
        let dwell = log_normal(base + more * fit, HABITS.dwell_spread, &mut self.rng);
        let dwell_ms = whole(dwell.clamp(800.0, 600_000.0));
        let row = Row::new(EventKind::ViewItem, Some(item), self.now_ms);
        self.rows.push(Row { dwell_ms: Some(dwell_ms), ..row });
        self.seen.retain(|&other| other != item);
        self.seen.push(item);
        let world = self.world;
        self.home.get_or_insert_with(|| world.item(item).collection);
        self.now_ms += i64::from(dwell_ms);
        self.consider(item, fit);
        self.pass(1_200.0);
    }

    fn consider(&mut self, item: u32, fit: f64) {
        if self.cart.iter().any(|&(held, _)| held == item) {
            return;
        }
        let goes =
            self.cart.iter().any(|&(held, _)| self.world.companions(held).any(|c| c == item));
        let bonus = if goes { HABITS.cart_companion } else { 0.0 };
        if happens(HABITS.cart[0] + HABITS.cart[1] * fit + bonus, &mut self.rng) {
            let quantity = self.quantity(item);
            self.cart.push((item, quantity));
            self.act(EventKind::AddToCart, item, Some(quantity));
        } else if happens(HABITS.wishlist[0] + HABITS.wishlist[1] * fit, &mut self.rng) {
            self.act(EventKind::AddToWishlist, item, None);
        }
    }

    /// One, or as often several of what comes in sets.
    fn quantity(&mut self, item: u32) -> u32 {
        let most = self.world.item(item).kind().max_quantity;
        if happens(0.5, &mut self.rng) { 1 } else { 1 + index(self.rng.below(most as usize)) }
    }

    fn check_out(&mut self) {
        let cart = std::mem::take(&mut self.cart);
        let mut kept = Vec::with_capacity(cart.len());
        for (item, quantity) in cart {
            if happens(HABITS.remove, &mut self.rng) {
                self.act(EventKind::RemoveFromCart, item, Some(quantity));
            } else {
                kept.push((item, quantity));
            }
        }
        if !happens(HABITS.purchase, &mut self.rng) {
            return;
        }
        self.pass(60_000.0);
        for (item, quantity) in kept {
            let row = Row::new(EventKind::Purchase, Some(item), self.now_ms);
            self.rows.push(Row { quantity: Some(quantity), ..row });
        }
    }

    fn act(&mut self, kind: EventKind, item: u32, quantity: Option<u32>) {
        self.rows.push(Row { quantity, ..Row::new(kind, Some(item), self.now_ms) });
        self.pass(2_000.0);
    }

    /// Time goes by: about `median_ms`, and at least a millisecond.
    fn pass(&mut self, median_ms: f64) {
        let span = log_normal(median_ms, 0.4, &mut self.rng).clamp(1.0, 600_000.0);
        self.now_ms += i64::from(whole(span));
    }
}
