// The entry for Node: a source may also be a file.

import { readFile as readFromDisk } from "node:fs/promises";
import { MercerError } from "./errors.js";
import { loadShop } from "./load.js";
import { aborted } from "./read.js";

export { MercerError } from "./errors.js";
export { ENGLISH, phrase } from "./phrases.js";

/** Loads a model; see index.d.ts. */
export function load(source, options) {
  return loadShop(source, options, { readFile });
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
