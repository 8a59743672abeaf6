// The engine's WebAssembly: started with the first load, then shared by every shop.

import { MercerError } from "./errors.js";
import { bytesOf, is, nameOf, open } from "./read.js";
import init, { Recommender } from "./wasm/mercer.js";

// The smallest module with a SIMD instruction in it.
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15,
  11,
];

let started;

/** The engine's class, started once. A start that failed is tried again by the next load. */
export function startWasm(wasm, platform) {
  started ??= start(wasm, platform).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start(wasm, platform) {
  if (typeof WebAssembly !== "object") throw unavailable("there is no WebAssembly in this browser");
  const source = wasm ?? new URL("./wasm/mercer_bg.wasm", import.meta.url);
  const module = await compiled(source, platform);
  try {
    // The glue keeps whatever it was given last, even if that cannot start.
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === "recommender_new")) {
      throw new Error("it exports no recommender");
    }
    await init({ module_or_path: module });
  } catch (cause) {
    throw wrongFile(source, "does not fit this version of the package", cause);
  }
  return Recommender;
}

async function compiled(source, platform) {
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
