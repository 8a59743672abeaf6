// One round of the steps a page takes, timed with the platform's own clock. The same code
// runs in Node and in browsers; `benches/native.rs` takes the same steps without JavaScript.

const N_LOADS = 3;
const N_SLATES = 60;
const N_FULL = 200;
const N_SCANS = 8;
const N_READS = 20;

/**
 * One round: the full slate of the large model first, in an engine that has held nothing yet,
 * so that its memory is what that model takes.
 * @param {typeof import("../pkg/index.js").load} load
 * @param {Uint8Array} bytes the model
 * @param {{ bytes: Uint8Array, rules: unknown }} large the model of 100,000 products, and rules
 * @returns {Promise<{ milliseconds: Record<string, number[]>, memory: object }>} what each
 *   step took, and what the large model takes beside its file
 */
export async function measure(load, bytes, large) {
  const times = {};
  const memory = await takeFullSlates(load, large, times);
  return { milliseconds: { ...times, ...(await takeSteps(load, bytes)) }, memory };
}

/** An event and a full slate of 20 with rules, variety and reasons. */
async function takeFullSlates(load, { bytes, rules }, times) {
  await load(new Uint8Array(1)).catch(() => {});
  const { startEngine } = await import("../pkg/load/engine.js");
  const { memory } = await startEngine();
  const before = memory.buffer.byteLength;
  const shop = await load(bytes);
  const { items } = shop.info;
  shop.setRules(rules);
  const { begin, view } = shopperOf(shop);
  begin();
  const name = "event + full slate of 100,000";
  for (let turn = 0; turn < N_FULL; turn += 1) {
    const start = performance.now();
    view(turn);
    shop.recommend({ count: 20, diversity: 0.3, explain: true });
    (times[name] ??= []).push(performance.now() - start);
    if (turn % 10 === 9) begin();
  }
  shop.free();
  const allowed = bytes.length + 100 * items + 2_000_000;
  return { bytes: memory.buffer.byteLength - before, file: bytes.length, allowed };
}

/** Someone who looks at popular products. */
function shopperOf(shop) {
  const popular = shop.recommend({ placement: "popular", count: 100 }).items.map(({ item }) => item);
  const view = (at) => shop.observe("view_item", { item: popular[at % popular.length] });
  const begin = () => {
    shop.forget();
    for (let at = 0; at < 5; at += 1) view(at * 10);
  };
  return { popular, view, begin };
}

/**
 * Takes every step several times. A page fetches and compiles the engine's WebAssembly while
 * the model is on its way, so that is a step of its own; so is the first load, whose code
 * no optimiser has seen yet.
 * @param {typeof import("../pkg/index.js").load} load
 * @param {Uint8Array} bytes the model
 * @returns {Promise<Record<string, number[]>>} what each step took, in milliseconds
 */
async function takeSteps(load, bytes) {
  const times = {};
  const take = (name, step) => {
    const start = performance.now();
    const result = step();
    (times[name] ??= []).push(performance.now() - start);
    return result;
  };
  const takeLoad = async (name, source = bytes) => {
    const start = performance.now();
    const shop = await load(source).catch((error) => error);
    (times[name] ??= []).push(performance.now() - start);
    if (source === bytes && shop instanceof Error) throw shop;
    return shop;
  };
  const { code } = await takeLoad("engine start", new Uint8Array(1));
  if (code !== "model/not-a-model") throw new Error(`no model gave ${code}`);
  (await takeLoad("first load")).free();
  for (let turn = 0; turn < N_LOADS; turn += 1) (await takeLoad("load")).free();
  const shop = await load(bytes);
  takeSlates(shop, take);
  takeRivals(shop.info, take);
  shop.free();
  return times;
}

function takeSlates(shop, take) {
  const { popular, view, begin } = shopperOf(shop);
  begin();
  const item = popular[popular.length / 2];
  for (let turn = 0; turn < N_SLATES; turn += 1) {
    take("recommend home", () => shop.recommend({ count: 12 }));
    take("recommend related", () => shop.recommend({ placement: "related", item, count: 12 }));
    take("observe + recommend", () => {
      view(turn);
      return shop.recommend({ count: 12 });
    });
    begin();
  }
}

/** What the slate is measured against: the same catalogue in plain JavaScript, and memory. */
function takeRivals({ items, dim }, take) {
  const rows = Float32Array.from({ length: items * dim }, (_, at) => Math.sin(at));
  const query = rows.slice(0, dim);
  for (let turn = 0; turn < N_SCANS; turn += 1) {
    take("plain JavaScript scan", () => bestOf(rows, query, 20));
  }
  const read = reader(items * dim);
  for (let turn = 0; turn < N_READS; turn += 1) take("reading the same bytes", read);
}

/**
 * The `k` rows with the largest dot product, best first: a loop with four running sums,
 * which engines like best, and a sorted list whose worst entry turns nearly everything away.
 */
export function bestOf(rows, query, k) {
  const dim = query.length;
  const best = [];
  let worst = -Infinity;
  for (let row = 0, at = 0; at < rows.length; row += 1) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < dim; i += 4, at += 4) {
      a += rows[at] * query[i];
      b += rows[at + 1] * query[i + 1];
      c += rows[at + 2] * query[i + 2];
      d += rows[at + 3] * query[i + 3];
    }
    const score = a + b + c + d;
    if (score <= worst) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].score < score) place -= 1;
    best.splice(place, 0, { row, score });
    if (best.length > k) best.pop();
    if (best.length === k) worst = best[k - 1].score;
  }
  return best;
}

// (module (memory (export "memory") 1)
//   (func (export "sum") (param $at i32) (param $end i32) (result i64) (local $s v128)
//     (loop $l
//       (local.set $s (i64x2.add (local.get $s) (v128.load (local.get $at))))
//       (br_if $l (i32.lt_u
//         (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
//     (i64.add (i64x2.extract_lane 0 (local.get $s)) (i64x2.extract_lane 1 (local.get $s)))))
const SUM_OF_MEMORY =
  "AGFzbQEAAAABBwFgAn9/AX4DAgEABQMBAAEHEAIGbWVtb3J5AgADc3VtAAAKLQErAQF7A0AgAiAA/QAEAP3OASEC" +
  "IABBEGoiACABSQ0ACyAC/R0AIAL9HQF8Cw==";

/** A function that reads so many bytes, sixteen at a time, and does nothing else. */
export function reader(nBytes) {
  const code = Uint8Array.from(atob(SUM_OF_MEMORY), (sign) => sign.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
  exports.memory.grow(Math.ceil(nBytes / 65_536));
  // Pages that were never written have no memory behind them yet.
  new Uint8Array(exports.memory.buffer).fill(1);
  return () => exports.sum(0, nBytes);
}
