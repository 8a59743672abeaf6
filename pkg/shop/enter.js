// `load` of the entries that know of workers.

import { loadOptions } from "../load/options.js";
import { openShop } from "./open.js";

/** A shop on this thread, or, where the caller says so, the same behind a worker. */
export async function enter(source, options, platform) {
  const settings = loadOptions(options);
  if (!settings.worker) return openShop(source, settings, platform);
  const { openWorkerShop } = await import("../worker/open.js");
  return openWorkerShop(source, settings, platform);
}
