// The entry for edge functions, whose bundlers compile what is imported with `?module`.

import wasm from "./wasm/mercer_bg.wasm?module";
import { openShop } from "./shop/open.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  return openShop(source, options, { wasm });
}
