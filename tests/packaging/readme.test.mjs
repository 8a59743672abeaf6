// The package's README: each of its recipes runs as it stands there, but for the names of the
// model and of the product; each row of its table is a test that there is.

import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { sealSession } from "../../pkg/edge/index.js";
import { load } from "../../pkg/node.js";
import { browsers, open, serve } from "../browser/harness.mjs";
import { root } from "../js/support.mjs";
import { MODEL, install, run, script } from "./support.mjs";
import { startWorker } from "./workerd.mjs";

const README = readFileSync(root("pkg/README.md"), "utf8");
const ITEM = "kettle-1.7l";

let shop;
let server;
let chromium;
before(async () => {
  shop = install();
  cpSync(join(shop.folder, "node_modules/mercer/dist"), join(shop.folder, "dist"), { recursive: true });
  server = await serve({ "/": shop.folder, "/mercer/": join(shop.folder, "dist"), "/model/": dirname(MODEL) });
  chromium = await open(browsers().find(({ name }) => name === "chromium"));
});
after(async () => {
  await chromium?.close();
  await server?.close();
  shop?.remove();
});

/** The code below a heading, about a product that the little shop has. */
function recipe(heading) {
  const [, rest] = README.split(`### ${heading}\n`);
  assert.ok(rest, `the README has no heading ${heading}`);
  const [, code] = /```\w*\n(.*?)```/s.exec(rest);
  return code.replaceAll("SKU-1", ITEM).replace('"/shop.mercer"', '"/model/small.mercer"').replace("./shop.mercer", "./small.mercer");
}

/** What the recipes ask for, asked of Node. */
async function answer(events, request) {
  const opened = await load(MODEL);
  for (const [kind, details] of events) opened.observe(kind, details);
  return opened.recommend({ count: 4, ...request }).items.map(({ item }) => item);
}

const viewed = ["view_item", { item: ITEM }];
const related = { placement: "related", item: ITEM };

const write = (name, text) => writeFileSync(join(shop.folder, name), text);

/** What a page of the shop's folder lists in the end. */
async function listed(t, address) {
  const { page, errors, close } = await chromium.visit(server.url + address);
  t.after(close);
  await page.waitForSelector("#related li:nth-child(4)", { timeout: 60_000 });
  assert.deepEqual(errors, []);
  return page.$$eval("#related li", (lines) => lines.map((line) => line.textContent));
}

const HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"></head>';

test("recipe: plain HTML", async (t) => {
  write("recipe.html", `${HEAD}<body>${recipe("Plain HTML")}</body></html>`);
  assert.deepEqual(await listed(t, "recipe.html"), await answer([viewed], related));
});

/** What the page's element shows in the end: a card's title and address. */
async function cards(t, address) {
  const { page, errors, close } = await chromium.visit(server.url + address);
  t.after(close);
  await page.waitForFunction(() => document.querySelector("mercer-slate")?.slate, { timeout: 60_000 });
  assert.deepEqual(errors, []);
  return page.$eval("mercer-slate", ({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("a")].map((link) => [link.textContent, link.getAttribute("href")]));
}

const cardsOf = (ids, base) => ids.map((id) => [id, new URL(`/p/${id}`, base).href]);

test("recipe: a slate without code", async (t) => {
  const wanted = await answer([], related);
  const known = Object.fromEntries(wanted.map((id) => [id, { title: id, url: `/p/${id}` }]));
  write("products.json", JSON.stringify(known));
  write("slate.html", `${HEAD}<body>${recipe("A slate without code")}</body></html>`);
  assert.deepEqual(await cards(t, "slate.html"), cardsOf(wanted, server.url));
});

/** Makes a page of `Related` with Vite. */
async function buildRelated(code) {
  const installed = join(shop.folder, "node_modules/react");
  if (!existsSync(installed)) {
    for (const name of ["react", "react-dom"]) symlinkSync(root(`node_modules/${name}`), join(shop.folder, "node_modules", name));
  }
  write("related.jsx", code);
  write("main.js", `
    import { createElement } from "react";
    import { createRoot } from "react-dom/client";
    import { Related } from "./related.jsx";
    createRoot(document.querySelector("#said")).render(createElement(Related, { item: "${ITEM}" }));
  `);
  await run(process.execPath, [script("build.mjs"), "vite"], shop.folder);
}

test("recipe: the element in React", async (t) => {
  await buildRelated(recipe("The element in React"));
  assert.deepEqual(await cards(t, "vite/index.html"), cardsOf(await answer([], related), server.url));
});

test("recipe: Vite and React", async (t) => {
  await buildRelated(recipe("Vite and React"));
  assert.deepEqual(await listed(t, "vite/index.html"), await answer([viewed], related));
});

test("recipe: a shop with GA4", async (t) => {
  const list = `
    for (const { item } of items) {
      document.querySelector("#related").append(Object.assign(document.createElement("li"), { textContent: item }));
    }`;
  const stdin = { contents: recipe("A shop with GA4") + list, resolveDir: shop.folder };
  const outfile = join(shop.folder, "ga4/main.js");
  await build({ stdin, outfile, bundle: true, format: "esm", target: "es2022", logLevel: "silent" });
  cpSync(join(shop.folder, "node_modules/mercer/wasm"), join(shop.folder, "ga4/wasm"), { recursive: true });
  const pushed = { event: "view_item", ecommerce: { items: [{ item_id: ITEM, price: "24.50" }] } };
  write("ga4/index.html", `${HEAD}<body><ul id="related"></ul><script>dataLayer = [${JSON.stringify(pushed)}]</script>
    <script type="module" src="main.js"></script></body></html>`);
  assert.deepEqual(await listed(t, "ga4/index.html"), await answer([viewed], {}));
});

test("recipe: workers at the edge", async (t) => {
  write("edge.js", recipe("Workers at the edge"));
  const url = await startWorker(t, shop.folder, "edge.js");
  const said = await fetch(`${url}?item=${ITEM}`);
  assert.deepEqual(await said.json(), await answer([], related));
});

test("recipe: the first paint at the edge", async (t) => {
  write("paint.js", recipe("The first paint at the edge"));
  const url = await startWorker(t, shop.folder, "paint.js");
  const visitor = await load(MODEL);
  visitor.observe("view_item", { item: "tent-2p", dwellMs: 9000 });
  for (const [cookie, events] of [["", []], [`mercer=${sealSession(visitor.export())}`, visitor.export().events]]) {
    const filled = await fetch(`${url}p/kettle`, { headers: { cookie } });
    assert.equal(filled.headers.get("cache-control"), "private, no-store");
    const html = await filled.text();
    const wanted = await answer(events.map(({ kind, ...details }) => [kind, details]), related);
    assert.deepEqual([...html.matchAll(/<a href="(.*?)"><span>(.*?)<\/span>/g)].map(([, href, title]) => [title, href]), cardsOf(wanted, url));
  }
});

test("recipe: the policy is no looser than the page that is tested with it", () => {
  const page = readFileSync(root("tests/browser/fixtures/strict.html"), "utf8");
  for (const rule of recipe("A strict Content-Security-Policy").trim().split("; ")) assert.ok(page.includes(rule), rule);
});

test("each row of the table is a test", () => {
  const rows = README.split("\n").filter((line) => line.includes(".test.mjs`: "));
  assert.ok(rows.length >= 25);
  for (const row of rows) {
    const [, file, name] = /`([\w/.]+\.test\.mjs)`: (.*?) \|$/.exec(row);
    assert.ok(readFileSync(root(`tests/${file}`), "utf8").includes(name), row);
  }
});
