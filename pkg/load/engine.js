// The engine: started with the first load, then shared by every shop. What traps in it ends it;
// later loads get a fresh one.

import { MercerError } from "../check/errors.js";
import { startJavaScript } from "./javascript.js";
import { obstacle, startWasm } from "./wasm.js";

/** The engine in use, by kind: a promise. */
const running = {};

/**
 * The engine in use, started by the first who asks. A start that failed is tried again by the
 * next one.
 * @param {{ engine?: "auto" | "wasm" | "js", wasm?: unknown, fallback?: () => Promise<unknown> }}
 *   wanted what the caller says
 * @param {{ wasm?: unknown, readFile?: Function, fallback?: () => Promise<unknown> }} platform
 *   what the entry brings
 * @returns {Promise<Engine>}
 */
export async function startEngine({ engine = "auto", wasm, fallback } = {}, platform = {}) {
  const script = fallback ?? platform.fallback;
  const cause = engine === "js" ? undefined : obstacle(wasm ?? platform.wasm);
  if (engine === "js" || (engine === "auto" && cause && script)) {
    return started("js", () => startJavaScript(script, cause));
  }
  if (cause) throw cause;
  return started("wasm", () => startWasm(wasm, platform));
}

/** An instance of the module. */
class Engine {
  #Recommender;
  #stopped;

  constructor(kind, { Recommender, exports }) {
    this.kind = kind;
    this.#Recommender = Recommender;
    this.memory = exports.memory;
  }

  /** A model's recommender; its methods are for `call`. */
  open(model, prefix) {
    return this.call(() => new this.#Recommender(model), prefix);
  }

  /**
   * Calls into the engine; what it throws becomes a MercerError, its message after `prefix`.
   * Whatever is no refusal leaves its memory as it happens to be: no call may follow.
   */
  call(action, prefix = "") {
    if (this.#stopped) {
      const message = "the engine stopped at an earlier error; load the shop again";
      throw new MercerError("shop/stopped", message, { cause: this.#stopped });
    }
    try {
      return action();
    } catch (cause) {
      const message = prefix + (cause?.message ?? cause);
      if (typeof cause?.code === "string") throw new MercerError(cause.code, message, { cause });
      this.#stop(cause);
      throw new MercerError("internal", message, { cause });
    }
  }

  get stopped() {
    return this.#stopped !== undefined;
  }

  #stop(cause) {
    this.#stopped = cause ?? "stopped";
    delete running[this.kind];
  }
}

function started(kind, start) {
  running[kind] ??= start().then(
    (instance) => new Engine(kind, instance),
    (error) => {
      delete running[kind];
      throw error;
    },
  );
  return running[kind];
}
