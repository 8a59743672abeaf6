// The scenario suite through the npm package, in WebAssembly and in JavaScript: the slates of the
// native engine, bit for bit.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/node.js";
import { root } from "./support.mjs";

const folder = root("tests/cases");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are cases", () => assert.ok(files.length >= 20, `${files.length} in ${folder}`));

// A case says what is known of the moment; the machine's own clock is no part of it.
const UNKNOWN = { timeMs: 0, hour: null, weekday: null, month: null, device: null };

/** A device that holds what earlier visits left, until the test ends. */
function device(t, stored) {
  const area = { getItem: () => JSON.stringify(stored), setItem() {}, removeItem() {} };
  const define = (value) =>
    Object.defineProperty(globalThis, "localStorage", { configurable: true, value });
  define(area);
  t.after(() => define(undefined));
  return { storage: "device" };
}

for (const file of files) {
  const { name, model, rules, add, update, stored, events, request, page, expect } = JSON.parse(
    readFileSync(`${folder}/${file}`, "utf8"),
  );
  for (const engine of ["wasm", "js"]) test(`${file} in ${engine}: ${name}`, async (t) => {
    const shop = await load(root(`tests/${model}`), { engine, ...(stored && device(t, stored)) });
    assert.equal(shop.engine, engine);
    if (rules) shop.setRules(rules);
    if (add) shop.addItems(add);
    if (update) shop.updateItems(update);
    for (const { kind, ...options } of events) shop.observe(kind, options);
    const answer = page
      ? shop.page(page.map((unit) => ({ ...UNKNOWN, ...unit })))
      : shop.recommend({ ...UNKNOWN, ...request });
    // `deepStrictEqual` compares numbers with Object.is.
    assert.deepStrictEqual(answer, expect);
  });
}
