// Where a session outlives its page. A browser may refuse at any call; then the session
// lives in memory, and the report says why.

import { MercerError } from "../check/errors.js";

const AREAS = { session: "sessionStorage", device: "localStorage" };

export class Store {
  #area;
  #key;
  #kind = "memory";
  #requested;
  #reason;

  constructor({ storage, storageKey, overridePrivacyControl }) {
    this.#key = storageKey;
    this.#requested = storage;
    if (storage === "memory") return;
    try {
      // Even naming the storage throws where the browser blocks it; Node has none.
      this.#area = globalThis[AREAS[storage]] ?? undefined;
    } catch {}
    if (!this.#area) {
      this.#reason = "state/unavailable";
    } else if (globalThis.navigator?.globalPrivacyControl === true && !overridePrivacyControl) {
      this.#giveUp("state/privacy-control");
    } else {
      this.#kind = storage;
    }
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

  /** Hands what an earlier visit left to `take`. If that throws, this visit starts afresh. */
  restore(take) {
    if (this.#kind === "memory") return;
    let text;
    try {
      text = this.#area.getItem(this.#key);
    } catch {
      this.#giveUp("state/refused");
    }
    if (typeof text !== "string") return;
    try {
      take(JSON.parse(text));
    } catch ({ code }) {
      this.#reason = typeof code === "string" ? code : "state/corrupt";
      // Another tab may run the newer version; its state is not ours to overwrite.
      if (code === "state/newer-version") this.#kind = "memory";
    }
  }

  /** Keeps what `state()` gives, if anything is kept at all. */
  write(state) {
    if (this.#kind === "memory") return;
    const text = JSON.stringify(state());
    try {
      this.#area.setItem(this.#key, text);
    } catch (error) {
      this.#giveUp(/quota/i.test(error?.name) ? "state/quota" : "state/refused");
    }
  }

  clear() {
    try {
      this.#area?.removeItem(this.#key);
    } catch (cause) {
      throw new MercerError(
        "state/not-forgotten",
        `the browser refuses to delete \`${this.#key}\` from its storage; memory is wiped`,
        { cause },
      );
    }
  }

  // From here on memory only, and nothing older left behind to come back.
  #giveUp(reason) {
    this.#kind = "memory";
    this.#reason = reason;
    try {
      this.#area.removeItem(this.#key);
    } catch {}
  }
}
