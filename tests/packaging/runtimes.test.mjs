// The packed package outside browsers: Node in both module systems, Deno, Bun, workerd. Each
// must give the slates of the package where it lies, to the last digit.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MODEL, expected, install, platformProgram, run } from "./support.mjs";
import { startWorker } from "./workerd.mjs";

let shop;
before(() => {
  shop = install();
});
after(() => shop?.remove());

const program = (suffix = "") => (process.platform === "win32" ? `${suffix}.exe` : suffix);

test("Node, as a module", async () => {
  assert.equal(await run(process.execPath, ["node.mjs", MODEL], shop.folder), await expected());
});

test("Node, in CommonJS", async () => {
  assert.equal(await run(process.execPath, ["node.cjs", MODEL], shop.folder), await expected());
});

test("Deno, with leave to read and no other", async () => {
  const deno = platformProgram("@deno", program("deno"));
  const said = await run(deno, ["run", "--no-remote", "--allow-read", "deno.js", MODEL], shop.folder);
  assert.equal(said, await expected());
});

test("Bun", async () => {
  const bun = platformProgram("@oven", program("bin/bun"));
  assert.equal(await run(bun, ["run", "node.mjs", MODEL], shop.folder), await expected());
});

test("workerd, bundled as wrangler does", async (t) => {
  const url = await startWorker(t, shop.folder, "workerd.js");
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), await expected());
});
