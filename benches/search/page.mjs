// In the page: one catalogue, everybody who searches it, and what each took.

import { load } from "/pkg/index.js";
import { bestOf, reader } from "../measure.mjs";
import { PEERS } from "./peers.mjs";
import { DIM, codesOf, nameOf, unitRows } from "./world.mjs";

const K = 20;
const N_QUERIES = 10;
const EFFORTS = [20, 40, 80, 160, 320, 640, 1280];
const RECALL = 0.995;
const OURS = "Mercer, a whole slate";

/**
 * Times `rounds` rounds in which all take turns.
 * @returns {Promise<Record<string, { milliseconds?: number[], recall?: number, failed?: string }>>}
 */
window.searchAll = async ({ n, rounds, only }) => {
  const rows = unitRows(codesOf(n));
  const queries = Array.from({ length: N_QUERIES }, (_, at) => Math.floor(((at + 0.5) * n) / N_QUERIES));
  const truth = queries.map((row) => bestOf(rows, rowOf(rows, row), K).map((best) => best.row));
  const world = { n, rows, queries, truth };
  const results = {};
  const searchers = [];
  for (const [name, make] of makers(world, only)) {
    try {
      const searcher = await make();
      results[name] = { ...(await tuned(searcher, world)), milliseconds: [] };
      searchers.push([name, searcher]);
    } catch (cause) {
      results[name] = { failed: `${cause?.message ?? cause}`.slice(0, 120) };
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, searcher] of searchers) {
      results[name].milliseconds.push(...(await timed(searcher, queries)));
    }
  }
  return results;
};

/** Who is asked: Mercer, the mere reading of its bytes, and the peers that hold so many. */
function* makers(world, only) {
  const wanted = (name) => only.length === 0 || only.some((part) => name.includes(part));
  yield [OURS, () => mercer(world.n)];
  const read = reader(world.n * DIM);
  yield ["reading the same bytes", () => ({ ask: read })];
  for (const [name, { make, most = Infinity }] of Object.entries(PEERS)) {
    if (!wanted(name) || world.n > most) continue;
    yield [name, async () => {
      const { search, tune } = await make(world.rows, K);
      return { ask: (row) => search(rowOf(world.rows, row).slice(), K), isSearch: true, tune };
    }];
  }
}

/** After one look at an item the interest is that item's own direction. */
async function mercer(n) {
  const bytes = new Uint8Array(await (await fetch(`/models/${n}.mercer`)).arrayBuffer());
  const shop = await load(bytes);
  const ask = () => shop.recommend({ count: K, includeSeen: true }).items.map(({ item }) => item);
  const prepare = (row) => {
    shop.forget();
    shop.observe("view_item", { item: nameOf(row) });
  };
  const rowOfName = (name) => Number(name.slice(-7));
  return { ask, prepare, isSearch: true, read: (names) => names.map(rowOfName) };
}

/** An approximate index gets as much effort as it takes to find what is there. */
async function tuned(searcher, world) {
  if (!searcher.isSearch) return {};
  if (!searcher.tune) return { recall: await recallOf(searcher, world) };
  let recall = 0;
  for (const effort of EFFORTS) {
    searcher.tune(effort);
    recall = await recallOf(searcher, world);
    if (recall >= RECALL) return { recall, effort };
  }
  return { recall, effort: EFFORTS.at(-1) };
}

async function recallOf({ ask, prepare, read = (found) => found }, { queries, truth }) {
  let n = 0;
  for (const [at, row] of queries.entries()) {
    prepare?.(row);
    const found = new Set(read(await ask(row)));
    n += truth[at].filter((item) => found.has(item)).length;
  }
  return n / (K * queries.length);
}

async function timed({ ask, prepare }, queries) {
  const times = [];
  for (const row of queries) {
    prepare?.(row);
    const start = performance.now();
    const answer = ask(row);
    if (answer instanceof Promise) await answer;
    times.push(performance.now() - start);
  }
  return times;
}

function rowOf(rows, row) {
  return rows.subarray(row * DIM, (row + 1) * DIM);
}
