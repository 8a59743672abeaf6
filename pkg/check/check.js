// What callers may say is checked here before anything sees it. A mistake is an error that names
// it; nothing is ignored. What comes out is a copy, so no code of the page runs further in.

import { MercerError } from "./errors.js";
import { hasOwn } from "./own.js";

const MAX_DEPTH = 16;
const MAX_VALUES = 1_000_000;
const MAX_CHARACTERS = 10_000_000;

/** Does what may run the page's own code; whatever that throws is the cause of an error. */
export function guarded(code, what, action) {
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

function isRecord(given) {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/**
 * The options that were given, each as its kind reads it.
 * @param {string} area begins the codes: `${area}/invalid`, `${area}/unknown-option`
 * @param {Record<string, [string, (value: any) => any]>} known what each should be, in words, and
 *   its reader, which answers `undefined` for a wrong value
 * @param {unknown} given what the caller said
 */
export function check(area, known, given = {}) {
  const code = `${area}/invalid`;
  return guarded(code, "an option", () => {
    if (!isRecord(given)) {
      throw new MercerError(code, `the options must be an object, not ${show(given)}`);
    }
    const checked = {};
    for (const [name, option] of Object.entries(given)) {
      if (!hasOwn(known, name)) {
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

/** One option, read like those of `check`; `what` it is in messages. */
export function value(area, known, name, given, what = `\`${name}\``) {
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
