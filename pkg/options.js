// What callers may say, checked before the engine sees it. A mistake is an error that
// names it; nothing is ignored.

import { MercerError } from "./errors.js";

const MAX_COUNT = 1000;
const MAX_DWELL_MS = 2 ** 32 - 1;

// What a value should be, and the value the engine gets; `undefined` for a wrong one.
const text = ["a string", (value) => (typeof value === "string" ? value : undefined)];
const flag = ["true or false", (value) => (typeof value === "boolean" ? value : undefined)];
const call = ["a function", (value) => (typeof value === "function" ? value : undefined)];
const source = [
  "a URL, bytes, a Response or a WebAssembly.Module",
  (value) => (typeof value === "string" || (typeof value === "object" && value) ? value : undefined),
];
const key = ["a string of at least one character", (value) => text[1](value) || undefined];
const id = ["a string (write `String(id)` for a number)", text[1]];
const ids = [
  "an array of strings",
  (value) => (Array.isArray(value) && Array.from(value).every((id) => typeof id === "string") ? value : undefined),
];
const count = [
  `a whole number from 1 to ${MAX_COUNT}`,
  (value) => (Number.isInteger(value) && value >= 1 && value <= MAX_COUNT ? value : undefined),
];
const milliseconds = (most) => [
  "a number of milliseconds, 0 or more",
  // Differences of `performance.now()` are fractions.
  (value) => (Number.isFinite(value) && value >= 0 ? Math.min(Math.round(value), most) : undefined),
];
const signal = [
  "an AbortSignal",
  (value) => (typeof value?.aborted === "boolean" && "removeEventListener" in value ? value : undefined),
];
const storage = [
  '"memory", "session" or "device"',
  (value) => (["memory", "session", "device"].includes(value) ? value : undefined),
];

const LOAD = {
  storage,
  storageKey: key,
  overridePrivacyControl: flag,
  fetch: call,
  signal,
  now: call,
  wasm: source,
};
const EVENT = {
  item: id,
  dwellMs: milliseconds(MAX_DWELL_MS),
  query: text,
  timeMs: milliseconds(Number.MAX_SAFE_INTEGER),
};
const REQUEST = {
  placement: text,
  item: id,
  count,
  includeSeen: flag,
  includeOwned: flag,
  exclude: ids,
  explain: flag,
};

/** The options of `load`, with their defaults. */
export function loadOptions(given) {
  const defaults = { storage: "memory", storageKey: "mercer", now: Date.now };
  return { ...defaults, ...check("load", LOAD, given) };
}

/** The event the engine takes in. */
export function eventOptions(kind, given, now) {
  if (typeof kind !== "string") {
    throw new MercerError("event/unknown-type", `the event type must be a string, not ${show(kind)}`);
  }
  const event = check("event", EVENT, given);
  if (event.timeMs === undefined) {
    event.timeMs = value("event", EVENT, "timeMs", read(now), "what `now()` gave");
  }
  return { kind, ...event };
}

/** The request the engine answers. */
export function requestOptions(given) {
  const defaults = {
    placement: "home",
    count: 12,
    includeSeen: false,
    includeOwned: false,
    exclude: [],
    explain: false,
  };
  return { ...defaults, ...check("request", REQUEST, given) };
}

/** An item's id. */
export function itemId(given) {
  return value("request", REQUEST, "item", given);
}

function read(now) {
  try {
    return now();
  } catch (cause) {
    throw new MercerError("event/invalid", `\`now()\` threw: ${cause?.message ?? cause}`, { cause });
  }
}

function check(area, known, given = {}) {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new MercerError(`${area}/invalid`, `the options must be an object, not ${show(given)}`);
  }
  const checked = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) {
      const list = Object.keys(known).join(", ");
      throw new MercerError(
        `${area}/unknown-option`,
        `\`${name}\` is no option here; known: ${list}`,
      );
    }
    if (given[name] !== undefined) checked[name] = value(area, known, name, given[name]);
  }
  return checked;
}

function value(area, known, name, given, what = `\`${name}\``) {
  const [expected, read] = known[name];
  const checked = read(given);
  if (checked !== undefined) return checked;
  throw new MercerError(`${area}/invalid`, `${what} must be ${expected}, not ${show(given)}`);
}

/** A value in a message: short, and its type where that is the mistake. */
export function show(value) {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (value === null || ["undefined", "boolean"].includes(typeof value)) return `${value}`;
  if (typeof value === "number") return `the number ${value}`;
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? (value.constructor?.name ?? "an object") : `a ${typeof value}`;
}
