// Questions to a worker, and its answers.

import { MercerError } from "../check/errors.js";

export class Port {
  #worker;
  #asked = new Map();
  #count = 0;
  #broken;
  #write = (_write) => {};

  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#heard(data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      const why = event.message || "is its file where it should be, and may this page have workers?";
      this.#break(new MercerError("worker/unavailable", `the worker does not run: ${why}`));
    };
    worker.onmessageerror = () => {
      this.#break(new MercerError("internal", "an answer of the worker cannot be read"));
    };
  }

  /**
   * Calls a method of the shop in the worker.
   * @param {string} method
   * @param {unknown[]} args plain values
   * @returns {Promise<{ value: any, storage: object }>}
   */
  call(method, args) {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const id = (this.#count += 1);
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args });
    });
  }

  /** Tells the worker something that needs no answer. */
  tell(message) {
    if (!this.#broken) this.#worker.postMessage(message);
  }

  /** Ends the worker; who still waits for it is told so. */
  close() {
    this.#worker.terminate();
    this.#break(new MercerError("shop/freed", "the worker of this shop was ended"));
  }

  /** Who hears what the worker writes, before whoever asked has the answer. */
  set onWrite(write) {
    this.#write = write;
  }

  // A worker's file of another version may leave the writes out; its first answer tells.
  #heard({ id, writes = [], error, ...answer }) {
    for (const write of writes) this.#write(write);
    const waits = this.#asked.get(id);
    // Who waited was told that the worker broke; its answer may still come.
    if (!waits) return;
    this.#asked.delete(id);
    if (error) waits.reject(new MercerError(error.code, error.message));
    else waits.resolve(answer);
  }

  #break(error) {
    this.#broken ??= error;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
