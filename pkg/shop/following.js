// The shards of a shop's model, where it has some: what fetches them is loaded for such models only.

import { MercerError } from "../check/errors.js";

export class Following {
  #shards;
  #loading;

  /**
   * Follows a model from now on, and no other.
   * @param {{ info: { shards?: number }, name: string }} model what it is, and where it came from
   * @param {{ shards?: string | false, fetch?: Function, readFile?: Function, onItems?: Function }} how
   * @param {{ wanted: Function, join: Function, restart: Function }} shop the engine's side
   */
  start({ info, name }, how, shop) {
    this.stop();
    const base = how.shards ?? addressOf(name);
    if (!info.shards || !base) return;
    const loading = import("../shards/shards.js").then(
      ({ Shards }) => {
        if (this.#loading !== loading) return;
        this.#shards = new Shards(shop, base, how);
        this.#shards.look();
      },
      (cause) => {
        const message = `what fetches shards cannot be loaded (${cause?.message ?? cause})`;
        throw new MercerError("load/network", message, { cause });
      },
    );
    // Whoever waits for it hears of the failure.
    loading.catch(() => {});
    this.#loading = loading;
  }

  /** The session has changed. */
  look() {
    this.#shards?.look();
  }

  async settled() {
    await this.#loading;
    return (await this.#shards?.settled()) ?? { items: 0 };
  }

  stop() {
    this.#shards?.stop();
    this.#shards = undefined;
    this.#loading = undefined;
  }
}

/** Where shards lie beside; nothing for what has no address. */
function addressOf(name) {
  return name === "the given bytes" || /^(data|blob):/i.test(name) ? undefined : name;
}
