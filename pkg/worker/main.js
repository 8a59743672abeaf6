// What runs in the worker: a shop like any other, whose methods are called by messages.
// dist/worker.js is made from it, one file that imports nothing, so that it can be copied anywhere.

import { openShop } from "../shop/open.js";
import { Mirror } from "./mirror.js";
import { named, perform } from "./perform.js";
import { PROTOCOL } from "./protocol.js";

/** @type {any} the worker's global object */
const world = globalThis;
const mirrors = {};
let shop;
// One thing after the other, in the order in which they were asked.
let last = Promise.resolve();
// What the call that is being answered writes goes with its answer: the page may be left between two
// messages, and then an event would both be stored and still wait for its answer.
let writes;

world.onmessage = ({ data }) => {
  if (data.opened) provide(data.opened);
  else if (data.changed) changed(data.changed);
  else if (data.failed) mirrors[data.failed.area]?.failed(data.failed.failure);
  else last = last.then(() => answer(data));
};

async function answer({ id, method, args }) {
  writes = [];
  const said = await outcome(method, args);
  try {
    world.postMessage({ id, writes, ...said });
  } catch ({ message }) {
    // What cannot be sent is an answer, too: whoever asks next must not wait for it.
    world.postMessage({ id, writes, error: { code: "internal", message: `${message}` } });
  }
  writes = undefined;
}

async function outcome(method, args) {
  try {
    const value = await (method === "load" ? load(...args) : perform(shop, method, args));
    return { value, storage: method === "free" ? undefined : shop.storage };
  } catch ({ code, message }) {
    return { error: { code: code ?? "internal", message: `${message}` } };
  }
}

function tell(write) {
  if (writes) writes.push(write);
  else world.postMessage({ writes: [write] });
}

async function load(model, name, { wasm, ...settings }, { isPrivate, area, entries, failure }) {
  if (isPrivate) define(world.navigator, "globalPrivacyControl", true);
  provide({ area, entries, failure });
  shop = await openShop(named(model, name), { ...settings, wasm }, {});
  return { info: shop.info, engine: shop.engine, protocol: PROTOCOL };
}

/** The page's storage, as the shop finds it. */
function provide({ area, entries, failure }) {
  if (!area) return;
  mirrors[area] = new Mirror(area, tell);
  mirrors[area].fill(entries, failure);
  define(world, area, mirrors[area]);
}

/** Another tab wrote; the shop hears of it as on a page. */
function changed({ area, key, value, entries, failure }) {
  if (!mirrors[area]) return;
  if (entries) mirrors[area].fill(entries, failure);
  else if (key === null) mirrors[area].fill([]);
  else mirrors[area].changed(key, value);
  world.dispatchEvent?.(Object.assign(new Event("storage"), { key }));
}

function define(object, name, value) {
  Object.defineProperty(object, name, { configurable: true, value });
}
