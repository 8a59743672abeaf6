// Fetches the shards that a session asks for. Loaded for models that have some.

import { guarded } from "../check/check.js";
import { MercerError } from "../check/errors.js";
import { bytesOf, open } from "../load/read.js";

// What a lookup brings may change what is wanted; never for long.
const ROUNDS = 3;
// With more the model starts over from its root: what is wanted still is in the HTTP cache.
const MAX_JOINED = 32;

/** Follows one shop. */
export class Shards {
  #shop;
  #base;
  #how;
  #joined = 0;
  #isStopped = false;
  // The round that runs, and whether another is asked for.
  #running;
  #again = false;
  #told = { items: 0 };

  /**
   * @param {{ wanted: Function, join: Function, restart: Function }} shop what is asked of the
   *   engine: names of shards, taking one in, starting over from the root; each may give a promise
   * @param {string} base the address of the root
   * @param {{ fetch?: Function, readFile?: Function, onItems?: Function }} how
   */
  constructor(shop, base, how) {
    this.#shop = shop;
    this.#base = base;
    this.#how = how;
  }

  /** The session has changed: fetches what it asks for, one thing after the other. */
  look() {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again && !this.#isStopped) this.look();
    });
  }

  /** When nothing is on its way any more: how many items came, and what failed last. */
  async settled() {
    while (this.#running) await this.#running;
    return this.#told;
  }

  stop() {
    this.#isStopped = true;
  }

  async #run() {
    while (this.#again && !this.#isStopped) {
      this.#again = false;
      const before = this.#told.items;
      try {
        await this.#round();
      } catch (error) {
        // The next event asks again; until then the shop serves what it has.
        this.#told = { items: this.#told.items, error };
      }
      if (this.#told.items > before) this.#tell();
    }
  }

  async #round() {
    this.#told = { items: this.#told.items };
    if (this.#joined >= MAX_JOINED) {
      await this.#shop.restart();
      this.#joined = 0;
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const { lookups } = await this.#shop.wanted();
      if (lookups.length === 0) break;
      const files = await Promise.all(lookups.map((name) => this.#fetch(name)));
      for (const file of files) await this.#join(file);
    }
    const { group } = await this.#shop.wanted();
    if (group) await this.#join(await this.#fetch(group));
  }

  #tell() {
    try {
      guarded("load/invalid", "`onItems`", () => this.#how.onItems?.());
    } catch (error) {
      this.#told = { ...this.#told, error };
    }
  }

  async #join(file) {
    if (this.#isStopped) return;
    const items = await this.#shop.join(file);
    this.#joined += 1;
    this.#told = { ...this.#told, items: this.#told.items + items };
  }

  async #fetch(name) {
    const url = beside(this.#base, name);
    const bytes = await bytesOf(await open(url, this.#how), url);
    await check(bytes, name, url);
    return bytes;
  }
}

/** The address of a file beside another: `/m/root.mercer?v=3`, `g1.mercer` → `/m/g1.mercer`. */
function beside(base, name) {
  return base.replace(/[?#].*$/s, "").replace(/[^/\\]*$/, name);
}

/** Holds a shard against the hash in its name, which the root vouches for. */
async function check(bytes, name, url) {
  const subtle = globalThis.crypto?.subtle;
  // Where the page is not secure, whoever can change the file can change the page as well.
  if (!subtle) return;
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  const hash = [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (name.includes(`-${hash}.`)) return;
  const message = `${url} is not the shard that the root names: its hash is ${hash}`;
  throw new MercerError("load/integrity", message);
}
