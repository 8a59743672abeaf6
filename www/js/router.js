// Addresses of the shop's pages. They live behind the `#`, so that any file server will do.

/**
 * @typedef {{ page: "home" } | { page: "category", department: string, category?: string }
 *   | { page: "product", id: string } | { page: "cart" } | { page: "recent" }
 *   | { page: "wishlist" } | { page: "search", query: string } | { page: "missing" }} Route
 */

/** Addresses, for links. */
export const to = {
  home: () => "#/",
  department: (/** @type {string} */ name) => `#/c/${encodeURIComponent(name)}`,
  category: (/** @type {string} */ department, /** @type {string} */ name) =>
    `${to.department(department)}/${encodeURIComponent(name)}`,
  product: (/** @type {string} */ id) => `#/p/${encodeURIComponent(id)}`,
  cart: () => "#/cart",
  recent: () => "#/recent",
  wishlist: () => "#/wishlist",
  search: (/** @type {string} */ query) => `#/search/${encodeURIComponent(query)}`,
};

/**
 * What an address asks for.
 * @param {string} hash
 * @returns {Route}
 */
export function parse(hash) {
  const [head, ...rest] = segments(hash);
  if (head === undefined) return { page: "home" };
  if (head === "c" && rest[0]) return { page: "category", department: rest[0], category: rest[1] };
  if (head === "p" && rest[0]) return { page: "product", id: rest[0] };
  if (head === "search") return { page: "search", query: rest[0] ?? "" };
  if (head === "cart" || head === "recent" || head === "wishlist") return { page: head };
  return { page: "missing" };
}

/**
 * Calls `show` for the present address and for every later one. Other fragments (the skip
 * link's) are left to the browser.
 * @param {(route: Route) => void} show
 */
export function follow(show) {
  const go = () => {
    if (location.hash === "" || location.hash.startsWith("#/")) show(parse(location.hash));
  };
  addEventListener("hashchange", go);
  show(location.hash.startsWith("#/") ? parse(location.hash) : { page: "home" });
}

/**
 * Goes to an address, as a link would.
 * @param {string} address
 */
export function visit(address) {
  location.hash = address;
}

function segments(hash) {
  const parts = hash.replace(/^#\/?/, "").split("/").filter(Boolean);
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return ["missing"];
  }
}
