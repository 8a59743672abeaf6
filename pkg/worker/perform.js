// A call of a shop's method, as a message carries it.

/** Calls it; a model comes as its bytes and what it is called. */
export function perform(shop, method, args) {
  return method === "replaceModel" ? shop.replaceModel(named(...args)) : shop[method](...args);
}

/** A source of `load` that is called so in messages. */
export function named(bytes, name) {
  return { url: name, arrayBuffer: async () => bytes.slice().buffer };
}
