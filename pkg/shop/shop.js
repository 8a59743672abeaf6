import { MercerError } from "../check/errors.js";
import { plain } from "../check/check.js";
import { openModel, readModel, untilAborted } from "../load/model.js";
import { replaceOptions } from "../load/options.js";
import { aborted, nameOf } from "../load/read.js";
import { Declared } from "./declared.js";
import { Following } from "./following.js";
import { consentOf, eventOptions, itemId, pageOptions, requestOptions } from "./options.js";

// For the times of a trace; the engine has no clock of its own.
const clock = () => performance.now();

/** One shopper with one model; see index.d.ts. */
export class Shop {
  #engine;
  #recommender;
  #store;
  #now;
  #how;
  #info;
  #declared = new Declared();
  // How many replacements were asked for, and which of them is in use.
  #asked = 0;
  #used = 0;
  #unsaved = false;
  #following = new Following();

  constructor({ engine, recommender, info, store, now, how, root }) {
    this.#engine = engine;
    this.#recommender = recommender;
    this.#info = info;
    this.#store = store;
    this.#now = now;
    this.#how = how;
    store.open(this.#session());
    this.#follow(root);
  }

  get info() {
    return this.#info;
  }

  get engine() {
    return this.#engine.kind;
  }

  get storage() {
    this.#save();
    return this.#store.report;
  }

  knows(item) {
    const id = itemId(item);
    return this.#ask((recommender) => recommender.knows(id));
  }

  observe(kind, options) {
    this.#live();
    const { time } = this.#store;
    const event = eventOptions(kind, options, this.#now);
    this.#arrive(event);
    this.#ask((recommender) => recommender.observe(event));
    this.#store.note(event, time);
    this.#keep();
    this.#following.look();
  }

  recommend(options) {
    this.#live();
    const request = requestOptions(options, this.#now);
    this.#arrive(request);
    if (request.exploration) this.#store.noteTrials();
    const watch = request.trace ? clock : undefined;
    return this.#ask((recommender) => recommender.recommend(request, watch));
  }

  page(units) {
    this.#live();
    const requests = pageOptions(units, this.#now);
    if (requests.length > 0) this.#arrive(requests[0]);
    if (requests.some(({ exploration }) => exploration)) this.#store.noteTrials();
    return this.#ask((recommender) => recommender.page(requests, clock));
  }

  why(item, options) {
    this.#live();
    const id = itemId(item);
    const request = requestOptions(options, this.#now);
    this.#arrive(request);
    return this.#ask((recommender) => recommender.why(id, request));
  }

  setRules(rules) {
    this.#live();
    const given = plain("rules/invalid", "the rule set", rules);
    const notes = this.#ask((recommender) => recommender.setRules(given));
    this.#declared.setRules(given);
    return notes;
  }

  addItems(products) {
    this.#live();
    const given = plain("items/invalid", "the list of products", products);
    this.#ask((recommender) => recommender.addItems(given));
    this.#declared.add(given);
  }

  updateItems(changes) {
    this.#live();
    const given = plain("items/invalid", "the list of changes", changes);
    this.#ask((recommender) => recommender.updateItems(given));
    this.#declared.update(given);
  }

  async replaceModel(source, options) {
    this.#live();
    const turn = (this.#asked += 1);
    const how = { ...this.#how, ...replaceOptions(options) };
    const name = nameOf(source);
    if (how.signal?.aborted) throw aborted(how.signal, name);
    const bytes = await untilAborted(readModel(source, how), how.signal, name);
    this.#live();
    if (turn < this.#used) {
      throw new MercerError("load/aborted", `${name}: a model that was asked for later is in use`);
    }
    this.#change(openModel(this.#engine, bytes, name));
    this.#used = turn;
    this.#follow({ bytes, name });
    return this.#info;
  }

  async settled() {
    this.#live();
    return this.#following.settled();
  }

  // The engine's side of shards, for what fetches them.
  wanted() {
    return this.#ask((recommender) => recommender.wanted());
  }

  join(shard) {
    const items = this.#ask((recommender) => recommender.join(shard));
    // What the page said of products may be of those that came.
    if (items > 0) this.#ask((recommender) => this.#declared.tell(recommender));
    return items;
  }

  export() {
    this.#live();
    this.#sync();
    return this.#ask((recommender) => recommender.export());
  }

  restore(state) {
    this.#live();
    this.#sync();
    const given = plain("state/invalid", "the session", state);
    this.#ask((recommender) => recommender.restore(given));
    this.#store.replace();
    this.#following.look();
  }

  forget() {
    const recommender = this.#live();
    this.#unsaved = false;
    // What a stopped engine holds is out of everybody's reach.
    if (!this.#engine.stopped) this.#ask(() => recommender.forget());
    this.#store.forget();
  }

  setConsent(consent) {
    this.#live();
    this.#store.setConsent(consentOf(consent));
    return this.storage;
  }

  free() {
    if (!this.#recommender) return;
    this.#following.stop();
    if (!this.#engine.stopped) this.#store.save();
    this.#store.close();
    if (!this.#engine.stopped) this.#recommender.free();
    this.#recommender = undefined;
  }

  #ask(action) {
    const recommender = this.#live();
    return this.#engine.call(() => action(recommender));
  }

  // All that can fail comes first: until then the old model serves.
  #change({ recommender, info }) {
    try {
      this.#ask((old) => {
        this.#declared.tell(recommender);
        recommender.restore(old.export());
      });
    } catch (error) {
      if (!this.#engine.stopped) recommender.free();
      throw error;
    }
    this.#recommender.free();
    this.#recommender = recommender;
    this.#info = info;
  }

  // A model of pieces is served at once by its root; the rest is fetched as the session asks.
  #follow({ bytes, name }) {
    this.#following.start({ info: this.#info, name }, this.#how, {
      wanted: () => this.wanted(),
      join: (shard) => this.join(shard),
      restart: () => this.#change(openModel(this.#engine, bytes, name)),
    });
  }

  #live() {
    if (this.#recommender) return this.#recommender;
    throw new MercerError("shop/freed", "this shop was freed; load another");
  }

  // What is kept on the device outlives the visit: 30 minutes of silence end it, and leave what
  // it was about.
  #arrive({ timeMs }) {
    this.#sync();
    if (!this.#store.keepsVisits) return;
    if (!this.#ask((recommender) => recommender.rollOver(timeMs))) return;
    // What is forgotten here is to be forgotten where it is stored, whatever follows.
    this.#store.noteEnd(timeMs);
    this.#keep();
  }

  // Once for all of this turn. Microtasks run before a page can be left.
  #keep() {
    if (this.#unsaved) return;
    this.#unsaved = true;
    queueMicrotask(() => this.#save());
  }

  #sync() {
    if (!this.#engine.stopped) this.#store.sync();
  }

  #save() {
    if (!this.#unsaved || this.#engine.stopped || !this.#recommender) return;
    this.#unsaved = false;
    this.#store.save();
  }

  /** What the store may do with the session. */
  #session() {
    const call = (name) => (...words) => this.#ask((recommender) => recommender[name](...words));
    const names = ["export", "restore", "rollOver", "replay", "record"];
    const forget = () => this.#engine.stopped || call("forget")();
    return { ...Object.fromEntries(names.map((name) => [name, call(name)])), forget };
  }
}

if (Symbol.dispose) Shop.prototype[Symbol.dispose] = Shop.prototype.free;
