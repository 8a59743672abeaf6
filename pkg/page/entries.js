// What an entry of a dataLayer says, in the words of `shop.observe`.

import { hasOwn } from "../check/own.js";
import { price, quantity } from "./number.js";

/** GA4 sends no more items with an event. */
export const MAX_ITEMS = 200;

const ABOUT_ITEMS = [
  "view_item_list",
  "select_item",
  "view_item",
  "add_to_wishlist",
  "add_to_cart",
  "remove_from_cart",
  "purchase",
  "dismiss",
];
const ABOUT_NOTHING = ["view_cart", "begin_checkout"];
const ABOUT_WORDS = ["search", "view_search_results"];

/** Everything `shop.observe` is told of. */
export const KINDS = [...ABOUT_ITEMS, ...ABOUT_NOTHING, ...ABOUT_WORDS];

/**
 * Reads entries in order. A pushed `ecommerce` without an event is for the event after it, as Tag
 * Manager has it.
 */
export class Reader {
  #settings;
  #waiting;

  /** @param {{ itemId: Function, events: Record<string, string>, currency?: string }} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /**
   * @param {any} entry what `gtag` pushed (its `arguments`), or an object for Tag Manager
   * @returns {[string, object][]} the arguments for `observe`
   */
  read(entry) {
    if (typeof entry !== "object" || entry === null) return [];
    const [name, params] = "event" in entry || !("length" in entry) ? this.#tagManager(entry) : gtag(entry);
    if (typeof name !== "string") return [];
    const { events } = this.#settings;
    const kind = hasOwn(events, name) ? events[name] : name;
    if (ABOUT_ITEMS.includes(kind)) return this.#items(kind, params);
    if (ABOUT_NOTHING.includes(kind)) return [[kind, {}]];
    return ABOUT_WORDS.includes(kind) ? words(params) : [];
  }

  #tagManager(entry) {
    const { event, ecommerce } = entry;
    if (typeof event !== "string") {
      if (ecommerce !== undefined) this.#waiting = ecommerce;
      return [];
    }
    const said = ecommerce ?? (entry.items ? undefined : this.#waiting);
    this.#waiting = undefined;
    return [event, { ...entry, ...said }];
  }

  #items(kind, params) {
    const { currency, itemId } = this.#settings;
    const items = Array.isArray(params?.items) ? params.items.slice(0, MAX_ITEMS) : [];
    return items.flatMap((item) => {
      const id = idOf(item, itemId);
      if (id === undefined) return [];
      const foreign = currency && currency !== (item.currency ?? params.currency ?? currency);
      const details = { quantity: quantity(item.quantity), price: foreign ? undefined : price(item.price) };
      return [[kind, { item: id, ...details }]];
    });
  }
}

/** The id by GA4's fields, and by those of the tags before it. */
export function gaItemId({ item_id, id, item_name, name }) {
  return [item_id, id, item_name, name].find(isGiven);
}

function gtag(entry) {
  return entry[0] === "event" ? [entry[1], entry[2]] : [];
}

function words(params) {
  const query = params?.search_term;
  return typeof query === "string" && query.trim() ? [["search", { query }]] : [];
}

function idOf(item, itemId) {
  if (typeof item !== "object" || item === null) return undefined;
  const id = itemId(item);
  return isGiven(id) ? String(id) : undefined;
}

function isGiven(id) {
  return typeof id === "string" ? id !== "" : Number.isFinite(id);
}
