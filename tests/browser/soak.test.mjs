// One instance of the engine in Chromium, and very many calls: its memory stays what it is.
// `cargo xtask soak` makes a million of them. What a call takes is printed and decides nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browsers, open, serve } from "./harness.mjs";

const CALLS = Number(process.env.MERCER_SOAK_CALLS ?? 20_000);
const MODEL = "/tests/golden/shop.mercer";

let server;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures", "/tests/": "tests" });
});
after(() => server?.close());

test(`${CALLS} calls leave the memory as it was after the first thousands`, async (t) => {
  const [chromium] = browsers();
  const running = await open(chromium, { patience: 0 });
  t.after(() => running.close());
  const { page, errors } = await running.visit(`${server.url}soak.html`);
  await page.waitForFunction(() => window.soak);
  const { warm, end, first, last, counts } = await page.evaluate(
    (model, calls) => window.soak(model, calls),
    MODEL,
    CALLS,
  );
  t.diagnostic(`calls: ${Object.entries(counts).map(([name, n]) => `${n} ${name}`).join(", ")}`);
  t.diagnostic(`memory: ${warm} bytes after the warm-up, ${end} at the end`);
  t.diagnostic(`median of a thousand calls: ${ms(first)} after the warm-up, ${ms(last)} at the end`);
  assert.equal(Object.values(counts).reduce((sum, n) => sum + n), CALLS);
  assert.ok(Object.keys(counts).length >= 12, "every kind of call is made");
  assert.equal(end, warm, "the engine's memory grew");
  assert.deepEqual(errors, []);
});

function ms(milliseconds) {
  return `${milliseconds.toFixed(3)} ms`;
}
