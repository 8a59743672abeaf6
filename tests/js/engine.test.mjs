// The WebAssembly half: how it is found, and what happens when it cannot be had. The engine
// is started once a process, so each case has its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { brought } from "../../pkg/load/wasm.js";
import { RELAXED, SMALL, WASM, root, send, serve } from "./support.mjs";

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

const OBSTACLES = [
  ["there is no WebAssembly", "delete globalThis.WebAssembly;", /no WebAssembly/],
  ["it has no SIMD", "WebAssembly.validate = () => false;", /no SIMD/],
  [
    "the page's policy forbids it",
    'WebAssembly.Module = function () { throw new WebAssembly.CompileError("blocked by CSP"); };',
    /'wasm-unsafe-eval'/,
  ],
];
const SLATE = `async (options) => {
  const shop = await load(model, options);
  shop.observe("view_item", { item: "kettle-1.7l" });
  return shop.engine + " " + JSON.stringify(shop.recommend({ explain: true, timeMs: 0 }));
}`;

for (const [what, obstacle, said] of OBSTACLES) {
  test(`where ${what}, the engine runs in JavaScript and ranks the same`, async () => {
    const ask = `console.log(await (${SLATE})({}));`;
    const [wasm, js] = [await run(ask), await run(obstacle, ask)];
    assert.match(wasm, /^wasm \{"source":"session"/);
    assert.equal(js, wasm.replace("wasm", "js"));
  });

  test(`where ${what}, nothing is fetched that could not run`, async (t) => {
    let asked = 0;
    const url = await serve(t, { "/wasm": () => (asked += 1) });
    assert.equal(await run(obstacle, ...attempts(`wasm: "${url}/wasm"`)), "fine: 60");
    assert.equal(asked, 0);
  });

  test(`where ${what} and WebAssembly is asked for, it is wasm/unavailable, and why`, async () => {
    const answer = await run(obstacle, ...attempts('engine: "wasm"'));
    assert.match(answer, /^wasm\/unavailable: /);
    assert.match(answer, said);
  });
}

test("both builds run side by side, and one that stopped takes the other not along", async () => {
  const answers = await run(
    'const [wasm, js] = await Promise.all([load(model), load(model, { engine: "js" })]);',
    "console.log(wasm.engine, js.engine, (await load(model, { engine: 'auto' })).engine);",
    "const slate = (shop) => JSON.stringify(shop.recommend({ timeMs: 0 }));",
    "console.log(slate(wasm) === slate(js));",
  );
  assert.equal(answers, "wasm js wasm\ntrue");
});

test("a JavaScript build that is not there, or is something else, is load/fallback", async () => {
  for (const fallback of [
    "() => import('./nowhere.mjs')",
    "async () => ({})",
    "() => 5",
    "async () => ({ engine: () => ({}), instance: () => ({}) })",
  ]) {
    const said = await run(...attempts(`engine: "js", fallback: ${fallback}`, 'engine: "js"'));
    const [first, second] = said.split("\n");
    assert.match(first, /^load\/fallback: .*cannot be loaded/);
    assert.equal(second, "fine: 60", "the next load works");
  }
});

test("mercer/slim brings neither build, and takes either", async () => {
  const slim = `const slim = await import(${JSON.stringify(`file://${root("pkg/slim.js")}`)});
    const bytes = readFileSync(model);
    const tried = (options) => slim.load(bytes, options).then((shop) => shop.engine, (e) => e.code);`;
  const fallback = `fallback: () => import(${JSON.stringify(`file://${root("pkg/fallback/mercer.js")}`)})`;
  const ask = (options) => `console.log(await tried({ ${options} }));`;
  assert.equal(await run(slim, ask("")), "load/wasm");
  assert.equal(await run(slim, ask('engine: "js"')), "load/fallback");
  assert.equal(await run(slim, ask(`wasm: readFileSync(file), ${fallback}`)), "wasm");
  const [, forbid] = OBSTACLES[2];
  assert.equal(await run(slim, forbid, ask("wasm: file")), "wasm/unavailable");
  assert.equal(await run(slim, forbid, ask(fallback)), "js");
});

test("of two modules the one with relaxed SIMD is taken where that is", (t) => {
  const both = { wasm: "plain", relaxed: "relaxed" };
  const here = WebAssembly.validate(probe("RELAXED"));
  assert.equal(brought(both), here ? "relaxed" : "plain");
  for (const can of [true, false]) {
    const { mock } = t.mock.method(WebAssembly, "validate", () => can);
    assert.equal(brought(both), can ? "relaxed" : "plain");
    assert.equal(brought({ wasm: "plain" }), "plain", "an entry may bring one alone");
    assert.equal(brought({}), undefined);
    mock.restore();
  }
});

/** A list of bytes in the loader. */
function probe(name) {
  const source = readFileSync(root("pkg/load/wasm.js"), "utf8");
  const list = source.match(new RegExp(`\\b${name} = \\[([\\d,\\s]+)\\]`))[1];
  return new Uint8Array(list.split(",").filter((part) => part.trim()).map(Number));
}

test("the probe for SIMD is a good module, and one that needs SIMD", async () => {
  const bytes = probe("SIMD");
  assert.ok(WebAssembly.validate(bytes));
  const noSimd = bytes.map((byte) => (byte === 253 ? 0xff : byte));
  assert.ok(!WebAssembly.validate(noSimd));
});

test("the module with relaxed SIMD is one of ours, and its probe needs what it needs", () => {
  // The bytes that tell whether: of i16x8.relaxed_dot_i8x16_i7x16_s.
  const needs = (bytes) => Buffer.from(bytes).includes(Buffer.from([253, 146, 2]));
  assert.deepEqual([probe("RELAXED"), readFileSync(RELAXED), readFileSync(WASM)].map(needs), [true, true, false]);
});

test("the build in JavaScript needs no WebAssembly and says so in nothing it calls", () => {
  const [, code] = readFileSync(root("pkg/fallback/mercer.js"), "utf8").split(/^\/\/.*\n/);
  // `match` alone: the text is too long for a message.
  assert.equal(code.match(/\bWebAssembly\.|\beval\(|\bFunction\(|\bimport[( ]/), null);
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
