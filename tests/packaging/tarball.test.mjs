// What `npm pack` makes of the package: its files, its manifest as checkers judge it, and what
// a bundle takes of it.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { RELAXED, WASM, root } from "../js/support.mjs";
import { MODEL, expected, install, run, script } from "./support.mjs";

let folder;
let packed;
let remove;
before(() => ({ folder, packed, remove } = install()));
after(() => remove?.());

test("the tarball holds the package and nothing else", () => {
  const files = packed.files.map(({ path }) => path).sort();
  const entries = ["edge-light", "index", "node", "script", "slim", "workerd"];
  assert.deepEqual(files.filter((path) => !path.includes("/")), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    ...entries.map((name) => `${name}.js`),
    "fallback.d.ts",
    "index.d.ts",
    "package.json",
    "slim.d.ts",
    "wasm.d.ts",
    "worker.d.ts",
  ].sort());
  const manifest = JSON.parse(readFileSync(root("pkg/package.json"), "utf8"));
  const folders = manifest.files.filter((name) => /^[a-z]+$/.test(name));
  const within = folders.flatMap((folder) =>
    readdirSync(root(`pkg/${folder}`), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, path, name }) => relative(root("pkg"), join(parentPath ?? path, name))),
  );
  const expected = [...within, "wasm/mercer.js", "wasm/mercer_bg.wasm", "wasm/mercer_relaxed.wasm"];
  assert.deepEqual(files.filter((path) => path.includes("/")), expected.sort());
});

test("every file an export names is there, and nothing is depended on", () => {
  const installed = join(folder, "node_modules/mercer");
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const target of targets) {
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

test("publint finds nothing to say", async () => {
  const installed = join(folder, "node_modules/mercer");
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  const said = messages.map((message) => formatMessage(message, pkg));
  assert.deepEqual(said, []);
});

test("types and code of each entry are found together, whoever resolves them", async () => {
  const attw = script("node_modules/@arethetypeswrong/cli/dist/index.js");
  // The package is of ES modules alone: Node's `require` loads those since 20.19.
  const options = ["--profile", "esm-only", "--no-color"];
  await run(process.execPath, [attw, packed.filename, ...options], folder);
});

test("the engine's file can be named, as `new URL` and bundlers do", async () => {
  const print = 'console.log(import.meta.resolve("mercer/mercer.wasm"))';
  const resolved = await run(process.execPath, ["--input-type=module", "--eval", print], folder);
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
    ...options,
  });

test("bundled for Node, it runs with the engine beside the bundle", async () => {
  await bundle({ entryPoints: ["node.mjs"], platform: "node", outfile: "node-out/node.mjs" });
  mkdirSync(join(folder, "node-out/wasm"));
  for (const wasm of [WASM, RELAXED]) cpSync(wasm, join(folder, "node-out/wasm", basename(wasm)));
  assert.equal(await run(process.execPath, ["node-out/node.mjs", MODEL], folder), await expected());
});

test("what is imported and not used leaves the bundle", async () => {
  const contents = 'import { load, phrase } from "mercer"; import { fromJsonLd } from "mercer/page"; import { createEdge } from "mercer/edge"; import { defineSlate } from "mercer/element"; console.log(1);';
  const stdin = { contents, resolveDir: folder };
  const { outputFiles } = await bundle({ stdin, platform: "browser", write: false });
  assert.equal(outputFiles[0].text.trim(), "console.log(1);");
});
