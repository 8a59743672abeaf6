// What tabs that share a session tell each other.

/**
 * Listens until the answer is called.
 * @param {(key: string | null) => void} changed a key of the storage was written by another tab;
 *   `null`: anything may have been
 * @returns {() => void}
 */
export function watch(changed) {
  const stored = ({ key }) => changed(key);
  // A page that comes back from the browser's cache has slept through all that was told.
  const shown = ({ persisted }) => persisted && changed(null);
  globalThis.addEventListener?.("storage", stored);
  globalThis.addEventListener?.("pageshow", shown);
  return () => {
    globalThis.removeEventListener?.("storage", stored);
    globalThis.removeEventListener?.("pageshow", shown);
  };
}

/** A line to every other shop of this origin that keeps its session under the same key. */
export class Line {
  #channel;

  /** @param {(word: { forget: number, consent?: string }) => void} heard */
  constructor(key, heard) {
    try {
      this.#channel = new BroadcastChannel(`mercer:${key}`);
    } catch {
      // Without it the others learn of it from the storage.
      return;
    }
    this.#channel.onmessage = ({ data }) => {
      if (!Number.isFinite(data?.forget)) return;
      heard({ forget: Math.min(data.forget, Date.now()), consent: data.consent });
    };
    // Node would wait for it for ever.
    this.#channel.unref?.();
  }

  tell(word) {
    this.#channel?.postMessage(word);
  }

  close() {
    this.#channel?.close();
    this.#channel = undefined;
  }
}
