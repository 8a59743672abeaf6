// Who searches: each entry makes a search over rows of length 1 and answers with the positions
// of the best, best first. All run in one thread of WebAssembly or JavaScript. Each is imported where
// it is made, so that one that cannot run somewhere leaves the others alone.

import { bestOf } from "../measure.mjs";
import { topKModel } from "./onnx.mjs";

const DIM = 64;

/**
 * Name → how to make it. `most` is the largest catalogue it is asked to hold: beyond it, building
 * takes many minutes or more memory than a page has.
 */
export const PEERS = {
  "plain JavaScript, Float32Array": { isExact: true, make: plain },
  "tfjs-backend-wasm, matMul + topk": { isExact: true, make: tensorflow },
  "onnxruntime-web, MatMul + TopK": { isExact: true, make: onnx },
  "hnswlib-wasm, brute force": { isExact: true, most: 100_000, make: hnswlibExact },
  "hnswlib-wasm, HNSW": { most: 100_000, make: hnswlib },
  "edgevec, HNSW": { most: 100_000, make: edgevec },
  "voy-search, k-d tree": { most: 10_000, make: voySearch },
};

function plain(rows) {
  return { search: (query, k) => bestOf(rows, query, k).map(({ row }) => row) };
}

async function tensorflow(rows, k, { place }) {
  const tf = await import("@tensorflow/tfjs-core");
  const { setThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(place("/node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
  setThreadsCount(1);
  await tf.setBackend("wasm");
  const items = tf.tensor2d(rows, [rows.length / DIM, DIM]);
  const search = (query, k) =>
    tf.tidy(() => {
      const scores = tf.matMul(tf.tensor2d(query, [1, DIM]), items, false, true);
      return [...tf.topk(scores, k).indices.dataSync()];
    });
  return { search, free: () => items.dispose() };
}

/** A session of onnxruntime-web for a model file, and its tensors. */
export async function createSession(model, { place }) {
  const { InferenceSession, Tensor, env } = await import("onnxruntime-web/wasm");
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = place("/node_modules/onnxruntime-web/dist/");
  const options = { executionProviders: ["wasm"], graphOptimizationLevel: "all" };
  return { session: await InferenceSession.create(model, options), Tensor };
}

async function onnx(rows, k, platform) {
  const { session, Tensor } = await createSession(topKModel(rows, DIM, k), platform);
  const search = async (query) => {
    const { best } = await session.run({ query: new Tensor("float32", query, [1, DIM]) });
    return Array.from(best.data, Number);
  };
  return { search, free: () => session.release() };
}

async function hnswlibExact(rows) {
  const { loadHnswlib } = await import("hnswlib-wasm");
  const lib = await loadHnswlib();
  const index = new lib.BruteforceSearch("ip", DIM);
  index.initIndex(rows.length / DIM);
  eachRow(rows, (row, at) => index.addPoint(row, at));
  return { search: (query, k) => index.searchKnn(query, k, undefined).neighbors.reverse() };
}

async function hnswlib(rows) {
  const { loadHnswlib } = await import("hnswlib-wasm");
  const lib = await loadHnswlib();
  const index = new lib.HierarchicalNSW("ip", DIM, "");
  index.initIndex(rows.length / DIM, 16, 100, 1);
  eachRow(rows, (row, at) => index.addPoint(row, at, false));
  const tune = (effort) => index.setEfSearch(effort);
  return { search: (query, k) => index.searchKnn(query, k, undefined).neighbors.reverse(), tune };
}

async function edgevec(rows, k, { bytes }) {
  const { EdgeVec, EdgeVecConfig, default: init } = await import("edgevec");
  await init({ module_or_path: await bytes("/node_modules/edgevec/edgevec_bg.wasm") });
  const config = new EdgeVecConfig(DIM);
  // Of rows of length 1 the nearest are the likest.
  config.metric = "l2";
  config.ef_search = 100;
  const index = new EdgeVec(config);
  const positions = new Map();
  eachRow(rows, (row, at) => positions.set(index.insert(row), at));
  return { search: (query, k) => index.search(query, k).map(({ id }) => positions.get(id)) };
}

/** By distance, too. */
async function voySearch(rows, k, { bytes }) {
  const voy = await import("voy-search/voy_search_bg.js");
  const imports = { "./voy_search_bg.js": voy };
  const file = await bytes("/node_modules/voy-search/voy_search_bg.wasm");
  voy.__wbg_set_wasm((await WebAssembly.instantiate(file, imports)).instance.exports);
  const embeddings = [];
  eachRow(rows, (row, at) => embeddings.push({ id: `${at}`, title: "", url: "", embeddings: [...row] }));
  const index = new voy.Voy({ embeddings });
  return { search: (query, k) => index.search(query, k).neighbors.map(({ id }) => Number(id)) };
}

function eachRow(rows, take) {
  for (let at = 0; at * DIM < rows.length; at += 1) take(rows.subarray(at * DIM, (at + 1) * DIM), at);
}
