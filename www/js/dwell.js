// How long the shopper stays with a product, counted only while the page can be seen.

/** A stopwatch that stops when the tab is hidden. */
export class Dwell {
  /** @param {() => number} [now] milliseconds */
  constructor(now = () => performance.now()) {
    this.now = now;
    this.spent = 0;
    this.startedAt = document.hidden ? null : now();
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("visibilitychange", () => this.toggle(), { signal });
  }

  toggle() {
    if (document.hidden) this.pause();
    else this.startedAt ??= this.now();
  }

  pause() {
    if (this.startedAt !== null) this.spent += this.now() - this.startedAt;
    this.startedAt = null;
  }

  /** Stops for good and says how long it was, in whole milliseconds. */
  stop() {
    this.pause();
    this.abort.abort();
    return Math.round(this.spent);
  }
}
