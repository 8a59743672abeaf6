// What the JavaScript tests share: the golden models, a server that misbehaves on request,
// and a way to say which error is meant.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { MercerError } from "../../pkg/node.js";

export const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A shop of 60 products, among them `kettle-1.7l`, `mug-enamel` and `tent-2p`. */
export const SMALL = root("tests/golden/small.mercer");
export const WASM = root("pkg/wasm/mercer_bg.wasm");
export const RELAXED = root("pkg/wasm/mercer_relaxed.wasm");

export const smallBytes = () => new Uint8Array(readFileSync(SMALL));

/** A clock that ticks once a second from the same moment. */
export function clock(start = 1_790_000_000_000) {
  let now = start - 1000;
  return () => (now += 1000);
}

/** For `assert.throws` and `assert.rejects`: the code, and what the message must say. */
export function coded(code, ...parts) {
  return (error) => {
    assert.ok(error instanceof MercerError, `${error?.stack ?? error} is no MercerError`);
    assert.equal(error.code, code, error.message);
    for (const part of parts) {
      assert.ok(error.message.includes(part), `"${part}" in "${error.message}"`);
    }
    return true;
  };
}

/**
 * Serves `routes`: path → `(request, response) => void`, on a free port until the test ends.
 * @returns {Promise<string>} the server's URL, without a slash at the end
 */
export async function serve(t, routes) {
  const server = createServer((request, response) => {
    const route = routes[request.url];
    if (route) return route(request, response);
    response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not Found</h1>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A route that sends a body of a type. */
export function send(body, type = "application/octet-stream") {
  return (_, response) => response.writeHead(200, { "content-type": type }).end(body);
}
