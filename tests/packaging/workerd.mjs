// A worker in workerd, bundled as wrangler does.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import workerd from "workerd";
import { MODEL } from "./support.mjs";

/**
 * Bundles a script of the shop's folder and starts it; it ends with the test.
 * @param {import("node:test").TestContext} t
 * @param {string} folder
 * @param {string} entry
 * @returns {Promise<string>} its address
 */
export async function startWorker(t, folder, entry) {
  const out = join(folder, `${entry}.worker`);
  mkdirSync(out);
  await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    outfile: join(out, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [beside(out)],
  });
  for (const name of ["workerd.capnp", "origin.js"]) cpSync(join(folder, name), join(out, name));
  cpSync(MODEL, join(out, "small.mercer"));
  const worker = spawn(workerd.default, ["serve", "workerd.capnp", "--control-fd=3"], {
    cwd: out,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = new Promise((resolve) => worker.once("close", resolve));
  t.after(() => {
    worker.kill();
    return ended;
  });
  return listening(worker.stdio[3], ended);
}

/** Modules that are no scripts stand beside the worker, and keep their names. */
function beside(out) {
  return {
    name: "beside",
    setup(build) {
      build.onResolve({ filter: /\.(wasm|mercer)$/ }, ({ path, resolveDir }) => {
        const name = path.split("/").at(-1);
        if (name.endsWith(".wasm")) cpSync(join(resolveDir, path), join(out, name));
        return { path: name, external: true };
      });
    },
  };
}

async function listening(control, ended) {
  const early = ended.then((code) => {
    throw new Error(`workerd ended with code ${code} before it listened`);
  });
  early.catch(() => {});
  const port = new Promise((resolve) => {
    createInterface({ input: control }).on("line", (line) => {
      const said = JSON.parse(line);
      if (said.event === "listen") resolve(said.port);
    });
  });
  return `http://127.0.0.1:${await Promise.race([port, early])}/`;
}
