// One product.

import { picture } from "../art/index.js";
import { wishButton } from "../card.js";
import { h } from "../dom.js";
import { price } from "../format.js";
import { Rail } from "../rail.js";
import { to } from "../router.js";
import { crumbs, withForYou } from "./lists.js";
import { missing } from "./yours.js";

/**
 * The page of a product. The visit is a `view_item`, told on arrival: so it stands between
 * the click that led here and the one that leads on, and its length is the time between them.
 * @param {import("../shop.js").Shop} shop
 * @param {string} id
 * @returns {import("./index.js").View}
 */
export function product(shop, id) {
  const found = shop.catalog.product(id);
  if (!found) return missing();
  shop.recommender.observe("view_item", { item: id });
  const related = relatedRail(shop, found);
  shop.elsewhere = () => [id, ...related.ids];
  return {
    title: found.title,
    element: h("div", { class: "stack" }, h("div", null, trail(found), details(shop, found)), related.element, withForYou(shop)),
    refresh: () => [related, shop.forYou].forEach((rail) => rail.update()),
  };
}

function relatedRail(shop, { id, category }) {
  const near = (other) => other.id !== id && other.category[0] === category[0];
  return new Rail(shop, {
    id: "related",
    title: "You may also like",
    request: () => ({ placement: "related", item: id }),
    fallback: { title: `More from ${category[0]}`, pick: () => shop.catalog.editorial(12, near) },
  });
}

function trail({ category: [department, category] }) {
  return crumbs([[department, to.department(department)], [category, to.category(department, category)]]);
}

function details(shop, product) {
  const { title, brand, description, inStock } = product;
  const add = h("button", { class: "button", type: "button", id: "add-to-cart", disabled: inStock === false,
    on: { click: () => shop.addToCart(product) } }, inStock === false ? "Back soon" : "Add to cart");
  return h("article", { class: "product" },
    h("div", { class: "product__picture" }, picture(product.illustration)),
    h("div", { class: "product__words" },
      h("p", { class: "product__brand" }, brand), h("h1", null, title),
      h("p", { class: "product__price" }, price(product.price)),
      h("p", { class: "product__text" }, description),
      h("div", { class: "product__deeds" }, add, wishButton(shop, product, { label: true })),
      facts(product)));
}

function facts({ id, material, colour, isNew, category }) {
  const rows = [["Made of", material], ["Colour", colour], ["Shelf", category.at(-1)], ["Number", id]];
  return h("dl", { class: "product__facts" },
    rows.filter(([, value]) => value).map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
    isNew && h("div", null, h("dt", null, "New"), h("dd", null, "Came in this month")));
}
