// A web worker's half of the world, in Node: its messages, and the script that a page would start.

import { Worker } from "node:worker_threads";
import { root } from "./support.mjs";

const SHIM = `
  const { parentPort, workerData } = require("node:worker_threads");
  globalThis.postMessage = (data) => parentPort.postMessage(data);
  globalThis.dispatchEvent = ({ type, key }) => (globalThis.dispatched ??= []).push([type, key]);
  import(workerData).then(() => parentPort.on("message", (data) => globalThis.onmessage({ data })));
`;

/**
 * Makes workers, each with lines of JavaScript before the package's, as `new Worker(…)` does, and remembers them: `made`, and what was
 * `said` to each.
 */
export function workers(prelude = "") {
  const made = [];
  const make = () => {
    const file = root("pkg/dist/worker.js");
    const thread = new Worker(prelude + SHIM, { eval: true, workerData: file });
    const worker = {
      ended: false,
      said: [],
      postMessage: (data) => {
        worker.said.push(data);
        thread.postMessage(data);
      },
      terminate: () => {
        worker.ended = true;
        return thread.terminate();
      },
    };
    thread.on("message", (data) => worker.onmessage({ data }));
    thread.on("error", ({ message }) => worker.onerror({ message }));
    made.push(worker);
    return worker;
  };
  return { make, made };
}
