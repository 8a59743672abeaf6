// What may be said of an event and of a request.

import { MercerError } from "../check/errors.js";
import { check, guarded, plain, show, value } from "../check/check.js";
import { cut, flag, list, milliseconds, object, oneOf, or, text, whole, within } from "../check/kinds.js";
import { contextOf } from "./moment.js";

const CONSENTS = ["none", "session", "device"];
const MAX_COUNT = 1000;
const MAX_LIST = 10_000;
const MAX_UNITS = 100;
const MAX_U32 = 2 ** 32 - 1;

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
const time = milliseconds(Number.MAX_SAFE_INTEGER);
const device = oneOf("phone", "tablet", "desktop");

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

/** What a shopper agrees to. */
export function consentOf(given) {
  if (CONSENTS.includes(given)) return given;
  const message = `the consent must be "none", "session" or "device", not ${show(given)}`;
  throw new MercerError("state/consent", message);
}

/** An item's id. */
export function itemId(given) {
  return value("request", REQUEST, "item", given);
}

function timeOf(area, now) {
  const given = guarded(`${area}/invalid`, "`now()`", now);
  return value(area, EVENT, "timeMs", given, "what `now()` gave");
}
