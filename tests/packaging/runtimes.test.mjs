// The packed package outside browsers: Node in both module systems, Deno, Bun, workerd. Each
// must give the slates of the package where it lies, to the last digit.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import workerd from "workerd";
import { MODEL, expected, install, platformProgram, run } from "./support.mjs";

let shop;
before(() => {
  shop = install();
});
after(() => shop?.remove());

const program = (suffix = "") => (process.platform === "win32" ? `${suffix}.exe` : suffix);

test("Node, as a module", async () => {
  assert.equal(await run(process.execPath, ["node.mjs", MODEL], shop.folder), await expected());
});

test("Node, in CommonJS", async () => {
  assert.equal(await run(process.execPath, ["node.cjs", MODEL], shop.folder), await expected());
});

test("Deno, with leave to read and no other", async () => {
  const deno = platformProgram("@deno", program("deno"));
  const said = await run(deno, ["run", "--no-remote", "--allow-read", "deno.js", MODEL], shop.folder);
  assert.equal(said, await expected());
});

test("Bun", async () => {
  const bun = platformProgram("@oven", program("bin/bun"));
  assert.equal(await run(bun, ["run", "node.mjs", MODEL], shop.folder), await expected());
});

test("workerd, bundled as wrangler does", async (t) => {
  const url = await startWorker(t);
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), await expected());
});

async function startWorker(t) {
  const out = join(shop.folder, "workerd");
  mkdirSync(out);
  await build({
    absWorkingDir: shop.folder,
    entryPoints: ["workerd.js"],
    outfile: "workerd/worker.js",
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [beside(out)],
  });
  cpSync(join(shop.folder, "workerd.capnp"), join(out, "workerd.capnp"));
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
