// How many rows the first coordinates, with the lengths of the rest, cannot turn away, the bar known
// beforehand: `node benches/search/prefilter.mjs`. docs/performance.md has what came of it.

import { DIM, codesOf, rowOf, unitRows } from "./world.mjs";

const N = 100_000;
const N_QUERIES = 10;

const rows = unitRows(codesOf(N));
const queries = Array.from({ length: N_QUERIES }, (_, at) => Math.floor(((at + 0.5) * N) / N_QUERIES));

for (const first of [16, 32, 48]) {
  const tables = queries.map((row) => bounds(rowOf(rows, row), first));
  for (const k of [20, 200]) {
    const passing = tables.map(({ scores, bounds }) => {
      const bar = scores.toSorted()[N - k];
      return bounds.reduce((n, bound) => n + Number(bound >= bar), 0);
    });
    const share = passing.reduce((sum, n) => sum + n, 0) / (N * N_QUERIES);
    console.log(`first ${first} of ${DIM} coordinates, best ${k}: ${(100 * share).toFixed(1)} % pass`);
  }
}

/** Of every row the product and what it is at most (Cauchy and Schwarz), given `first` coordinates. */
function bounds(query, first) {
  const scores = new Float32Array(N);
  const bounds = new Float32Array(N);
  const rest = length(query.subarray(first));
  for (let at = 0; at < N; at += 1) {
    const row = rowOf(rows, at);
    const head = dot(query, row, 0, first);
    scores[at] = head + dot(query, row, first, DIM);
    bounds[at] = head + rest * length(row.subarray(first));
  }
  return { scores, bounds };
}

function dot(a, b, from, to) {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += a[at] * b[at];
  return sum;
}

function length(vector) {
  return Math.sqrt(dot(vector, vector, 0, vector.length));
}
