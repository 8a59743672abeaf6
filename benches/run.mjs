// Rounds of every platform in turn, so that a busy moment of the machine hits all of them,
// then one table. `cargo xtask bench` builds what this needs and calls it:
//
//   node benches/run.mjs --model FILE --large FILE --out RESULTS.json --rounds N [--only PLATFORM]...

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { load } from "../pkg/node.js";
import { browsers, open, serve } from "../tests/browser/harness.mjs";
import { ratios, summarise, table } from "./figures.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: {
    model: { type: "string" },
    large: { type: "string" },
    out: { type: "string" },
    rounds: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
  },
});
const { model, large, out, only } = values;
const rounds = Number(values.rounds);
const wanted = (name) => only.length === 0 || only.includes(name);
const platforms = [];
const closing = [];
try {
  await prepare();
  const { samples, memory } = await takeRounds();
  const results = {
    environment: environment(),
    model: await describe(),
    rounds,
    milliseconds: summarise(samples),
    memory,
  };
  results.ratios = ratios(results.milliseconds);
  writeFileSync(out, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(table(results));
} finally {
  for (const close of closing.reverse()) await close();
}

async function prepare() {
  if (wanted("native")) {
    const words = ["bench", "--quiet", "--package", "mercer", "--bench", "native", "--", model, large];
    const round = () => json("cargo", words);
    platforms.push({ name: "native", version: version("rustc"), round });
  }
  if (wanted("node")) {
    const script = fileURLToPath(new URL("node.mjs", import.meta.url));
    const round = () => json(process.execPath, [script, model, large]);
    platforms.push({ name: "node", version: `Node ${process.version}`, round });
  }
  const asked = ["chromium", "firefox"].filter(wanted);
  const chosen = asked.length > 0 ? browsers().filter(({ name }) => asked.includes(name)) : [];
  if (chosen.length === 0) return;
  const mounts = { "/benches/": "benches", "/bench/": relative(ROOT, dirname(model)), "/large/": relative(ROOT, dirname(large)) };
  const server = await serve(mounts, { isolated: true });
  closing.push(server.close);
  for (const browser of chosen) platforms.push(await inBrowser(browser, server.url));
}

async function inBrowser(browser, url) {
  const running = await open(browser);
  closing.push(running.close);
  const files = new URLSearchParams({ model: basename(model), large: basename(large) });
  const round = async () => {
    const { page, errors, close } = await running.visit(`${url}benches/page.html?${files}`);
    try {
      return await page.evaluate(() => window.round());
    } catch (cause) {
      throw new Error(`${browser.name}: ${[cause.message, ...errors].join("; ")}`, { cause });
    } finally {
      await close();
    }
  };
  return { name: browser.name, version: version(browser.path), round };
}

async function takeRounds() {
  const samples = Object.fromEntries(platforms.map(({ name }) => [name, {}]));
  const memory = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, round: take } of platforms) {
      console.error(`  round ${round} of ${rounds}: ${name}`);
      const taken = await take();
      for (const [step, times] of Object.entries(taken.milliseconds)) {
        (samples[name][step] ??= []).push(...times);
      }
      if (taken.memory) memory[name] = taken.memory;
    }
  }
  return { samples, memory };
}

async function describe() {
  const bytes = readFileSync(model);
  const { items, dim, bits } = (await load(bytes)).info;
  return { bytes: bytes.length, items, dim, bits };
}

function json(program, args) {
  return JSON.parse(execFileSync(program, args, { cwd: ROOT, encoding: "utf8" }));
}

function version(program) {
  return execFileSync(program, ["--version"], { encoding: "utf8" }).trim();
}

function environment() {
  const [{ model: cpu }] = cpus();
  const versions = Object.fromEntries(platforms.map(({ name, version: is }) => [name, is]));
  return { cpu, cores: cpus().length, system: `${process.platform} ${process.arch}`, ...versions };
}
