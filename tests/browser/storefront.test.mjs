// The storefront as a shopper meets it, in each browser: what is suggested and why, what
// the device holds, and what happens when the model does not come.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { shortTitle } from "../../www/js/reasons.js";
import { browsers, open, serve, strangers } from "./harness.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MODEL = join(ROOT, "www/shop/shop.mercer");
const RAIL_LENGTH = 12;
/** How long anything the page does on its own may take, in milliseconds. */
const PATIENCE = 60_000;

let server;
let products;
before(async () => {
  assert.ok(existsSync(MODEL), `${MODEL} is missing; \`cargo xtask demo\` makes the sample shop`);
  products = JSON.parse(readFileSync(join(ROOT, "www/shop/products.json"), "utf8"));
  server = await serve({ "/hostile/": "tests/hostile" });
});
after(() => server?.close());

for (const browser of browsers()) {
  describe(browser.name, () => {
    let running;
    before(async () => {
      running = await open(browser);
    });
    after(() => running?.close());

    /** Opens an address of the shop and waits until everything has arrived. */
    async function enter(t, address = "", options = {}) {
      const visited = await running.visit(`${server.url}${address}`, options);
      t.after(() => visited.close());
      await settled(visited.page);
      return visited;
    }

    test("a stranger sees full rails of what is popular", async (t) => {
      const { page, errors, requests } = await enter(t);
      for (const rail of ["for-you", "popular"]) {
        assert.equal((await items(page, rail)).length, RAIL_LENGTH, rail);
        assert.deepEqual(new Set(await reasons(page, rail)), new Set(["Popular in this shop"]), rail);
      }
      assert.deepEqual(errors, []);
      assert.deepEqual(strangers(requests, server.url), []);
    });

    test("a click changes what is suggested, and the reasons name the product", async (t) => {
      const { page, errors } = await enter(t);
      const before = await items(page, "for-you");
      const { id, title } = await choose(page, "popular", 0);
      assert.equal(await text(page, "h1"), title);
      assert.equal((await items(page, "related")).length, RAIL_LENGTH);
      await go(page, "#/");
      const now = await items(page, "for-you");
      assert.equal(now.length, RAIL_LENGTH);
      assert.notDeepEqual(now, before);
      assert.ok(!now.includes(id), "what was seen is not suggested again");
      assert.ok((await reasons(page, "for-you")).some((reason) => reason === `Because you viewed ${short(id)}`));
      await go(page, "#/recent");
      assert.equal(await page.$eval("main .card", (card) => card.dataset.item), id);
      assert.deepEqual(errors, []);
    });

    test("from product to product, events stand in the order in which things were done", async (t) => {
      const { page, errors } = await enter(t);
      const { id: one } = await choose(page, "popular", 0);
      const { id: other } = await choose(page, "related", 0);
      const { events } = await exported(page);
      assert.deepEqual(events.map(({ kind, item }) => `${kind} ${item}`),
        [`select_item ${one}`, `view_item ${one}`, `select_item ${other}`, `view_item ${other}`]);
      assert.deepEqual(errors, []);
    });

    test("what is done while the model is on its way is not lost", async (t) => {
      const { page } = await enter(t);
      await page.evaluateOnNewDocument(() => {
        const { fetch } = window;
        window.fetch = async (url, options) => {
          if (`${url}`.endsWith(".mercer")) await new Promise((resolve) => setTimeout(resolve, 1000));
          return fetch(url, options);
        };
      });
      const [{ id }] = products;
      await page.goto(`${server.url}?slow#/p/${id}`);
      await settled(page);
      const { events } = await exported(page);
      assert.deepEqual(events.map(({ kind, item }) => `${kind} ${item}`), [`view_item ${id}`]);
    });

    test("a heart re-ranks the rail in place", async (t) => {
      const { page } = await enter(t);
      const before = await items(page, "for-you");
      const [wished] = await items(page, "popular");
      await click(page, `[data-wish="${wished}"]`);
      assert.notDeepEqual(await items(page, "for-you"), before);
      await go(page, "#/wishlist");
      assert.equal(await page.$eval("main .grid .card", (card) => card.dataset.item), wished);
      assert.equal(await page.$eval(`main .grid [data-wish="${wished}"]`, (heart) => heart.getAttribute("aria-pressed")), "true");
    });

    test("the cart counts, sums, and is bought", async (t) => {
      const { page, errors } = await enter(t);
      const { id } = await choose(page, "popular", 1, { inStock: true });
      await click(page, "#add-to-cart");
      assert.equal(await text(page, "#cart-count"), "1");
      await go(page, "#/cart");
      const one = pence(await text(page, "#total"));
      await click(page, '[data-step="+"]');
      assert.equal(pence(await text(page, "#total")), 2 * one);
      assert.ok((await reasons(page, "for-you")).some((reason) => reason === `Goes with ${short(id)} in your cart`));
      await click(page, "#check-out");
      assert.match(await text(page, ".thanks"), /Thank you/);
      const held = await exported(page);
      assert.deepEqual(held.bought, [id]);
      assert.ok(held.events.some(({ kind }) => kind === "purchase"));
      assert.ok(!(await items(page, "for-you")).includes(id));
      assert.deepEqual(errors, []);
    });

    test("the panel tells what is held, and one button ends it", async (t) => {
      const { page, errors } = await enter(t);
      const stranger = await items(page, "for-you");
      const { id } = await choose(page, "for-you", 2, { inStock: true });
      await click(page, "#add-to-cart");
      await go(page, "#/");
      await click(page, "#open-privacy");
      const told = await text(page, "#held-events");
      for (const part of ["You chose", "You put into your cart:", "You looked at", short(id)]) {
        assert.ok(told.includes(part), `${part} in ${told}`);
      }
      assert.equal(await fact(page, "network"), "0");
      assert.match(await fact(page, "held"), /^\d+ events, .*(bytes|kB)$/);
      assert.match(await fact(page, "model"), /^\d+ products, 64 × 4 bits each, .* in all$/);
      assert.match(await fact(page, "ranking"), /ms$/);
      await click(page, "#forget");
      assert.ok(await page.$("#held-nothing"));
      assert.deepEqual(await items(page, "for-you"), stranger);
      assert.deepEqual(await stored(page), {});
      await page.reload();
      await settled(page);
      assert.deepEqual(await items(page, "for-you"), stranger);
      assert.deepEqual(errors, []);
    });

    test("on a product page no product stands twice, and each row is for what it says", async (t) => {
      const { page, errors } = await enter(t);
      await choose(page, "popular", 0);
      const rows = [];
      for (const rail of ["related", "together", "alike", "for-you"]) rows.push(await items(page, rail));
      assert.ok(rows.every((row) => row.length >= 4), rows.map(({ length }) => length).join());
      assert.equal(new Set(rows.flat()).size, rows.flat().length);
      const sources = await page.$$eval("[data-rail]", (rails) => rails.map(({ dataset }) => `${dataset.rail} ${dataset.source}`));
      assert.ok(sources.includes("together together"), sources.join());
      assert.deepEqual(errors, []);
    });

    test("finds of a search stand in the shopper's order", async (t) => {
      const { page, errors } = await enter(t);
      await go(page, "#/search/mug");
      const finds = () => page.$$eval("main .grid .card", (cards) => cards.map((card) => card.dataset.item));
      const before = await finds();
      await go(page, `#/p/${before.at(-1)}`);
      await go(page, "#/search/mug");
      const now = await finds();
      assert.notDeepEqual(now, before);
      assert.deepEqual(errors, []);
    });

    test("\"show me others\" shows others", async (t) => {
      const { page } = await enter(t);
      const before = await items(page, "for-you");
      await click(page, "#show-others");
      const now = await items(page, "for-you");
      assert.equal(now.length, RAIL_LENGTH);
      assert.notDeepEqual(now, before);
      const { events, impressions } = await exported(page);
      assert.deepEqual([events.length, impressions.length], [0, RAIL_LENGTH]);
    });

    test("behind the counter: variety, house rules, why not, and how long it took", async (t) => {
      const { page, errors } = await enter(t);
      await choose(page, "popular", 0);
      await go(page, "#/");
      const plain = await items(page, "for-you");
      await click(page, "#open-counter");
      await page.$eval("#variety", (slider) => {
        slider.value = "80";
        slider.dispatchEvent(new Event("input"));
      });
      assert.notDeepEqual(await items(page, "for-you"), plain);
      const brand = await page.$eval("#promoted", (select) => {
        select.selectedIndex = 2;
        select.dispatchEvent(new Event("change"));
        return select.value;
      });
      const brands = (await items(page, "for-you")).map((id) => products.find((product) => product.id === id).brand);
      assert.ok(brands.filter((name) => name === brand).length >= 3, `${brand} in ${brands}`);
      await page.$eval("#why-query", (input) => {
        input.value = "mug";
        input.dispatchEvent(new Event("input"));
      });
      await click(page, ".counter__finds button");
      assert.ok((await text(page, "#verdict")).length > 20);
      assert.notEqual(await page.$eval("#verdict", (line) => line.dataset.why), "none");
      assert.match(await text(page, "#stages"), /Ranked.*ms/s);
      assert.deepEqual(errors, []);
    });

    test("a reload remembers, and nothing is asked of the network after the load", async (t) => {
      const { page, requests } = await enter(t);
      await choose(page, "popular", 0);
      await go(page, "#/");
      const known = await items(page, "for-you");
      await page.reload();
      await settled(page);
      assert.deepEqual(await items(page, "for-you"), known);
      const loaded = requests.length;
      await choose(page, "for-you", 0);
      await go(page, "#/c/Kitchen");
      await page.type("#query", "kettle");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "“kettle”", { timeout: PATIENCE });
      await click(page, "#open-privacy");
      assert.equal(await fact(page, "network"), "0");
      // Whether there is a newer service worker is the browser's own question, whenever it likes.
      const asked = requests.slice(loaded).filter((url) => !url.endsWith("/sw.js"));
      assert.deepEqual(asked, []);
    });

    test("after one visit it opens without a network", async (t) => {
      const closing = await serve();
      t.after(() => closing.close());
      const visited = await running.visit(closing.url);
      t.after(() => visited.close());
      const { page } = visited;
      await settled(page);
      const { title } = await choose(page, "popular", 0);
      await closing.close();
      await page.reload();
      await settled(page);
      assert.equal(await text(page, "h1"), title);
      assert.equal((await items(page, "related")).length, RAIL_LENGTH);
      assert.match(await text(page, '[data-rail="for-you"] .rail__note'), /in .* ms/);
      await go(page, "#/");
      assert.ok((await reasons(page, "for-you")).some((reason) => reason.startsWith("Because you viewed")));
    });

    // WebKit draws without a graphics card here, in a window that cannot be as narrow as a phone: it
    // takes the walk, and not every detour.
    if (browser.name !== "webkit") {
      test("no page is wider than a phone", async (t) => {
        const { page } = await enter(t, "", { width: 360, height: 800 });
        await choose(page, "popular", 0, { inStock: true });
        await click(page, "#add-to-cart");
        const product = await page.evaluate(() => location.hash);
        for (const address of ["#/", product, "#/cart", "#/c/Kitchen", "#/recent", "#/search/mug", "#/nowhere"]) {
          await go(page, address);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(over <= 0, `${address} is ${over} px too wide`);
        }
      });

      for (const [what, model, code] of [
        ["no model", "/hostile/none.bin", "load/http"],
        ["a page instead of the model", "/hostile/html_instead.html", "load/html"],
        ["half a model", "/hostile/truncated.bin", "model/truncated"],
        ["a model of a later version", "/hostile/newer_version.bin", "model/newer-version"],
      ]) {
        test(`${what}: the shop works without it`, async (t) => {
          const { page, errors } = await enter(t, `?model=${model}`);
          assert.ok((await text(page, "#notice")).includes(code), code);
          assert.equal((await items(page, "for-you")).length, RAIL_LENGTH);
          await choose(page, "for-you", 0, { inStock: true });
          await click(page, "#add-to-cart");
          await go(page, "#/cart");
          assert.ok(pence(await text(page, "#total")) > 0);
          const other = errors.filter((error) => !error.includes("404"));
          assert.deepEqual(other, []);
        });
      }

      test("refused storage: suggestions last as long as the page", async (t) => {
        const { page, errors } = await enter(t);
        await page.evaluateOnNewDocument(() => {
          Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
        });
        await page.reload();
        await settled(page);
        assert.match(await text(page, "#notice"), /state\//);
        const before = await items(page, "for-you");
        await choose(page, "popular", 0);
        await go(page, "#/");
        assert.notDeepEqual(await items(page, "for-you"), before);
        assert.deepEqual(errors, []);
      });
    }

    test("nothing on the page has lost its name", async (t) => {
      const { page } = await enter(t);
      const nameless = await page.$$eval("a, button, input, select", (controls) => controls
        .filter((control) => control.getAttribute("aria-hidden") !== "true")
        .filter((control) => !control.textContent.trim() && !control.ariaLabel && !control.getAttribute("aria-label") && !control.labels?.length)
        .map((control) => control.outerHTML));
      assert.deepEqual(nameless, []);
    });
  });
}

const settled = (page) => page.waitForSelector("html[data-ready]", { timeout: PATIENCE });

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);

/** Clicks as script does: the place under the pointer is no part of these tests. */
const click = (page, selector) => page.$eval(selector, (element) => element.click());

const items = (page, rail) =>
  page.$$eval(`[data-rail="${rail}"] .card[data-item]`, (cards) => cards.map((card) => card.dataset.item));

const reasons = (page, rail) =>
  page.$$eval(`[data-rail="${rail}"] .card__reason`, (lines) => lines.map((line) => line.textContent));

const fact = (page, key) => text(page, `[data-fact="${key}"] dd`);

/** A product as reasons name it. */
const short = (id) => shortTitle(products.find((product) => product.id === id));

const pence = (price) => Math.round(Number(price.replace(/[£,]/g, "")) * 100);

const stored = (page) => page.evaluate(() => ({ ...sessionStorage, ...localStorage }));

async function go(page, address) {
  await page.evaluate(async (hash) => {
    if (location.hash === hash) return;
    const changed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    location.hash = hash;
    await changed;
  }, address);
}

/** Clicks the card at `at`, or the first one from there on that can be bought. */
async function choose(page, rail, at, { inStock = false } = {}) {
  const chosen = await page.$$eval(`[data-rail="${rail}"] .card[data-item]`, (cards, from, wanted) => {
    const card = cards.slice(from).find((one) => !wanted || !one.querySelector(".badge--quiet"));
    const link = card.querySelector(".card__link");
    link.click();
    return { id: card.dataset.item, title: link.textContent };
  }, at, inStock);
  await page.waitForFunction((title) => document.querySelector("h1")?.textContent === title, { timeout: PATIENCE }, chosen.title);
  return chosen;
}

async function exported(page) {
  await click(page, "#open-privacy");
  return JSON.parse(await text(page, ".panel__raw pre"));
}
