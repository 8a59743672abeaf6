// From a model's address to a shop.

import { MercerError } from "../check/errors.js";
import { Store } from "../keep/storage.js";
import { startEngine } from "../load/engine.js";
import { openModel, readModel, untilAborted } from "../load/model.js";
import { loadOptions } from "../load/options.js";
import { aborted, nameOf } from "../load/read.js";
import { Shop } from "./shop.js";

/** `load` of every entry; `platform` is what only one of them has. */
export async function openShop(source, options, platform) {
  const settings = loadOptions(options);
  if (settings.worker) throw new MercerError("worker/unavailable", "this entry has no workers");
  const { fetch, signal, now, publicKey } = settings;
  const name = nameOf(source);
  if (signal?.aborted) throw aborted(signal, name);
  const both = Promise.all([
    readModel(source, { ...settings, readFile: platform.readFile }),
    startEngine(settings, platform),
  ]);
  const [bytes, engine] = await untilAborted(both, signal, name);
  const { recommender, info } = openModel(engine, bytes, name);
  try {
    // A key that is pinned once holds for every later model as well.
    const { shards, onItems } = settings;
    const how = { fetch, publicKey, readFile: platform.readFile, shards, onItems };
    const root = { bytes, name };
    return new Shop({ engine, recommender, info, store: new Store(settings), now, how, root });
  } catch (error) {
    if (!engine.stopped) recommender.free();
    throw error;
  }
}
