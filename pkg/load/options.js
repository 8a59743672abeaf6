// The options of `load`.

import { check } from "../check/check.js";
import { call, flag, key, oneOf } from "../check/kinds.js";

const source = [
  "a URL, bytes, a Response or a WebAssembly.Module",
  (value) => (typeof value === "string" || (typeof value === "object" && value) ? value : undefined),
];
const signal = [
  "an AbortSignal",
  (value) => (typeof value?.aborted === "boolean" && "removeEventListener" in value ? value : undefined),
];

const LOAD = {
  storage: oneOf("memory", "session", "device"),
  storageKey: key,
  overridePrivacyControl: flag,
  fetch: call,
  signal,
  now: call,
  wasm: source,
};

/** The options of `load`, with their defaults. */
export function loadOptions(given) {
  const defaults = { storage: "memory", storageKey: "mercer", now: Date.now };
  return { ...defaults, ...check("load", LOAD, given) };
}
