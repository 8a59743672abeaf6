// The arithmetic of the benchmark: a wrong median would be believed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile, ratios, summarise, table } from "../../benches/figures.mjs";
import { bestOf } from "../../benches/measure.mjs";

test("quantiles are values that were seen, by nearest rank", () => {
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2);
  assert.equal(quantile([1, 2, 3], 0.99), 3);
  assert.equal(quantile([7], 0.01), 7);
});

test("times of any order become figures, and ratios are to the slate", () => {
  const milliseconds = summarise({
    node: { "recommend home": [3, 1, 2], "plain JavaScript scan": [9, 10, 8] },
  });
  assert.deepEqual(milliseconds.node["recommend home"], { n: 3, median: 2, p99: 3 });
  const found = ratios(milliseconds);
  assert.deepEqual(found, { node: { "plain JavaScript scan": 4.5 } });
  const model = { items: 3, dim: 16, bits: 4, bytes: 99 };
  const memory = { node: { bytes: 9_500_000, file: 4_000_000, allowed: 16_000_000 } };
  const measured = { model, rounds: 1, milliseconds, ratios: found, memory };
  const text = table({ environment: { cpu: "a CPU" }, ...measured });
  assert.match(text, /^node: memory of 100,000 +9\.5 MB \(file 4\.0 MB, at most 16\.0 MB\)$/m);
  assert.match(text, /^cpu +a CPU$/m);
  assert.match(text, /^node: plain JavaScript scan +3 +9\.000 +10\.000 +4\.50 ×$/m);
});

test("the rival finds the same rows as sorting everything", () => {
  const dim = 8;
  const rows = Float32Array.from({ length: 300 * dim }, (_, at) => Math.sin(at * at));
  const query = rows.slice(0, dim);
  const dots = Array.from({ length: 300 }, (_, row) => ({
    row,
    score: query.reduce((sum, x, i) => sum + x * rows[row * dim + i], 0),
  }));
  const expected = dots.toSorted((a, b) => b.score - a.score).slice(0, 20);
  assert.deepEqual(bestOf(rows, query, 20).map(({ row }) => row), expected.map(({ row }) => row));
});
