// In Node: files are read. `node benches/search/node.mjs OUT ASKED` prints the results as JSON.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";
import { load } from "../../pkg/node.js";
import { brought } from "../../pkg/load/wasm.js";
import { searchAll } from "./search.mjs";

const [out, asked] = process.argv.slice(2);

/** The file that a page would find at a path. */
function place(path) {
  const own = path.startsWith("/node_modules/") ? fileURLToPath(new URL(".", import.meta.url)) : out;
  return join(own, path);
}

const bytes = async (path) => new Uint8Array(await readFile(place(path)));
const platform = {
  load,
  bytes,
  place,
  scan: async () => {
    const scan = await import(pathToFileURL(place("/scan/scan.js")).href);
    const module = await bytes(brought({ wasm: "/scan/plain.wasm", relaxed: "/scan/relaxed.wasm" }));
    scan.initSync({ module });
    return scan;
  },
};

// What peers print is not the result.
console.log = console.error;
const results = await searchAll(JSON.parse(asked), platform);
process.stdout.write(JSON.stringify(results));
