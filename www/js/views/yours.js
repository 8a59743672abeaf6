// The shopper's own lists, and the page for addresses that lead nowhere.

import { card } from "../card.js";
import { h, replace } from "../dom.js";
import { to } from "../router.js";
import { withForYou } from "./lists.js";

/**
 * @typedef {import("../shop.js").Shop} Shop
 * @typedef {import("./index.js").View} View
 */

/** @param {Shop} shop @returns {View} */
export function recent(shop) {
  const viewed = () => shop.recommender.recommend({ placement: "recently-viewed", count: 24, includeOwned: true, diversity: 0 })
    .items.map(({ item }) => shop.catalog.product(item)).filter(Boolean);
  return list(shop, "Recently viewed", viewed, "Nothing yet. What you look at will wait for you here, on this device only.");
}

/** @param {Shop} shop @returns {View} */
export function wishlist(shop) {
  const wished = () => [...shop.cart.wishes].reverse().map((id) => shop.catalog.product(id)).filter(Boolean);
  return list(shop, "Wish list", wished, "Nothing yet. Tap a heart and it will wait for you here.");
}

/** @returns {View} */
export function missing() {
  return {
    title: "Not here",
    element: h("div", { class: "empty" }, h("h1", null, "Nothing on this shelf"),
      h("p", null, "The address leads nowhere; perhaps what was here is sold out for good."),
      h("p", null, h("a", { class: "button", href: to.home() }, "Back to the shop"))),
  };
}

function list(shop, title, find, none) {
  const place = h("div");
  let shown = null;
  const fill = () => {
    const products = find();
    const key = products.map(({ id }) => id).join(" ");
    if (key === shown) return;
    shown = key;
    replace(place, products.length > 0
      ? h("ul", { class: "grid", role: "list" }, products.map((product) => h("li", null, card(shop, product, { level: "h2" }))))
      : h("p", { class: "soft" }, none));
  };
  fill();
  return {
    title,
    element: h("div", { class: "stack" }, h("div", null, h("h1", null, title), place), withForYou(shop)),
    refresh: () => {
      fill();
      shop.refresh();
    },
  };
}
