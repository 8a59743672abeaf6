// A model in pieces: the root serves at once, what the session asks for is fetched and joins, and
// whatever fails leaves the shop serving.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "../../pkg/node.js";
import { Shards } from "../../pkg/shards/shards.js";
import { SMALL, clock, coded, root, send, serve } from "./support.mjs";
import { workers } from "./worker_support.mjs";

const FOLDER = root("tests/golden/shards");
const WHOLE = root("tests/golden/shop.mercer");
const FILES = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name))]),
);
const GROUP = Object.keys(FILES).find((name) => name.startsWith("g0-"));
const QUIET = { timeMs: 0, hour: null, weekday: null, month: null, device: null };

const slateOf = (shop) => shop.recommend({ ...QUIET, count: 60, includeSeen: true, includeOwned: true });
const scores = ({ items }) => Object.fromEntries(items.map(({ item, score }) => [item, score]));

/** Serves the pieces, `changed` in place of some of them; tells what was asked for. */
async function host(t, changed = {}) {
  const asked = [];
  const route = (name, answer) => (request, response) => {
    asked.push(name);
    return answer(request, response);
  };
  const all = { ...Object.fromEntries(Object.entries(FILES).map(([name, body]) => [name, send(body)])), ...changed };
  const routes = Object.entries(all).map(([name, answer]) => [`/m/${name}`, route(name, answer)]);
  return { url: `${await serve(t, Object.fromEntries(routes))}/m/root.mercer`, asked, all };
}

/** A product that the root lacks. */
async function elsewhere() {
  const [whole, alone] = [await load(WHOLE), await load(join(FOLDER, "root.mercer"), { shards: false })];
  return slateOf(whole).items.map(({ item }) => item).filter((item) => !alone.knows(item));
}

for (const engine of ["wasm", "js"]) {
  test(`in ${engine}: what the session asks for comes, and scores as in the whole model`, async (t) => {
    const { url, asked } = await host(t);
    let told = 0;
    const shop = await load(url, { engine, now: clock(), onItems: () => (told += 1) });
    assert.equal(shop.info.shards, 3);
    assert.equal(slateOf(shop).items.length, 20, "the root serves alone");
    assert.deepEqual(await shop.settled(), { items: 0 });
    assert.deepEqual(asked, ["root.mercer"], "a stranger asks for nothing more");
    const [item] = await elsewhere();
    shop.observe("view_item", { item });
    assert.deepEqual(await shop.settled(), { items: 40 });
    assert.deepEqual([asked[1][0], asked[2], asked.length], ["i", GROUP, 3], "a lookup, then one group");
    assert.equal(told, 1);
    const whole = await load(WHOLE, { engine, now: clock() });
    whole.observe("view_item", { item });
    assert.deepEqual(scores(slateOf(shop)), scores(slateOf(whole)));
    shop.observe("add_to_cart", { item });
    await shop.settled();
    assert.equal(asked.length, 3, "nothing is fetched twice");
  });
}

test("behind a worker the page's side fetches, and the worker takes in", async (t) => {
  const { url, asked } = await host(t);
  const [item] = await elsewhere();
  const shop = await load(url, { now: clock(), worker: workers().make });
  t.after(() => shop.free());
  await shop.observe("view_item", { item });
  assert.deepEqual(await shop.settled(), { items: 40 });
  assert.equal(asked.length, 3);
  const whole = await load(WHOLE, { now: clock() });
  whole.observe("view_item", { item });
  const options = { ...QUIET, count: 60, includeSeen: true, includeOwned: true };
  assert.deepEqual(scores(await shop.recommend(options)), scores(slateOf(whole)));
});

test("what the page said of products holds when they come", async (t) => {
  const { url } = await host(t);
  const shop = await load(url, { now: clock() });
  const [item, other] = await elsewhere();
  assert.throws(() => shop.updateItems([{ item, price: 3 }]), coded("items/unknown"));
  shop.addItems([{ item: other, availability: "out_of_stock" }]);
  shop.setRules({ rules: [{ kind: "stock" }] });
  shop.observe("view_item", { item });
  await shop.settled();
  assert.ok(shop.knows(item));
  const shown = slateOf(shop).items.map((one) => one.item);
  assert.ok(shown.includes(item) && !shown.includes(other));
});

test("a shard that is missing, damaged or another leaves the shop serving, and is asked for again", async (t) => {
  const damaged = Buffer.from(FILES[GROUP]);
  damaged[200] ^= 1;
  const gone = (_, response) => response.writeHead(404).end();
  const broken = (request) => request.socket.destroy();
  const page = send("<!doctype html>", "text/html");
  for (const [answer, code] of [
    [gone, "load/http"],
    [broken, "load/network"],
    [send(damaged), "load/integrity"],
    [send(FILES["root.mercer"]), "load/integrity"],
    [page, "load/integrity"],
  ]) {
    const changed = { [GROUP]: (...args) => changed.now(...args) };
    Object.defineProperty(changed, "now", { value: answer, writable: true });
    const { url } = await host(t, changed);
    const shop = await load(url, { now: clock() });
    const [item] = await elsewhere();
    shop.observe("view_item", { item });
    const { items, error } = await shop.settled();
    assert.ok(items > 0 && coded(code)(error), "the lookup came");
    assert.ok(shop.knows(item) && slateOf(shop).items.length >= 20);
    changed.now = send(FILES[GROUP]);
    shop.observe("view_item", { item });
    assert.deepEqual(await shop.settled(), { items: 40 }, "the next event asks again");
  }
});

test("where hashes cannot be computed the engine still refuses what does not belong", async (t) => {
  const { url } = await host(t, { [GROUP]: send(FILES["root.mercer"]) });
  const subtle = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: {} });
  t.after(() => Object.defineProperty(globalThis, "crypto", subtle));
  const shop = await load(url, { now: clock() });
  const [item] = await elsewhere();
  shop.observe("view_item", { item });
  const { error } = await shop.settled();
  coded("model/missing-section")(error);
});

test("shards lie beside the root wherever it came from, or where the page says", async (t) => {
  const { url, asked } = await host(t);
  const [item] = await elsewhere();
  const after = async (source, options) => {
    const shop = await load(source, { now: clock(), ...options });
    shop.observe("view_item", { item });
    return (await shop.settled()).items;
  };
  assert.equal(await after(join(FOLDER, "root.mercer")), 40, "a path");
  assert.equal(await after(`${url}#top`), 40, "an address with more to it");
  assert.equal(await after(FILES["root.mercer"]), 0, "bytes have no address");
  assert.equal(await after(FILES["root.mercer"], { shards: url }), 40);
  assert.equal(await after(await fetch(url)), 40, "a response");
  const before = asked.length;
  assert.equal(await after(url, { shards: false }), 0);
  assert.equal(asked.length, before + 1);
  await assert.rejects(load(url, { shards: 1 }), coded("load/invalid", "`shards`"));
  const whole = await load(SMALL);
  whole.observe("view_item", { item: "mug-enamel" });
  assert.deepEqual(await whole.settled(), { items: 0 });
});

test("a replaced model brings its own shards, and those of the old one stop", async (t) => {
  const { url, asked } = await host(t);
  const [item] = await elsewhere();
  const shop = await load(SMALL, { now: clock() });
  shop.observe("view_item", { item });
  assert.equal((await shop.replaceModel(url)).shards, 3);
  assert.equal((await shop.settled()).items, 40);
  await shop.replaceModel(WHOLE);
  const before = asked.length;
  shop.observe("view_item", { item });
  assert.deepEqual([await shop.settled(), asked.length], [{ items: 0 }, before]);
  shop.free();
  await assert.rejects(shop.settled(), coded("shop/freed"));
});

test("a stored session asks for its shards at once", async (t) => {
  const { url } = await host(t);
  const [item] = await elsewhere();
  const first = await load(SMALL, { now: clock() });
  first.observe("view_item", { item });
  const shop = await load(url, { now: clock() });
  await shop.settled();
  shop.restore(first.export());
  assert.equal((await shop.settled()).items, 40);
});

test("an error of the page's own stops nothing", async (t) => {
  const { url } = await host(t);
  const [item] = await elsewhere();
  const onItems = () => {
    throw new Error("not ours");
  };
  const shop = await load(url, { now: clock(), onItems });
  shop.observe("view_item", { item });
  const { items, error } = await shop.settled();
  assert.equal(items, 40);
  coded("load/invalid", "`onItems`", "not ours")(error);
});

test("after many shards the model starts over from its root", async () => {
  const body = new TextEncoder().encode("shard");
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 32);
  const calls = { join: 0, restart: 0 };
  const shop = {
    wanted: () => ({ lookups: [], group: `g${calls.join}-${hash}.mercer` }),
    join: () => (calls.join += 1, 1),
    restart: () => (calls.restart += 1),
  };
  const shards = new Shards(shop, "https://shop.example/root.mercer", { fetch: async () => new Response(body) });
  for (let event = 0; event < 70; event += 1) {
    shards.look();
    await shards.settled();
  }
  assert.deepEqual(calls, { join: 70, restart: 2 });
});
