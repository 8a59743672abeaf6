// What callers may say, checked before the engine sees it. A mistake is an error that
// names it; nothing is ignored. The engine gets copies, so no code of the page runs in it.

import { MercerError } from "./errors.js";
import { contextOf } from "./moment.js";

const MAX_COUNT = 1000;
const MAX_LIST = 10_000;
const MAX_UNITS = 100;
const MAX_DEPTH = 16;
const MAX_VALUES = 1_000_000;
const MAX_CHARACTERS = 10_000_000;
const MAX_U32 = 2 ** 32 - 1;

// What a value should be, and the value the engine gets; `undefined` for a wrong one.
const be = (type) => (value) => (typeof value === type ? value : undefined);
// No text of a call counts beyond that; an id that was cut is still refused as too long.
const cut = (value) => be("string")(value)?.slice(0, 1000);
const within = (least, most, fits) => (value) =>
  fits(value) && value >= least && value <= most ? value : undefined;
const whole = (least, most, what = `a whole number from ${least} to ${most}`) => [
  what,
  within(least, most, Number.isInteger),
];
const list = (value, most) =>
  Array.isArray(value) && value.length <= most ? Array.from(value) : undefined;
const or = ([what, read], word) => [`${what}, or ${word}`, (value) => (value === null ? null : read(value))];

const text = ["a string", cut];
const flag = ["true or false", be("boolean")];
const call = ["a function", be("function")];
const source = [
  "a URL, bytes, a Response or a WebAssembly.Module",
  (value) => (typeof value === "string" || (typeof value === "object" && value) ? value : undefined),
];
const key = ["a string of at least one character", (value) => be("string")(value) || undefined];
const id = ["a string (write `String(id)` for a number)", cut];
const ids = [
  `an array of strings, at most ${MAX_LIST}`,
  (value) => {
    const copy = list(value, MAX_LIST)?.map(cut);
    return copy?.includes(undefined) ? undefined : copy;
  },
];
const level = ["a number from 0 to 1", within(0, 1, Number.isFinite)];
const price = ["a number, 0 or more", within(0, 1e12, Number.isFinite)];
const milliseconds = (most) => [
  "a number of milliseconds, 0 or more",
  // Differences of `performance.now()` are fractions.
  (value) => (Number.isFinite(value) && value >= 0 ? Math.min(Math.round(value), most) : undefined),
];
const time = milliseconds(Number.MAX_SAFE_INTEGER);
const device = [
  '"phone", "tablet" or "desktop"',
  (value) => (["phone", "tablet", "desktop"].includes(value) ? value : undefined),
];
const signal = [
  "an AbortSignal",
  (value) => (typeof value?.aborted === "boolean" && "removeEventListener" in value ? value : undefined),
];
const storage = [
  '"memory", "session" or "device"',
  (value) => (["memory", "session", "device"].includes(value) ? value : undefined),
];
const object = ["an object", (value) => (isRecord(value) ? value : undefined)];

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
  dwellMs: milliseconds(MAX_U32),
  query: text,
  quantity: whole(1, 1_000_000),
  price,
  timeMs: time,
};
const REQUEST = {
  placement: text,
  item: id,
  context: ids,
  items: ids,
  query: text,
  count: whole(1, MAX_COUNT),
  includeSeen: flag,
  includeOwned: flag,
  exclude: ids,
  filter: object,
  diversity: level,
  rotation: level,
  exploration: level,
  seed: whole(0, Number.MAX_SAFE_INTEGER, "a whole number, 0 or more"),
  explain: flag,
  trace: flag,
  device: or(device, "null where it is not known"),
  timeMs: time,
  hour: or(whole(0, 23), "null"),
  weekday: or(whole(0, 6, "a whole number from 0 (Monday) to 6"), "null"),
  month: or(whole(0, 11, "a whole number from 0 (January) to 11"), "null"),
  landing: text,
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
  event.timeMs ??= timeOf("event", now);
  return { kind: cut(kind), ...event };
}

/** The request the engine answers. */
export function requestOptions(given, now) {
  const request = check("request", REQUEST, given);
  if (request.filter) request.filter = plain("request/invalid", "`filter`", request.filter);
  request.timeMs ??= timeOf("request", now);
  return { ...contextOf(request.timeMs), ...request };
}

/** The requests of a page, in order. */
export function pageOptions(given, now) {
  const units = guarded("request/invalid", "the units of the page", () => list(given, MAX_UNITS));
  if (units) return units.map((unit) => requestOptions(unit, now));
  const expected = `an array of at most ${MAX_UNITS} requests`;
  throw new MercerError("request/invalid", `a page must be ${expected}, not ${show(given)}`);
}

/** An item's id. */
export function itemId(given) {
  return value("request", REQUEST, "item", given);
}

/**
 * A copy of plain data: what JSON can say, and typed arrays, dates and `undefined`.
 * @param {string} code of the error where it is something else
 * @param {string} what it is, in messages
 */
export function plain(code, what, given) {
  const left = { values: MAX_VALUES, characters: MAX_CHARACTERS };
  return guarded(code, what, () => copy(given, MAX_DEPTH, left, (flaw) => {
    throw new MercerError(code, `${what} ${flaw}`);
  }));
}

function copy(value, depth, left, refuse) {
  left.values -= 1;
  if (typeof value === "string") left.characters -= value.length;
  if (left.values < 0 || left.characters < 0) refuse("holds too much");
  if (value === null || ["string", "number", "boolean", "undefined"].includes(typeof value)) return value;
  if (typeof value !== "object") refuse(`holds ${show(value)}, which is no plain value`);
  if (depth === 0) refuse("is nested too deep, or contains itself");
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
    if (value.length > left.values) refuse("holds too much");
    return Array.from(value, (one) => copy(one, depth - 1, left, refuse));
  }
  if (value instanceof Date) return value.toISOString();
  const entries = Object.entries(value).map(([name, one]) => {
    left.characters -= name.length;
    return [name, copy(one, depth - 1, left, refuse)];
  });
  return Object.fromEntries(entries);
}

function timeOf(area, now) {
  const given = guarded(`${area}/invalid`, "`now()`", now);
  return value(area, EVENT, "timeMs", given, "what `now()` gave");
}

/** Does what may run the page's own code; whatever that throws is the cause of an error. */
function guarded(code, what, action) {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof MercerError) throw cause;
    let message = "something";
    try {
      message = String(cause?.message ?? cause);
    } catch {}
    throw new MercerError(code, `${what} threw: ${message}`, { cause });
  }
}

function isRecord(given) {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function check(area, known, given = {}) {
  const code = `${area}/invalid`;
  return guarded(code, "an option", () => {
    if (!isRecord(given)) {
      throw new MercerError(code, `the options must be an object, not ${show(given)}`);
    }
    const checked = {};
    for (const [name, option] of Object.entries(given)) {
      if (!Object.hasOwn(known, name)) {
        const list = Object.keys(known).join(", ");
        throw new MercerError(
          `${area}/unknown-option`,
          `\`${name.slice(0, 80)}\` is no option here; known: ${list}`,
        );
      }
      if (option !== undefined) checked[name] = value(area, known, name, option);
    }
    return checked;
  });
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
  if (typeof value !== "object") return `a ${typeof value}`;
  try {
    return Array.isArray(value) ? "an array" : String(value.constructor?.name ?? "an object").slice(0, 80);
  } catch {
    return "an object";
  }
}
