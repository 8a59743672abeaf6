// How a session lies in a storage, so that tabs that write at the same time lose nothing.
//
// Each turn with events becomes an entry under a key of its own, written once and never changed.
// Now and then the entries are folded into the base: a session's state, and the ids of the entries
// that are in it. A tab's session is the base, followed by the entries that are not yet in it, in
// the order of their times. So nobody has to be waited for: two tabs that fold at once write two
// good bases, of which the later stays, and what only the other one had taken in is still there as
// entries.
//
// What a tab writes may reach another a little later, so an entry is deleted only by a fold that
// comes `SETTLED_MS` or more after the one that took it in.

import { MercerError } from "../check/errors.js";

const FORMAT = 1;
const ENTRY = /^#(\d{1,4})-([0-9a-z]{1,10})-([0-9a-z]{1,12})-([0-9a-z]{1,10})$/;

/** How long nobody relies on every tab having seen what a tab wrote. */
export const SETTLED_MS = 10_000;

/** The state of a stranger; every engine reads it. */
export const STRANGER = { version: 1, events: [], cart: [], bought: [] };

/**
 * @typedef {{ id: string, at: number, tab: string, n: number }} Name of an entry
 * @typedef {{ since: number, at: number, turn: number, fresh: string[], settled: string[],
 *   state: unknown }} Base `since`: the time of the oldest entry in it; `fresh` and `settled`: the
 *   entries in it that were taken in before and after `turn`
 */
export class Journal {
  #area;
  #key;
  #tab = Math.random().toString(36).slice(2, 10) || "0";
  #written = 0;
  #latest = 0;

  constructor(area, key) {
    this.#area = area;
    this.#key = key;
  }

  /** The time of the newest entry there is. */
  get latest() {
    return this.#latest;
  }

  /** The base as text, and the names of the entries in order. */
  read() {
    const text = this.#area.getItem(this.#key);
    const names = this.#names().filter(({ format }) => format === FORMAT);
    for (const { at } of names) this.#latest = Math.max(this.#latest, at);
    return { text: typeof text === "string" ? text : undefined, names: names.sort(byTime) };
  }

  /** What an entry says; `undefined` if it is gone or broken. */
  entry({ id }) {
    try {
      const { events = [], trials = [] } = JSON.parse(this.#area.getItem(this.#key + id));
      if (Array.isArray(events) && Array.isArray(trials)) return { events, trials };
    } catch {}
    return undefined;
  }

  /** Adds an entry of what happened at `time`. */
  append(entry, time) {
    this.#latest = Math.max(time, this.#latest);
    const id = `#${FORMAT}-${time.toString(36)}-${this.#tab}-${(this.#written++).toString(36)}`;
    this.#area.setItem(this.#key + id, JSON.stringify(entry));
  }

  /** Writes a base that has taken in all of `names`. */
  fold(before, names, state) {
    const at = Date.now();
    const isDue = Math.abs(at - (before?.turn ?? 0)) >= SETTLED_MS;
    const { taken, settled, gone } = isDue
      ? { taken: [], settled: before?.fresh ?? [], gone: before?.settled ?? [] }
      : { taken: before.fresh, settled: before.settled, gone: [] };
    // Before the base stops naming them: who sees that base must not see them any more.
    const stuck = gone.filter((id) => !this.#remove(id));
    const older = new Set([...settled, ...gone]);
    const fresh = new Set([...taken, ...names.map(({ id }) => id)]);
    const base = {
      format: FORMAT,
      since: before?.since ?? Math.min(at, ...names.map((name) => name.at)),
      at,
      turn: isDue ? at : before.turn,
      fresh: [...fresh].filter((id) => !older.has(id)),
      settled: [...settled, ...stuck],
      state,
    };
    this.#area.setItem(this.#key, JSON.stringify(base));
  }

  /** Deletes everything, of whatever version. */
  clear() {
    this.#area.removeItem(this.#key);
    for (const { id } of this.#names()) this.#area.removeItem(this.#key + id);
  }

  /** Deletes what is not later than this time, and a base that holds any of it. */
  sweep(time) {
    const { text, names } = this.read();
    if (text !== undefined && sinceOf(text) <= time) this.#area.removeItem(this.#key);
    for (const { at, id } of names) if (at <= time) this.#area.removeItem(this.#key + id);
  }

  /** Deletes the base alone. */
  dropBase() {
    this.#remove("");
  }

  /** Whether a key of the area is one of ours. */
  owns(key) {
    return key === this.#key || (key.startsWith(this.#key) && ENTRY.test(key.slice(this.#key.length)));
  }

  #remove(id) {
    try {
      this.#area.removeItem(this.#key + id);
      return true;
    } catch {
      return false;
    }
  }

  #names() {
    const names = [];
    for (let ix = 0; ix < this.#area.length; ix += 1) {
      const key = this.#area.key(ix);
      if (!key?.startsWith(this.#key)) continue;
      const id = key.slice(this.#key.length);
      const parts = ENTRY.exec(id);
      if (!parts) continue;
      const [, format, at, tab, n] = parts;
      names.push({ id, format: Number(format), at: parseInt(at, 36), tab, n: parseInt(n, 36) });
    }
    return names;
  }
}

/**
 * The base that a text says. A plain state, as earlier versions wrote it, is one as well.
 * @throws a MercerError `state/…`, or what `JSON.parse` throws
 * @returns {Base}
 */
export function baseOf(text) {
  const base = JSON.parse(text);
  if (base?.format === undefined) {
    return { since: 0, at: Date.now(), turn: 0, fresh: [], settled: [], state: base };
  }
  if (base.format > FORMAT) {
    throw new MercerError("state/newer-version", "a newer version of the package wrote this session");
  }
  const isList = (list) => Array.isArray(list) && list.every((id) => ENTRY.test(id));
  const isGood = [base.since, base.at, base.turn].every(Number.isFinite);
  if (base.format !== FORMAT || !isGood || !isList(base.fresh) || !isList(base.settled)) {
    throw new MercerError("state/invalid", "what is stored is no session");
  }
  return base;
}

function sinceOf(text) {
  try {
    const { since } = JSON.parse(text);
    return Number.isFinite(since) ? since : 0;
  } catch {
    return 0;
  }
}

function byTime(a, b) {
  return a.at - b.at || (a.tab < b.tab ? -1 : a.tab > b.tab ? 1 : a.n - b.n);
}
