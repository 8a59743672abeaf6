// What the shopper means to buy, and what they wish for. The shop's own memory, apart from
// Mercer's; it lasts as long as the tab.

const KEY = "hollin-row:basket";

/** @typedef {{ id: string, quantity: number }} Line */

/** Cart and wish list. Tells of every change with a `change` event. */
export class Cart extends EventTarget {
  /** @param {Storage | null} storage where to keep it; `null` keeps it in memory only */
  constructor(storage) {
    super();
    this.storage = storage;
    const held = read(storage);
    /** @type {Map<string, number>} */
    this.quantities = new Map(held.lines);
    /** @type {Set<string>} */
    this.wishes = new Set(held.wishes);
  }

  /** @returns {Line[]} */
  get lines() {
    return [...this.quantities].map(([id, quantity]) => ({ id, quantity }));
  }

  /** How many things lie in the cart. */
  get size() {
    return this.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /**
   * @param {string} id
   * @param {number} quantity 0 takes it out
   */
  set(id, quantity) {
    if (quantity > 0) this.quantities.set(id, Math.min(quantity, 99));
    else this.quantities.delete(id);
    this.changed();
  }

  /** @param {string} id */
  add(id) {
    this.set(id, (this.quantities.get(id) ?? 0) + 1);
  }

  /**
   * @param {string} id
   * @returns {boolean} whether it is on the list now
   */
  toggleWish(id) {
    const wished = !this.wishes.delete(id);
    if (wished) this.wishes.add(id);
    this.changed();
    return wished;
  }

  /** Empties the cart; wishes stay. */
  empty() {
    this.quantities.clear();
    this.changed();
  }

  /** Empties both, and leaves nothing in storage. */
  forget() {
    this.wishes.clear();
    this.empty();
  }

  changed() {
    write(this.storage, this);
    this.dispatchEvent(new Event("change"));
  }
}

/** The tab's storage, or `null` where the browser refuses it. */
export function tabStorage() {
  try {
    const storage = window.sessionStorage;
    storage.getItem(KEY);
    return storage;
  } catch {
    return null;
  }
}

function read(storage) {
  const nothing = { lines: [], wishes: [] };
  try {
    const held = JSON.parse(storage?.getItem(KEY) ?? "null");
    const isLine = (line) => Array.isArray(line) && Number.isInteger(line[1]);
    const isBasket = Array.isArray(held?.wishes) && Array.isArray(held?.lines);
    return isBasket && held.lines.every(isLine) ? held : nothing;
  } catch {
    return nothing;
  }
}

function write(storage, { quantities, wishes }) {
  try {
    if (quantities.size + wishes.size === 0) storage?.removeItem(KEY);
    else storage?.setItem(KEY, JSON.stringify({ lines: [...quantities], wishes: [...wishes] }));
  } catch {
    // A full or refused store: the cart still works until the tab is closed.
  }
}
