// Every way a load can fail: a rejected promise with a stable code, and the next load works.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { load as loadInBrowser } from "../../pkg/index.js";
import { load } from "../../pkg/node.js";
import { SMALL, WASM, coded, root, send, serve, smallBytes } from "./support.mjs";

const HTML = "\n<!doctype html><title>A shop</title>";

/** Rejected with this code, and a load afterwards works. */
async function refused(loading, code, ...parts) {
  assert.ok(loading instanceof Promise);
  await assert.rejects(loading, coded(code, ...parts));
  const shop = await load(SMALL);
  assert.equal(shop.recommend().items.length, 12);
}

test("a model comes from a path, a file URL, an address, bytes, a Blob or a Response", async (t) => {
  const url = await serve(t, { "/small": send(smallBytes()) });
  const padded = new Uint8Array([0, ...smallBytes(), 0]);
  const sources = [
    SMALL,
    pathToFileURL(SMALL),
    pathToFileURL(SMALL).href,
    `${url}/small`,
    new URL(`${url}/small`),
    await fetch(`${url}/small`),
    smallBytes(),
    readFileSync(SMALL),
    smallBytes().buffer,
    padded.subarray(1, -1),
    new DataView(padded.buffer, 1, padded.length - 2),
    new Blob([smallBytes()]),
    `data:application/octet-stream;base64,${readFileSync(SMALL).toString("base64")}`,
  ];
  for (const source of sources) assert.equal((await load(source)).info.items, 60);
});

test("the browser's entry loads what it is given", async (t) => {
  const url = await serve(t, { "/small": send(smallBytes()) });
  const shop = await loadInBrowser(`${url}/small`, { wasm: readFileSync(WASM) });
  assert.equal(shop.recommend().items.length, 12);
});

test("a model called HTML by its server is still a model", async (t) => {
  const url = await serve(t, { "/small": send(smallBytes(), "text/html") });
  assert.equal((await load(`${url}/small`)).info.items, 60);
});

test("many loads at once share one engine", async () => {
  const shops = await Promise.all(Array.from({ length: 20 }, () => load(SMALL)));
  shops[3].observe("view_item", { item: "tent-2p" });
  assert.deepEqual(
    shops.map((shop) => shop.export().events.length),
    shops.map((_, at) => (at === 3 ? 1 : 0)),
  );
});

test("the caller's fetch is used, for the model alone", async () => {
  const asked = [];
  const fetch = async (...args) => {
    asked.push(args);
    return new Response(smallBytes());
  };
  const { signal } = new AbortController();
  await load("https://shop.example/shop.mercer", { fetch, signal });
  assert.deepEqual(asked, [["https://shop.example/shop.mercer", { signal }]]);
});

const hashOf = (algorithm, bytes) =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`;

test("`integrity` lets the right file through, wherever it comes from", async (t) => {
  const url = await serve(t, { "/small": send(smallBytes()) });
  for (const algorithm of ["sha256", "sha384", "sha512"]) {
    const integrity = hashOf(algorithm, smallBytes());
    for (const source of [SMALL, `${url}/small`, smallBytes(), new Blob([smallBytes()])]) {
      assert.equal((await load(source, { integrity })).info.items, 60);
    }
  }
});

test("`integrity` refuses a changed file with both hashes", async (t) => {
  const changed = smallBytes();
  changed[2000] ^= 1;
  const url = await serve(t, { "/changed": send(changed), "/page": send(HTML, "text/html") });
  const integrity = hashOf("sha256", smallBytes());
  const said = [integrity, hashOf("sha256", changed)];
  await refused(load(`${url}/changed`, { integrity }), "load/integrity", `${url}/changed`, ...said);
  await refused(load(changed, { integrity }), "load/integrity", "the given bytes", ...said);
  await refused(load(`${url}/page`, { integrity }), "load/html");
});

test("bytes that change after the check are not those that are used", async () => {
  const bytes = smallBytes();
  const loading = load(bytes, { integrity: hashOf("sha256", bytes) });
  setImmediate(() => bytes.fill(0));
  assert.equal((await loading).info.items, 60);
});

test("where hashes cannot be computed `integrity` is refused and never let through", async (t) => {
  const { crypto } = globalThis;
  t.after(() => Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true }));
  for (const value of [undefined, {}]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    const integrity = hashOf("sha256", smallBytes());
    await refused(load(SMALL, { integrity }), "load/insecure", SMALL, "https");
  }
});

test("`onProgress` hears each piece with the total, and the end", async (t) => {
  const bytes = smallBytes();
  const halves = [bytes.subarray(0, 1000), bytes.subarray(1000)];
  const inHalves = (headers) => (_, response) => {
    response.writeHead(200, headers).write(halves[0]);
    setTimeout(() => response.end(halves[1]), 30);
  };
  const gzipped = gzipSync(Buffer.from(bytes));
  const url = await serve(t, {
    "/known": inHalves({ "content-length": bytes.length }),
    "/unknown": inHalves({}),
    "/gzip": (_, response) =>
      response.writeHead(200, { "content-encoding": "gzip", "content-length": gzipped.length }).end(gzipped),
  });
  const heard = async (source, options) => {
    const told = [];
    await load(source, { ...options, onProgress: (progress) => told.push(progress) });
    return told;
  };
  const end = { loaded: bytes.length, total: bytes.length };
  assert.deepEqual(await heard(`${url}/known`), [{ loaded: 1000, total: bytes.length }, end, end]);
  assert.deepEqual(await heard(`${url}/unknown`), [{ loaded: 1000 }, { loaded: bytes.length }, end]);
  assert.deepEqual((await heard(`${url}/gzip`)).at(-1), end);
  assert.ok((await heard(`${url}/gzip`)).slice(0, -1).every(({ total }) => total === undefined));
  for (const source of [SMALL, bytes, new Blob([bytes])]) assert.deepEqual(await heard(source), [end]);
  // Another origin's compression is not to be seen; its length is that of fewer bytes.
  const hidden = async () => new Response(bytes, { headers: { "content-length": "9" } });
  assert.deepEqual(await heard("https://shop.example/", { fetch: hidden }), [{ loaded: bytes.length }, end]);
});

test("what `onProgress` throws is load/invalid, and an abort in it is load/aborted", async (t) => {
  const url = await serve(t, { "/small": send(smallBytes()) });
  const thrown = () => {
    throw new Error("no bar");
  };
  await refused(load(`${url}/small`, { onProgress: thrown }), "load/invalid", "`onProgress`", "no bar");
  await refused(load(SMALL, { onProgress: thrown }), "load/invalid", "no bar");
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  await refused(load(`${url}/small`, { onProgress, signal: controller.signal }), "load/aborted");
});

test("404, 500 and the like are load/http with URL and status", async (t) => {
  const down = (_, response) => response.writeHead(503).end("later");
  const url = await serve(t, { "/down": down });
  await refused(load(`${url}/none`), "load/http", `${url}/none`, "404 Not Found");
  await refused(load(`${url}/down`), "load/http", `${url}/down`, "503");
  await refused(load(await fetch(`${url}/none`)), "load/http", `${url}/none`, "404");
});

test("HTML instead of the model is load/html", async (t) => {
  const url = await serve(t, {
    "/typed": send(HTML, "text/html; charset=utf-8"),
    "/empty": send("", "text/html"),
    "/untyped": send(HTML),
    "/bom": send(`\ufeff${HTML}`, "application/octet-stream"),
  });
  for (const path of ["/typed", "/empty", "/untyped", "/bom"]) {
    await refused(load(url + path), "load/html", url + path, "HTML");
  }
  await refused(load(new TextEncoder().encode(HTML)), "load/html", "the given bytes");
});

test("no server, or one that hangs up, is load/network", async (t) => {
  const url = await serve(t, {
    "/hangup": (_, response) => {
      response.writeHead(200, { "content-length": "9999" });
      response.write(smallBytes());
      setTimeout(() => response.destroy(), 20);
    },
  });
  await refused(load(`${url}/hangup`), "load/network", `${url}/hangup`);
  await refused(load("http://127.0.0.1:1/shop.mercer"), "load/network", "127.0.0.1:1");
  await refused(load("http://"), "load/network", "http://");
});

test("an abort before, while waiting and while reading is load/aborted", async (t) => {
  const url = await serve(t, {
    "/never": () => {},
    "/slow": (_, response) => {
      response.writeHead(200, { "content-length": "9999" });
      response.write("\x89MER");
    },
  });
  await refused(load(SMALL, { signal: AbortSignal.abort() }), "load/aborted", SMALL);
  await refused(load(smallBytes(), { signal: AbortSignal.abort() }), "load/aborted");
  for (const path of ["/never", "/slow"]) {
    const controller = new AbortController();
    const loading = load(url + path, { signal: controller.signal });
    setTimeout(() => controller.abort("the shopper left"), 30);
    await refused(loading, "load/aborted", url + path);
    await assert.rejects(loading, { cause: "the shopper left" });
  }
});

test("an abort after the load changes nothing", async () => {
  const controller = new AbortController();
  const shop = await load(SMALL, { signal: controller.signal });
  controller.abort();
  assert.equal(shop.recommend().items.length, 12);
});

test("a file that is not there, or is a folder, is load/file", async () => {
  await refused(load("nowhere/shop.mercer"), "load/file", "nowhere/shop.mercer", "ENOENT");
  await refused(load(root("tests")), "load/file", "EISDIR");
  await refused(load("file:///nowhere.mercer"), "load/file", "nowhere.mercer");
});

test("a model cut anywhere is refused, and says it is short", async () => {
  const bytes = smallBytes();
  for (let end = 0; end < bytes.length; end += 1 + (end > 64) * 50) {
    const code = end < 8 ? "model/not-a-model" : "model/truncated";
    await assert.rejects(load(bytes.subarray(0, end)), coded(code, "the given bytes: "), `${end}`);
  }
  await refused(load(bytes.subarray(0, 1000)), "model/truncated", "2752", "1000");
});

test("other broken models have a code each", async (t) => {
  const broken = (change) => {
    const bytes = smallBytes();
    change(bytes);
    return bytes;
  };
  const newer = broken((bytes) => (bytes[8] = 9));
  const url = await serve(t, { "/newer": send(newer) });
  const said = ["version 9", "update", "`mercer` package"];
  await refused(load(`${url}/newer`), "model/newer-version", `${url}/newer`, ...said);
  await refused(load(broken((bytes) => (bytes[2000] ^= 1))), "model/checksum");
  await refused(load(broken((bytes) => (bytes[0] = 1))), "model/not-a-model");
  await refused(load(new Uint8Array([...smallBytes(), 0])), "model/trailing-bytes");
  await refused(load(new TextEncoder().encode('{"items":[]}')), "model/not-a-model");
});

const WRONG_SOURCES = [undefined, null, 3, {}, [], "", () => SMALL, Promise.resolve(SMALL)];
for (const source of WRONG_SOURCES) {
  test(`load(${typeof source} ${JSON.stringify(source)}) is load/invalid`, () =>
    refused(load(source), "load/invalid", "the source"));
}

test("a Response that was already read is load/invalid and says what to do", async () => {
  const response = new Response(smallBytes());
  await response.arrayBuffer();
  await refused(load(response), "load/invalid", "clone()");
});

const WRONG_OPTIONS = [
  ["session", "load/invalid", "options"],
  [{ store: "session" }, "load/unknown-option", "`store`", "storage", "storageKey"],
  [{ storage: "cookie" }, "load/invalid", '"memory", "session" or "device"'],
  [{ storageKey: "" }, "load/invalid", "`storageKey`", "at least one character"],
  [{ overridePrivacyControl: 1 }, "load/invalid", "`overridePrivacyControl`"],
  [{ fetch: "fetch" }, "load/invalid", "`fetch`", "a function"],
  [{ signal: {} }, "load/invalid", "`signal`", "AbortSignal"],
  [{ signal: { aborted: false } }, "load/invalid", "`signal`", "AbortSignal"],
  [{ wasm: 5 }, "load/invalid", "`wasm`", "WebAssembly.Module"],
  [{ now: 0 }, "load/invalid", "`now`", "a function"],
  [{ onProgress: true }, "load/invalid", "`onProgress`", "a function"],
  [{ engine: "asm" }, "load/invalid", '"auto", "wasm" or "js"'],
  [{ fallback: "mercer/fallback" }, "load/invalid", "`fallback`", "a function"],
  [{ integrity: "sha256-" }, "load/invalid", "`integrity`", "sha256-47DEQ"],
  [{ integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }, "load/invalid", "`integrity`"],
  [{ integrity: `sha512-${"A".repeat(43)}=` }, "load/invalid", "`integrity`"],
  [{ integrity: `constructor-${"A".repeat(43)}=` }, "load/invalid", "`integrity`"],
];
for (const [options, code, ...parts] of WRONG_OPTIONS) {
  test(`load(…, ${JSON.stringify(options)}) is ${code}`, () =>
    refused(load(SMALL, options), code, ...parts));
}
