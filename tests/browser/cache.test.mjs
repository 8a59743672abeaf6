// The model is kept by the browser's cache as the server's headers say, and by nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { browsers, open } from "./harness.mjs";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MODEL = readFileSync(root("tests/golden/small.mercer"));
const PAGE = `<!doctype html><title>A shop</title><link rel="icon" href="data:,">
<script type="module">import { load } from "/pkg/index.js"; window.load = load;</script>`;
const HEADERS = {
  "/for-ever.mercer": { "cache-control": "public, max-age=31536000, immutable" },
  "/asked.mercer": { "cache-control": "no-cache", etag: '"1"' },
};

/** What was answered for each model: statuses, in order. */
let answered;
let server;
before(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://shop");
    if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    if (pathname in HEADERS) return model(pathname, request, response);
    const type = pathname.endsWith(".wasm") ? "application/wasm" : "text/javascript";
    response.writeHead(200, { "content-type": type }).end(readFileSync(root(pathname.slice(1))));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function model(path, request, response) {
  const { etag } = HEADERS[path];
  const status = etag && request.headers["if-none-match"] === etag ? 304 : 200;
  (answered[path] ??= []).push(status);
  response.writeHead(status, HEADERS[path]).end(status === 200 ? MODEL : undefined);
}

// WebKit is visited through a proxy, and under automation keeps nothing.
for (const browser of browsers().filter(({ kind }) => kind !== "webkit")) {
  test(`in ${browser.name} a model is asked for as its headers say`, async (t) => {
    answered = {};
    const running = await open(browser);
    t.after(() => running.close());
    const { page, errors } = await running.visit(`http://127.0.0.1:${server.address().port}/`);
    for (let visit = 0; visit < 2; visit += 1) {
      for (const path of Object.keys(HEADERS)) {
        assert.equal(await page.evaluate(async (path) => (await load(path)).info.items, path), 60);
      }
      await page.reload();
    }
    assert.deepEqual(answered, { "/for-ever.mercer": [200], "/asked.mercer": [200, 304] });
    assert.deepEqual(errors, []);
  });
}
