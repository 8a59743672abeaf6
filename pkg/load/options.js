// The options of `load`.

import { check } from "../check/check.js";
import { call, flag, key, milliseconds, oneOf } from "../check/kinds.js";
import { integrity } from "./integrity.js";
import { publicKey } from "./signature.js";

const NINETY_DAYS_MS = 90 * 24 * 60 * 60 * 1000;

const source = [
  "a URL, bytes, a Response or a WebAssembly.Module",
  (value) => (typeof value === "string" || (typeof value === "object" && value) ? value : undefined),
];
const file = ["a URL, bytes or a Response", source[1]];
const signal = [
  "an AbortSignal",
  (value) => (typeof value?.aborted === "boolean" && "removeEventListener" in value ? value : undefined),
];

// How a model is read, the first and every later one.
const READ = { fetch: call, signal, integrity, publicKey, signature: file, onProgress: call };
const worker = [
  "true, false, or a function that makes a Worker",
  (value) => (["boolean", "function"].includes(typeof value) ? value : undefined),
];
const address = [
  "the address of the root that the shards lie beside, or false",
  (value) => (value === false || (typeof value === "string" && value) ? value : undefined),
];
const LOAD = {
  ...READ,
  storage: oneOf("memory", "session", "device"),
  storageKey: key,
  timeToLiveMs: milliseconds(Number.MAX_SAFE_INTEGER),
  overridePrivacyControl: flag,
  now: call,
  engine: oneOf("auto", "wasm", "js"),
  wasm: source,
  fallback: call,
  worker,
  shards: address,
  onItems: call,
};

/** The options of `replaceModel`. */
export function replaceOptions(given) {
  return check("load", READ, given);
}

/** The options of `load`, with their defaults. */
export function loadOptions(given) {
  const defaults = { storage: "memory", storageKey: "mercer", timeToLiveMs: NINETY_DAYS_MS, now: Date.now };
  return { ...defaults, ...check("load", LOAD, given) };
}
