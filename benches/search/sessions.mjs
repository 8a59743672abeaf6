// A session of ten looks: the event and the slate from Mercer, and the same encoder, attention and
// all, as a graph for onnxruntime-web.

import { bestOf } from "../measure.mjs";
import { encoderModel } from "./onnx.mjs";
import { createSession } from "./peers.mjs";
import { DIM, nameOf, rowOf } from "./world.mjs";

const N_STEPS = 10;
/** Far from each other, so that the direction is nobody's own. */
const STRIDE = 7;
/** As in the model file: benches/support/large.rs. */
const TEMPERATURE = 10;

/** Name → how to make it. */
export const SESSION_PEERS = {
  "Mercer, event + slate of a session of 10": mercer,
  "onnxruntime-web, the same encoder + TopK": onnx,
};

/** The sessions that end at the queries, newest first, and what is likest to each. */
export function sessionsOf({ n, rows, queries, k }) {
  const stepsOf = (row) => Array.from({ length: N_STEPS }, (_, at) => (row + STRIDE * at) % n);
  const truth = queries.map((row) => bestOf(rows, meanOf(rows, stepsOf(row)), k).map((best) => best.row));
  return { n, rows, k, stepsOf, truth };
}

/** The bare model weighs every step alike. */
function meanOf(rows, steps) {
  const mean = new Float32Array(DIM);
  for (const step of steps) rowOf(rows, step).forEach((x, at) => (mean[at] += x / steps.length));
  return mean;
}

async function mercer({ n, k, stepsOf, truth }, platform) {
  const shop = await platform.load(await platform.bytes(`/models/${n}.mercer`));
  const view = (row) => shop.observe("view_item", { item: nameOf(row) });
  const prepare = (row) => {
    shop.forget();
    stepsOf(row).slice(1).toReversed().forEach(view);
  };
  const ask = (row) => {
    view(row);
    return shop.recommend({ count: k, includeSeen: true }).items.map(({ item }) => item);
  };
  return { ask, prepare, isSearch: true, truth, read: (names) => names.map((name) => Number(name.slice(-7))) };
}

async function onnx({ rows, k, stepsOf, truth }, platform) {
  const encoder = { attention: new Float32Array(DIM * DIM), temperature: TEMPERATURE, steps: N_STEPS };
  const { session, Tensor } = await createSession(encoderModel(rows, DIM, k, encoder), platform);
  const ask = async (row) => {
    const steps = new Tensor("int64", BigInt64Array.from(stepsOf(row), BigInt), [N_STEPS]);
    // Position, kind and dwell of each step weigh nothing in the bare model.
    const weights = new Tensor("float32", new Float32Array(N_STEPS), [1, N_STEPS]);
    const { best } = await session.run({ steps, weights });
    return Array.from(best.data, Number);
  };
  return { ask, isSearch: true, truth };
}
