// One visit, the same in every runtime: what was ranked comes back as text, so that two of
// them can be compared to the last digit of a score.

// A visit is known to the millisecond; the machine's own clock is no part of it.
const moment = { timeMs: 0, hour: null, weekday: null, month: null, device: null };

const UNITS = [
  { placement: "home", count: 12 },
  { placement: "related", item: "tent-2p", count: 8 },
  { placement: "bought-together", item: "kettle-1.7l", count: 4 },
  { placement: "popular", count: 12 },
];

/**
 * Loads a shop, looks at three products and asks for a page.
 * @param {typeof import("mercer").load} load the package's, of whichever entry
 * @param {import("mercer").ModelSource} model
 * @param {import("mercer").LoadOptions} [options]
 * @returns {Promise<string>} the slates with their reasons, as JSON
 */
export async function visit(load, model, options) {
  let now = 1_790_000_000_000;
  const shop = await load(model, { ...options, now: () => (now += 1000) });
  // Behind a worker all of these are promises.
  await shop.observe("view_item", { item: "kettle-1.7l", dwellMs: 9000 });
  await shop.observe("search", { query: "tent" });
  await shop.observe("add_to_cart", { item: "mug-enamel" });
  const slates = await shop.page(UNITS.map((unit) => ({ ...unit, ...moment, explain: true })));
  await shop.free();
  return JSON.stringify(slates);
}
