// A shop behind a worker says what a shop says: the same slates, the same errors, by promises.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { load } from "../../pkg/node.js";
import { SMALL, WASM, clock, coded, root, send, serve, smallBytes } from "./support.mjs";
import { workers } from "./worker_support.mjs";

const UNKNOWN = { timeMs: 0, hour: null, weekday: null, month: null, device: null };

/** A shop behind a worker, until the test ends. */
async function open(t, source = SMALL, options = {}) {
  const { make, made } = workers();
  const shop = await load(source, { now: clock(), ...options, worker: make });
  t.after(() => shop.free());
  return { shop, made };
}

const folder = root("tests/cases");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
// Each has a worker of its own; all of them run in the browsers.
for (const file of files.filter((_, at) => at % 8 === 0)) {
  const { name, model, rules, add, update, stored, events, request, page, expect } = JSON.parse(
    readFileSync(`${folder}/${file}`, "utf8"),
  );
  // What is stored is for browsers.
  if (stored) continue;
  test(`${file} behind a worker: ${name}`, async (t) => {
    const { shop } = await open(t, root(`tests/${model}`));
    if (rules) await shop.setRules(rules);
    if (add) await shop.addItems(add);
    if (update) await shop.updateItems(update);
    for (const { kind, ...options } of events) shop.observe(kind, options);
    const answer = page
      ? await shop.page(page.map((unit) => ({ ...UNKNOWN, ...unit })))
      : await shop.recommend({ ...UNKNOWN, ...request });
    assert.deepStrictEqual(answer, expect);
  });
}

test("every method answers as the shop's own does", async (t) => {
  const { shop } = await open(t);
  const own = await load(SMALL, { now: clock() });
  assert.deepEqual([shop.info, shop.engine, shop.storage], [own.info, own.engine, own.storage]);
  const both = async (method, ...args) => {
    const answer = shop[method](...args);
    assert.ok(answer instanceof Promise, method);
    assert.deepEqual(await answer, own[method](...args), method);
  };
  await both("knows", "kettle-1.7l");
  await both("observe", "view_item", { item: "kettle-1.7l", dwellMs: 9000 });
  await both("observe", "search", { query: "tent" });
  await both("recommend", { explain: true, ...UNKNOWN });
  await both("page", [{ count: 3, ...UNKNOWN }, { placement: "popular", ...UNKNOWN }]);
  await both("why", "tent-2p", UNKNOWN);
  await both("setRules", { rules: [{ kind: "limit", field: "brand", most: 2 }] });
  await both("addItems", [{ item: "new-1", title: "Enamel mug" }]);
  await both("updateItems", [{ item: "new-1", price: 9 }]);
  await both("export");
  await both("restore", { ...own.export(), cart: [{ item: "mug-enamel", quantity: 3 }] });
  await both("export");
  await both("setConsent", "none");
  await both("export");
  await both("forget");
  await both("export");
  const names = (shop) => Object.getOwnPropertyNames(Object.getPrototypeOf(shop)).sort();
  // What the page's side asks of the worker to take shards in.
  const inner = ["join", "wanted"];
  const said = names(own).filter((name) => !inner.includes(name));
  assert.deepEqual(names(shop), said, "one has a method that the other has not");
});

test("what was asked first is answered first, without waiting in between", async (t) => {
  const { shop } = await open(t);
  shop.observe("view_item", { item: "kettle-1.7l" });
  const first = shop.recommend({ ...UNKNOWN });
  shop.forget();
  const second = shop.recommend({ ...UNKNOWN });
  assert.equal((await first).source, "session");
  assert.equal((await second).source, "popular");
});

test("errors keep their codes and their messages", async (t) => {
  const { shop } = await open(t);
  for (const [code, part, ask] of [
    ["event/unknown-type", "viewed", () => shop.observe("viewed", { item: "a" })],
    ["event/missing-item", "item", () => shop.observe("view_item")],
    ["event/item-too-long", "256", () => shop.observe("view_item", { item: "x".repeat(300) })],
    ["event/unknown-option", "`amount`", () => shop.observe("view_item", { item: "a", amount: 1 })],
    ["request/unknown-placement", "checkout", () => shop.recommend({ placement: "checkout" })],
    ["request/invalid", "`count`", () => shop.recommend({ count: 0 })],
    ["request/invalid", "page", () => shop.page("home")],
    ["filter/invalid", "", () => shop.recommend({ filter: { price: {} } })],
    ["rules/unknown", "kind", () => shop.setRules({ rules: [{ kind: "none" }] })],
    ["rules/invalid", "function", () => shop.setRules(() => {})],
    ["items/unknown", "products[0]: ", () => shop.updateItems([{ item: "nowhere", price: 1 }])],
  ]) {
    await assert.rejects(ask(), coded(code, part), code);
  }
  assert.equal((await shop.recommend()).items.length, 12);
});

test("a load that fails is rejected as without a worker, and ends the worker", async (t) => {
  const url = await serve(t, { "/page": send("<!doctype html>", "text/html"), "/never": () => {} });
  const changed = smallBytes();
  changed[2000] ^= 1;
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  for (const [code, part, source, options] of [
    ["load/http", url, `${url}/none`],
    ["load/html", url, `${url}/page`],
    ["load/file", "nowhere", "nowhere.mercer"],
    ["load/aborted", url, `${url}/never`, { signal: controller.signal }],
    ["load/integrity", SMALL, SMALL, { integrity: `sha256-${"A".repeat(43)}=` }],
    ["load/wasm", "nowhere.wasm", SMALL, { wasm: "file:///nowhere.wasm" }],
    ["model/checksum", "the given bytes: ", changed],
    ["model/truncated", SMALL.slice(-12), pathToFileURL(SMALL), { fetch: undefined, cut: true }],
  ]) {
    const { make, made } = workers();
    const { cut, ...rest } = options ?? {};
    const from = cut ? new Blob([changed.subarray(0, 900)]) : source;
    const said = cut ? "the given bytes" : part;
    await assert.rejects(load(from, { ...rest, worker: make }), coded(code, said), code);
    assert.ok(made.every(({ ended }) => ended), code);
  }
});

test("the model is read on this side: with the caller's fetch, its progress, its hash", async (t) => {
  const told = [];
  const fetch = async () => new Response(smallBytes());
  const { shop } = await open(t, "https://shop.example/shop.mercer", {
    fetch,
    onProgress: (progress) => told.push(progress),
  });
  assert.equal(shop.info.items, 60);
  assert.deepEqual(told.at(-1), { loaded: 2752, total: 2752 });
});

test("the caller's bytes stay the caller's, a part of a buffer is that part", async (t) => {
  const padded = new Uint8Array([0, ...smallBytes(), 0]);
  const { shop } = await open(t, padded.subarray(1, -1));
  assert.equal(shop.info.items, 60);
  assert.equal(padded.length, 2754);
});

test("the engine may be given as bytes, a Response, an address or a module", async (t) => {
  const bytes = readFileSync(WASM);
  const url = await serve(t, { "/wasm": send(bytes, "application/wasm") });
  for (const wasm of [bytes, new Response(bytes), `${url}/wasm`, await WebAssembly.compile(bytes)]) {
    const { shop } = await open(t, SMALL, { wasm });
    assert.equal(shop.engine, "wasm");
  }
});

test("a model is replaced, and what fails leaves the old one", async (t) => {
  const { shop } = await open(t);
  await shop.observe("view_item", { item: "kettle-1.7l" });
  const info = await shop.replaceModel(root("tests/golden/live.mercer"));
  assert.equal(info.bits, 8);
  assert.equal(shop.info, info);
  assert.equal((await shop.export()).events.length, 1);
  await assert.rejects(shop.replaceModel("nowhere.mercer"), coded("load/file"));
  await assert.rejects(shop.replaceModel(smallBytes().subarray(0, 900)), coded("model/truncated", "the given bytes: "));
  assert.equal(shop.info.bits, 8);
});

test("a newer model that is refused is in no older one's way", async (t) => {
  let finish;
  const url = await serve(t, {
    "/late": (_, response) => (finish = () => response.end(readFileSync(root("tests/golden/live.mercer")))),
  });
  const { shop } = await open(t);
  const first = shop.replaceModel(`${url}/late`);
  await assert.rejects(shop.replaceModel(smallBytes().subarray(0, 900)), coded("model/truncated"));
  while (!finish) await new Promise((resolve) => setTimeout(resolve, 5));
  finish();
  assert.equal((await first).bits, 8);
});

test("`free` ends the worker once all is answered, and every later call is shop/freed", async (t) => {
  const { shop, made } = await open(t);
  const last = shop.recommend();
  const freed = shop.free();
  await assert.rejects(shop.recommend(), coded("shop/freed"));
  assert.equal((await last).items.length, 12);
  await freed;
  assert.ok(made[0].ended);
  assert.equal(await shop.free(), undefined);
  await assert.rejects(shop.observe("view_item", { item: "a" }), coded("shop/freed"));
});

test("a worker that does not start is worker/unavailable, whoever waits", async () => {
  const failing = () => {
    const worker = { postMessage: () => setTimeout(() => worker.onerror({}), 5), terminate() {} };
    return worker;
  };
  await assert.rejects(load(SMALL, { worker: failing }), coded("worker/unavailable", "does not run"));
  const throwing = () => {
    throw new DOMException("not from another origin", "SecurityError");
  };
  await assert.rejects(load(SMALL, { worker: throwing }), coded("worker/unavailable", "another origin"));
  await assert.rejects(load(SMALL, { worker: true }), coded("worker/unavailable", "worker: ()"));
  const { load: inWorkerd } = await import("../../pkg/shop/open.js").then(({ openShop }) => ({
    load: (source, options) => openShop(source, options, {}),
  }));
  await assert.rejects(inWorkerd(smallBytes(), { worker: true }), coded("worker/unavailable"));
  await assert.rejects(load(SMALL, { worker: "worker.js" }), coded("load/invalid", "makes a Worker"));
});

test("a worker's file of another version is worker/unavailable, and is ended", async () => {
  let ended = false;
  const older = () => {
    const answer = ({ id }) => worker.onmessage({ data: { id, value: { info: {}, engine: "wasm" } } });
    const worker = { postMessage: (asked) => setTimeout(answer, 1, asked), terminate: () => (ended = true) };
    return worker;
  };
  await assert.rejects(load(SMALL, { worker: older }), coded("worker/unavailable", "dist/worker.js"));
  assert.ok(ended);
});

test("a worker that breaks later fails what waits and what comes", async (t) => {
  const { shop, made } = await open(t);
  const waiting = shop.recommend();
  made[0].onerror({ message: "out of memory" });
  await assert.rejects(waiting, coded("worker/unavailable", "out of memory"));
  await assert.rejects(shop.recommend(), coded("worker/unavailable"));
});

test("the build in JavaScript has the same methods, on this thread", async () => {
  const { make, made } = workers();
  const shop = await load(SMALL, { worker: make, engine: "js", now: clock() });
  assert.equal(made.length, 0);
  assert.equal(shop.engine, "js");
  await shop.observe("view_item", { item: "kettle-1.7l" });
  assert.equal((await shop.recommend()).source, "session");
  await shop.replaceModel(root("tests/golden/live.mercer"));
  assert.equal(shop.info.bits, 8);
  await shop.free();
  await assert.rejects(shop.recommend(), coded("shop/freed"));
});

test("where the worker has no WebAssembly, the build in JavaScript ranks on this thread", async () => {
  const { make, made } = workers("delete globalThis.WebAssembly;");
  const shop = await load(SMALL, { worker: make });
  assert.equal(shop.engine, "js");
  assert.ok(made[0].ended);
  await shop.observe("view_item", { item: "kettle-1.7l" });
  assert.equal((await shop.recommend()).source, "session");
  await shop.free();
  const forced = load(SMALL, { worker: make, engine: "wasm" });
  await assert.rejects(forced, coded("wasm/unavailable", "no WebAssembly"));
});

test("without a worker the option says nothing", async () => {
  const shop = await load(SMALL, { worker: false });
  assert.equal(shop.recommend().items.length, 12);
});

test("whenever the page is left, each event is stored or waits, and never both", async (t) => {
  const areas = [area(t, "sessionStorage"), area(t, "localStorage")];
  const { shop, made } = await open(t, SMALL, { storage: "device" });
  const { onmessage } = made[0];
  const seen = [];
  made[0].onmessage = (event) => {
    seen.push(areas.map(items));
    onmessage(event);
  };
  shop.observe("view_item", { item: "tent-2p" });
  shop.observe("view_item", { item: "kettle-1.7l" });
  await shop.observe("view_item", { item: "tent-1p" });
  seen.push(areas.map(items));
  assert.deepEqual(seen, [
    [["tent-2p", "kettle-1.7l", "tent-1p"], []],
    [["kettle-1.7l", "tent-1p"], ["tent-2p"]],
    [["tent-1p"], ["tent-2p", "kettle-1.7l"]],
    [[], ["tent-2p", "kettle-1.7l", "tent-1p"]],
  ]);
});

/** A storage of the page, until the test ends. */
function area(t, name) {
  const entries = new Map();
  const value = {
    entries,
    get length() {
      return entries.size;
    },
    key: (at) => [...entries.keys()][at] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, text) => entries.set(key, text),
    removeItem: (key) => entries.delete(key),
  };
  Object.defineProperty(globalThis, name, { configurable: true, value });
  t.after(() => delete globalThis[name]);
  return value;
}

function items({ entries }) {
  return [...entries.values()].flatMap((text) => [...text.matchAll(/"item":"([^"]+)"/g)].map(([, item]) => item));
}
