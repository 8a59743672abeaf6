// Production builds of the little shop, loaded in Chromium, and the same page without a build:
// all give the slates of Node, and its element shows them.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { createServer } from "vite";
import { browsers, open, serve, strangers } from "../browser/harness.mjs";
import { MODEL, expected, install, run, script, shown } from "./support.mjs";

const BUNDLERS = ["vite", "webpack", "rollup", "esbuild", "esbuild-slim", "parcel"];

let shop;
let server;
let chromium;
before(async () => {
  shop = install();
  // The shop lies in a folder of the site: nothing may rely on the root.
  server = await serve({ "/shop/": shop.folder, "/model/": dirname(MODEL) });
  chromium = await open(browsers().find(({ name }) => name === "chromium"));
});
after(async () => {
  await chromium?.close();
  await server?.close();
  shop?.remove();
});

for (const bundler of BUNDLERS) {
  test(`built by ${bundler}, it runs in a page`, async (t) => {
    await run(process.execPath, [script("build.mjs"), bundler], shop.folder);
    const out = join(shop.folder, bundler);
    assert.ok(!text(out).includes("node:fs"), "the build holds the entry for Node");
    await shows(t, `shop/${bundler}/index.html`);
    // The slim entry brings neither.
    if (bundler === "esbuild-slim") return;
    await shows(t, `shop/${bundler}/index.html?worker`);
    await shows(t, `shop/${bundler}/index.html?js`);
    await shows(t, `shop/${bundler}/index.html?element`, shown);
  });
}

test("in Vite's development server it runs in a page", async (t) => {
  // It looks into every page of the folder, and what others built is none of the shop's sources.
  for (const bundler of BUNDLERS) rmSync(join(shop.folder, bundler), { recursive: true, force: true });
  mkdirSync(join(shop.folder, "public/model"), { recursive: true });
  cpSync(MODEL, join(shop.folder, "public/model/small.mercer"));
  const settings = { root: shop.folder, configFile: false, logLevel: "error", server: { port: 0 } };
  const vite = await createServer(settings);
  t.after(() => vite.close());
  await vite.listen();
  const [url] = vite.resolvedUrls.local;
  for (const asked of ["", "?worker", "?js"]) await shows(t, `index.html${asked}`, expected, url);
  await shows(t, "index.html?element", shown, url);
});

test("without a build, a plain module script finds it by an import map", async (t) => {
  await shows(t, "shop/plain.html");
  await shows(t, "shop/plain.html?element", shown);
});

test("without modules, one script makes it a global", async (t) => {
  const page = await shows(t, "shop/classic.html");
  await page.waitForFunction(() => document.querySelector("mercer-slate").slate);
  const slate = await page.$eval("mercer-slate", ({ slate }) => slate.items.map(({ item }) => item));
  assert.equal(JSON.stringify(slate), await shown());
});

/** Visits a page, which must say what is wanted, without an error or a request to others. */
async function shows(t, page, wanted = expected, url = server.url) {
  const visited = await chromium.visit(url + page);
  t.after(() => visited.close());
  await visited.page.waitForSelector("#said:not(:empty)", { timeout: 15_000 });
  assert.equal(await visited.page.$eval("#said", (said) => said.textContent), await wanted());
  assert.deepEqual(visited.errors, []);
  assert.deepEqual(strangers(visited.requests, url), []);
  return visited.page;
}

/** All scripts of a folder. */
function text(folder) {
  const scripts = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));
  assert.ok(scripts.length > 0, `${folder} holds no script`);
  return scripts.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}
