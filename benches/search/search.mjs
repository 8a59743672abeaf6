// One catalogue, everybody who searches it, and what each took: the same code in a page and in
// Node, which differ in how files are read (`platform`: page.mjs, node.mjs).

import { bestOf, reader } from "../measure.mjs";
import { OURS, PACKED, READING } from "./names.mjs";
import { PEERS } from "./peers.mjs";
import { SESSION_PEERS, sessionsOf } from "./sessions.mjs";
import { DIM, codesOf, nameOf, rowOf, unitRows } from "./world.mjs";

const K = 20;
const N_QUERIES = 10;
const EFFORTS = [20, 40, 80, 160, 320, 640, 1280];
const RECALL = 0.995;

/**
 * Times `rounds` rounds in which all take turns.
 * @returns {Promise<Record<string, { milliseconds?: number[], recall?: number, isExact?: boolean,
 *   failed?: string }>>}
 */
export async function searchAll({ n, rounds, only }, platform) {
  const codes = codesOf(n);
  const rows = unitRows(codes);
  const queries = Array.from({ length: N_QUERIES }, (_, at) => Math.floor(((at + 0.5) * n) / N_QUERIES));
  const truth = queries.map((row) => bestOf(rows, rowOf(rows, row), K).map((best) => best.row));
  const world = { n, codes, rows, queries, truth, k: K };
  const results = {};
  const searchers = [];
  for (const [name, isExact, make] of makers(world, only, platform)) {
    try {
      const searcher = await make();
      results[name] = { isExact, ...(await tuned(searcher, world)), milliseconds: [] };
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
}

/** Who is asked: Mercer, the mere reading of its bytes, and the peers that hold so many. */
function* makers(world, only, platform) {
  const wanted = (name) => only.length === 0 || only.some((part) => name.includes(part));
  yield [OURS.slate, false, () => slates(world, platform)];
  yield [OURS.search, false, () => searchAlone(world, platform)];
  yield [PACKED, false, () => searchAlone(world, platform, "search_packed")];
  const read = reader(world.n * DIM);
  yield [READING, false, () => ({ ask: read })];
  for (const [name, { make, isExact = false, most = Infinity }] of Object.entries(PEERS)) {
    if (!wanted(name) || world.n > most) continue;
    yield [name, isExact, async () => {
      const { search, tune } = await make(world.rows, K, platform);
      return { ask: (row) => search(rowOf(world.rows, row).slice(), K), isSearch: true, tune };
    }];
  }
  const sessions = sessionsOf(world);
  for (const [name, make] of Object.entries(SESSION_PEERS)) {
    if (wanted(name)) yield [name, false, () => make(sessions, platform)];
  }
}

/** After one look at an item the interest is that item's own direction. */
async function slates({ n }, platform) {
  const shop = await platform.load(await platform.bytes(`/models/${n}.mercer`));
  const ask = () => shop.recommend({ count: K, includeSeen: true }).items.map(({ item }) => item);
  const prepare = (row) => {
    shop.forget();
    shop.observe("view_item", { item: nameOf(row) });
  };
  const rowOfName = (name) => Number(name.slice(-7));
  return { ask, prepare, isSearch: true, read: (names) => names.map(rowOfName) };
}

/** The engine's scan and selection, and nothing around them. */
async function searchAlone(world, platform, how = "search") {
  const { Rows } = await platform.scan();
  world.table ??= new Rows(world.codes);
  return { ask: (row) => world.table[how](rowOf(world.rows, row), K), isSearch: true };
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

async function recallOf({ ask, prepare, read = (found) => found, truth }, world) {
  let n = 0;
  for (const [at, row] of world.queries.entries()) {
    prepare?.(row);
    const found = new Set(read(await ask(row)));
    n += (truth ?? world.truth)[at].filter((item) => found.has(item)).length;
  }
  return n / (K * world.queries.length);
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
