// The entry that brings no engine: the caller says with `wasm` where it is.

import { enter } from "./shop/enter.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

/** Loads a model; see slim.d.ts. */
export function load(source, options) {
  return enter(source, options, {});
}
