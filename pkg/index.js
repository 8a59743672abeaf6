// The entry for browsers, workers and bundlers.

import { enter } from "./shop/enter.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  // Bundlers know these forms, and put the four beside the bundle.
  const wasm = new URL("./wasm/mercer_bg.wasm", import.meta.url);
  const relaxed = new URL("./wasm/mercer_relaxed.wasm", import.meta.url);
  const fallback = () => import("./fallback/mercer.js");
  const worker = () => new Worker(new URL("./dist/worker.js", import.meta.url), { type: "module" });
  return enter(source, options, { wasm, relaxed, fallback, worker });
}
