// In the page: files come from the server.

import { load } from "/pkg/index.js";
import { brought } from "/pkg/load/wasm.js";
import { searchAll } from "./search.mjs";

const platform = {
  load,
  bytes: async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer()),
  place: (path) => path,
  scan: async () => {
    const scan = await import("/scan/scan.js");
    const module_or_path = brought({ wasm: "/scan/plain.wasm", relaxed: "/scan/relaxed.wasm" });
    await scan.default({ module_or_path });
    return scan;
  },
};

window.searchAll = (asked) => searchAll(asked, platform);
