// The packed package outside browsers: Node in both module systems, Deno, Bun, workerd. Each
// must give the slates of the package where it lies, to the last digit; and so must the handler
// for the edge.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MODEL, expected, install, painted, platformProgram, run } from "./support.mjs";
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

test("the edge handler in Node, and with it in Deno and Bun", async () => {
  const said = await painted();
  const [used, none, forged] = JSON.parse(said);
  assert.deepEqual([used.session, none.session, forged.session], ["used", "none", "invalid"]);
  assert.notDeepEqual(used.items, none.items);
  assert.equal(await run(process.execPath, ["paint.mjs", MODEL], shop.folder), said);
});

test("Node, in CommonJS", async () => {
  assert.equal(await run(process.execPath, ["node.cjs", MODEL], shop.folder), await expected());
});

test("Deno, with leave to read and no other", async () => {
  const deno = platformProgram("@deno", program("deno"));
  const ask = (file) => run(deno, ["run", "--no-remote", "--allow-read", file, MODEL], shop.folder);
  assert.equal(await ask("deno.js"), await expected());
  assert.equal(await ask("paint.mjs"), await painted());
});

test("Bun", async () => {
  const bun = platformProgram("@oven", program("bin/bun"));
  assert.equal(await run(bun, ["run", "node.mjs", MODEL], shop.folder), await expected());
  assert.equal(await run(bun, ["run", "paint.mjs", MODEL], shop.folder), await painted());
});

for (const [what, entry, wanted] of [
  ["workerd, bundled as wrangler does", "workerd.js", expected],
  ["the edge handler in workerd", "paint.worker.js", painted],
]) {
  test(what, async (t) => {
    const url = await startWorker(t, shop.folder, entry);
    const answer = await fetch(url);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), await wanted());
  });
}
