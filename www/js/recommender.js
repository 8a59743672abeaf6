// The shop's side of Mercer: loads the model once, passes on what the shopper does, and
// keeps the shop working when there is nothing to ask.

import { load } from "mercer";

export { phrase } from "mercer";

/**
 * @typedef {{ kind: string, item?: string, share: number }} Reason
 * @typedef {{ item: string, score: number, reasons?: Reason[] }} Ranked
 * @typedef {{ source: string, items: Ranked[], short?: string, trace?: any }} Slate
 * @typedef {{ code: string, message: string }} Failure
 */

// The page asks for this one ahead, so it is to be this one (docs/storefront.md).
const ENGINE = "/pkg/wasm/mercer_bg.wasm";

const NOTHING = { source: "none", items: [] };

/**
 * Recommendations, or the lack of them. Fires `ready` once, when it is clear which; `change`
 * whenever slates may have changed; `failure` when something went wrong.
 */
export class Recommender extends EventTarget {
  constructor() {
    super();
    /** @type {any} what `load` resolved to */
    this.shop = null;
    this.settled = false;
    /** What the shopper did before that. @type {[string, object][]} */
    this.early = [];
    /** @type {Failure | null} */
    this.failure = null;
    /** @type {number | null} */
    this.lastMs = null;
    /** How much variety counts in every slate, 0 to 1. */
    this.diversity = 0;
  }

  /** Whether slates can be had. */
  get works() {
    return this.shop !== null;
  }

  /**
   * Loads the model. Never rejects: a failure is kept and told.
   * @param {string} url
   * @param {{ storage: "memory" | "session" | "device" }} options
   */
  async open(url, options) {
    try {
      this.shop = await load(url, { wasm: ENGINE, ...options });
    } catch (error) {
      this.fail(error);
    }
    for (const [kind, details] of this.early.splice(0)) this.attempt(() => this.shop?.observe(kind, details));
    this.settled = true;
    this.dispatchEvent(new Event("ready"));
  }

  /**
   * Tells Mercer what the shopper did. What happens while the model is on its way is told
   * when it is there.
   * @param {string} kind a GA4 word, for example `view_item`
   * @param {{ item?: string, query?: string }} [details]
   */
  observe(kind, details = {}) {
    this.note(kind, details);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * The same without a `change`: for what should not re-rank the page under the shopper's eyes.
   * @param {string} kind
   * @param {object} details
   */
  note(kind, details) {
    if (this.settled) this.attempt(() => this.shop?.observe(kind, details));
    else this.early.push([kind, { ...details, timeMs: Date.now() }]);
  }

  /**
   * Asks for a slate; an empty one from the source `none` when there is nobody to ask.
   * @param {Record<string, unknown>} request
   * @returns {Slate}
   */
  recommend(request) {
    return this.page([request])[0];
  }

  /**
   * Asks for all slates of a page at once: what one shows, no later one does.
   * @param {Record<string, unknown>[]} requests
   * @returns {Slate[]}
   */
  page(requests) {
    if (!this.shop) return requests.map(() => NOTHING);
    const units = requests.map((request) => this.complete(request));
    const started = performance.now();
    const slates = this.attempt(() => this.shop.page(units));
    this.lastMs = performance.now() - started;
    return slates ?? requests.map(() => NOTHING);
  }

  /**
   * Why a product is in the slate of a request, or what kept it out; `null` without a model.
   * @param {string} item
   * @param {Record<string, unknown>} request
   */
  why(item, request) {
    return this.attempt(() => this.shop?.why(item, this.complete(request))) ?? null;
  }

  /**
   * Replaces the shop's rules.
   * @param {object[]} rules
   * @returns {{ code: string, message: string }[]} what is to be noted of them
   */
  setRules(rules) {
    const notes = this.attempt(() => this.shop?.setRules(rules)) ?? [];
    this.dispatchEvent(new Event("change"));
    return notes;
  }

  /** @param {number} diversity 0 to 1 */
  setDiversity(diversity) {
    this.diversity = diversity;
    this.dispatchEvent(new Event("change"));
  }

  complete(request) {
    return { explain: true, diversity: this.diversity, ...request };
  }

  /** What the device holds, as plain data; `null` without a model. */
  held() {
    return this.attempt(() => this.shop?.export() ?? null) ?? null;
  }

  /** Wipes what Mercer holds, in memory and in storage. */
  forget() {
    this.early = [];
    this.attempt(() => this.shop?.forget());
    this.dispatchEvent(new Event("change"));
  }

  attempt(action) {
    try {
      return action();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  fail(error) {
    this.failure = { code: error?.code ?? "unknown", message: String(error?.message ?? error) };
    this.dispatchEvent(new Event("failure"));
  }
}
