// From a model's address to a shop.

import { MercerError } from "../check/errors.js";
import { Store } from "../keep/storage.js";
import { startEngine } from "../load/engine.js";
import { loadOptions } from "../load/options.js";
import { aborted, bytesOf, nameOf, open } from "../load/read.js";
import { Shop } from "./shop.js";

/** `load` of every entry; `platform` is what only one of them has. */
export async function openShop(source, options, platform) {
  const settings = loadOptions(options);
  const { fetch, signal, wasm } = settings;
  const name = nameOf(source);
  if (signal?.aborted) throw aborted(signal, name);
  const both = Promise.all([
    readModel(source, { ...platform, fetch, signal }),
    startEngine(wasm, platform),
  ]);
  const [model, engine] = await untilAborted(both, signal, name);
  const recommender = engine.open(model, `${name}: `);
  try {
    const info = describe(engine, recommender, name);
    return new Shop({ engine, recommender, info, store: new Store(settings), now: settings.now });
  } catch (error) {
    recommender.free();
    throw error;
  }
}

async function readModel(source, how) {
  const name = nameOf(source);
  const opened = await open(source, how);
  const bytes = await bytesOf(opened, name, how.signal);
  const type = opened.headers?.get("content-type");
  // The bytes decide: a server may call a good model anything.
  if (bytes[0] !== 0x89 && (type?.startsWith("text/html") || firstSign(bytes) === "<")) {
    throw new MercerError(
      "load/html",
      `${name}: this is an HTML page, not a model. Is the file on the server? Many servers ` +
        "answer an unknown path with their start page",
    );
  }
  return bytes;
}

function firstSign(bytes) {
  return new TextDecoder().decode(bytes.subarray(0, 64)).trimStart()[0];
}

function describe(engine, recommender, name) {
  const info = engine.call(() => recommender.info());
  try {
    return Object.freeze({ ...info, about: JSON.parse(info.about) });
  } catch (cause) {
    const message = `${name}: what the model says of itself is no JSON`;
    throw new MercerError("model/corrupt", message, { cause });
  }
}

async function untilAborted(promise, signal, name) {
  if (!signal) return promise;
  let stop;
  const stopped = new Promise((_, reject) => {
    stop = () => reject(aborted(signal, name));
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
