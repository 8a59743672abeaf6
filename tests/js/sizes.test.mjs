// A size budget can be missed, and a broken budget file is not taken for a met one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { root } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "mercer-sizes-"));
after(() => rmSync(folder, { recursive: true }));

function weigh(budget, contents = {}) {
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const budgetFile = join(folder, "budget.json");
  writeFileSync(budgetFile, typeof budget === "string" ? budget : JSON.stringify(budget));
  return spawnSync("node", [root("xtask/sizes.mjs"), budgetFile], { encoding: "utf8" });
}

const part = (bytes, ...files) => ({ brotli_bytes: bytes, files });

test("files below the budget pass, compressed and together, folders with all below them", () => {
  const files = { "a.js": "a".repeat(5000), "b/c/d.css": "b".repeat(5000), "b/x.d.ts": "type" };
  const { status, stdout } = weigh({ core: part(1000, "a.js", "b") }, files);
  assert.equal(status, 0);
  assert.match(stdout, /core, all +10000 /);
  assert.match(stdout, /b.c.d\.css +5000 +5000 /);
  assert.match(stdout, /below the 1000 of `core`/);
});

test("scripts are weighed as a production build ships them", () => {
  const code = "// What it is good for.\nexport function answer(question) {\n  return question * 42;\n}\n";
  const small = "export function answer(n){return n*42}";
  const [, said] = /with\.js +(.*)/.exec(weigh({ core: part(1000, "with.js") }, { "with.js": code }).stdout);
  const [, bare] = /bare\.js +(.*)/.exec(weigh({ core: part(1000, "bare.js") }, { "bare.js": small }).stdout);
  assert.deepEqual(said.split(/ +/).slice(1), bare.split(/ +/).slice(1));
  assert.equal(Number(said.split(/ +/)[0]), code.length);
});

test("one byte too many fails, whichever part it is in", () => {
  const noise = { "noise.bin": randomBytes(600), "small.js": "export const small = 1" };
  const size = (bytes) => ({ core: part(bytes, "noise.bin"), page: part(100, "small.js") });
  const [, brotli] = /(\d+) bytes brotli/.exec(weigh(size(9000), noise).stdout);
  assert.equal(weigh(size(Number(brotli))).status, 0);
  const over = weigh(size(brotli - 1));
  assert.equal(over.status, 1);
  assert.match(over.stderr, /bytes brotli, 1 over the \d+ of `core`/);
  assert.match(over.stdout, /of `page`/, "the others are measured all the same");
  assert.equal(weigh({ core: part(9000, "noise.bin"), page: part(1, "small.js") }).status, 1);
});

test("a budget that is none, and no file at all, are errors", () => {
  for (const [budget, said] of [
    ["{}", /no parts/],
    [{ core: {} }, /brotli_bytes/],
    [{ core: part("60000", "a.js") }, /brotli_bytes/],
    [{ core: part(1000) }, /files/],
    [{ core: part(1000, "nowhere.js") }, /there is no .*nowhere/],
  ]) {
    const { status, stderr } = weigh(budget, { "a.js": "" });
    assert.equal(status, 2);
    assert.match(stderr, said);
  }
  assert.notEqual(weigh("").status, 0);
});
