// A session as a text that fits into a cookie: what ranks, for as long as a visit lasts.

import { EVENT_KINDS as KINDS } from "./kinds.js";

const VERSION = 1;
const DEVICES = ["phone", "tablet", "desktop"];
/** No session is longer. */
const MAX_CHARACTERS = 8_192;
/** What is valid for longer was written by nobody we know. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * The newest of a session that fits, as letters, digits, `-` and `_`.
 * @param {import("../index.js").SessionState} state
 * @param {{ now: number, maxAgeMs: number, maxLength: number, offsetMinutes?: number,
 *   device?: string | null }} how
 */
export function seal(state, { now, maxAgeMs, maxLength, offsetMinutes = 0, device = null }) {
  const end = Math.ceil((now + maxAgeMs) / 1000);
  const said = {
    v: VERSION,
    x: end,
    m: [offsetMinutes, DEVICES.indexOf(device)],
    e: state.events.map((event) => eventOut(event, end * 1000)),
    c: state.cart.map(({ item, quantity }) => [item, quantity]),
    b: [...state.bought],
    t: state.taste.map(({ item, weight, day }) => [item, weight, day]),
    i: state.impressions.map(({ item, shown, timeMs }) => [item, shown, end * 1000 - timeMs]),
  };
  for (;;) {
    const text = encode(said);
    if (text.length <= maxLength) return text;
    for (let over = text.length - maxLength; over > 0; ) over -= shorten(said);
  }
}

/**
 * What a text holds; `state` is missing where it is not to be used. Whoever sent it may have
 * written anything, so the engine looks at the state once more.
 * @returns {{ session: "used" | "none" | "expired" | "invalid", state?: object,
 *   offsetMinutes?: number, device?: string | null }}
 */
export function unseal(text, now) {
  if (!text) return { session: "none" };
  const said = decode(text);
  if (said?.v !== VERSION || !Number.isFinite(said.x)) return { session: "invalid" };
  const left = said.x * 1000 - now;
  if (left < 0 || left > MAX_AGE_MS) return { session: "expired" };
  try {
    return { session: "used", ...opened(said) };
  } catch {
    return { session: "invalid" };
  }
}

function opened({ x, m: [offset, device], e, c, b, t, i }) {
  const end = x * 1000;
  return {
    offsetMinutes: Number.isInteger(offset) && Math.abs(offset) <= 900 ? offset : 0,
    device: DEVICES[device] ?? null,
    state: {
      version: 2,
      events: e.map((event) => eventIn(event, end)),
      cart: c.map(([item, quantity]) => ({ item, quantity })),
      bought: [...b],
      taste: t.map(([item, weight, day]) => ({ item, weight, day })),
      impressions: i.map(([item, shown, ago]) => ({ item, shown, timeMs: end - ago })),
      trials: [],
    },
  };
}

/** Takes away what ranks least; answers by about how much that is shorter. */
function shorten({ i, t, e, b, c }) {
  const fullest = [e, b, c].reduce((most, list) => (list.length > most.length ? list : most));
  const taken = i.shift() ?? t.pop() ?? fullest.shift();
  // Four characters for three bytes.
  return taken === undefined ? Infinity : (JSON.stringify(taken).length * 4) / 3;
}

function eventOut({ kind, item, timeMs, dwellMs, query, quantity, price }, end) {
  const all = [KINDS.indexOf(kind), timeMs === 0 ? 0 : end - timeMs, item, dwellMs, query, quantity, price];
  while (all[all.length - 1] === undefined) all.pop();
  return all.map((one) => one ?? null);
}

function eventIn([kind, ago, ...rest], end) {
  const [item, dwellMs, query, quantity, price] = rest.map((one) => one ?? undefined);
  const event = { kind: KINDS[kind], item, timeMs: ago === 0 ? 0 : end - ago, dwellMs, query, quantity, price };
  return Object.fromEntries(Object.entries(event).filter(([, one]) => one !== undefined));
}

function encode(said) {
  const bytes = new TextEncoder().encode(JSON.stringify(said));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decode(text) {
  if (typeof text !== "string" || text.length > MAX_CHARACTERS || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
