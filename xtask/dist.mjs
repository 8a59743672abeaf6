// Writes the package's folder for pages without modules: `node xtask/dist.mjs PKG`. It holds all
// that such a page loads, so that one folder is all a shop copies.

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const [pkg] = process.argv.slice(2);
if (!pkg) {
  console.error("usage: node xtask/dist.mjs PKG");
  process.exit(2);
}

const dist = join(pkg, "dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const bundle = (options) => build({
  outdir: dist,
  bundle: true,
  target: "es2020",
  minify: true,
  // Names of classes are seen in messages.
  keepNames: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
  ...options,
});
const script = { entryPoints: { mercer: join(pkg, "script.js") }, format: "iife", globalName: "Mercer" };
const worker = { entryPoints: { worker: join(pkg, "worker/main.js") }, format: "esm" };
await Promise.all([bundle(script), bundle(worker)]);
for (const name of ["mercer_bg.wasm", "mercer_relaxed.wasm"]) {
  copyFileSync(join(pkg, "wasm", name), join(dist, name));
}
copyFileSync(join(pkg, "fallback/mercer.js"), join(dist, "fallback.js"));
