// From a model's address to a shop behind a worker. The model is read here, on the page's side,
// with the caller's own functions; the worker gets its bytes.

import { MercerError } from "../check/errors.js";
import { readModel, untilAborted } from "../load/model.js";
import { aborted, bytesOf, is, nameOf, open } from "../load/read.js";
import { brought, wrongFile } from "../load/wasm.js";
import { openShop } from "../shop/open.js";
import { Areas } from "./areas.js";
import { named, perform } from "./perform.js";
import { Pending } from "./pending.js";
import { Port } from "./port.js";
import { PROTOCOL } from "./protocol.js";
import { WorkerShop } from "./shop.js";

/** `load` with `worker`. */
export async function openWorkerShop(source, settings, platform) {
  const { signal } = settings;
  const name = nameOf(source);
  if (signal?.aborted) throw aborted(signal, name);
  const { fetch, publicKey, shards, onItems } = settings;
  const how = { fetch, publicKey, readFile: platform.readFile, shards, onItems };
  const reading = readModel(source, { ...settings, readFile: platform.readFile });
  // What it is rejected with is heard below, though perhaps later.
  reading.catch(() => {});
  const worker = settings.engine === "js" ? undefined : make(settings, platform);
  // At once: whatever goes wrong with the worker is said to who listens then.
  const port = worker && new Port(worker);
  try {
    const opening = reading.then((model) => answerer(port, model, settings, platform, name));
    const { call, facts, close } = await untilAborted(opening, signal, name);
    const pending = new Pending(settings.storageKey, facts.storage.kind !== "memory");
    const root = { bytes: await reading, name };
    const shop = new WorkerShop({ call, close, facts, pending, now: settings.now, how, root });
    pending.replay((kind, options) => shop.observe(kind, options));
    return shop;
  } catch (error) {
    port?.close();
    throw error;
  }
}

function make({ worker }, platform) {
  const maker = worker === true ? platform.worker : worker;
  if (!maker) {
    const fix = 'load(model, { worker: () => new Worker(…, { type: "module" }) })';
    throw new MercerError("worker/unavailable", `this entry brings no worker: ${fix}`);
  }
  try {
    return maker();
  } catch (cause) {
    const message = `the worker cannot be made (${cause?.message ?? cause})`;
    throw new MercerError("worker/unavailable", message, { cause });
  }
}

/** Whoever answers the calls: the worker, or, where WebAssembly cannot run, a shop right here. */
async function answerer(port, model, settings, platform, name) {
  if (!port) return onThisThread(named(model, name), settings, platform);
  try {
    return await inWorker(port, model, settings, platform, name);
  } catch (error) {
    const isOver = settings.engine === "wasm" || !(settings.fallback ?? platform.fallback);
    if (error.code !== "wasm/unavailable" || isOver) throw error;
    port.close();
    return onThisThread(named(model, name), { ...settings, engine: "js" }, platform);
  }
}

async function inWorker(port, model, settings, platform, name) {
  const areas = new Areas(settings, port);
  const close = () => {
    areas.close();
    port.close();
  };
  const { wasm, ...rest } = read(settings);
  const { fetch, now, fallback, ...plain } = rest;
  const engine = await portable(wasm ?? brought(platform), platform);
  try {
    const asked = { ...plain, wasm: engine };
    const { storage, value } = await port.call("load", [model, name, asked, areas.snapshot()]);
    const { protocol, ...facts } = value;
    if (protocol !== PROTOCOL) throw foreign();
    const call = async (method, args) => {
      if (method === "setConsent") areas.use(args[0]);
      const answer = await port.call(method, args);
      if (method === "forget" || method === "setConsent") areas.mustBeGone();
      return answer;
    };
    return { call, facts: { ...facts, storage }, close };
  } catch (error) {
    areas.close();
    throw error;
  }
}

function foreign() {
  const fix = "copy `dist/worker.js` of this version to where the page's worker comes from";
  return new MercerError("worker/unavailable", `the worker's file is of another version of the package: ${fix}`);
}

async function onThisThread(source, settings, platform) {
  const shop = await openShop(source, { ...read(settings), engine: "js" }, platform);
  const call = async (method, args) => {
    const value = await perform(shop, method, args);
    return { value, storage: method === "free" ? undefined : shop.storage };
  };
  const { info, engine, storage } = shop;
  return { call, facts: { info, engine, storage }, close() {} };
}

/** The settings without those that were for reading the model: its bytes are here, and checked. */
function read({ integrity, publicKey, signature, onProgress, onItems, worker, signal, ...rest }) {
  // Shards are fetched on this side as well.
  return { ...rest, shards: false };
}

/** The engine as a message can carry it; an address as it is meant on this page. */
async function portable(wasm, { readFile }) {
  if (wasm === undefined || is("WebAssembly.Module", wasm)) return wasm;
  try {
    if (typeof wasm === "string" || is("URL", wasm)) {
      return (await readFile?.(`${wasm}`)) ?? new URL(wasm, globalThis.document?.baseURI).href;
    }
    return await bytesOf(await open(wasm), nameOf(wasm));
  } catch (cause) {
    throw wrongFile(wasm, `cannot be loaded (${cause.message})`, cause);
  }
}
