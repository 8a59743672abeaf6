// The best 20 of n vectors of 64 coordinates: Mercer beside everybody else who searches in a
// browser, in the same page or process, taking turns. `cargo xtask bench --peers` calls it, with the
// search alone (benches/search/scan/) built into FOLDER/scan:
//
//   node benches/search/run.mjs --out FOLDER --rounds N [--items N]... [--only PART]... [--platform NAME]

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { browsers, open, serve } from "../../tests/browser/harness.mjs";
import { plot } from "./plot.mjs";
import { searchTable, summarised } from "./table.mjs";
import { codesOf } from "./world.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));
const PATIENCE = 1000;

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    rounds: { type: "string" },
    items: { type: "string", multiple: true, default: [] },
    only: { type: "string", multiple: true, default: [] },
    platform: { type: "string", default: "chromium" },
  },
});
const sizes = values.items.length > 0 ? values.items.map(Number) : [10_000, 100_000, 1_000_000];
const models = join(values.out, "models");
const bundle = join(values.out, "bundle");

mkdirSync(models, { recursive: true });
sizes.forEach(writeModel);
const search = values.platform === "node" ? inFreshProcess : await browserOf(values.platform);
const results = {};
for (const n of sizes) {
  console.error(`  ${values.platform}: ${n} items`);
  results[n] = summarised(await search({ n, rounds: Number(values.rounds), only: values.only }));
}
const text = searchTable(results);
const file = (ending) => join(values.out, `search-${values.platform}.${ending}`);
writeFileSync(file("json"), `${JSON.stringify(results, undefined, 2)}\n`);
writeFileSync(file("svg"), plot(results));
console.log(text);

function writeModel(n) {
  const [codes, model] = [`${n}.codes`, `${n}.mercer`].map((name) => join(models, name));
  if (existsSync(model)) return;
  writeFileSync(codes, codesOf(n));
  const words = ["bench", "--quiet", "--package", "mercer", "--bench", "native", "--", "--write-bare"];
  execFileSync("cargo", [...words, codes, model], { cwd: ROOT, stdio: "inherit" });
}

async function bundlePage() {
  await build({
    entryPoints: [join(HERE, "page.mjs")],
    outfile: join(bundle, "page.js"),
    bundle: true,
    format: "esm",
    external: ["/pkg/*", "/scan/*", "fs", "path", "crypto", "worker_threads", "perf_hooks", "os", "module", "url"],
    logLevel: "error",
  });
}

/** A process of its own for each size. */
function inFreshProcess(asked) {
  const words = [join(HERE, "node.mjs"), values.out, JSON.stringify(asked)];
  const options = { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] };
  return JSON.parse(execFileSync(process.execPath, words, options));
}

async function browserOf(platform) {
  const chosen = browsers().find(({ name }) => name === platform);
  if (!chosen) throw new Error(`\`--platform ${platform}\`: there are node, chromium and firefox`);
  await bundlePage();
  return (asked) => inFreshBrowser(chosen, asked);
}

/** A browser of its own for each size: nobody's memory is in anybody's way. */
async function inFreshBrowser(chosen, asked) {
  const mounts = {
    "/scan/": relative(ROOT, join(values.out, "scan")),
    "/bundle/": relative(ROOT, bundle),
    "/models/": relative(ROOT, models),
    "/search/": "benches/search",
    "/node_modules/": "benches/search/node_modules",
  };
  const server = await serve(mounts, { isolated: true });
  const running = await open(chosen);
  try {
    const { page, errors } = await running.visit(`${server.url}search/page.html`);
    await page.waitForFunction("window.searchAll");
    // Building an index may take longer than a driver waits for an answer.
    await page.evaluate((asked) => {
      window.searchAll(asked).then(
        (found) => (window.found = found),
        (cause) => (window.failed = `${cause?.stack ?? cause}`),
      );
    }, asked);
    for (;;) {
      const [found, failed] = await page.evaluate(() => [window.found, window.failed]);
      if (failed) throw new Error([failed, ...errors].join("; "));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  } finally {
    await running.close();
    await server.close();
  }
}
