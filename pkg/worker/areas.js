// The page's side of what a worker keeps: workers have no sessionStorage and no localStorage. The
// worker has a copy of the shop's own keys; what it writes there is written here, and what other
// tabs write is told to it.

import { MercerError } from "../check/errors.js";

export const AREAS = ["sessionStorage", "localStorage"];
const OF_KIND = { session: "sessionStorage", device: "localStorage" };

export class Areas {
  #key;
  #port;
  #used;
  // What the browser refused to delete.
  #stuck = new Set();
  #heard = ({ storageArea, key, newValue }) => {
    if (key !== null && !key.startsWith(this.#key)) return;
    const area = AREAS.find((name) => name === this.#used && areaOf(name) === storageArea);
    if (area) this.#port.tell({ changed: { area, key, value: newValue } });
  };
  // A page that comes back from the browser's cache has slept through all that was told.
  #shown = ({ persisted }) => {
    if (persisted && this.#used) this.#port.tell({ changed: { key: null, ...this.#copy(this.#used) } });
  };

  constructor({ storage, storageKey }, port) {
    this.#key = storageKey;
    this.#port = port;
    this.#used = OF_KIND[storage];
    port.onWrite = (write) => this.#write(write);
    globalThis.addEventListener?.("storage", this.#heard);
    globalThis.addEventListener?.("pageshow", this.#shown);
  }

  /** What the worker begins with: the one storage that is to be used, and no other. */
  snapshot() {
    const isPrivate = globalThis.navigator?.globalPrivacyControl === true;
    return { isPrivate, ...(this.#used && this.#copy(this.#used)) };
  }

  /** From now on another storage may be used: the worker gets what is in it. */
  use(storage) {
    const name = OF_KIND[storage];
    if (!name || name === this.#used) return;
    this.#used = name;
    this.#port.tell({ opened: this.#copy(name) });
  }

  /** @throws `state/not-forgotten` where the browser keeps what was to be deleted */
  mustBeGone() {
    if (this.#stuck.size === 0) return;
    const message = `the browser refuses to delete \`${this.#key}\` from its storage; memory is wiped`;
    throw new MercerError("state/not-forgotten", message);
  }

  close() {
    globalThis.removeEventListener?.("storage", this.#heard);
    globalThis.removeEventListener?.("pageshow", this.#shown);
  }

  #copy(name) {
    const area = areaOf(name);
    if (!area) return {};
    try {
      const keys = Array.from({ length: area.length }, (_, at) => area.key(at));
      const own = keys.filter((key) => key?.startsWith(this.#key));
      return { area: name, entries: own.map((key) => [key, area.getItem(key)]) };
    } catch (error) {
      return { area: name, entries: [], failure: error?.name };
    }
  }

  #write({ area, key, value }) {
    try {
      if (value === null) areaOf(area).removeItem(key);
      else areaOf(area).setItem(key, value);
      this.#stuck.delete(key);
    } catch (error) {
      if (value === null) this.#stuck.add(key);
      this.#port.tell({ failed: { area, key, failure: `${error?.name}` } });
    }
  }
}

function areaOf(name) {
  try {
    // Even naming the storage throws where the browser blocks it; Node has none.
    return globalThis[name] ?? undefined;
  } catch {
    return undefined;
  }
}
