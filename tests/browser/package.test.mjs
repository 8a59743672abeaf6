// The npm package in a page without a bundler, in each browser.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { browsers, open, serve, strangers } from "./harness.mjs";

const MODEL = "/tests/golden/small.mercer";

const folder = new URL("../cases/", import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ file: name, ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));

/** The modules of the engine; a browser takes the last one that it can. */
const MODULES = ["mercer_bg.wasm", "mercer_relaxed.wasm"];
const modulesOf = ({ kind }) => (kind === "webkit" ? MODULES.slice(0, 1) : MODULES);

let server;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures", "/tests/": "tests" });
});
after(() => server?.close());

for (const browser of browsers()) {
  test(`the package in ${browser.name}`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());
    const visit = async (t, page = "package.html") => {
      const visited = await running.visit(server.url + page);
      t.after(() => visited.close());
      return visited;
    };

    await t.test("loads, observes, recommends, exports and forgets", async (t) => {
      const { page, errors, requests } = await visit(t);
      const said = await page.evaluate(walk, MODEL);
      assert.equal(said.stranger, "popular");
      assert.equal(said.source, "session");
      assert.equal(said.items.length, 4);
      assert.ok(said.items.every(({ reasons }) => reasons.length > 0));
      assert.deepEqual(said.before.map(({ item }) => item), ["kettle-1.7l"]);
      assert.deepEqual(said.after, []);
      assert.deepEqual(errors, []);
      assert.deepEqual(strangers(requests, server.url), []);
      const engine = requests.filter((url) => url.endsWith(".wasm"));
      const module = modulesOf(browser).at(-1);
      assert.deepEqual(engine, [`${server.url}pkg/wasm/${module}`], "once for both loads");
    });

    await t.test("fetches what a session asks for of a model in pieces", async (t) => {
      const { page, errors, requests } = await visit(t);
      const said = await page.evaluate(piecewise, "/tests/golden/shards/root.mercer");
      assert.deepEqual(said, { before: 20, told: 1, items: 40, after: 60 });
      const shards = requests.filter((url) => url.includes("/shards/") && url.endsWith(".mercer"));
      assert.deepEqual(shards.map((url) => url.replace(/.*shards.(.).*/, "$1")), ["r", "i", "g"]);
      assert.deepEqual(strangers(requests, server.url), []);
      assert.deepEqual(errors, []);
    });

    for (const module of modulesOf(browser)) {
      await t.test(`gives the slates of the native engine, bit for bit: ${module}`, async (t) => {
        const { page, errors, requests } = await visit(t);
        assert.ok(cases.length >= 20);
        for (const { file, name, expect, ...asked } of cases) {
          const slate = await page.evaluate(answer, asked, `/pkg/wasm/${module}`);
          // JSON keeps every number exactly, but for the sign of zero.
          assert.deepStrictEqual(JSON.parse(slate, sign), expect, `${file}: ${name}`);
        }
        assert.deepEqual(requests.filter((url) => url.endsWith(".wasm")), [`${server.url}pkg/wasm/${module}`]);
        assert.deepEqual(errors, []);
      });
    }

    await t.test("goes on in the next page, and forgets for good", async (t) => {
      for (const storage of ["session", "device"]) {
        const { page, errors } = await visit(t);
        const next = async (leave) => {
          // The page may be gone before it can answer.
          await Promise.all([page.waitForNavigation(), leave().catch(() => {})]);
          await page.waitForFunction(() => window.mercer);
          return page.evaluate(stored, MODEL, { storage });
        };
        // Leaves the page in the same breath: what was observed must survive that.
        const kept = await next(() => page.evaluate(observeAndLeave, MODEL, { storage }));
        assert.deepEqual(kept.report, { kind: storage, requested: storage });
        assert.deepEqual(kept.items, ["tent-2p"]);
        await page.evaluate(forget, MODEL, { storage });
        const gone = await next(() => page.evaluate(() => location.assign("?again")));
        assert.deepEqual(gone.items, []);
        assert.equal(gone.entries, 0);
        assert.deepEqual(errors, []);
      }
    });

    await t.test("works on where the storage is refused, full or broken", async (t) => {
      const { page, errors } = await visit(t);
      const seen = {};
      for (const how of ["full", "corrupt", "newer", "private", "refused"]) {
        const leave = page.evaluate((how) => location.assign(`?${how}`), how);
        await Promise.all([page.waitForNavigation(), leave.catch(() => {})]);
        await page.waitForFunction(() => window.mercer);
        seen[how] = await page.evaluate(refusedStorage, MODEL, how);
      }
      const memory = (reason) => ({ kind: "memory", requested: "device", reason });
      assert.deepEqual(seen, {
        full: memory("state/quota"),
        corrupt: { ...memory("state/corrupt"), kind: "device" },
        newer: memory("state/newer-version"),
        private: memory("state/privacy-control"),
        refused: memory("state/unavailable"),
      });
      assert.deepEqual(errors, []);
    });

    await t.test("rejects with a code, and the page still works", async (t) => {
      const { page } = await visit(t);
      const seen = await page.evaluate(failures, MODEL);
      assert.deepEqual(seen, [
        "load/wasm: true",
        "load/http: true",
        "load/html: true",
        "load/network: true",
        "load/aborted: true",
        "model/truncated: true",
        "model/newer-version: true",
        "model/checksum: true",
        "model/not-a-model: true",
        "load/unknown-option: true",
        "works: popular",
      ]);
    });

    await t.test("works as a script without modules, in both builds", async (t) => {
      const { page, errors, requests } = await visit(t, "script.html");
      const seen = await page.evaluate(script, MODEL);
      assert.equal(seen.kinds, "wasm,js");
      assert.equal(seen.slates[0], seen.slates[1]);
      assert.match(seen.slates[0], /"source":"session"/);
      assert.deepEqual(errors, []);
      const [, ...files] = requests.map((url) => new URL(url).pathname);
      const dist = ["mercer.js", modulesOf(browser).at(-1), "fallback.js"].map((name) => `/pkg/dist/${name}`);
      assert.deepEqual([...new Set(files)].sort(), [...dist, MODEL].sort());
    });

    await t.test("runs in a browser of 2021, without WebAssembly's SIMD and all that came later", async (t) => {
      const { page, errors } = await visit(t);
      await page.evaluateOnNewDocument(asIn2021);
      await page.goto(`${server.url}package.html?2021`);
      await page.waitForFunction(() => window.mercer);
      const [code, engine, source, cause] = await page.evaluate(visit2021, MODEL);
      assert.deepEqual([code, engine, source, cause], ["load/unknown-option", "js", "session", true]);
      assert.deepEqual(errors, []);
    });

    await t.test("ranks the same in JavaScript where the page's policy forbids WebAssembly", async (t) => {
      const names = cases.map(({ file }) => file);
      const { page, requests } = await visit(t, `package-csp.html?${names}`);
      let title;
      for (let n = 0; n < 300 && !title?.includes(":"); n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        title = await page.title();
      }
      const [compared, refusal] = title.split("; ");
      assert.equal(compared, `${cases.length} cases, differ: []`);
      assert.match(refusal, /^wasm\/unavailable: .*'wasm-unsafe-eval'/);
      const scripts = requests.filter((url) => url.endsWith("/fallback/mercer.js"));
      assert.equal(scripts.length, 1, "once for all loads");
      assert.ok(requests.every((url) => !url.endsWith(".wasm")), "nothing is fetched in vain");
    });
  });
}

// What follows runs in the page.

/** Takes away what browsers learned since, as far as a package may come to use it. */
function asIn2021() {
  WebAssembly.validate = () => false;
  for (const name of ["hasOwn", "groupBy"]) delete Object[name];
  for (const { prototype } of [Array, String, Object.getPrototypeOf(Int8Array)]) {
    for (const name of ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]) delete prototype[name];
  }
  for (const name of ["structuredClone", "CSSStyleSheet"]) delete window[name];
  for (const name of ["any", "timeout"]) delete AbortSignal[name];
  for (const name of ["try", "withResolvers"]) delete Promise[name];
  delete crypto.constructor.prototype.randomUUID;
  delete Symbol.dispose;
}

async function visit2021(model) {
  const wrong = await mercer.load(model, { store: 1 }).catch((error) => error);
  const broken = await mercer.load(model, { fetch: () => Promise.reject(new Error("no")) }).catch((error) => error);
  const shop = await mercer.load(model, { storage: "device" });
  shop.observe("view_item", { item: "kettle-1.7l" });
  const { source } = shop.recommend({ explain: true });
  shop.forget();
  const { connectDataLayer, fromJsonLd } = await import("/pkg/page/index.js");
  window.dataLayer = [{ event: "view_item", ecommerce: { items: [{ item_id: "tent-2p" }] } }];
  connectDataLayer(shop)();
  fromJsonLd({ "@type": "Product", sku: "a", offers: { availability: "https://schema.org/InStock", price: 3 } });
  const { defineSlate } = await import("/pkg/element/index.js");
  defineSlate({ shop });
  const slate = document.body.appendChild(document.createElement("mercer-slate"));
  await new Promise((resolve) => slate.addEventListener("mercer-ready", resolve));
  const isBox = getComputedStyle(slate).display === "block";
  if (!isBox || slate.slate.source !== "session") throw new Error(`the element shows ${slate.slate.source}`);
  return [wrong.code, shop.engine, source, broken.cause instanceof Error];
}

async function script(model) {
  const shops = [await Mercer.load(model), await Mercer.load(model, { engine: "js" })];
  const slates = shops.map((shop) => {
    shop.observe("view_item", { item: "kettle-1.7l", timeMs: 1000 });
    return JSON.stringify(shop.recommend({ explain: true, timeMs: 2000 }));
  });
  return { kinds: shops.map(({ engine }) => engine).join(), slates };
}

async function piecewise(model) {
  let told = 0;
  const shop = await mercer.load(model, { onItems: () => (told += 1) });
  const before = shop.recommend({ count: 100 }).items.length;
  shop.observe("view_item", { item: "kettle-1.7l" });
  const { items } = await shop.settled();
  const after = shop.recommend({ count: 100, includeSeen: true }).items.length;
  return { before, told, items, after };
}

async function walk(model) {
  const [shop, other] = await Promise.all([mercer.load(model), mercer.load(model)]);
  const stranger = shop.recommend().source;
  shop.observe("view_item", { item: "kettle-1.7l", dwellMs: 9000 });
  const { source, items } = shop.recommend({ count: 4, explain: true });
  const before = shop.export().events;
  shop.forget();
  const after = [...shop.export().events, ...other.export().events];
  return { stranger, source, items, before, after };
}

async function answer({ model, rules, add, update, stored, events, request, page }, wasm) {
  // A case says what is known of the moment; the machine's own clock is no part of it.
  const unknown = { timeMs: 0, hour: null, weekday: null, month: null, device: null };
  if (stored) localStorage.setItem("mercer", JSON.stringify(stored));
  const shop = await mercer.load(`/tests/${model}`, { wasm, storage: stored ? "device" : "memory" });
  if (rules) shop.setRules(rules);
  if (add) shop.addItems(add);
  if (update) shop.updateItems(update);
  for (const { kind, ...options } of events) shop.observe(kind, options);
  const slate = page
    ? shop.page(page.map((unit) => ({ ...unknown, ...unit })))
    : shop.recommend({ ...unknown, ...request });
  shop.free();
  localStorage.clear();
  return JSON.stringify(slate, (_, value) => (Object.is(value, -0) ? "-0" : value));
}

async function observeAndLeave(model, options) {
  const shop = await mercer.load(model, options);
  shop.observe("view_item", { item: "tent-2p" });
  location.assign("?next");
}

async function stored(model, options) {
  const shop = await mercer.load(model, options);
  const items = shop.export().events.map(({ item }) => item);
  return { report: shop.storage, items, entries: sessionStorage.length + localStorage.length };
}

async function forget(model, options) {
  const shop = await mercer.load(model, options);
  shop.observe("view_item", { item: "tent-1p" });
  shop.forget();
}

async function refusedStorage(model, how) {
  localStorage.clear();
  const define = (object, name, get) => Object.defineProperty(object, name, { get });
  if (how === "full") {
    for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (let n = 0; ; n += 1) localStorage.setItem(`${size}-${n}`, "x".repeat(size));
      } catch {}
    }
  }
  if (how === "corrupt") localStorage.setItem("mercer", "{");
  if (how === "newer") localStorage.setItem("mercer", '{"version":3}');
  if (how === "private") define(navigator, "globalPrivacyControl", () => true);
  if (how === "refused") {
    define(window, "localStorage", () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    });
  }
  const shop = await mercer.load(model, { storage: "device" });
  shop.observe("view_item", { item: "tent-2p" });
  if (shop.recommend().source !== "session") return "does not work";
  return shop.storage;
}

async function failures(model) {
  const bytes = new Uint8Array(await (await fetch(model)).arrayBuffer());
  const changed = (at, value) => bytes.map((byte, ix) => (ix === at ? value : byte));
  const { load, MercerError } = mercer;
  const tries = [
    () => load(model, { wasm: "/package.html" }),
    () => load("/none.mercer"),
    () => load("/package.html"),
    () => load("http://127.0.0.1:1/shop.mercer"),
    () => load(model, { signal: AbortSignal.abort() }),
    () => load(bytes.subarray(0, 1000)),
    () => load(changed(8, 9)),
    () => load(changed(2000, bytes[2000] ^ 1)),
    () => load(changed(0, 1)),
    () => load(model, { store: "memory" }),
  ];
  const seen = [];
  for (const attempt of tries) {
    const error = await attempt().then(() => "loaded", (error) => error);
    seen.push(`${error.code}: ${error instanceof MercerError && error.message.length > 20}`);
  }
  seen.push(`works: ${(await load(new URL(model, location.href))).recommend().source}`);
  return seen;
}

function sign(_, value) {
  return value === "-0" ? -0 : value;
}
