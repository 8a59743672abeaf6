// Numbers, sizes and dates as a shopper reads them.

const money = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
const whole = new Intl.NumberFormat("en-GB");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** @param {number} pounds */
export const price = (pounds) => money.format(pounds);

/** @param {number} n */
export const count = (n) => whole.format(n);

/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** @param {number} bytes */
export function bytes(bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/**
 * A short span; browsers round their clocks, so small ones are given as a bound.
 * @param {number} ms
 */
export function milliseconds(ms) {
  // Some browsers' clocks tick once a millisecond.
  if (ms === 0) return "under 1 ms";
  return ms < 0.1 ? "under 0.1 ms" : `${ms.toFixed(1)} ms`;
}

/** @param {number} timeMs milliseconds since 1970 */
export const timeOfDay = (timeMs) => clock.format(new Date(timeMs));

/**
 * A date in words, or the text as it came if it is no date.
 * @param {string | number} when
 */
export function day(when) {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return String(when);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}
