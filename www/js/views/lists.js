// Shelves: a department, a category, the finds of a search.

import { card } from "../card.js";
import { ORDERS } from "../catalog.js";
import { h, replace } from "../dom.js";
import { counted } from "../format.js";
import { to } from "../router.js";
import { missing } from "./yours.js";

const PAGE = 24;

/**
 * @param {import("../shop.js").Shop} shop
 * @param {{ department: string, category?: string }} route
 * @returns {import("./index.js").View}
 */
export function category(shop, { department: name, category }) {
  const department = shop.catalog.department(name);
  const products = shop.catalog.inCategory(name, category);
  if (!department || products.length === 0) return missing();
  const title = category ?? name;
  return {
    title,
    element: h("div", { class: "stack" },
      h("div", null, crumbs(category ? [[name, to.department(name)], [category]] : [[name]]),
        h("h1", null, title), chips(department, category), shelf(shop, products)),
      withForYou(shop)),
    refresh: () => shop.refresh(),
  };
}

/**
 * The finds of a search, in this shopper's order unless another is asked for.
 * @param {import("../shop.js").Shop} shop
 * @param {string} query
 * @returns {import("./index.js").View}
 */
export function search(shop, query) {
  const products = shop.catalog.search(query);
  if (query.trim()) shop.recommender.observe("search", { query });
  const found = products.length > 0
    ? shelf(shop, products, [forYouFirst(shop, products, query), ...ORDERS])
    : h("p", { class: "soft" }, "Nothing by that name. Try a plainer word, or look below.");
  return {
    title: `“${query}”`,
    element: h("div", { class: "stack" },
      h("div", null, crumbs([["Search"]]), h("h1", null, `“${query}”`), found), withForYou(shop)),
    refresh: () => shop.refresh(),
  };
}

/** The way back up. @param {[string, string?][]} steps */
export function crumbs(steps) {
  const step = ([name, address]) =>
    h("li", null, address ? h("a", { href: address }, name) : h("span", { "aria-current": "page" }, name));
  return h("nav", { class: "crumbs", "aria-label": "Where you are" },
    h("ol", { role: "list" }, [["Home", to.home()], ...steps].map(step)));
}

/** The travelling rail, up to date. @param {import("../shop.js").Shop} shop */
export function withForYou(shop) {
  return shop.stand([shop.forYou]);
}

/** The order of the session; the shop's own without a model. */
function forYouFirst(shop, products, query) {
  const items = products.map(({ id }) => id);
  const places = () => {
    const request = { placement: "search", items, query, count: Math.min(items.length, 1000), diversity: 0 };
    const slate = shop.recommender.recommend(request);
    return new Map(slate.items.map(({ item }, at) => [item, at]));
  };
  let place = new Map();
  return {
    key: "for-you",
    label: "For you",
    begin: () => {
      place = places();
    },
    compare: (a, b) => (place.get(a.id) ?? items.length) - (place.get(b.id) ?? items.length),
  };
}

function chips({ name, categories }, chosen) {
  const chip = (label, address, here) =>
    h("li", null, h("a", { class: "chip", href: address, "aria-current": here ? "page" : null }, label));
  return h("ul", { class: "chips", role: "list" }, chip("All", to.department(name), !chosen),
    categories.map((category) => chip(category.name, to.category(name, category.name), category.name === chosen)));
}

function shelf(shop, products, orders = ORDERS) {
  let shown = PAGE;
  let order = orders[0];
  const grid = h("ul", { class: "grid", role: "list" });
  const more = h("button", { class: "button button--quiet", type: "button", on: { click: () => { shown += PAGE; fill(); } } });
  const select = h("select", { id: "order", on: { change: () => { order = orders[select.selectedIndex]; fill(); } } },
    orders.map(({ key, label }) => h("option", { value: key }, label)));
  function fill() {
    order.begin?.();
    const sorted = [...products].sort(order.compare).slice(0, shown);
    replace(grid, sorted.map((product) => h("li", null, card(shop, product, { level: "h2" }))));
    more.hidden = shown >= products.length;
    more.textContent = `Show more (${products.length - shown} left)`;
  }
  fill();
  return h("div", null,
    h("div", { class: "shelf__head" }, h("p", { class: "soft" }, counted(products.length, "product")),
      h("label", { class: "sort", for: "order" }, "Sort by ", select)),
    grid, h("p", { class: "shelf__more" }, more));
}
