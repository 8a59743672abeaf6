// The engine in JavaScript, made from the same module: for pages where WebAssembly cannot run. It
// ranks many times more slowly and weighs more, so it is fetched where it is needed only.

import { MercerError } from "../check/errors.js";

/**
 * An instance of the JavaScript build.
 * @param {(() => Promise<unknown>) | undefined} script imports it
 * @param {MercerError} [cause] why WebAssembly cannot run, where that is the reason
 */
export async function startJavaScript(script, cause) {
  const why = cause ? `${cause.message}; ` : "";
  if (!script) {
    const fix = 'load(model, { fallback: () => import("mercer/fallback") })';
    throw new MercerError("load/fallback", `${why}this entry brings no JavaScript build: ${fix}`);
  }
  try {
    const { engine, instance } = await script();
    const { Recommender, imports, start } = engine();
    return { Recommender, exports: start(instance(imports())) };
  } catch (error) {
    const message = `${why}the engine's JavaScript build cannot be loaded (${error?.message ?? error})`;
    throw new MercerError("load/fallback", message, { cause: error });
  }
}
