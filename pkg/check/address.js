// Addresses from a catalogue: only those that lead to a page or a picture.

/**
 * The whole address, or `undefined` for what is none or would run code (`javascript:`, `data:`).
 * @param {unknown} given
 * @param {string} base what a relative one is relative to
 */
export function safeAddress(given, base) {
  if (typeof given !== "string" || given === "") return undefined;
  try {
    const { protocol, href } = new URL(given, base);
    return protocol === "https:" || protocol === "http:" ? href : undefined;
  } catch {
    return undefined;
  }
}
