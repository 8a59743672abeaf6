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
await build({
  entryPoints: { mercer: join(pkg, "script.js") },
  outdir: dist,
  bundle: true,
  format: "iife",
  globalName: "Mercer",
  target: "es2020",
  minify: true,
  // Names of classes are seen in messages.
  keepNames: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync(join(pkg, "wasm/mercer_bg.wasm"), join(dist, "mercer_bg.wasm"));
copyFileSync(join(pkg, "fallback/mercer.js"), join(dist, "fallback.js"));
