// A row of recommended products that keeps its size whatever fills it.

import { card, skeletonCard } from "./card.js";
import { h, replace, s } from "./dom.js";
import { flip } from "./flip.js";
import { phrase } from "./recommender.js";
import { reasonLine } from "./reasons.js";

/**
 * @typedef {import("./shop.js").Shop} Shop
 * @typedef {{ id: string, title: string, note?: string | (() => string), count?: number,
 *   titles?: Record<string, string>, request: () => Record<string, unknown>, action?: HTMLElement,
 *   fallback?: { title: string, note?: string, pick: () => import("./catalog.js").Product[] } }} RailPlan
 */

/** How many products a rail shows. */
export const RAIL_LENGTH = 12;

/** A rail. Cards of products that stay are kept, so that they can glide. */
export class Rail {
  /**
   * @param {Shop} shop
   * @param {RailPlan} plan
   */
  constructor(shop, plan) {
    this.shop = shop;
    this.plan = plan;
    /** @type {Map<string, HTMLElement>} */
    this.slots = new Map();
    /** Whether the keyboard was in it when it was last filled. */
    this.isHeld = false;
    /** Whether it may stand elsewhere than at its beginning: asking the list would lay out the page. */
    this.isMoved = false;
    this.heading = h("h2", { id: `rail-${plan.id}` }, plan.title);
    this.note = h("p", { class: "rail__note" }, words(plan.note));
    this.list = h("ul", { class: "rail__list", role: "list", tabindex: "-1", on: { scroll: () => (this.isMoved = true) } });
    this.element = h("section",
      { class: "rail", "data-rail": plan.id, "aria-labelledby": `rail-${plan.id}` },
      h("header", { class: "rail__head" }, h("div", null, this.heading, (plan.note || plan.fallback?.note) && this.note), plan.action, this.arrows()),
      this.list);
    this.element.hidden = !plan.fallback;
    if (!shop.recommender.settled) this.holdPlaces();
  }

  /** The products it shows now. */
  get ids() {
    return [...this.slots.keys()];
  }

  /** What it asks for. */
  get request() {
    return { count: this.plan.count ?? RAIL_LENGTH, ...this.plan.request() };
  }

  /** Until the products are known. */
  holdPlaces() {
    const places = Array.from({ length: this.plan.count ?? RAIL_LENGTH }, () => h("li", null, skeletonCard()));
    replace(this.list, places);
  }

  /**
   * Shows a slate, under the title that is true of it.
   * @param {import("./recommender.js").Slate} slate
   */
  take(slate) {
    const { titles, title, fallback } = this.plan;
    const known = slate.items.filter(({ item }) => this.shop.catalog.product(item));
    this.element.dataset.source = known.length > 0 ? slate.source : "editorial";
    const ranked = known.map((one) => this.ranked(one));
    const named = { ...this.plan, title: titles?.[slate.source] ?? title };
    if (known.length > 0 || !fallback) this.show(ranked, named);
    else this.show(fallback.pick().map((product) => ({ product, reason: "" })), fallback);
    this.element.hidden = known.length === 0 && !fallback;
  }

  ranked({ item, reasons }) {
    const { catalog } = this.shop;
    return { product: catalog.product(item), reason: reasonLine(phrase, reasons, catalog) };
  }

  show(entries, { title, note = "" }) {
    this.heading.textContent = title;
    this.note.textContent = words(note);
    const slots = entries.map((entry) => this.slot(entry));
    this.arrange(slots);
    this.slots = new Map(slots.map((slot) => [slot.dataset.slot, slot]));
  }

  /** Moves only what has to move: focus stays where it is. */
  arrange(slots) {
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    for (const child of [...this.list.children]) if (!slots.includes(child)) child.remove();
    slots.forEach((slot, at) => {
      if (this.list.children[at] !== slot) this.list.insertBefore(slot, this.list.children[at] ?? null);
    });
    if (focused?.isConnected) focused.focus({ preventScroll: true });
    this.isHeld = focused !== null;
  }

  /** Shows its beginning, unless the shopper stands somewhere in it. */
  rewind() {
    if (this.isHeld || !this.isMoved) return;
    this.list.scrollTo({ left: 0 });
    this.isMoved = false;
  }

  slot({ product, reason }) {
    const slot = this.slots.get(product.id) ??
      h("li", { "data-slot": product.id }, card(this.shop, product, { reason }));
    slot.querySelector(".card__reason").textContent = reason;
    return slot;
  }

  arrows() {
    const by = (direction) => () => {
      this.list.scrollBy({ left: direction * this.list.clientWidth * 0.8, behavior: "smooth" });
    };
    return h("div", { class: "rail__arrows" },
      arrow("Earlier in this row", "M15 5l-7 7 7 7", by(-1)), arrow("Further in this row", "M9 5l7 7-7 7", by(1)));
  }
}

/**
 * Ranks the rails of a page together, the most important first: no product stands in two.
 * @param {Shop} shop
 * @param {Rail[]} rails
 */
export function fill({ recommender }, rails) {
  if (!recommender.settled) return;
  const slates = recommender.page(rails.map((rail) => rail.request));
  flip(rails.map(({ list }) => list), () => {
    rails.forEach((rail, at) => rail.take(slates[at]));
    // Scrolling lays out the page, so it comes after all that changes it.
    for (const rail of rails) rail.rewind();
  });
}

/** A note may speak of the ranking it stands over. */
const words = (note = "") => (typeof note === "function" ? note() : note);

function arrow(label, d, click) {
  return h("button", { class: "round", type: "button", "aria-label": label, on: { click } },
    s("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, s("path", { d })));
}
