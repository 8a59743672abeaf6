// Events that the worker has not yet answered. A shopper who clicks leaves the page in the same
// breath, and a message may not arrive; so the events wait in the tab's storage for the next page.
// Where nothing is kept, nothing waits.

const MAX_EVENTS = 100;

export class Pending {
  #key;
  #events = [];
  #isDue = false;
  /** Whether anything may be kept at all. */
  isOn;

  constructor(storageKey, isOn) {
    this.#key = `${storageKey}.pending`;
    this.isOn = isOn;
  }

  /** Observes what an earlier page left. */
  replay(observe) {
    const left = this.isOn ? this.#read() : [];
    this.#write();
    // What the worker refuses was refused on that page as well.
    for (const [kind, options] of left) observe(kind, options).catch(() => {});
  }

  /** An event is on its way; the answer is called when it has arrived. */
  sent(kind, options) {
    const event = [kind, options];
    this.#events.push(event);
    this.#writeSoon();
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
      // In the very task in which the worker's storage became the page's: no event is in both.
      this.#write();
    };
  }

  /** Nothing of it is kept. */
  clear() {
    this.#events = [];
    this.#write();
  }

  // Microtasks run before a page can be left.
  #writeSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.#write());
  }

  #write() {
    this.#isDue = false;
    try {
      if (this.#events.length === 0 || !this.isOn) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, JSON.stringify(this.#events.slice(-MAX_EVENTS)));
    } catch {}
  }

  #read() {
    try {
      const left = JSON.parse(sessionStorage.getItem(this.#key));
      return Array.isArray(left) ? left.filter(Array.isArray).slice(-MAX_EVENTS) : [];
    } catch {
      return [];
    }
  }
}
