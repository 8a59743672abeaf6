// The entry for browsers, workers and bundlers.

import { loadShop } from "./load.js";

export { MercerError } from "./errors.js";
export { ENGLISH, phrase } from "./phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  return loadShop(source, options, {});
}
