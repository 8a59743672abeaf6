// The arithmetic of the benchmark: a wrong median would be believed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile, ratios, summarise, table } from "../../benches/figures.mjs";
import { bestOf } from "../../benches/measure.mjs";
import { topKModel } from "../../benches/search/onnx.mjs";
import { OURS, READING } from "../../benches/search/names.mjs";
import { plot } from "../../benches/search/plot.mjs";
import { searchTable, summarised } from "../../benches/search/table.mjs";
import { DIM, codesOf, unitRows } from "../../benches/search/world.mjs";

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

test("everybody searches the same rows: whole codes, and directions of length 1", () => {
  const codes = codesOf(250);
  assert.deepEqual(codes, codesOf(250));
  assert.ok(codes.every((code) => Math.abs(code) <= 7));
  const rows = unitRows(codes);
  const length = Math.hypot(...rows.subarray(DIM, 2 * DIM));
  assert.ok(Math.abs(length - 1) < 1e-6, `${length}`);
});

test("an ONNX file is written as protocol buffers say", () => {
  const file = topKModel(Float32Array.of(1, 2, 3, 4), 2, 1);
  // Version 8, then the graph with its length.
  assert.deepEqual([...file.subarray(0, 3)], [0x08, 8, 0x3a]);
  const text = new TextDecoder().decode(file);
  for (const name of ["MatMul", "TopK", "query", "items", "best"]) assert.ok(text.includes(name), name);
  // Columns of the items, side by side.
  const columns = new Uint8Array(Float32Array.of(1, 3, 2, 4).buffer);
  assert.ok(Buffer.from(file).includes(Buffer.from(columns)));
});

test("a search has a row each, held against the slate and the search, and a failure is told", () => {
  const found = {
    [OURS.slate]: { milliseconds: [2, 1, 3], recall: 1 },
    [OURS.search]: { milliseconds: [0.5], recall: 1 },
    [READING]: { milliseconds: [0.25] },
    "plain JavaScript, a loop": { milliseconds: [20], recall: 1, isExact: true },
    theirs: { milliseconds: [8], recall: 1, isExact: true },
    graph: { milliseconds: [1], recall: 0.9951, effort: 40 },
    broken: { failed: "out | of memory" },
  };
  const results = { 1000: summarised(found) };
  const text = searchTable(results);
  assert.match(text, /\| 1,000 \| Mercer, a whole slate \| 2\.000 \| 3\.000 \| 1\.000 \| 1\.00 \| 4\.00 \|/);
  assert.match(text, /\| graph \| 1\.000 \| 1\.000 \| 0\.995 \(ef 40\) \| 0\.50 \| 2\.00 \|/);
  assert.match(text, /\| broken \| – \| – \| – \| – \| failed: out \/ of memory \|/);
  const line = /16\.00 times as fast as theirs, the fastest exact one, 40\.00 times as fast as plain JavaScript, 2\.00 times/;
  assert.match(text, line);
  const picture = plot({ ...results, 2000: results[1000] });
  assert.match(picture, /^<svg [^]*>theirs<[^]*<\/svg>$/);
  assert.ok(!picture.includes("broken"));
});
