// The shop's side of Mercer: loads the model once, passes on what the shopper does, and
// keeps the shop working when there is nothing to ask.

import { load } from "mercer";

/**
 * @typedef {{ kind: string, item?: string, share: number }} Reason
 * @typedef {{ item: string, score: number, reasons?: Reason[] }} Ranked
 * @typedef {{ source: "session" | "popular" | "recent" | "none", items: Ranked[] }} Slate
 * @typedef {{ code: string, message: string }} Failure
 */

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
      this.shop = await load(url, options);
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
    if (this.settled) this.attempt(() => this.shop?.observe(kind, details));
    else this.early.push([kind, { ...details, timeMs: Date.now() }]);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Asks for a slate; an empty one from the source `none` when there is nobody to ask.
   * @param {{ placement: string, item?: string, count: number }} request
   * @returns {Slate}
   */
  recommend(request) {
    if (!this.shop) return NOTHING;
    const started = performance.now();
    const slate = this.attempt(() => this.shop.recommend({ explain: true, ...request }));
    this.lastMs = performance.now() - started;
    return slate ?? NOTHING;
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
