// A shop behind a worker: every method gives a promise of what the shop's own gives. What the caller
// says is checked here, where it can be, so that nothing but plain values goes over.

import { MercerError } from "../check/errors.js";
import { plain } from "../check/check.js";
import { readModel, untilAborted } from "../load/model.js";
import { replaceOptions } from "../load/options.js";
import { aborted, nameOf } from "../load/read.js";
import { Following } from "../shop/following.js";
import { consentOf, eventOptions, itemId, pageOptions, requestOptions } from "../shop/options.js";

export class WorkerShop {
  #call;
  #close;
  #facts;
  #pending;
  #now;
  #how;
  #isFreed = false;
  // The shopper agrees to nothing any more; the worker has not heard of it yet.
  #isWithdrawn = false;
  // How many replacements were asked for, and which of them is in use.
  #asked = 0;
  #used = 0;
  #following = new Following();

  constructor({ call, close, facts, pending, now, how, root }) {
    this.#call = call;
    this.#close = close;
    this.#facts = facts;
    this.#pending = pending;
    this.#now = now;
    this.#how = how;
    this.#follow(root);
  }

  get info() {
    return this.#facts.info;
  }

  get engine() {
    return this.#facts.engine;
  }

  get storage() {
    return this.#facts.storage;
  }

  async knows(item) {
    return this.#ask("knows", itemId(item));
  }

  async observe(kind, options) {
    this.#live();
    const { kind: word, ...event } = eventOptions(kind, options, this.#now);
    const arrived = this.#pending.sent(word, event);
    try {
      await this.#ask("observe", word, event);
    } finally {
      arrived();
    }
    this.#following.look();
  }

  async settled() {
    this.#live();
    return this.#following.settled();
  }

  async recommend(options) {
    this.#live();
    return this.#ask("recommend", requestOptions(options, this.#now));
  }

  async page(units) {
    this.#live();
    return this.#ask("page", pageOptions(units, this.#now));
  }

  async why(item, options) {
    this.#live();
    return this.#ask("why", itemId(item), requestOptions(options, this.#now));
  }

  async setRules(rules) {
    return this.#ask("setRules", plain("rules/invalid", "the rule set", rules));
  }

  async addItems(products) {
    return this.#ask("addItems", plain("items/invalid", "the list of products", products));
  }

  async updateItems(changes) {
    return this.#ask("updateItems", plain("items/invalid", "the list of changes", changes));
  }

  async replaceModel(source, options) {
    this.#live();
    const turn = (this.#asked += 1);
    const how = { ...this.#how, ...replaceOptions(options) };
    const name = nameOf(source);
    if (how.signal?.aborted) throw aborted(how.signal, name);
    const model = await untilAborted(readModel(source, how), how.signal, name);
    if (turn < this.#used) {
      throw new MercerError("load/aborted", `${name}: a model that was asked for later is in use`);
    }
    const before = this.#used;
    this.#used = turn;
    try {
      const info = await this.#ask("replaceModel", model, name);
      this.#facts = { ...this.#facts, info };
      this.#follow({ bytes: model, name });
      return info;
    } catch (error) {
      // A model that was refused is in nobody's way.
      if (this.#used === turn) this.#used = before;
      throw error;
    }
  }

  async export() {
    return this.#ask("export");
  }

  async restore(state) {
    await this.#ask("restore", plain("state/invalid", "the session", state));
    this.#following.look();
  }

  async setConsent(consent) {
    this.#live();
    const given = consentOf(consent);
    // What waits was not agreed to any more, or comes along with the session.
    this.#isWithdrawn = given === "none";
    if (this.#isWithdrawn) this.#pending.isOn = false;
    this.#pending.clear();
    return this.#ask("setConsent", given);
  }

  async forget() {
    this.#pending.clear();
    await this.#ask("forget");
  }

  async free() {
    if (this.#isFreed) return;
    this.#following.stop();
    const freed = this.#ask("free");
    this.#isFreed = true;
    // Whatever it answers, it ends.
    await freed.catch(() => {});
    this.#close();
  }

  #follow({ bytes, name }) {
    this.#following.start({ info: this.info, name }, this.#how, {
      wanted: () => this.#ask("wanted"),
      join: (shard) => this.#ask("join", shard),
      restart: () => this.#ask("replaceModel", bytes, name),
    });
  }

  async #ask(method, ...args) {
    this.#live();
    const { value, storage = this.#facts.storage } = await this.#call(method, args);
    this.#facts = { ...this.#facts, storage };
    this.#pending.isOn = storage.kind !== "memory" && !this.#isWithdrawn;
    return value;
  }

  #live() {
    if (this.#isFreed) throw new MercerError("shop/freed", "this shop was freed; load another");
  }
}

if (Symbol.asyncDispose) WorkerShop.prototype[Symbol.asyncDispose] = WorkerShop.prototype.free;
