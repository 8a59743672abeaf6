// The slates of a page, ranked together: what one shows, no later one does.

/** Slates that show what they are asked to show. */
const OWN = ["recently-viewed", "search"];

export class Page {
  #settings;
  #waiting = new Map();
  #shown = new Map();
  /** The elements on the page, and how each is asked to rank anew. */
  #elements = new Map();

  /** @param {{ shop?: any, products?: Function }} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /** What was said later stands, for the elements that are there as well. */
  share(settings) {
    const said = Object.entries(settings).filter(([, value]) => value !== undefined);
    Object.assign(this.#settings, Object.fromEntries(said));
    if (said.length > 0) for (const ask of this.#elements.values()) ask();
  }

  /** An element has come onto the page. */
  enter(element, ask) {
    this.#elements.set(element, ask);
  }

  get shop() {
    return this.#settings.shop;
  }

  get products() {
    return this.#settings.products;
  }

  /**
   * A slate for an element. All that are asked for in the same turn are ranked in the order in
   * which they stand on the page.
   * @returns {Promise<import("../index.js").Slate>}
   */
  rank(element, shop, unit) {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) queueMicrotask(() => this.#rankAll());
      this.#waiting.get(element)?.reject(new DOMException("asked anew", "AbortError"));
      this.#waiting.set(element, { shop, unit, resolve, reject });
    });
  }

  /** The element is gone; others may show what it did. */
  leave(element) {
    this.#waiting.get(element)?.reject(new DOMException("gone", "AbortError"));
    this.#waiting.delete(element);
    this.#shown.delete(element);
    this.#elements.delete(element);
  }

  async #rankAll() {
    const all = [...this.#waiting].sort(([a], [b]) => (a.compareDocumentPosition(b) & 4 ? -1 : 1));
    this.#waiting.clear();
    for (const shop of new Set(all.map(([, { shop }]) => shop))) {
      const asked = all.filter(([, one]) => one.shop === shop);
      await this.#rankWith(shop, asked);
    }
  }

  async #rankWith(shop, asked) {
    try {
      for (const [element] of asked) this.#shown.delete(element);
      const elsewhere = [...this.#shown.values()].flat();
      const opened = await shop;
      // A shop in a worker answers with a promise.
      const slates = await opened.page(
        asked.map(([, { unit }]) => (OWN.includes(unit.placement) ? unit : { ...unit, exclude: elsewhere })),
      );
      for (const [at, [element, { unit, resolve }]] of asked.entries()) {
        const items = slates[at].items.map(({ item }) => item);
        if (!OWN.includes(unit.placement)) this.#shown.set(element, items);
        resolve(slates[at]);
      }
    } catch (error) {
      for (const [, { reject }] of asked) reject(error);
    }
  }
}
