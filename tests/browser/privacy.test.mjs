// What the package promises to careful pages, in each browser: it lives with the strictest
// policies, and once it is loaded no request leaves the page whatever is done.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { load } from "../../pkg/node.js";
import { visit } from "../packaging/shop/visit.js";
import { browsers, open, serve, strangers } from "./harness.mjs";

const MODEL = "/tests/golden/small.mercer";
/** How long a page may take, in tenths of a second. */
const PATIENCE = 600;

let server;
let expected;
before(async () => {
  const mounts = { "/": "tests/browser/fixtures", "/tests/": "tests", "/visit/": "tests/packaging/shop" };
  server = await serve(mounts);
  expected = await visit(load, new URL("../golden/small.mercer", import.meta.url).href);
});
after(() => server?.close());

for (const browser of browsers()) {
  test(`careful pages in ${browser.name}`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());

    for (const [name, engine] of [["strict", "wasm"], ["strict-js", "js"]]) {
      await t.test(`${name}.html: trusted types, nothing inline, the slates of Node by ${engine}`, async (t) => {
        const { page, requests, close } = await running.visit(`${server.url}${name}.html`);
        t.after(close);
        let title = "";
        for (let n = 0; n < PATIENCE && !title.includes(":"); n += 1) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          title = await page.title();
        }
        assert.equal(title, `${engine}: ${expected}`);
        assert.deepEqual(strangers(requests, server.url), []);
      });
    }

    await t.test("what is forgotten lies in no storage of the browser, and was in one that was asked for", async (t) => {
      const { page, errors, close } = await running.visit(`${server.url}package.html`);
      t.after(close);
      for (const worker of [false, true]) {
        for (const storage of ["memory", "session", "device"]) {
          const { held, left } = await page.evaluate(heldAndLeft, MODEL, { storage, worker });
          const where = { memory: [], session: ["sessionStorage"], device: ["localStorage"] }[storage];
          assert.deepEqual(held, where, `${storage}, worker: ${worker}`);
          assert.deepEqual(left, [], `${storage}, worker: ${worker}`);
        }
      }
      assert.deepEqual(errors, []);
    });

    await t.test("after the load nothing is asked of the network, whatever is done", async (t) => {
      const { page, errors, requests, close } = await running.visit(`${server.url}package.html`);
      t.after(close);
      await page.evaluate(async (model) => {
        window.shop = await mercer.load(model, { storage: "device" });
      }, MODEL);
      const loaded = requests.length;
      const held = await page.evaluate(everything);
      assert.ok(held.before >= 10, "it was taken in");
      assert.equal(held.after, 0);
      // What is sent late, as beacons are, is sent by then.
      await page.waitForNetworkIdle({ idleTime: 500 });
      assert.deepEqual(requests.slice(loaded), []);
      assert.deepEqual(errors, []);
    });
  });
}

/** Runs in the page: which storages hold anything, before a session is forgotten and after. */
async function heldAndLeft(model, options) {
  const used = async () => {
    const files = await navigator.storage?.getDirectory?.().catch(() => undefined);
    const first = files?.keys ? (await files.keys().next()).value : undefined;
    const held = {
      localStorage: localStorage.length,
      sessionStorage: sessionStorage.length,
      cookies: document.cookie.length,
      databases: (await indexedDB.databases?.())?.length ?? 0,
      caches: (await globalThis.caches?.keys())?.length ?? 0,
      files: first === undefined ? 0 : 1,
    };
    return Object.keys(held).filter((name) => held[name] > 0);
  };
  const shop = await mercer.load(model, options);
  for (let n = 0; n < 20; n += 1) await shop.observe("view_item", { item: `SECRET-${n}` });
  await shop.recommend({ exploration: 0.5 });
  await shop.export();
  const held = await used();
  await shop.forget();
  await shop.free();
  return { held, left: await used() };
}

/** Runs in the page: every kind of event, every placement, every method. */
async function everything() {
  const item = "tent-2p";
  const kinds = ["view_item_list", "select_item", "view_item", "add_to_wishlist", "add_to_cart",
    "remove_from_cart", "begin_checkout", "purchase", "dismiss"];
  for (const kind of kinds) shop.observe(kind, { item });
  shop.observe("view_cart");
  shop.observe("search", { query: "https://example.com/?q=tent" });
  const placements = ["home", "related", "bought-together", "cart", "more-like-this", "trending", "popular", "recently-viewed"];
  for (const placement of placements) shop.recommend({ placement, item: "kettle-1.7l", explain: true, trace: true });
  shop.page([{ count: 4 }, { placement: "search", items: [item] }]);
  shop.why(item);
  shop.setRules([]);
  shop.addItems([{ item: "new-1", title: "A new thing of https://example.com/", price: 12 }]);
  shop.updateItems([{ item, price: 3 }]);
  const held = () => { const { events, impressions } = shop.export(); return events.length + impressions.length; };
  const before = held();
  shop.forget();
  const after = held();
  shop.free();
  return { before, after };
}
