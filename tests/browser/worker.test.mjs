// The package behind a worker, in each browser: the same slates, and nothing lost that the shopper
// did, though workers have no storage of their own.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { browsers, open, serve, strangers } from "./harness.mjs";

const MODEL = "/tests/golden/small.mercer";

const folder = new URL("../cases/", import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ file: name, ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));

let server;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures", "/tests/": "tests" });
});
after(() => server?.close());

for (const browser of browsers()) {
  test(`the package behind a worker in ${browser.name}`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());
    const visit = async (t, page = "package.html") => {
      const visited = await running.visit(server.url + page);
      t.after(() => visited.close());
      return visited;
    };
    /** Leaves the page by `leave`, and waits for the next one. */
    const next = async (page, leave) => {
      await Promise.all([page.waitForNavigation(), leave().catch(() => {})]);
      await page.waitForFunction(() => window.mercer);
    };

    await t.test("gives the slates of the native engine, bit for bit", async (t) => {
      const { page, errors, requests } = await visit(t);
      for (const { file, name, expect, ...asked } of cases) {
        const slate = await page.evaluate(answer, asked);
        assert.deepStrictEqual(JSON.parse(slate, sign), expect, `${file}: ${name}`);
      }
      assert.deepEqual(errors, []);
      assert.deepEqual(strangers(requests, server.url), []);
    });

    await t.test("an event survives that the page is left in the same breath", async (t) => {
      for (const storage of ["session", "device"]) {
        const { page, errors } = await visit(t);
        for (const item of ["tent-2p", "kettle-1.7l"]) {
          await next(page, () => page.evaluate(observeAndLeave, MODEL, storage, item));
        }
        const kept = await page.evaluate(left, MODEL, storage);
        assert.deepEqual(kept.items, ["tent-2p", "kettle-1.7l"], storage);
        assert.deepEqual(kept.report, { kind: storage, requested: storage });
        assert.deepEqual(errors, []);
      }
    });

    await t.test("so does one that never reached the worker, once", async (t) => {
      for (const storage of ["session", "device"]) {
        const { page } = await visit(t);
        await next(page, () => page.evaluate(observeInVain, MODEL, storage));
        for (const time of ["first", "second"]) {
          const { items } = await page.evaluate(left, MODEL, storage);
          assert.deepEqual(items, ["tent-2p", "kettle-1.7l"], `${storage}, ${time} load`);
        }
      }
    });

    await t.test("what is not kept is not written down either, and `forget` leaves nothing", async (t) => {
      const { page, errors } = await visit(t);
      assert.deepEqual(await page.evaluate(remains, MODEL, "memory"), { before: 0, after: 0 });
      for (const storage of ["session", "device"]) {
        const { before, after } = await page.evaluate(remains, MODEL, storage);
        assert.ok(before > 0, storage);
        assert.equal(after, 0, storage);
      }
      assert.deepEqual(errors, []);
    });

    await t.test("keeps what is agreed to at run time, and nothing once that is withdrawn", async (t) => {
      const { page } = await visit(t);
      assert.deepEqual(await page.evaluate(consent, MODEL), {
        given: { kind: "device", requested: "device" },
        stored: true,
        next: ["tent-2p"],
        withdrawn: { kind: "memory", requested: "memory" },
        left: [0, 0],
      });
    });

    await t.test("writes nothing down from the moment consent is withdrawn", async (t) => {
      const { page } = await visit(t);
      assert.deepEqual(await page.evaluate(withdrawn, MODEL), { atOnce: [], later: [], again: ["tent-1p", "kettle-1.7l"] });
    });

    await t.test("works on where the storage is refused, full, broken or not wanted", async (t) => {
      const { page } = await visit(t);
      const seen = {};
      for (const how of ["full", "corrupt", "newer", "private", "refused"]) {
        await next(page, () => page.evaluate((how) => location.assign(`?${how}`), how));
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
    });

    await t.test("works from the script without modules, and ends with `free`", async (t) => {
      const { page, requests } = await visit(t, "script.html");
      const source = await page.evaluate(script, MODEL);
      assert.equal(source, "session");
      assert.ok(requests.some((url) => url.endsWith("/pkg/dist/worker.js")) || browser.kind === "firefox");
    });

    await t.test("a worker that is not there is worker/unavailable", async (t) => {
      const { page } = await visit(t);
      assert.equal(await page.evaluate(nowhere, MODEL), "worker/unavailable");
    });
  });
}

// What follows runs in the page.

async function answer({ model, rules, add, update, stored, events, request, page }) {
  const unknown = { timeMs: 0, hour: null, weekday: null, month: null, device: null };
  if (stored) localStorage.setItem("mercer", JSON.stringify(stored));
  const storage = stored ? "device" : "memory";
  const shop = await mercer.load(`/tests/${model}`, { storage, worker: true });
  if (rules) shop.setRules(rules);
  if (add) shop.addItems(add);
  if (update) shop.updateItems(update);
  for (const { kind, ...options } of events) shop.observe(kind, options);
  const slate = page
    ? await shop.page(page.map((unit) => ({ ...unknown, ...unit })))
    : await shop.recommend({ ...unknown, ...request });
  await shop.free();
  localStorage.clear();
  return JSON.stringify(slate, (_, value) => (Object.is(value, -0) ? "-0" : value));
}

async function consent(model) {
  const shop = await mercer.load(model, { worker: true });
  shop.observe("view_item", { item: "tent-2p" });
  const given = await shop.setConsent("device");
  const stored = localStorage.length > 0;
  const other = await mercer.load(model, { storage: "device" });
  const next = other.export().events.map(({ item }) => item);
  other.free();
  const withdrawn = await shop.setConsent("none");
  await shop.export();
  return { given, stored, next, withdrawn, left: [localStorage.length, sessionStorage.length] };
}

async function withdrawn(model) {
  const shop = await mercer.load(model, { storage: "session", worker: true });
  shop.observe("view_item", { item: "tent-2p" });
  // The answer to that comes after this was said.
  const answered = shop.setConsent("none");
  shop.observe("view_item", { item: "tent-1p" });
  await null;
  await null;
  const atOnce = Object.keys(sessionStorage).filter((key) => key.endsWith(".pending"));
  await answered;
  await shop.export();
  const later = Object.keys(sessionStorage);
  await shop.setConsent("session");
  await shop.observe("view_item", { item: "kettle-1.7l" });
  return { atOnce, later, again: (await shop.export()).events.map(({ item }) => item) };
}

async function observeAndLeave(model, storage, item) {
  const shop = await mercer.load(model, { storage, worker: true });
  shop.observe("view_item", { item });
  location.assign(`?${item}`);
}

async function observeInVain(model, storage) {
  let worker;
  const make = () => (worker = new Worker("/pkg/dist/worker.js", { type: "module" }));
  const shop = await mercer.load(model, { storage, worker: make });
  await shop.observe("view_item", { item: "tent-2p" });
  worker.postMessage = () => {};
  shop.observe("view_item", { item: "kettle-1.7l" });
  location.assign("?vain");
}

async function left(model, storage) {
  const shop = await mercer.load(model, { storage, worker: true });
  const items = (await shop.export()).events.map(({ item }) => item);
  return { items, report: shop.storage };
}

async function remains(model, storage) {
  const count = () => localStorage.length + sessionStorage.length;
  const shop = await mercer.load(model, { storage, worker: true });
  const observed = shop.observe("view_item", { item: "tent-2p" });
  await null;
  const before = count();
  await observed;
  shop.observe("view_item", { item: "tent-1p" });
  await shop.forget();
  await shop.free();
  return { before, after: count() };
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
  const shop = await mercer.load(model, { storage: "device", worker: true });
  await shop.observe("view_item", { item: "tent-2p" });
  // The page's storage says no after the worker has written; the next event hears of it.
  await shop.observe("view_item", { item: "tent-1p" });
  if ((await shop.recommend()).source !== "session") return "does not work";
  return shop.storage;
}

async function script(model) {
  const shop = await Mercer.load(model, { worker: true });
  shop.observe("view_item", { item: "tent-2p" });
  const { source } = await shop.recommend();
  await shop.free();
  return source;
}

async function nowhere(model) {
  const worker = () => new Worker("/nowhere.js", { type: "module" });
  return mercer.load(model, { worker }).then(() => "loaded", ({ code }) => code);
}

function sign(_, value) {
  return value === "-0" ? -0 : value;
}
