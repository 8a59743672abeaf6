// A newer model takes the place of an older one: the session stays, and so does what the page said.
// What fails leaves the old model serving.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/node.js";
import { Declared } from "../../pkg/shop/declared.js";
import { SMALL, clock, coded, root, send, serve, smallBytes } from "./support.mjs";

const SHOP = root("tests/golden/shop.mercer");
const LIVE = root("tests/golden/live.mercer");
const FOLD_IN = root("tests/golden/fold-in.mercer");
const QUIET = { timeMs: 0, hour: null, weekday: null, month: null, device: null };

const slateOf = (shop, options) => shop.recommend({ ...QUIET, count: 20, explain: true, ...options });
const visit = (shop) => {
  shop.observe("view_item", { item: "kettle-1.7l", dwellMs: 9000 });
  shop.observe("add_to_cart", { item: "mug-enamel" });
};
const ids = ({ items }) => items.map(({ item }) => item);

for (const engine of ["wasm", "js"]) {
  test(`in ${engine}: the session goes on with the new model as if it had been there from the start`, async () => {
    const shop = await load(SMALL, { engine, now: clock() });
    visit(shop);
    const [before, old] = [shop.export(), shop.info];
    const info = await shop.replaceModel(LIVE);
    assert.equal(shop.info, info);
    assert.notDeepEqual(info, old);
    assert.deepEqual(shop.export(), before);
    const other = await load(LIVE, { engine, now: clock() });
    visit(other);
    assert.deepEqual(slateOf(shop), slateOf(other));
    shop.observe("view_item", { item: "tent-2p" });
    assert.equal(shop.export().events.length, before.events.length + 1);
  });
}

test("what happens while the new model is on its way is not lost", async (t) => {
  const url = await serve(t, {
    "/slow": (_, response) => setTimeout(() => response.end(readFileSync(SHOP)), 50),
  });
  const shop = await load(SMALL);
  const replacing = shop.replaceModel(`${url}/slow`);
  visit(shop);
  assert.equal(slateOf(shop).source, "session");
  await replacing;
  assert.deepEqual(shop.export().events.map(({ item }) => item), ["kettle-1.7l", "mug-enamel"]);
});

test("rules, new products and changes hold for the new model", async () => {
  const shop = await load(SHOP);
  const [known] = ids(slateOf(shop));
  shop.addItems([{ item: "new-1", title: "Enamel mug", price: 14 }]);
  shop.updateItems([{ item: "new-1", price: 12 }, { item: known, availability: "out_of_stock" }]);
  shop.setRules({ rules: [{ kind: "pin", items: ["new-1"], at: 1 }, { kind: "stock" }] });
  const before = slateOf(shop);
  assert.equal(ids(before)[0], "new-1");
  assert.ok(!ids(before).includes(known));
  await shop.replaceModel(SHOP);
  assert.deepEqual(slateOf(shop), before);
  assert.deepEqual(ids(slateOf(shop, { filter: { price: { atMost: 12, atLeast: 12 } } })), ["new-1"]);
});

test("what is told is the sum of what was said; changes of unknown products are left out", () => {
  const declared = new Declared();
  declared.add([{ item: "a", price: 2, title: "A" }]);
  declared.update([{ item: "gone", price: 1 }, { item: "b", price: 3 }, { item: "a", price: 4 }]);
  declared.update([{ item: "b", price: undefined, brand: "B" }]);
  const told = [];
  declared.tell({
    knows: (item) => item !== "gone",
    addItems: (products) => told.push(products),
    updateItems: (changes) => told.push(changes),
    setRules: () => assert.fail("no rules were set"),
  });
  assert.deepEqual(told, [[{ item: "a", price: 4, title: "A" }], [{ item: "b", price: 3, brand: "B" }]]);
});

test("every way a load fails leaves the old model, the session and the rules", async (t) => {
  const changed = smallBytes();
  changed[2000] ^= 1;
  const url = await serve(t, { "/page": send("<!doctype html>", "text/html") });
  const shop = await load(FOLD_IN, { now: clock() });
  visit(shop);
  shop.addItems([{ item: "new-1", embedding: [1, 2, 3] }]);
  shop.setRules({ rules: [{ kind: "exclude", where: { brand: "no such brand" } }] });
  const [slate, info] = [slateOf(shop), shop.info];
  const integrity = `sha256-${"A".repeat(43)}=`;
  for (const [code, source, options] of [
    ["load/http", `${url}/none`],
    ["load/html", `${url}/page`],
    ["load/file", "nowhere.mercer"],
    ["load/invalid", 5],
    ["load/integrity", SHOP, { integrity }],
    ["load/aborted", SHOP, { signal: AbortSignal.abort() }],
    ["load/unknown-option", SHOP, { storage: "device" }],
    ["model/checksum", changed],
    ["model/truncated", changed.subarray(0, 900)],
    // The small model takes no embeddings.
    ["items/invalid", SMALL],
  ]) {
    const replacing = shop.replaceModel(source, options);
    assert.ok(replacing instanceof Promise);
    await assert.rejects(replacing, coded(code), code);
    assert.deepEqual(slateOf(shop), slate, code);
    assert.equal(shop.info, info, code);
  }
  await shop.replaceModel(FOLD_IN);
  assert.deepEqual(slateOf(shop), slate);
});

test("of two replacements the one that was asked for later wins", async (t) => {
  let finish;
  const url = await serve(t, {
    "/late": (_, response) => (finish = () => response.end(smallBytes())),
  });
  const shop = await load(LIVE);
  const first = shop.replaceModel(`${url}/late`);
  const info = await shop.replaceModel(SHOP);
  while (!finish) await new Promise((resolve) => setTimeout(resolve, 5));
  finish();
  await assert.rejects(first, coded("load/aborted", "later"));
  assert.equal(shop.info, info);
});

test("a shop that is freed meanwhile stays freed", async () => {
  const shop = await load(SMALL);
  const replacing = shop.replaceModel(SHOP);
  shop.free();
  await assert.rejects(replacing, coded("shop/freed"));
  await assert.rejects(shop.replaceModel(SHOP), coded("shop/freed"));
});

test("the memory of the old model is used again", async () => {
  const { startEngine } = await import("../../pkg/load/engine.js");
  const shop = await load(SMALL);
  const { memory } = await startEngine();
  for (let n = 0; n < 20; n += 1) await shop.replaceModel(SHOP);
  const before = memory.buffer.byteLength;
  for (let n = 0; n < 200; n += 1) await shop.replaceModel(SHOP);
  assert.equal(memory.buffer.byteLength, before);
});
