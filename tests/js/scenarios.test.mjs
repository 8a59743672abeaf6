// The scenario suite through the npm package: the slates of the native engine, bit for bit.

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

for (const file of files) {
  const { name, model, rules, events, request, page, expect } = JSON.parse(
    readFileSync(`${folder}/${file}`, "utf8"),
  );
  test(`${file}: ${name}`, async () => {
    const shop = await load(root(`tests/${model}`));
    if (rules) shop.setRules(rules);
    for (const { kind, ...options } of events) shop.observe(kind, options);
    const answer = page
      ? shop.page(page.map((unit) => ({ ...UNKNOWN, ...unit })))
      : shop.recommend({ ...UNKNOWN, ...request });
    // `deepStrictEqual` compares numbers with Object.is.
    assert.deepStrictEqual(answer, expect);
  });
}
