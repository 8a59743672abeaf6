/** The engine, as runtimes that import WebAssembly give it: a compiled module, or its address. */
declare const engine: object | string;
export default engine;
