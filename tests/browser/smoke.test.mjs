// The ground the other browser tests stand on: a page loads in each browser, WebAssembly
// SIMD is there, and what a page does wrong is seen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browsers, open, serve, strangers } from "./harness.mjs";

let server;
let elsewhere;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures" });
  elsewhere = await serve({ "/": "tests/browser/fixtures" });
});
after(async () => {
  await server?.close();
  await elsewhere?.close();
});

for (const browser of browsers()) {
  test(`a page loads and stays quiet (${browser.name})`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());
    const { page, errors, requests } = await running.visit(server.url);
    assert.equal(await page.title(), "Fixture");
    assert.equal(await page.$eval("#simd", (element) => element.textContent), "yes");
    assert.deepEqual(errors, []);
    assert.deepEqual(requests, [server.url, `${server.url}page.js`]);
    assert.deepEqual(strangers(requests, server.url), []);
  });

  test(`what a page does wrong is written down (${browser.name})`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());
    const stranger = `${elsewhere.url}page.js`;
    const { page, errors, requests } = await running.visit(
      `${server.url}broken.html?stranger=${encodeURIComponent(stranger)}`,
    );
    await page.waitForNetworkIdle({ idleTime: 200 });
    const seen = (part) =>
      assert.ok(errors.some((error) => error.includes(part)), `${part} in ${errors.join("\n")}`);
    seen("said so");
    assert.ok(errors.some((error) => /^uncaught: .*thrown/.test(error)), errors.join("\n"));
    seen("404: ");
    // Some browsers tell of a refused request twice.
    assert.deepEqual([...new Set(strangers(requests, server.url))], [stranger]);
  });
}

test("a missing browser is an error that says what to do", () => {
  assert.throws(() => browsers({ PATH: "" }), /chromium is not installed.*cargo xtask setup/);
  assert.throws(
    () => browsers({ ...process.env, MERCER_FIREFOX: "/nowhere/firefox" }),
    /\/nowhere\/firefox is not installed/,
  );
});
