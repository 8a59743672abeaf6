// The engine: started with the first load, then shared by every shop. What traps in it ends it;
// later loads get a fresh one.

import { MercerError } from "../check/errors.js";
import { engine as fresh } from "../wasm/mercer.js";
import { bytesOf, is, nameOf, open } from "./read.js";

// The smallest module with a SIMD instruction in it.
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15,
  11,
];

let running;
// A second engine needs no second download.
let module;

/**
 * The engine in use, started by the first who asks. A start that failed is tried again by the
 * next one.
 * @param {unknown} wasm where the caller says the module is
 * @param {{ wasm?: unknown, readFile?: Function }} platform where the entry says it is
 * @returns {Promise<Engine>}
 */
export function startEngine(wasm, platform = {}) {
  running ??= start(wasm, platform).catch((error) => {
    running = undefined;
    throw error;
  });
  return running;
}

/** An instance of the module. */
class Engine {
  #Recommender;
  #stopped;

  constructor(Recommender, { memory }) {
    this.#Recommender = Recommender;
    this.memory = memory;
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
    running = undefined;
  }
}

async function start(wasm, platform) {
  if (typeof WebAssembly !== "object") throw unavailable("there is no WebAssembly in this browser");
  const source = wasm ?? module ?? platform.wasm;
  if (source === undefined) {
    throw new MercerError(
      "load/wasm",
      "this entry brings no engine: load(model, { wasm }) says where mercer_bg.wasm is",
    );
  }
  const compiled = await compile(source, platform);
  try {
    // The glue would take whatever it is given.
    if (!WebAssembly.Module.exports(compiled).some(({ name }) => name === "recommender_new")) {
      throw new Error("it exports no recommender");
    }
    const { Recommender, imports, start } = fresh();
    const exports = start(await WebAssembly.instantiate(compiled, imports()));
    module = compiled;
    return new Engine(Recommender, exports);
  } catch (cause) {
    throw wrongFile(source, "does not fit this version of the package", cause);
  }
}

async function compile(source, platform) {
  if (is("WebAssembly.Module", source)) return source;
  try {
    const opened = await open(source, platform);
    const type = opened.headers?.get("content-type");
    if (type === "application/wasm" && WebAssembly.compileStreaming) {
      return await WebAssembly.compileStreaming(opened);
    }
    const bytes = await bytesOf(opened, nameOf(source));
    if (!isWasm(bytes)) throw wrongFile(source, `is not WebAssembly (it came as ${type || "bytes"})`);
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw explained(cause, source);
  }
}

function explained(cause, source) {
  if (cause.code === "load/wasm") return cause;
  if (cause.name === "CompileError") {
    if (!WebAssembly.validate(new Uint8Array(SIMD))) {
      return unavailable("this browser's WebAssembly has no SIMD", cause);
    }
    if (/content security policy|\bcsp\b|unsafe-eval/i.test(cause.message)) {
      const fix = "add 'wasm-unsafe-eval' to its script-src";
      return unavailable(`the page's Content-Security-Policy forbids it: ${fix}`, cause);
    }
  }
  return wrongFile(source, `cannot be loaded (${cause.message})`, cause);
}

function isWasm(bytes) {
  return SIMD.slice(0, 4).every((byte, at) => bytes[at] === byte);
}

function unavailable(why, cause) {
  return new MercerError("wasm/unavailable", `WebAssembly cannot run here: ${why}`, { cause });
}

function wrongFile(source, why, cause) {
  return new MercerError(
    "load/wasm",
    `${nameOf(source)} ${why}. Serve the package's wasm/mercer_bg.wasm there, or say where it ` +
      'is: load(model, { wasm: "/path/mercer_bg.wasm" })',
    { cause },
  );
}
