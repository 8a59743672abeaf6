// `<mercer-slate>` on a page that allows nothing it need not, in each browser; and in
// React, Vue and Svelte.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { FRAMEWORKS, bundle } from "./frameworks/bundle.mjs";
import { browsers, open, serve, strangers } from "./harness.mjs";

const MODEL = "/tests/golden/small.mercer";
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const axe = readFileSync(here("../../node_modules/axe-core/axe.min.js"), "utf8");

let server;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures", "/tests/": "tests" });
});
after(() => server?.close());

for (const browser of browsers()) {
  test(`<mercer-slate> in ${browser.name}`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());
    const visit = async (t, page = "element.html") => {
      const visited = await running.visit(server.url + page);
      t.after(() => visited.close());
      await visited.page.waitForFunction(() => window.ready);
      return visited;
    };
    const shown = async (page, ...ids) => {
      await page.waitForFunction((ids) => ids.every((id) => document.getElementById(id).slate), {}, ids);
    };

    await t.test("shows slates; nothing moves; catalogue and addresses are text", async (t) => {
      const { page, errors, requests } = await visit(t);
      assert.deepEqual(await page.evaluate(states), ["undefined", "undefined", "undefined"]);
      await page.evaluate(() => defineSlate());
      assert.deepEqual(await page.evaluate(states), ["loading 8", "loading 5", "loading 5"]);
      // The shop may come later.
      await page.evaluate((model) => defineSlate({ shop: load(model), products }).name, MODEL);
      await shown(page, "related", "popular", "history");
      assert.deepEqual(await page.evaluate(states), ["list 8", "list 5", "empty"]);
      const said = await page.evaluate(cards, "related");
      assert.match(said[0].title, /^<img src=x onerror=/);
      assert.equal(said[1].href, null);
      assert.equal(said[1].src, null);
      const home = await page.evaluate(() => location.origin);
      assert.ok(said[2].href.startsWith(`${home}/`), said[2].href);
      assert.deepEqual(await page.evaluate(overlap), [], "what one shows, no other does");
      assert.equal(new Set(await page.evaluate(() => window.tops)).size, 1);
      assert.deepEqual(await page.evaluate(() => window.moves.map(({ value }) => value)), []);
      assert.deepEqual(await page.evaluate(() => window.violations), []);
      assert.notEqual(await page.title(), "broken");
      assert.equal(await page.evaluate(colour), "rgb(0, 0, 120)", "::part reaches in");
      assert.deepEqual(errors, []);
      assert.deepEqual(strangers(requests, server.url), []);
    });

    await t.test("states: error and again, a new item, gone", async (t) => {
      const { page } = await visit(t);
      await page.evaluate(() => defineSlate({ shop: Promise.reject(new Error("no model")), products }).name);
      await page.waitForFunction(() => document.getElementById("related").shadowRoot.querySelector("button"));
      assert.deepEqual(await page.evaluate(states), ["error", "error", "error"]);
      assert.equal(new Set(await page.evaluate(() => window.tops)).size, 1);
      await page.evaluate(async (model) => {
        const shop = await load(model);
        window.isDown = true;
        const page = (units) => {
          if (isDown) throw new Error("not yet");
          return shop.page(units);
        };
        defineSlate({ shop: { page, observe: (kind, options) => shop.observe(kind, options) } });
      }, MODEL);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(await page.evaluate(states), ["error", "error", "error"]);
      await page.evaluate(() => {
        window.isDown = false;
        document.getElementById("related").shadowRoot.querySelector("button").click();
      });
      await shown(page, "related");
      assert.equal((await page.evaluate(states))[1], "error", "one at a time");
      const before = await page.evaluate(() => document.getElementById("related").slate.items[0].item);
      await page.evaluate(() => document.getElementById("related").setAttribute("item", "tent-2p"));
      await page.waitForFunction((before) => document.getElementById("related").slate?.items[0].item !== before, {}, before);
      await page.evaluate(() => document.getElementById("related").setAttribute("count", "none"));
      await page.waitForFunction(() => document.getElementById("related").shadowRoot.querySelector("button"));
      await page.evaluate(() => document.getElementById("related").remove());
      const taken = await page.evaluate(() => {
        customElements.define("other-slate", class extends HTMLElement {});
        try {
          return defineSlate({ name: "other-slate" });
        } catch ({ code }) {
          return code;
        }
      });
      assert.equal(taken, "element/invalid");
    });

    await t.test("tells the session what was seen for a second, and what was clicked", async (t) => {
      const { page } = await visit(t);
      await page.evaluate(async (model) => {
        window.shop = await load(model);
        defineSlate({ shop, products });
      }, MODEL);
      await shown(page, "related");
      assert.deepEqual(await page.evaluate(() => shop.export().impressions), [], "not yet");
      await page.waitForFunction(() => shop.export().impressions.length > 2);
      const { seen, items } = await page.evaluate(() => ({
        seen: shop.export().impressions.map(({ item }) => item),
        items: document.getElementById("related").slate.items.map(({ item }) => item),
      }));
      assert.ok(seen.includes(items[0]) && !seen.includes(items[7]), "those in view");
      await page.evaluate(() => {
        window.told = [];
        document.addEventListener("mercer-select", (event) => told.push(event.detail.item));
        document.getElementById("related").shadowRoot.querySelectorAll("a")[2].click();
      });
      await page.waitForFunction((hash) => location.hash === hash, {}, `#${items[2]}`);
      await page.evaluate(() => {
        document.addEventListener("mercer-select", (event) => event.preventDefault());
        document.getElementById("related").shadowRoot.querySelectorAll("a")[3].click();
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      const [told, hash, events] = await page.evaluate(() => [told, location.hash, shop.export().events]);
      assert.deepEqual(told, [items[2], items[3]]);
      assert.equal(hash, `#${items[2]}`, "cancelled, it is not followed");
      assert.deepEqual(events.map(({ kind }) => kind), ["select_item", "select_item"]);
    });

    await t.test("is for the keyboard and for screen readers, in every state", async (t) => {
      const { page } = await visit(t);
      await page.evaluate(axe);
      const check = async (state) => {
        const { violations } = await page.evaluate(() => window.axe.run("main"));
        const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(" "))}`);
        assert.deepEqual(said, [], state);
      };
      await page.evaluate(() => defineSlate({ products }).name);
      await check("loading");
      await page.evaluate((model) => defineSlate({ shop: load(model) }).name, MODEL);
      await page.evaluate(() => document.querySelectorAll("mercer-slate").forEach((slate) => slate.refresh()));
      await shown(page, "related", "popular", "history");
      await check("list and empty");
      await page.evaluate(() => document.querySelector("h1").scrollIntoView());
      for (let n = 0; n < 3; n += 1) await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const { activeElement } = document;
        const inner = activeElement.shadowRoot?.activeElement;
        return [activeElement.id, inner?.localName, inner?.textContent];
      });
      assert.deepEqual(focus.slice(0, 2), ["related", "a"], `${focus}`);
      await page.evaluate(() => defineSlate({ shop: Promise.reject(new Error("gone")) }).name);
      await page.evaluate(() => document.querySelectorAll("mercer-slate").forEach((slate) => slate.refresh()));
      await page.waitForFunction(() => document.getElementById("history").shadowRoot.querySelector("button"));
      await check("error");
    });

    await t.test("what the edge filled in stays until the browser has ranked", async (t) => {
      const { page } = await visit(t);
      await page.evaluate(() => {
        const list = document.createElement("ul");
        list.className = "mercer-slate";
        list.append(document.createElement("li"));
        list.firstChild.textContent = "from the edge";
        document.getElementById("related").append(list);
        defineSlate().name;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const isSeen = () => document.querySelector(".mercer-slate").checkVisibility();
      assert.equal(await page.evaluate(isSeen), true);
      assert.equal((await page.evaluate(states))[0], "loading 0");
      await page.evaluate((model) => {
        defineSlate({ shop: load(model), products });
        document.getElementById("related").refresh();
      }, MODEL);
      await shown(page, "related");
      assert.equal(await page.evaluate(isSeen), false);
    });

    for (const framework of FRAMEWORKS) {
      await t.test(`works in ${framework}`, async (t) => {
        const visited = await running.visit(`${server.url}package.html`);
        t.after(() => visited.close());
        const { page, errors } = visited;
        await page.waitForFunction(() => window.mercer);
        await page.evaluate(await bundle(framework));
        // As a task of the page: inside a driver's call WebKit empties the microtasks too early.
        await page.evaluate((model) => setTimeout(() => window.start(model)), MODEL);
        await page.waitForFunction(() => document.querySelector("mercer-slate")?.slate);
        const first = await page.evaluate(framed);
        assert.equal(first.cards.length, 4);
        assert.ok(first.cards.every((text) => text.startsWith("Title of ")));
        await page.evaluate(() => window.change("tent-2p"));
        await page.waitForFunction((before) => document.querySelector("mercer-slate").slate?.items[0].item !== before, {}, first.item);
        await page.evaluate(() => document.querySelector("mercer-slate").shadowRoot.querySelector("a").click());
        const after = await page.evaluate(() => window.selected);
        assert.deepEqual(after, [(await page.evaluate(framed)).item], "and hears what was chosen");
        await page.evaluate(() => window.stop());
        assert.equal(await page.evaluate(() => document.querySelector("mercer-slate")), null);
        assert.deepEqual(errors, []);
      });
    }
  });
}

// What follows runs in the page.

function states() {
  return [...document.querySelectorAll("mercer-slate")].map(({ shadowRoot }) => {
    if (!shadowRoot) return "undefined";
    const part = (name) => shadowRoot.querySelector(`[part="${name}"]`);
    if (!part("loading").hidden) return `loading ${part("loading").querySelectorAll("[part=placeholder]").length}`;
    if (!part("list").hidden) return `list ${part("list").children.length}`;
    return part("retry") ? "error" : "empty";
  });
}

function cards(id) {
  const items = document.getElementById(id).shadowRoot.querySelectorAll("li");
  return [...items].map((item) => ({
    title: item.querySelector("[part=title]").textContent,
    href: item.querySelector("a").getAttribute("href"),
    src: item.querySelector("img").getAttribute("src"),
  }));
}

function overlap() {
  const all = [...document.querySelectorAll("mercer-slate")].flatMap(({ slate }) => slate.items.map(({ item }) => item));
  return all.filter((item, at) => all.indexOf(item) !== at);
}

function colour() {
  const title = document.getElementById("related").shadowRoot.querySelector("[part=title]");
  return getComputedStyle(title).color;
}

function framed() {
  const element = document.querySelector("mercer-slate");
  const cards = [...element.shadowRoot.querySelectorAll("li")].map(({ textContent }) => textContent);
  return { cards, item: element.slate.items[0].item };
}
