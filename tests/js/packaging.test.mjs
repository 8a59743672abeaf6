// What `npm pack` makes of the package: installed elsewhere it loads in Node, and bundlers
// take it for Node and for browsers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { SMALL, WASM, root } from "./support.mjs";

let folder;
let packed;

// Nothing here needs a registry, and a cache of its own cannot disturb anybody's.
function npm(...args) {
  const quiet = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const env = { ...process.env, npm_config_cache: join(folder, "npm-cache") };
  return execFileSync("npm", [...args, ...quiet], { cwd: folder, env, encoding: "utf8" });
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), "mercer-packaging-"));
  [packed] = JSON.parse(npm("pack", root("pkg"), "--json"));
  writeFileSync(join(folder, "package.json"), '{ "name": "shop", "private": true }');
  npm("install", `./${packed.filename}`);
});
after(() => folder && rmSync(folder, { recursive: true, force: true }));

const USE = `
  import { load, MercerError } from "mercer";
  export async function slate(model, options) {
    const shop = await load(model, options);
    shop.observe("view_item", { item: "kettle-1.7l" });
    const bad = await load("no-such-file.mercer").catch((error) => error);
    return [shop.recommend().items[0].item, bad instanceof MercerError && bad.code];
  }
`;
const MAIN = "console.log((await slate(process.argv[2])).join());";

const runNode = (...args) =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).trim();

/** The shop's own answer to the same click. */
async function expected() {
  const { load } = await import("../../pkg/node.js");
  const shop = await load(SMALL);
  shop.observe("view_item", { item: "kettle-1.7l" });
  return `${shop.recommend().items[0].item},load/file`;
}

test("the tarball holds the package and nothing else", () => {
  const files = packed.files.map(({ path }) => path).sort();
  const entries = ["edge-light", "index", "node", "slim", "workerd"];
  assert.deepEqual(files.filter((path) => !path.includes("/")), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    ...entries.map((name) => `${name}.js`),
    "index.d.ts",
    "package.json",
    "slim.d.ts",
    "wasm.d.ts",
  ].sort());
  const manifest = JSON.parse(readFileSync(root("pkg/package.json"), "utf8"));
  const folders = manifest.files.filter((name) => /^[a-z]+$/.test(name) && existsSync(root(`pkg/${name}`)));
  const within = folders.flatMap((folder) =>
    readdirSync(root(`pkg/${folder}`), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, path, name }) => relative(root("pkg"), join(parentPath ?? path, name))),
  );
  const expected = [...within, "wasm/mercer.js", "wasm/mercer_bg.wasm"];
  assert.deepEqual(files.filter((path) => path.includes("/")), expected.sort());
});

test("every file an export names is there, and nothing is depended on", () => {
  const installed = join(folder, "node_modules/mercer");
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const target of targets) {
    if (!existsSync(root(`pkg/${dirname(target)}`))) continue;
    assert.ok(existsSync(join(installed, target)), target);
  }
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts, undefined, "nothing runs at install");
});

test("the licences are those of the repository", () => {
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    assert.equal(readFileSync(root(`pkg/${name}`), "utf8"), readFileSync(root(name), "utf8"));
  }
});

test("installed, it loads in Node by name", async () => {
  writeFileSync(join(folder, "main.mjs"), USE + MAIN);
  assert.equal(runNode("main.mjs", SMALL), await expected());
});

test("the engine's file can be named, as `new URL` and bundlers do", () => {
  const script = 'console.log(import.meta.resolve("mercer/mercer.wasm"))';
  const resolved = runNode("--input-type=module", "--eval", script);
  assert.ok(resolved.endsWith("/node_modules/mercer/wasm/mercer_bg.wasm"), resolved);
});

const bundle = (options) =>
  build({
    absWorkingDir: folder,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    logLevel: "silent",
    write: true,
    metafile: true,
    ...options,
  });

test("bundled for Node, it runs with the engine beside the bundle", async () => {
  writeFileSync(join(folder, "main.mjs"), USE + MAIN);
  await bundle({ entryPoints: ["main.mjs"], platform: "node", outfile: "node-out/main.mjs" });
  mkdirSync(join(folder, "node-out/wasm"));
  cpSync(WASM, join(folder, "node-out/wasm/mercer_bg.wasm"));
  assert.equal(runNode("node-out/main.mjs", SMALL), await expected());
});

test("bundled for browsers, it holds no Node, and runs with the engine handed over", async () => {
  writeFileSync(join(folder, "use.mjs"), USE);
  const { warnings, metafile } = await bundle({
    entryPoints: ["use.mjs"],
    platform: "browser",
    outfile: "web-out/use.mjs",
  });
  assert.deepEqual(warnings, []);
  assert.ok(Object.keys(metafile.inputs).every((file) => !file.endsWith("node.js")));
  const text = readFileSync(join(folder, "web-out/use.mjs"), "utf8");
  assert.ok(!text.includes("node:"));
  const { slate } = await import(join(folder, "web-out/use.mjs"));
  const [item] = await slate(readFileSync(SMALL), { wasm: readFileSync(WASM) });
  assert.equal(item, (await expected()).split(",")[0]);
});

test("what is imported and not used leaves the bundle", async () => {
  writeFileSync(join(folder, "unused.mjs"), 'import { load } from "mercer"; console.log(1);');
  await bundle({ entryPoints: ["unused.mjs"], platform: "browser", outfile: "unused-out.mjs" });
  assert.equal(readFileSync(join(folder, "unused-out.mjs"), "utf8").trim(), "console.log(1);");
});
