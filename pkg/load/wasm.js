// The engine in WebAssembly: found, compiled, started.

import { MercerError } from "../check/errors.js";
import { engine as fresh } from "../wasm/mercer.js";
import { bytesOf, is, nameOf, open } from "./read.js";

// The smallest module with a SIMD instruction in it.
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15,
  11,
];

// The smallest with a relaxed one: bytes times bytes of seven bits.
const RELAXED = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 0, 253, 15,
  65, 0, 253, 15, 253, 146, 2, 11,
];

// A second engine needs no second download.
let module;

/**
 * Why WebAssembly cannot run here, found out before anything is downloaded; `undefined` where it
 * can. What was compiled elsewhere may run where compiling is forbidden, as in workerd.
 * @returns {MercerError | undefined}
 */
export function obstacle(wasm) {
  if (is("WebAssembly.Module", wasm)) return undefined;
  if (typeof WebAssembly !== "object") return unavailable("there is no WebAssembly in this browser");
  const probe = new Uint8Array(SIMD);
  try {
    if (!WebAssembly.validate(probe)) return unavailable("this browser's WebAssembly has no SIMD");
    // WebKit lets a forbidden module be compiled, and refuses to start it.
    new WebAssembly.Instance(new WebAssembly.Module(probe));
    return undefined;
  } catch (cause) {
    const fix = "add 'wasm-unsafe-eval' to its script-src";
    return unavailable(`the page's Content-Security-Policy forbids it: ${fix}`, cause);
  }
}

/**
 * The module an entry brings for here: where there is relaxed SIMD, the one with it. Both give the
 * same slates.
 */
export function brought({ wasm, relaxed }) {
  const knows = relaxed && typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(RELAXED));
  return knows ? relaxed : wasm;
}

/** An instance of the module. */
export async function startWasm(wasm, platform) {
  const source = wasm ?? module ?? brought(platform);
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
    return { Recommender, exports };
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
    if (cause.code === "load/wasm") throw cause;
    throw wrongFile(source, `cannot be loaded (${cause.message})`, cause);
  }
}

function isWasm(bytes) {
  return SIMD.slice(0, 4).every((byte, at) => bytes[at] === byte);
}

function unavailable(why, cause) {
  return new MercerError("wasm/unavailable", `WebAssembly cannot run here: ${why}`, { cause });
}

/** The error for an engine that is not what it should be. */
export function wrongFile(source, why, cause) {
  return new MercerError(
    "load/wasm",
    `${nameOf(source)} ${why}. Serve the package's wasm/mercer_bg.wasm there, or say where it ` +
      'is: load(model, { wasm: "/path/mercer_bg.wasm" })',
    { cause },
  );
}
