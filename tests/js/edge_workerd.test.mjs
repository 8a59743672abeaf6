// The edge in the runtime it is for: a worker that ranks from a session in a cookie, and fills slates
// into a cached page. `MERCER_EDGE_MODEL=FILE node --test tests/js/edge_workerd.test.mjs` measures it
// with another model.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import workerd from "workerd";
import { escape, sealSession } from "../../pkg/edge/index.js";
import { load } from "../../pkg/node.js";
import { SMALL, WASM, clock, root } from "./support.mjs";

const MODEL = process.env.MERCER_EDGE_MODEL ?? SMALL;
const REQUESTS = 100;

/** Modules that are no scripts stand beside the worker. */
const beside = ({ path }) => ({ path: path.split("/").at(-1), external: true });

let folder;
let worker;
let url;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "mercer-edge-"));
  await build({
    entryPoints: [root("tests/js/edge_worker/worker.js")],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    plugins: [{ name: "beside", setup: ({ onResolve }) => onResolve({ filter: /\.(wasm|mercer)$/ }, beside) }],
  });
  cpSync(WASM, join(folder, "mercer_bg.wasm"));
  cpSync(MODEL, join(folder, "shop.mercer"));
  cpSync(root("tests/js/edge_worker/workerd.capnp"), join(folder, "workerd.capnp"));
  const stdio = ["ignore", "inherit", "inherit", "pipe"];
  worker = spawn(workerd.default, ["serve", "workerd.capnp", "--control-fd=3"], { cwd: folder, stdio });
  url = await listening(worker);
});
after(async () => {
  const ended = worker && new Promise((resolve) => worker.once("close", resolve));
  worker?.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

async function listening({ stdio: [, , , control] }) {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return `http://127.0.0.1:${port}`;
  }
  throw new Error("workerd ended before it listened");
}

async function visitor() {
  const shop = await load(MODEL, { now: clock(Date.now() - 600_000) });
  for (const item of ["tent-2p", "mug-enamel"]) shop.observe("view_item", { item, dwellMs: 9000 });
  return shop;
}

const cookie = (token) => ({ headers: { cookie: `mercer=${token}` } });

test("the slate is the browser's own, from the same state", async () => {
  const shop = await visitor();
  const ask = `${url}/mercer/slate?placement=related&item=kettle-1.7l&count=6`;
  const said = await (await fetch(ask, cookie(sealSession(shop.export())))).json();
  const { source, items } = shop.recommend({ placement: "related", item: "kettle-1.7l", count: 6, device: null });
  assert.deepEqual(said, { session: "used", source, items });
  assert.equal((await (await fetch(ask, cookie("forged"))).json()).session, "invalid");
  assert.equal((await (await fetch(ask)).json()).session, "none");
});

test("a cached page is filled with slates, everything escaped, and is cached no more", async () => {
  const shop = await visitor();
  const answer = await fetch(`${url}/p/kettle`, cookie(sealSession(shop.export())));
  const html = await answer.text();
  assert.equal(answer.headers.get("cache-control"), "private, no-store");
  assert.equal(answer.headers.get("etag"), null);
  assert.match(answer.headers.get("vary"), /cookie/);
  const units = [{ placement: "related", item: "kettle-1.7l", count: 4 }, { placement: "popular", count: 3 }];
  const slates = shop.page(units.map((unit) => ({ ...unit, device: null })));
  for (const { items } of slates) {
    for (const { item } of items.slice(1)) {
      assert.ok(html.includes(`<span>${escape(`Product ${item}`)}</span>`), `${item} in ${html}`);
      assert.ok(html.includes(`href="${url}/p/${encodeURIComponent(item)}"`));
    }
  }
  assert.equal(html.match(/<li>/g).length, 7);
  assert.ok(html.includes("<span>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;</span>"));
  assert.ok(!/javascript:|<img src=x/.test(html));
  assert.ok(html.includes('<mercer-slate placement="sidebar"></mercer-slate>'), "what cannot be ranked stays");
});

test("what is no page passes as it is", async () => {
  const answer = await fetch(`${url}/data.json`);
  assert.equal(answer.headers.get("cache-control"), "public, max-age=3600");
  assert.deepEqual(await answer.json(), {});
});

test("a request takes at most 10 ms of the processor, and all of workerd 128 MB", async (t) => {
  const started = cost();
  if (!started) return t.skip("only Linux says what a process has used");
  const shop = await load(MODEL, { now: clock(Date.now() - 600_000) });
  for (const { item } of shop.recommend({ placement: "popular", count: 30 }).items) shop.observe("view_item", { item });
  const init = cookie(sealSession(shop.export()));
  const slate = async () => assert.equal((await (await fetch(`${url}/mercer/slate?count=12`, init)).json()).session, "used");
  const page = async () => assert.match(await (await fetch(`${url}/p/kettle`, init)).text(), /<li>/);
  for (const [what, ask] of Object.entries({ "a slate": slate, "a page with two slates": page })) {
    const ms = await least(ask);
    t.diagnostic(`${what}: ${ms.toFixed(2)} ms of the processor`);
    assert.ok(ms <= 10, `${what}: ${ms} ms`);
  }
  const { peakBytes } = cost();
  t.diagnostic(`${(peakBytes / 1e6).toFixed()} MB at most, all of workerd; ${started.cpuMs} ms until it had answered`);
  assert.ok(peakBytes <= 128 * 2 ** 20, `${peakBytes} bytes`);
});

/** What a request costs in the batch that others disturbed least, in milliseconds. */
async function least(ask) {
  const batches = [];
  for (let batch = 0; batch < 5; batch += 1) {
    const { cpuMs } = cost();
    for (let n = 0; n < REQUESTS; n += 1) await ask();
    batches.push((cost().cpuMs - cpuMs) / REQUESTS);
  }
  return Math.min(...batches);
}

/** What the process has used so far, where Linux says it. */
function cost() {
  try {
    const fields = readFileSync(`/proc/${worker.pid}/stat`, "utf8").split(") ")[1].split(" ");
    const status = readFileSync(`/proc/${worker.pid}/status`, "utf8");
    // Ticks of 10 ms.
    return { cpuMs: 10 * (Number(fields[11]) + Number(fields[12])), peakBytes: 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)[1]) };
  } catch {
    return undefined;
  }
}
