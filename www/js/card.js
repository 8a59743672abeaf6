// A product in a list.

import { picture } from "./art/index.js";
import { h, s } from "./dom.js";
import { price } from "./format.js";
import { to } from "./router.js";

/**
 * @typedef {import("./catalog.js").Product} Product
 * @typedef {import("./shop.js").Shop} Shop
 */

/**
 * A product card. A click on it is a `select_item`.
 * @param {Shop} shop
 * @param {Product} product
 * @param {{ reason?: string, level?: "h2" | "h3" }} [options] `reason` makes room for a reason line, even if empty
 */
export function card(shop, product, { reason, level = "h3" } = {}) {
  const select = () => shop.recommender.observe("select_item", { item: product.id });
  const link = h("a", { class: "card__link", href: to.product(product.id), on: { click: select } },
    product.title);
  return h("article", { class: "card", "data-item": product.id },
    drawnInView(h("div", { class: "card__picture" }, badge(product)), product),
    h(level, { class: "card__title" }, link),
    h("p", { class: "card__meta" },
      h("span", { class: "card__brand" }, product.brand),
      h("span", { class: "card__price" }, price(product.price))),
    reason === undefined ? null : h("p", { class: "card__reason" }, reason),
    wishButton(shop, product));
}

/**
 * The heart: puts a product on the wish list or takes it off.
 * @param {Shop} shop
 * @param {Product} product
 * @param {{ label?: boolean }} [options] whether the words stand beside the heart
 */
export function wishButton(shop, product, { label = false } = {}) {
  const words = h("span", { class: label ? "" : "unseen" });
  const button = h("button", { class: label ? "button button--quiet wish" : "wish wish--round",
    type: "button", "data-wish": product.id, on: { click: () => shop.toggleWish(product) } },
    heart(), words);
  paintWish(shop, button, words, product);
  return button;
}

/**
 * Brings every heart on the page up to date.
 * @param {Shop} shop
 */
export function refreshWishes(shop) {
  for (const button of document.querySelectorAll("[data-wish]")) {
    const product = shop.catalog.product(button.getAttribute("data-wish"));
    if (product) paintWish(shop, button, button.querySelector("span"), product);
  }
}

/** A card's place while its product is not known yet. */
export function skeletonCard() {
  return h("div", { class: "card card--skeleton", "aria-hidden": "true" },
    h("div", { class: "card__picture" }),
    h("p", { class: "card__title" }), h("p", { class: "card__meta" }),
    h("p", { class: "card__reason" }));
}

/** @type {WeakMap<Element, Product>} */
const undrawn = new WeakMap();

/** A drawing has a hundred parts, and most cards of a page are never looked at. */
const view = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    view.unobserve(target);
    target.prepend(picture(undrawn.get(target).illustration));
  }
}, { rootMargin: "400px", scrollMargin: "400px" });

function drawnInView(place, product) {
  undrawn.set(place, product);
  view.observe(place);
  return place;
}

function paintWish(shop, button, words, product) {
  const wished = shop.cart.wishes.has(product.id);
  button.setAttribute("aria-pressed", String(wished));
  const visible = words.className === "";
  if (visible) words.textContent = wished ? "On your wish list" : "Add to wish list";
  else words.textContent = `${product.title}: wish list`;
}

function badge({ isNew, inStock }) {
  if (inStock === false) return h("span", { class: "badge badge--quiet" }, "Back soon");
  return isNew ? h("span", { class: "badge" }, "New") : null;
}

function heart() {
  return s("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" },
    s("path", { d: "M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.6 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z" }));
}
