// Where a session outlives its page. A browser may refuse at any call; then the session lives in
// memory, and the report says why. How it lies in a storage is the journal's business.

import { MercerError } from "../check/errors.js";
import { carried } from "./carry.js";
import { Journal, SETTLED_MS, STRANGER, baseOf } from "./journal.js";
import { Line, watch } from "./tabs.js";

const AREAS = { session: "sessionStorage", device: "localStorage" };
const KINDS = ["memory", "session", "device"];

/** So many entries are read one by one, before they are folded into the base. */
const FOLD_AFTER = 10;

/**
 * @typedef {{ export(): any, restore(state: unknown): void, forget(): void,
 *   rollOver(timeMs: number): void, replay(event: object): void,
 *   record(key: string, shown: number, chosen: number): void }} Session what the engine holds
 */
export class Store {
  #settings;
  #session;
  #kind = "memory";
  #requested;
  #reason;
  #journal;
  #line;
  #unwatch;
  /** Events that are not stored yet, and when the first of them was observed. */
  #queue = [];
  #queuedAt = 0;
  /** Another tab may have written. */
  #isStale = false;
  #unfolded = 0;
  /** Whatever was written until this time is forgotten. */
  #forgotten = 0;
  /** When a visit was ended that is not over in what is stored. */
  #endedAt;
  #tidying;
  /** The trials as they are stored, once there may be more. */
  #trials;

  constructor(settings) {
    this.#settings = settings;
    this.#requested = settings.storage;
  }

  /** `{ kind, requested, reason? }` */
  get report() {
    const report = { kind: this.#kind, requested: this.#requested };
    return this.#reason ? { ...report, reason: this.#reason } : report;
  }

  /** Whether what is stored outlives the visit. */
  get keepsVisits() {
    return this.#kind === "device";
  }

  /** The time by the device's clock, which all tabs have in common; after what is forgotten. */
  get time() {
    return Math.max(Date.now(), this.#forgotten + 1);
  }

  /**
   * Takes up what an earlier page left.
   * @param {Session} session a stranger's
   */
  open(session) {
    this.#session = session;
    try {
      this.#use(this.#settings.storage);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Takes in what other tabs wrote; before every use of the session. */
  sync() {
    if (!this.#isStale) return;
    this.save();
    this.#rebuild();
  }

  /** An event that the session has taken in; `time`: when that began. */
  note(event, time) {
    if (this.#kind === "memory") return;
    if (this.#queue.length === 0) this.#queuedAt = time;
    this.#queue.push(event);
  }

  /** From now on the session may count trials that no event tells of. */
  noteTrials() {
    if (this.#kind !== "memory") this.#trials ??= this.#session.export().trials;
  }

  /** The session has ended a visit at this time: what it forgot of it is to be forgotten here. */
  noteEnd(timeMs) {
    this.#endedAt = timeMs;
  }

  /** Writes what is not stored yet, if anything is kept at all. */
  save() {
    if (this.#kind === "memory") return;
    this.#append();
    if (this.#unfolded >= FOLD_AFTER || this.#endedAt !== undefined) this.#rebuild();
  }

  #append() {
    const trials = this.#newTrials();
    if (this.#queue.length + trials.length === 0) return;
    const entry = trials.length > 0 ? { events: this.#queue, trials } : { events: this.#queue };
    const time = this.#queue.length > 0 ? this.#queuedAt : this.time;
    this.#queue = [];
    if (this.#written(() => this.#journal.append(entry, time))) this.#unfolded += 1;
  }

  /** Wipes what is stored, in every tab. The session itself is the caller's to wipe. */
  forget() {
    this.#wipe(undefined);
  }

  /** The session is another one now, and so is what is stored. */
  replace() {
    if (this.#kind === "memory") return;
    this.#queue = [];
    this.#trials = undefined;
    this.#written(() => {
      this.#journal.clear();
      this.#journal.fold(undefined, [], this.#session.export());
    });
  }

  /** Keeps what the shopper agrees to from now on: `none`, `session` or `device`. */
  setConsent(consent) {
    const requested = consent === "none" ? "memory" : consent;
    const more = KINDS.indexOf(requested) - KINDS.indexOf(this.#requested);
    if (more > 0) this.#keepMore(requested);
    if (more < 0) this.#keepLess(requested);
  }

  /** Listens no more; what is stored stays. */
  close() {
    this.#leave();
  }

  #keepMore(requested) {
    this.sync();
    const state = this.#session.export();
    const before = this.#journal;
    this.#session.restore(STRANGER);
    this.#use(requested);
    if (this.#kind === "memory") {
      this.#session.restore(state);
      return;
    }
    const entry = carried(state);
    this.#take(entry);
    if (entry.events.length > 0) this.#written(() => this.#journal.append(entry, this.time));
    try {
      before?.clear();
    } catch {
      this.#reason = "state/refused";
    }
  }

  #keepLess(requested) {
    this.#session.forget();
    try {
      this.#wipe(requested);
    } finally {
      this.#use(requested);
    }
  }

  #wipe(consent) {
    this.#queue = [];
    this.#trials = undefined;
    this.#forgotten = Math.max(Date.now(), this.#journal?.latest ?? 0);
    try {
      this.#journal?.clear();
    } catch (cause) {
      throw new MercerError(
        "state/not-forgotten",
        `the browser refuses to delete \`${this.#settings.storageKey}\` from its storage; memory is wiped`,
        { cause },
      );
    } finally {
      this.#line?.tell({ forget: this.#forgotten, consent });
    }
  }

  /** Begins with another kind of storage. */
  #use(requested) {
    this.#leave();
    this.#requested = requested;
    this.#kind = "memory";
    this.#reason = undefined;
    if (requested === "memory") return;
    const { storageKey, overridePrivacyControl } = this.#settings;
    const area = areaOf(requested);
    if (!area) {
      this.#reason = "state/unavailable";
      return;
    }
    this.#journal = new Journal(area, storageKey);
    if (globalThis.navigator?.globalPrivacyControl === true && !overridePrivacyControl) {
      this.#giveUp("state/privacy-control");
      return;
    }
    this.#kind = requested;
    this.#unwatch = watch((key) => this.#changed(key));
    // A tab's own storage is nobody else's.
    if (requested === "device") this.#line = new Line(storageKey, (word) => this.#heard(word));
    this.#rebuild({ isOpening: true });
  }

  #leave() {
    this.#unwatch?.();
    this.#line?.close();
    clearTimeout(this.#tidying);
    this.#unwatch = this.#line = this.#journal = this.#trials = this.#endedAt = this.#tidying = undefined;
    this.#queue = [];
    this.#isStale = false;
  }

  #changed(key) {
    if (key !== null && !this.#journal.owns(key)) return;
    this.#isStale = true;
    // A tab that had not heard of it yet may have written after us.
    if (this.#forgotten > 0) this.#sweep();
  }

  #heard({ forget, consent }) {
    this.#session.forget();
    this.#queue = [];
    this.#trials = undefined;
    this.#forgotten = Math.max(this.#forgotten, forget);
    this.#isStale = true;
    this.#sweep();
    const isLess = KINDS.includes(consent) && KINDS.indexOf(consent) < KINDS.indexOf(this.#requested);
    if (isLess) this.#use(consent);
  }

  #sweep() {
    if (this.#kind !== "memory") this.#written(() => this.#journal.sweep(this.#forgotten));
  }

  /** The session anew, from what is stored. */
  #rebuild({ isOpening = false, isTidying = false } = {}) {
    this.#isStale = false;
    if (this.#kind === "memory") return;
    if (this.#forgotten > 0) this.#sweep();
    let found;
    if (!this.#written(() => (found = this.#journal.read()))) return;
    const base = this.#restored(found, isOpening);
    if (this.#kind === "memory") return;
    const taken = new Set(base ? [...base.fresh, ...base.settled] : []);
    const open = found.names.filter(({ id }) => !taken.has(id));
    for (const name of open) this.#take(this.#journal.entry(name));
    this.#unfolded = open.length;
    if (this.#trials) this.#trials = this.#session.export().trials;
    const isEnded = this.#endedAt !== undefined;
    if (isEnded) this.#session.rollOver(this.#endedAt);
    this.#endedAt = undefined;
    const isLeft = (isOpening || isTidying) && (found.names.length > 0 || base?.turn === 0);
    if (isEnded || isLeft || open.length >= FOLD_AFTER) this.#fold(base, found.names);
  }

  #fold(base, names) {
    const isFolded = this.#written(() => this.#journal.fold(base, names, this.#session.export()));
    if (!isFolded) return;
    this.#unfolded = 0;
    if (names.length > 0) this.#tidyLater();
  }

  /** What is in the base lies there as entries only until every tab has seen that. */
  #tidyLater() {
    this.#tidying ??= setTimeout(() => {
      this.#tidying = undefined;
      try {
        this.save();
        this.#rebuild({ isTidying: true });
      } catch {
        // The engine has stopped; the next page tidies up.
      }
    }, SETTLED_MS + 100);
    // Node would wait for it.
    this.#tidying.unref?.();
  }

  /** Restores the base, if there is a good one, or else a stranger. */
  #restored(found, isOpening) {
    try {
      const base = found.text === undefined ? undefined : baseOf(found.text);
      if (this.#isExpired(base, found.names)) {
        this.#written(() => this.#journal.clear());
        found.names = [];
      } else if (base) {
        this.#session.restore(base.state);
        return base;
      }
    } catch (error) {
      const code = error.code ?? "state/corrupt";
      if (!code.startsWith("state/")) throw error;
      this.#reason = code;
      // Another tab may run the newer version; its state is not ours to overwrite.
      if (code === "state/newer-version") {
        this.#kind = "memory";
        return undefined;
      }
      this.#journal.dropBase();
    }
    if (!isOpening) this.#session.restore(STRANGER);
    return undefined;
  }

  #isExpired(base, names) {
    const newest = Math.max(base?.at ?? 0, names[names.length - 1]?.at ?? 0);
    return this.keepsVisits && newest > 0 && Date.now() - newest > this.#settings.timeToLiveMs;
  }

  #take(entry) {
    for (const event of entry?.events ?? []) this.#replay(event);
    for (const { key, shown, chosen } of entry?.trials ?? []) this.#session.record(`${key}`, shown, chosen);
  }

  #replay(event) {
    try {
      if (this.keepsVisits) this.#session.rollOver(event.timeMs);
      this.#session.replay(event);
    } catch (error) {
      if (error.code && !error.code.startsWith("event/")) throw error;
      this.#reason = "state/event";
    }
  }

  /** What was tried and chosen since the trials were stored. */
  #newTrials() {
    if (!this.#trials) return [];
    const before = new Map(this.#trials.map((trial) => [trial.key, trial]));
    this.#trials = this.#session.export().trials;
    return this.#trials.flatMap(({ key, shown, chosen }) => {
      const { shown: s = 0, chosen: c = 0 } = before.get(key) ?? {};
      // A full count is halved, and then there is less than before.
      const more = { key, shown: Math.max(0, Math.round(shown - s)), chosen: Math.max(0, Math.round(chosen - c)) };
      return more.shown + more.chosen > 0 ? [more] : [];
    });
  }

  /** Whether the storage let us; if not, we are done with it. */
  #written(action) {
    try {
      action();
      return true;
    } catch (error) {
      if (error instanceof MercerError) throw error;
      this.#giveUp(/quota/i.test(error?.name) ? "state/quota" : "state/refused");
      return false;
    }
  }

  // From here on memory only, and nothing older left behind to come back.
  #giveUp(reason) {
    this.#kind = "memory";
    this.#reason = reason;
    this.#queue = [];
    try {
      this.#journal.clear();
    } catch {}
  }
}

function areaOf(kind) {
  try {
    // Even naming the storage throws where the browser blocks it; Node has none.
    return globalThis[AREAS[kind]] ?? undefined;
  } catch {
    return undefined;
  }
}
