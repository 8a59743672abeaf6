// `mercer/slim`: the same package without the engine, which the caller brings.

import type {
  LoadOptions,
  ModelSource,
  Shop,
  WasmModule,
  WorkerLoadOptions,
  WorkerShop,
} from "./index.js";

export * from "./index.js";

/** {@link LoadOptions}, and where the engine is. */
export interface SlimLoadOptions extends LoadOptions {
  /**
   * The engine: the address of `mercer_bg.wasm` (or `mercer_relaxed.wasm`), its bytes, a response, or a compiled
   * `WebAssembly.Module`. The first load of a page starts it; later ones need not say it.
   */
  wasm?: ModelSource | WasmModule | undefined;
}

/** Loads a model; like `load` of the package, except that `wasm` must say where the engine is. */
export function load(source: ModelSource, options?: SlimLoadOptions): Promise<Shop>;
/** Loads a model into a worker, which the caller brings as well. */
export function load(
  source: ModelSource,
  options: WorkerLoadOptions & { worker: () => object },
): Promise<WorkerShop>;
