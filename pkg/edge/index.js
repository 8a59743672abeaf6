// The first paint at the edge: a session travels with a request, and is ranked from there.

import { check } from "../check/check.js";
import { key, milliseconds, whole } from "../check/kinds.js";
import { deviceOf } from "../shop/moment.js";
import { seal, unseal } from "./token.js";

export { MercerError } from "../check/errors.js";
export { createEdge } from "./edge.js";
export { escape, slateHtml } from "./markup.js";

const HALF_AN_HOUR_MS = 30 * 60 * 1000;
const OPTIONS = {
  maxAgeMs: milliseconds(24 * 60 * 60 * 1000),
  maxLength: whole(200, 8_192),
  name: key,
};

/** A session as a text for a cookie or a header; see index.d.ts. */
export function sealSession(state, options) {
  const settings = { maxAgeMs: HALF_AN_HOUR_MS, maxLength: 3_000, ...check("edge", OPTIONS, options) };
  const here = { offsetMinutes: new Date().getTimezoneOffset(), device: deviceOf(globalThis) };
  return seal(state, { now: Date.now(), ...here, ...settings });
}

/** The same as a cookie, for `document.cookie`. */
export function sessionCookie(state, options) {
  const { name = "mercer", maxAgeMs = HALF_AN_HOUR_MS } = check("edge", OPTIONS, options);
  const token = sealSession(state, options);
  return `${name}=${token}; Max-Age=${Math.round(maxAgeMs / 1000)}; Path=/; SameSite=Lax; Secure`;
}

/** The state that such a text holds, for `shop.restore`; `undefined` where it is not to be used. */
export function openSession(text) {
  return unseal(text, Date.now()).state;
}
