// The WebAssembly half: how it is found, and what happens when it cannot be had. The engine
// is started once a process, so each case has its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { SMALL, WASM, root, send, serve } from "./support.mjs";

/** Runs lines of JavaScript in a process of its own; `attempt` gives "code: message". */
async function run(...lines) {
  const prelude = `
    import { readFileSync } from "node:fs";
    const { load } = await import(${JSON.stringify(`file://${root("pkg/node.js")}`)});
    const model = ${JSON.stringify(SMALL)};
    const file = ${JSON.stringify(WASM)};
    const attempt = (options, source = model) =>
      load(source, options).then(({ info }) => "fine: " + info.items, (e) => e.code + ": " + e.message);
  `;
  const script = [prelude, ...lines].join("\n");
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim();
}

const attempts = (...options) =>
  options.map((given) => `console.log(await attempt({ ${given} }));`);

for (const wasm of [
  "file",
  "new URL(`file://${file}`)",
  "readFileSync(file)",
  "readFileSync(file).buffer.slice(0)",
  "await WebAssembly.compile(readFileSync(file))",
  "new Response(readFileSync(file), { headers: { 'content-type': 'application/wasm' } })",
  "new Response(readFileSync(file))",
]) {
  test(`the engine may be given as ${wasm}`, async () => {
    assert.equal(await run(...attempts(`wasm: ${wasm}`)), "fine: 60");
  });
}

test("the engine is fetched as any type, once for all loads", async (t) => {
  let asked = 0;
  const counted = (route) => (request, response) => {
    asked += 1;
    return route(request, response);
  };
  const bytes = readFileSync(WASM);
  const url = await serve(t, {
    "/typed": counted(send(bytes, "application/wasm")),
    "/untyped": counted(send(bytes, "text/plain")),
  });
  for (const path of ["/typed", "/untyped"]) {
    const option = `wasm: "${url}${path}"`;
    const both = `await Promise.all([attempt({ ${option} }), attempt({ ${option} })])`;
    assert.equal(await run(`console.log((${both}).join());`), "fine: 60,fine: 60");
  }
  assert.equal(asked, 2);
});

test("an engine that is not where it should be is load/wasm, and can be mended", async (t) => {
  const page = "<!doctype html><title>A shop</title>";
  const url = await serve(t, {
    "/page": send(page, "text/html"),
    "/mime": send(page, "application/wasm"),
    "/json": send("{}", "application/json"),
  });
  for (const path of ["/none", "/page", "/mime", "/json"]) {
    const said = await run(...attempts(`wasm: "${url}${path}"`, ""));
    const [first, second] = said.split("\n");
    assert.match(first, /^load\/wasm: /);
    assert.ok(first.includes(url + path) && first.includes("mercer_bg.wasm"), first);
    assert.equal(second, "fine: 60", "the next load works");
  }
  assert.match(await run(...attempts(`wasm: "${url}/none"`)), /404/);
  assert.match(await run(...attempts(`wasm: "${url}/page"`)), /not WebAssembly.*text\/html/);
});

for (const [what, wasm] of [
  ["a file that is not there", `"/nowhere.wasm"`],
  ["a cut file", "readFileSync(file).subarray(0, 4000)"],
  ["somebody else's module", "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])"],
]) {
  test(`${what} for an engine is load/wasm`, async () => {
    const [first, second] = (await run(...attempts(`wasm: ${wasm}`, ""))).split("\n");
    assert.match(first, /^load\/wasm: /);
    assert.equal(second, "fine: 60");
  });
}

const refusing = (message) => `
  const refuse = async () => { throw new WebAssembly.CompileError(${JSON.stringify(message)}); };
  WebAssembly.compile = WebAssembly.compileStreaming = refuse;
`;

test("without WebAssembly, SIMD or the page's leave it is wasm/unavailable, and why", async () => {
  const without = await run("delete globalThis.WebAssembly;", ...attempts(""));
  assert.match(without, /^wasm\/unavailable: .*no WebAssembly/);
  const noSimd = "WebAssembly.validate = () => false;";
  assert.match(
    await run(refusing("invalid opcode"), noSimd, ...attempts("")),
    /^wasm\/unavailable: .*SIMD/,
  );
  assert.match(
    await run(refusing("blocked by CSP"), ...attempts("")),
    /^wasm\/unavailable: .*'wasm-unsafe-eval'/,
  );
});

test("the probe for SIMD is a good module, and one that needs SIMD", async () => {
  const source = readFileSync(root("pkg/load/engine.js"), "utf8");
  const bytes = new Uint8Array(source.match(/SIMD = \[([\d,\s]+)\]/)[1].split(",").filter((s) => s.trim()).map(Number));
  assert.ok(WebAssembly.validate(bytes));
  const noSimd = bytes.map((byte) => (byte === 253 ? 0xff : byte));
  assert.ok(!WebAssembly.validate(noSimd));
});

test("nothing is fetched but the model and the engine", async (t) => {
  const url = await serve(t, { "/model": send(readFileSync(SMALL)) });
  const said = await run(
    "const asked = []; const { fetch } = globalThis;",
    "globalThis.fetch = (url, ...rest) => { asked.push(url); return fetch(url, ...rest); };",
    `const shop = await load("${url}/model");`,
    'shop.observe("view_item", { item: "tent-2p" }); shop.recommend(); shop.export(); shop.forget();',
    "console.log(asked.join());",
  );
  assert.equal(said, `${url}/model`);
});
