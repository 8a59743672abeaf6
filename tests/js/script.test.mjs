// The script for pages without modules: one global, and beside it all that it loads.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { SMALL, root, smallBytes } from "./support.mjs";

const dist = (name) => root(`pkg/dist/${name}`);
const text = readFileSync(dist("mercer.js"), "utf8");

/** What a page knows that loads the script from `src`. */
function page(src) {
  const asked = [];
  const fetch = async (url) => {
    asked.push(`${url}`);
    return new Response(readFileSync(`${url}`.endsWith(".wasm") ? dist("mercer_bg.wasm") : SMALL));
  };
  const document = { currentScript: { src } };
  const world = vm.createContext({ document, fetch, URL, WebAssembly, TextDecoder, TextEncoder, Response, performance, queueMicrotask, setTimeout, clearTimeout });
  vm.runInContext(text, world);
  document.currentScript = null;
  return { world, asked };
}

test("the script makes `Mercer` and nothing else", () => {
  const { world } = page("https://shop.example/js/mercer.js");
  const before = ["document", "fetch", "URL", "WebAssembly", "TextDecoder", "TextEncoder", "Response", "performance", "queueMicrotask", "setTimeout", "clearTimeout"];
  assert.deepEqual(Object.keys(world).filter((name) => !before.includes(name)), ["Mercer"]);
  assert.deepEqual(Object.keys(world.Mercer).sort(), [
    "ENGLISH", "MercerError", "connectDataLayer", "defineSlate", "fromJsonLd", "load", "phrase",
  ]);
});

test("it finds the engine beside itself, whatever page it is on, and ranks", async () => {
  const { world, asked } = page("https://shop.example/js/mercer.js?v=2");
  const shop = await world.Mercer.load("https://shop.example/shop.mercer");
  shop.observe("view_item", { item: "kettle-1.7l" });
  assert.equal(shop.recommend().source, "session");
  assert.deepEqual(asked.sort(), [
    "https://shop.example/js/mercer_bg.wasm",
    "https://shop.example/shop.mercer",
  ]);
  const error = await world.Mercer.load(smallBytes(), { store: 1 }).catch((error) => error);
  assert.ok(error instanceof world.Mercer.MercerError);
  assert.equal(error.name, "MercerError");
});

test("the folder holds all that it names, and a map to the sources", () => {
  for (const [, name] of text.matchAll(/"([\w-]+\.(?:js|wasm))"/g)) {
    assert.ok(existsSync(dist(name)), name);
  }
  assert.match(text, /\n\/\/# sourceMappingURL=mercer\.js\.map\n?$/);
  const { sources, sourcesContent } = JSON.parse(readFileSync(dist("mercer.js.map"), "utf8"));
  assert.ok(sources.includes("../shop/shop.js"), sources.join());
  assert.equal(sourcesContent.length, sources.length);
  assert.deepEqual(readdirSync(root("pkg/dist")).sort(), [
    "fallback.js",
    "mercer.js",
    "mercer.js.map",
    "mercer_bg.wasm",
    "mercer_relaxed.wasm",
    "worker.js",
    "worker.js.map",
  ]);
});

test("it is no module, and asks for nothing newer than 2020", () => {
  assert.doesNotThrow(() => new vm.Script(text));
  assert.doesNotMatch(text, /import\.meta|\?\?=|#\w+[(;=]/);
});
