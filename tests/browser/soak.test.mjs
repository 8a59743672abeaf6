// One instance of the engine in Chromium, and very many calls: its memory stays what it is, and its last
// calls take as long as those of an instance that has just begun. `cargo xtask soak` makes a million.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browsers, open, serve } from "./harness.mjs";

const CALLS = Number(process.env.MERCER_SOAK_CALLS ?? 30_000);
const MODEL = "/tests/golden/shop.mercer";
const WARM_UP = 5_000;
const BLOCK = 1_000;
// The last calls are made in turn with a fresh instance, the same in both, in slices: longer than the
// clock's step, which one call is not, and so short that what else the machine does hits both alike. The bound leaves room for what is left of that.
const COMPARED = 10_000;
const SLICE = 100;
const SLOWER = 1.25;

let server;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures", "/tests/": "tests" });
});
after(() => server?.close());

test(`after ${CALLS} calls memory and latency are as after the first thousands`, async (t) => {
  const [chromium] = browsers();
  const running = await open(chromium, { patience: 0 });
  t.after(() => running.close());
  const old = await start(running);
  const { bytes } = await warm(old);
  const first = [];
  for (let at = WARM_UP; at < WARM_UP + COMPARED; at += SLICE) first.push(await old.run(SLICE, at));
  for (let at = WARM_UP + COMPARED; at < CALLS - COMPARED; at += BLOCK) await old.run(BLOCK, at);
  const fresh = await start(running);
  await warm(fresh);
  const last = [];
  const beside = [];
  for (let at = CALLS - COMPARED; at < CALLS; at += SLICE) {
    // Each goes first in every other round.
    const turns = [[old, last], [fresh, beside]];
    if ((at / SLICE) % 2) turns.reverse();
    for (const [soak, times] of turns) times.push(await soak.run(SLICE, at));
  }
  const end = await old.state();
  const ratio = median(last.map((took, at) => took / beside[at]));
  t.diagnostic(`calls: ${Object.entries(end.counts).map(([name, n]) => `${n} ${name}`).join(", ")}`);
  t.diagnostic(`memory: ${bytes} bytes after the warm-up, ${end.bytes} at the end`);
  t.diagnostic(`${SLICE} calls: median ${ms(median(first))} after the warm-up, ${ms(median(last))} at the end`);
  t.diagnostic(`the last ones in turn with a fresh instance: ${ratio.toFixed(3)} times as long`);
  assert.equal(Object.values(end.counts).reduce((sum, n) => sum + n), CALLS);
  assert.ok(Object.keys(end.counts).length >= 12, "every kind of call is made");
  assert.equal(end.bytes, bytes, "the engine's memory grew");
  assert.ok(ratio < SLOWER, `the last calls take ${ratio} times as long as in a fresh instance`);
  assert.deepEqual([...old.errors, ...fresh.errors], []);
});

/** Everything the engine ever keeps is there then, and the browser has compiled all of it. */
async function warm(soak) {
  for (let at = 0; at < WARM_UP; at += BLOCK) await soak.run(BLOCK, at);
  return soak.state();
}

/** A page with an instance of its own; `run(calls, seed)` makes calls and says how long they took. */
async function start(running) {
  const { page, errors } = await running.visit(`${server.url}soak.html`);
  await page.waitForFunction(() => window.start);
  await page.evaluate((model) => window.start(model), MODEL);
  return {
    errors,
    run: (calls, seed) => page.evaluate((calls, seed) => window.soak.run(calls, seed), calls, seed),
    state: () => page.evaluate(() => window.soak.state()),
  };
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function ms(milliseconds) {
  return `${milliseconds.toFixed(2)} ms`;
}
