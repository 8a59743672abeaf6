// What dist/mercer.js is made from: the script for pages without modules, which makes `Mercer`.

import { openShop } from "./shop/open.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

// Known only while the script runs for the first time.
const home = globalThis.document?.currentScript?.src ?? globalThis.location?.href;

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  const beside = (name) => new URL(name, home).href;
  return openShop(source, options, {
    wasm: beside("mercer_bg.wasm"),
    fallback: () => import(beside("fallback.js")),
  });
}
