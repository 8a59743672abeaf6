// The size budget can be missed, and a broken budget file is not taken for a met one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../xtask/sizes.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mercer-sizes-"));
after(() => rmSync(folder, { recursive: true }));

function weigh(budget, ...contents) {
  const files = contents.map((content, index) => {
    const file = join(folder, `${index}.js`);
    writeFileSync(file, content);
    return file;
  });
  const budgetFile = join(folder, "budget.json");
  writeFileSync(budgetFile, budget);
  return spawnSync("node", [script, budgetFile, ...files], { encoding: "utf8" });
}

test("files below the budget pass, compressed and together", () => {
  const { status, stdout } = weigh('{"brotli_bytes": 1000}', "a".repeat(5000), "b".repeat(5000));
  assert.equal(status, 0);
  assert.match(stdout, /total +10000 /);
  assert.match(stdout, /bytes below the 1000 of/);
});

test("one byte too many fails", () => {
  const noise = randomBytes(600);
  const [, brotli] = /(\d+)\n\d+ bytes below/.exec(weigh('{"brotli_bytes": 9000}', noise).stdout);
  assert.equal(weigh(`{"brotli_bytes": ${brotli}}`, noise).status, 0);
  const over = weigh(`{"brotli_bytes": ${brotli - 1}}`, noise);
  assert.equal(over.status, 1);
  assert.match(over.stderr, /bytes brotli, 1 over the/);
});

test("a budget that is none, and no file at all, are errors", () => {
  assert.equal(weigh("{}", "a").status, 2);
  assert.equal(weigh('{"brotli_bytes": "60000"}', "a").status, 2);
  assert.notEqual(weigh("", "a").status, 0);
  assert.equal(weigh('{"brotli_bytes": 1000}').status, 2);
});
