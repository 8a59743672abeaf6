// Broken models through both builds of the engine: in JavaScript nothing traps, so what keeps it
// safe is the reader alone. Both must say the same of every file.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/node.js";
import { SMALL, root, smallBytes } from "./support.mjs";

const folder = root("tests/hostile");
// What a fuzzer found stands in folders of its own, and the fuzzing crate replays it.
const entries = readdirSync(folder, { withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);

/** What a build makes of the bytes: the code and the message, or what the model is. */
const verdict = (bytes, engine) =>
  load(bytes, { engine }).then(
    (shop) => {
      const { info } = shop;
      shop.free();
      return info;
    },
    ({ code, message }) => ({ code, message }),
  );

test("there are broken files", () => assert.ok(files.length >= 100));

test("both builds say the same of every broken file, and neither stops at it", async () => {
  for (const file of files) {
    const bytes = readFileSync(`${folder}/${file}`);
    const [wasm, js] = [await verdict(bytes, "wasm"), await verdict(bytes, "js")];
    assert.deepEqual(js, wasm, file);
    assert.notEqual(js.code, "internal", file);
  }
});

test("both builds say the same of a file that is cut or changed anywhere", async () => {
  const good = smallBytes();
  for (let at = 0; at < good.length; at += 61) {
    const changed = good.slice();
    changed[at] ^= 0xff;
    for (const bytes of [good.subarray(0, at), changed]) {
      assert.deepEqual(await verdict(bytes, "js"), await verdict(bytes, "wasm"), `at ${at}`);
    }
  }
});

test("memory that grew and was given back is used again, in both builds", async () => {
  const { startEngine } = await import("../../pkg/load/engine.js");
  for (const engine of ["wasm", "js"]) {
    const round = async () => {
      const shops = await Promise.all(Array.from({ length: 30 }, () => load(SMALL, { engine })));
      for (const shop of shops) {
        shop.observe("view_item", { item: "kettle-1.7l" });
        assert.equal(shop.recommend().source, "session");
        shop.free();
      }
    };
    const { memory } = await load(SMALL, { engine }).then(() => startEngine({ engine }, {}));
    await round();
    const before = memory.buffer.byteLength;
    for (let n = 0; n < 5; n += 1) await round();
    assert.equal(memory.buffer.byteLength, before, engine);
  }
});
