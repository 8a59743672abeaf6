// Prints what each file weighs, raw and compressed as a web server would send it, and
// fails when the sum is over the budget: `node xtask/sizes.mjs BUDGET.json FILE...`.

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [budgetFile, ...files] = process.argv.slice(2);
if (files.length === 0) fail(2, "usage: node xtask/sizes.mjs BUDGET.json FILE...");

const rows = files.map((file) => weigh(relative(process.cwd(), file), readFileSync(file)));
const total = { name: "total", raw: 0, gzip: 0, brotli: 0 };
for (const row of rows) for (const kind of ["raw", "gzip", "brotli"]) total[kind] += row[kind];

const print = (...cells) =>
  console.log(cells.map((c, i) => (i ? String(c).padStart(10) : c.padEnd(30))).join(""));
print("bytes", "raw", "gzip", "brotli");
for (const { name, raw, gzip, brotli } of [...rows, total]) print(name, raw, gzip, brotli);

const budget = readBudget(budgetFile);
if (total.brotli > budget) {
  fail(1, `${total.brotli} bytes brotli, ${total.brotli - budget} over the ${budget} of ${budgetFile}`);
}
console.log(`${budget - total.brotli} bytes below the ${budget} of ${budgetFile}`);

function weigh(name, bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return {
    name,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

function readBudget(file) {
  const { brotli_bytes: bytes } = JSON.parse(readFileSync(file, "utf8"));
  if (!Number.isInteger(bytes) || bytes <= 0) {
    fail(2, `${file}: "brotli_bytes" must be a whole number above 0`);
  }
  return bytes;
}

function fail(code, message) {
  console.error(`error: ${message}`);
  process.exit(code);
}
