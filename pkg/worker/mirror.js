// The worker's side of what it keeps: a storage that looks like the page's, holds a copy of the
// shop's own keys, and tells the page what is written.

export class Mirror {
  #name;
  #tell;
  #entries;
  #failure;

  constructor(name, tell) {
    this.#name = name;
    this.#tell = tell;
  }

  /** Takes over what the page's storage holds. */
  fill(entries, failure) {
    this.#entries = new Map(entries);
    this.#failure = failure;
  }

  /** Another tab wrote; `null` for a value that was deleted. */
  changed(key, value) {
    if (value === null) this.#entries.delete(key);
    else this.#entries.set(key, value);
  }

  /** The page's storage refused what was written here; the next call does the same. */
  failed(failure) {
    this.#failure = failure;
  }

  get length() {
    return this.#entries.size;
  }

  key(at) {
    return [...this.#entries.keys()][at] ?? null;
  }

  getItem(key) {
    this.#refuse();
    return this.#entries.get(key) ?? null;
  }

  setItem(key, value) {
    this.#refuse();
    this.#entries.set(key, `${value}`);
    this.#tell({ area: this.#name, key, value: `${value}` });
  }

  // Deleting is tried whatever was refused before.
  removeItem(key) {
    this.#entries.delete(key);
    this.#tell({ area: this.#name, key, value: null });
  }

  #refuse() {
    if (this.#failure) throw Object.assign(new Error("the storage refuses"), { name: this.#failure });
  }
}
