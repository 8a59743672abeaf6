// The entry for Cloudflare's workerd, which compiles modules beforehand and forbids it later.

import wasm from "./wasm/mercer_bg.wasm";
import { openShop } from "./shop/open.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  return openShop(source, options, { wasm });
}
