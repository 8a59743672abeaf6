// `node build.mjs NAME`: the production build of the shop in the present folder, by one
// bundler, into a folder of that name. As little is configured as the bundler lets.

import { cpSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const folder = process.cwd();

const BUNDLERS = {
  async vite(out) {
    const { build } = await import("vite");
    const settings = { outDir: out, rollupOptions: { onwarn: refuse } };
    // Relative addresses: the site serves the build in a folder.
    await build({ root: folder, base: "./", configFile: false, logLevel: "error", build: settings });
  },

  async webpack(out) {
    const { default: webpack } = await import("webpack");
    const output = { path: `${folder}/${out}`, filename: "main.js" };
    const compiler = webpack({ mode: "production", context: folder, entry: "./main.js", output, performance: false });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, stats) => (error ? reject(error) : resolve(stats)));
    });
    if (stats.hasErrors() || stats.hasWarnings()) refuse(stats.toString("errors-warnings"));
    page(out);
  },

  async rollup(out) {
    const { rollup } = await import("rollup");
    const { default: resolve } = await import("@rollup/plugin-node-resolve");
    const { importMetaAssets } = await import("@web/rollup-plugin-import-meta-assets");
    const plugins = [resolve({ browser: true }), importMetaAssets()];
    const bundle = await rollup({ input: "main.js", plugins, onwarn: refuse });
    await bundle.write({ dir: out, format: "es" });
    page(out);
  },

  // The engine and the worker beside the bundle, where the package looks for them.
  async esbuild(out) {
    await esbuild(out, { entryPoints: ["main.js"] });
    for (const file of ["wasm/mercer_bg.wasm", "wasm/mercer_relaxed.wasm", "dist/worker.js"]) {
      cpSync(`node_modules/mercer/${file}`, `${out}/${file}`);
    }
    page(out);
  },

  // The engine as an import.
  async "esbuild-slim"(out) {
    await esbuild(out, { entryPoints: { main: "slim.js" }, loader: { ".wasm": "file" } });
    page(out);
  },

  async parcel(out) {
    const { Parcel } = require("@parcel/core");
    await new Parcel({
      entries: "index.html",
      defaultConfig: require.resolve("@parcel/config-default"),
      mode: "production",
      shouldDisableCache: true,
      cacheDir: ".parcel-cache",
      defaultTargetOptions: { distDir: out, publicUrl: "./" },
    }).run();
  },
};

async function esbuild(outdir, options) {
  const { build } = await import("esbuild");
  const usual = { bundle: true, minify: true, splitting: true, format: "esm", target: "es2022", outdir, logLevel: "silent" };
  const { warnings } = await build({ ...usual, ...options });
  if (warnings.length > 0) refuse(warnings[0]);
}

/** Bundlers of scripts leave the page to the shop. */
function page(out) {
  cpSync("index.html", `${out}/index.html`);
}

/** A warning is a fault of the package: nobody should have to look past one. */
function refuse(warning) {
  throw new Error(warning.message ?? warning.text ?? String(warning));
}

const [name] = process.argv.slice(2);
if (!Object.hasOwn(BUNDLERS, name)) throw new Error(`no bundler is called ${name}; there are: ${Object.keys(BUNDLERS).join(", ")}`);
await BUNDLERS[name](name);
