// A pinned key: what it did not sign is refused with a stable code, whatever is wrong.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "../../pkg/node.js";
import { SMALL, coded, send, serve, smallBytes } from "./support.mjs";
import { workers } from "./worker_support.mjs";

const { privateKey, publicKey: pair } = generateKeyPairSync("ed25519");
const publicKey = rawKey(pair);
const other = rawKey(generateKeyPairSync("ed25519").publicKey);
const raw = sign(null, smallBytes(), privateKey);
const text = `${raw.toString("base64")}\n`;

function rawKey(key) {
  return Buffer.from(key.export({ format: "jwk" }).x, "base64url").toString("base64");
}

function changed() {
  const bytes = smallBytes();
  bytes[bytes.length - 1] ^= 1;
  return bytes;
}

async function signedShop(t, routes = {}) {
  return serve(t, { "/shop.mercer": send(smallBytes()), "/shop.mercer.sig": send(text), ...routes });
}

test("a signed model is taken, its signature from beside it or from where it is said", async (t) => {
  const url = await signedShop(t, {
    "/shop.mercer?v=3": send(smallBytes()),
    "/shop.mercer.sig?v=3": send(raw),
    "/elsewhere": send(text),
    "/bare.mercer": send(smallBytes()),
  });
  const folder = mkdtempSync(join(tmpdir(), "mercer-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "shop.mercer");
  copyFileSync(SMALL, file);
  writeFileSync(`${file}.sig`, text);
  const ways = [
    [`${url}/shop.mercer`],
    [`${url}/shop.mercer?v=3`],
    [new URL(`${url}/shop.mercer#top`)],
    [await fetch(`${url}/shop.mercer`)],
    [file],
    [`${url}/bare.mercer`, `${url}/elsewhere`],
    [smallBytes(), raw],
    [smallBytes(), new TextEncoder().encode(text)],
    [smallBytes().buffer, await fetch(`${url}/elsewhere`)],
  ];
  for (const [source, signature] of ways) {
    const shop = await load(source, { publicKey, signature });
    assert.equal(shop.info.items, 60, `${source}`);
  }
});

test("a changed file, another key, a broken signature: `load/signature`", async (t) => {
  const url = await signedShop(t, {
    "/changed": send(changed()),
    "/changed.sig": send(text),
    "/page": send(smallBytes()),
    "/page.sig": send("<h1>Welcome</h1>", "text/html"),
  });
  const refuse = (loading, ...parts) => assert.rejects(loading, coded("load/signature", ...parts));
  await refuse(load(`${url}/changed`, { publicKey }), `${url}/changed`, "changed");
  await refuse(load(`${url}/shop.mercer`, { publicKey: other }), "another key");
  await refuse(load(`${url}/page`, { publicKey }), `${url}/page.sig`, "64 bytes");
  for (let bit = 0; bit < 512; bit += 37) {
    const broken = new Uint8Array(raw);
    broken[bit >> 3] ^= 1 << (bit & 7);
    await refuse(load(smallBytes(), { publicKey, signature: broken }), "the given bytes");
  }
  await refuse(load(smallBytes(), { publicKey, signature: raw.subarray(1) }), "64 bytes");
  await refuse(load(smallBytes(), { publicKey, signature: new Uint8Array(2_000) }), "64 bytes");
});

test("no signature: `load/unsigned`; trouble on the way keeps its own code", async (t) => {
  const url = await signedShop(t, {
    "/bare": send(smallBytes()),
    "/ill": send(smallBytes()),
    "/ill.sig": (_, response) => response.writeHead(503).end(),
  });
  const refuse = (loading, code, ...parts) => assert.rejects(loading, coded(code, ...parts));
  await refuse(load(`${url}/bare`, { publicKey }), "load/unsigned", `${url}/bare.sig`, "mercer sign");
  await refuse(load(SMALL, { publicKey }), "load/unsigned", `${SMALL}.sig`);
  await refuse(load(smallBytes(), { publicKey }), "load/unsigned", "publicKey, signature");
  const data = `data:,${"x".repeat(9)}`;
  await refuse(load(data, { publicKey }), "load/unsigned");
  await refuse(load(`${url}/ill`, { publicKey }), "load/http", "503");
});

test("the key holds for every later model", async (t) => {
  const url = await signedShop(t, { "/bare": send(smallBytes()) });
  const shop = await load(`${url}/shop.mercer`, { publicKey });
  for (const options of [undefined, { publicKey: undefined }]) {
    await assert.rejects(shop.replaceModel(`${url}/bare`, options), coded("load/unsigned"));
  }
  await assert.rejects(shop.replaceModel(`${url}/shop.mercer`, { publicKey: other }), coded("load/signature"));
  assert.equal((await shop.replaceModel(`${url}/shop.mercer`)).items, 60);
  assert.equal((await shop.replaceModel(smallBytes(), { signature: raw })).items, 60);
});

test("a shop behind a worker takes signed models alone", async (t) => {
  const url = await signedShop(t, { "/bare": send(smallBytes()) });
  const { make } = workers();
  await assert.rejects(load(`${url}/bare`, { publicKey, worker: make }), coded("load/unsigned"));
  const shop = await load(`${url}/shop.mercer`, { publicKey, worker: make });
  t.after(() => shop.free());
  assert.equal((await shop.recommend({ count: 3 })).items.length, 3);
  await assert.rejects(shop.replaceModel(`${url}/bare`), coded("load/unsigned"));
  assert.equal((await shop.replaceModel(`${url}/shop.mercer`)).items, 60);
});

test("bytes that change during the check are not what is used", async () => {
  const bytes = smallBytes();
  const loading = load(bytes, { publicKey, signature: raw });
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  bytes.fill(0);
  // Copied before they changed, or found to have changed: never used unchecked.
  const shop = await loading.catch((error) => {
    assert.ok(coded(error.code)(error));
    return undefined;
  });
  if (shop) assert.equal(shop.info.items, 60);
});

test("where signatures cannot be checked the load is refused and never let through", async (t) => {
  const crypto = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  t.after(() => Object.defineProperty(globalThis, "crypto", crypto));
  const unknown = () => Promise.reject(new DOMException("Ed25519", "NotSupportedError"));
  for (const value of [undefined, {}, { subtle: { importKey: unknown } }]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    await assert.rejects(load(smallBytes(), { publicKey, signature: raw }), coded("load/insecure"));
  }
});

test("what is no key, and a signature without one, are said to be so", async () => {
  const wrong = ["", "key", publicKey.slice(1), `${publicKey}=`, "!".repeat(44), raw.toString("base64"), 7];
  for (const key of wrong) {
    await assert.rejects(load(SMALL, { publicKey: key }), coded("load/invalid", "`publicKey`", "keygen"));
  }
  await assert.rejects(load(SMALL, { signature: raw }), coded("load/invalid", "`publicKey`"));
  await assert.rejects(load(SMALL, { publicKey, signature: 7 }), coded("load/invalid", "`signature`"));
});
