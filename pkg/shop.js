import { MercerError, coded } from "./errors.js";
import { eventOptions, itemId, pageOptions, plain, requestOptions } from "./options.js";

// For the times of a trace; the engine has no clock of its own.
const clock = () => performance.now();

/** One shopper with one model; see index.d.ts. */
export class Shop {
  #recommender;
  #store;
  #now;
  #info;
  #unsaved = false;

  constructor(recommender, info, store, now) {
    this.#recommender = recommender;
    this.#info = info;
    this.#store = store;
    this.#now = now;
    store.restore((state) => recommender.restore(state));
  }

  get info() {
    return this.#info;
  }

  get storage() {
    this.#save();
    return this.#store.report;
  }

  knows(item) {
    return this.#engine.knows(itemId(item));
  }

  observe(kind, options) {
    const engine = this.#engine;
    const event = eventOptions(kind, options, this.#now);
    this.#arrive(event);
    coded(() => engine.observe(event));
    if (this.#unsaved) return;
    this.#unsaved = true;
    // Once for all events of this turn. Microtasks run before a page can be left.
    queueMicrotask(() => this.#save());
  }

  recommend(options) {
    const engine = this.#engine;
    const request = requestOptions(options, this.#now);
    this.#arrive(request);
    return coded(() => engine.recommend(request, request.trace ? clock : undefined));
  }

  page(units) {
    const engine = this.#engine;
    const requests = pageOptions(units, this.#now);
    if (requests.length > 0) this.#arrive(requests[0]);
    return coded(() => engine.page(requests, clock));
  }

  why(item, options) {
    const engine = this.#engine;
    const id = itemId(item);
    const request = requestOptions(options, this.#now);
    return coded(() => engine.why(id, request));
  }

  setRules(rules) {
    const engine = this.#engine;
    const given = plain("rules/invalid", "the rule set", rules);
    return coded(() => engine.setRules(given));
  }

  addItems(products) {
    const engine = this.#engine;
    const given = plain("items/invalid", "the list of products", products);
    coded(() => engine.addItems(given));
  }

  updateItems(changes) {
    const engine = this.#engine;
    const given = plain("items/invalid", "the list of changes", changes);
    coded(() => engine.updateItems(given));
  }

  export() {
    return coded(() => this.#engine.export());
  }

  forget() {
    this.#engine.forget();
    this.#unsaved = false;
    this.#store.clear();
  }

  free() {
    if (!this.#recommender) return;
    this.#save();
    this.#recommender.free();
    this.#recommender = undefined;
  }

  get #engine() {
    if (this.#recommender) return this.#recommender;
    throw new MercerError("shop/freed", "this shop was freed; load another");
  }

  // What is kept on the device outlives the visit: 30 minutes of silence end it, and leave what
  // it was about.
  #arrive({ timeMs }) {
    if (this.#store.keepsVisits) this.#recommender.rollOver(timeMs);
  }

  #save() {
    if (!this.#unsaved) return;
    this.#unsaved = false;
    this.#store.write(() => this.#recommender.export());
  }
}

if (Symbol.dispose) Shop.prototype[Symbol.dispose] = Shop.prototype.free;
