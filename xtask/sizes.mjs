// Prints what each part of the package weighs, raw, minified as a shop's production build ships it,
// and that compressed as a web server would send it, and fails when a part is over its budget:
// `node xtask/sizes.mjs BUDGET.json`. The budget file lies in the package's folder; a part is a list
// of its files and folders. Each file is minified and compressed alone; a bundle of them is smaller.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { transformSync } from "esbuild";

const KINDS = ["raw", "minified", "gzip", "brotli"];

const [budgetFile] = process.argv.slice(2);
if (!budgetFile) fail(2, "usage: node xtask/sizes.mjs BUDGET.json");

const folder = dirname(budgetFile);
const over = Object.entries(readBudget(budgetFile)).filter(([part, budget]) => !fits(part, budget));
if (over.length > 0) process.exit(1);

function fits(part, { brotli_bytes: budget, files }) {
  const rows = files.flatMap(filesIn).map((name) => weigh(name, readFileSync(join(folder, name))));
  const sum = (kind) => rows.reduce((sum, row) => sum + row[kind], 0);
  const total = Object.fromEntries(KINDS.map((kind) => [kind, sum(kind)]));
  print(`${part}, bytes`, ...KINDS);
  for (const row of [...rows, { name: `${part}, all`, ...total }]) {
    print(row.name, ...KINDS.map((kind) => row[kind]));
  }
  const left = budget - total.brotli;
  const said = `${total.brotli} bytes brotli, ${Math.abs(left)} ${left < 0 ? "over" : "below"} the ${budget} of \`${part}\` in ${budgetFile}`;
  if (left < 0) console.error(`error: ${said}`);
  else console.log(`${said}\n`);
  return left >= 0;
}

/** The files of that name that browsers load; of a folder all below it, in order. */
function filesIn(name) {
  const path = join(folder, name);
  if (!statSync(path, { throwIfNoEntry: false })) fail(2, `${budgetFile}: there is no ${path}`);
  if (!statSync(path).isDirectory()) return [name];
  const inner = readdirSync(path).sort().filter((file) => !/\.(d\.ts|map|md|json)$/.test(file));
  return inner.flatMap((file) => filesIn(join(name, file)));
}

function print(...cells) {
  console.log(cells.map((c, i) => (i ? String(c).padStart(10) : c.padEnd(30))).join(""));
}

function weigh(name, bytes) {
  const shipped = name.endsWith(".js") ? minified(bytes) : bytes;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: shipped.length,
  };
  return {
    name,
    raw: bytes.length,
    minified: shipped.length,
    gzip: gzipSync(shipped, { level: 9 }).length,
    brotli: brotliCompressSync(shipped, { params }).length,
  };
}

function minified(bytes) {
  const { code } = transformSync(bytes.toString(), { minify: true, format: "esm" });
  return Buffer.from(code);
}

function readBudget(file) {
  const parts = JSON.parse(readFileSync(file, "utf8"));
  if (Object.keys(parts).length === 0) fail(2, `${file} has no parts`);
  for (const [part, { brotli_bytes: bytes, files }] of Object.entries(parts)) {
    if (!Number.isInteger(bytes) || bytes <= 0) {
      fail(2, `${file}: "brotli_bytes" of \`${part}\` must be a whole number above 0`);
    }
    if (!Array.isArray(files) || files.length === 0) fail(2, `${file}: \`${part}\` needs "files"`);
  }
  return parts;
}

function fail(code, message) {
  console.error(`error: ${message}`);
  process.exit(code);
}
