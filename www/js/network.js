// Counts what the page asks the network for, as the browser itself reports it.

/** Counts requests made after {@link RequestCount.start}. */
export class RequestCount {
  constructor() {
    /** @type {string[]} */
    this.urls = [];
    this.since = Infinity;
    this.observer = new PerformanceObserver((list) => this.take(list.getEntries()));
    this.observer.observe({ type: "resource", buffered: true });
  }

  /** From now on requests count: everything the shop needs has arrived. */
  start() {
    this.take(this.observer.takeRecords());
    this.since = performance.now();
    this.urls = [];
  }

  /** How many requests there were since the start. */
  get n() {
    this.take(this.observer.takeRecords());
    return this.urls.length;
  }

  take(entries) {
    const later = entries.filter((entry) => entry.startTime > this.since);
    this.urls.push(...later.map((entry) => entry.name));
  }
}
