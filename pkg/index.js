// The entry for browsers, workers and bundlers.

import { openShop } from "./shop/open.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  // Bundlers know these forms, and put the two beside the bundle.
  const wasm = new URL("./wasm/mercer_bg.wasm", import.meta.url);
  const fallback = () => import("./fallback/mercer.js");
  return openShop(source, options, { wasm, fallback });
}
