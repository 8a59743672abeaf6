// The entry for Node: a source may also be a file.

import { readFile as readFromDisk } from "node:fs/promises";
import { MercerError } from "./check/errors.js";
import { aborted } from "./load/read.js";
import { enter } from "./shop/enter.js";

export { MercerError } from "./check/errors.js";
export { ENGLISH, phrase } from "./shop/phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  const wasm = new URL("./wasm/mercer_bg.wasm", import.meta.url);
  const relaxed = new URL("./wasm/mercer_relaxed.wasm", import.meta.url);
  const fallback = () => import("./fallback/mercer.js");
  return enter(source, options, { wasm, relaxed, fallback, readFile });
}

async function readFile(source, signal) {
  if (/^(https?|data|blob):/i.test(source)) return undefined;
  try {
    return await readFromDisk(/^file:/i.test(source) ? new URL(source) : source, { signal });
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal, source);
    throw new MercerError("load/file", `${source} cannot be read: ${cause.message}`, { cause });
  }
}
