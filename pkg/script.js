// What dist/mercer.js is made from: the script for pages without modules, which makes `Mercer`.

import { enter } from "./shop/enter.js";

export { MercerError } from "./check/errors.js";
export { defineSlate } from "./element/define.js";
export { connectDataLayer } from "./page/data-layer.js";
export { fromJsonLd } from "./page/json-ld.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

// Known only while the script runs for the first time.
const home = globalThis.document?.currentScript?.src ?? globalThis.location?.href;

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  const beside = (name) => new URL(name, home).href;
  return enter(source, options, {
    wasm: beside("mercer_bg.wasm"),
    relaxed: beside("mercer_relaxed.wasm"),
    fallback: () => import(beside("fallback.js")),
    worker: () => new Worker(beside("worker.js"), { type: "module" }),
  });
}
