// The examples of the documentation run as they stand, against a golden model.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { MercerError, load, phrase } from "../../pkg/node.js";
import { SMALL, root } from "./support.mjs";
import { workers } from "./worker_support.mjs";

const AsyncFunction = (async () => {}).constructor;

/** Only the addresses of the examples are not real. */
async function loadSmall(source, { wasm, worker, ...options } = {}) {
  assert.match(source, /^\/?(shop|shards\/root)\.mercer$/);
  const shop = await load(SMALL, worker ? { ...options, worker: workers().make } : options);
  if (worker) freed.push(shop);
  const replace = shop.replaceModel.bind(shop);
  shop.replaceModel = (source, options) => {
    assert.equal(source, "/shop.mercer");
    return replace(SMALL, options);
  };
  return shop;
}

const freed = [];
afterEach(() => Promise.all(freed.splice(0).map((shop) => shop.free())));

const hush = { log() {}, warn() {} };

for (const page of ["docs/js-api.md", "docs/placements.md", "pkg/README.md"]) {
  const text = readFileSync(root(page), "utf8");
  const examples = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
  test(`${page} has examples`, () => assert.ok(examples.length > 0));
  for (const [at, code] of examples.entries()) {
    test(`${page}, example ${at + 1}`, async () => {
      const body = code.replace(/^import .* from "mercer";$/m, "");
      const own = /const shop =/.test(body) ? undefined : await loadSmall("/shop.mercer");
      const names = ["load", "MercerError", "phrase", "console", ...(own ? ["shop"] : [])];
      const run = new AsyncFunction(...names, body);
      await run(loadSmall, MercerError, phrase, hush, own);
    });
  }
}

// A rule set, a rule, a condition or the filter of a request.
const DECLARED = /^```json ?(\w*)\n(.*?)^```/gms;

const declared = [...readFileSync(root("docs/rules.md"), "utf8").matchAll(DECLARED)];

test("docs/rules.md has examples", () => assert.ok(declared.length > 20));

for (const [at, [, what, text]] of declared.entries()) {
  test(`docs/rules.md, example ${at + 1}: ${text.trim().split("\n")[0]}`, async () => {
    const shop = await load(root("tests/golden/shop.mercer"));
    shop.observe("view_item", { item: "tent-2p" });
    const example = JSON.parse(text);
    const filter = what === "filter" ? example : undefined;
    const rule = what === "condition" ? { kind: "exclude", where: example } : example;
    if (!filter) shop.setRules([rule].flat());
    for (const placement of ["home", "related", "cart", "search"]) {
      const request = { placement, item: "boot-42", items: ["9", "10"], filter, count: 5 };
      const { items, short } = shop.recommend({ ...request, explain: true });
      assert.ok(items.length === 5 || short, placement);
    }
  });
}
