// One product.

import { picture } from "../art/index.js";
import { wishButton } from "../card.js";
import { h } from "../dom.js";
import { price } from "../format.js";
import { Rail } from "../rail.js";
import { to } from "../router.js";
import { crumbs } from "./lists.js";
import { recentRail } from "./home.js";
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
  shop.elsewhere = () => [id];
  const rails = [relatedRail(shop, found), togetherRail(shop, found), alikeRail(shop, found), shop.forYou];
  const recent = recentRail(shop, { exclude: [id] });
  return {
    title: found.title,
    element: h("div", { class: "stack" }, h("div", null, trail(found), details(shop, found)), shop.stand([...rails, recent])),
    refresh: () => shop.refresh(),
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

/** What is bought with it; where nothing is, what goes with it. */
function togetherRail(shop, { id, category }) {
  const near = (other) => other.id !== id && other.category[0] !== category[0];
  return new Rail(shop, {
    id: "together",
    title: "Goes well with it",
    titles: { together: "Often bought together" },
    count: 6,
    request: () => ({ placement: "bought-together", item: id }),
    fallback: { title: "From the next shelf", pick: () => shop.catalog.editorial(6, near) },
  });
}

/** What the catalogue describes alike. */
function alikeRail(shop, { id, category }) {
  const near = (other) => other.id !== id && other.category[1] === category[1];
  return new Rail(shop, {
    id: "alike",
    title: "More like this",
    request: () => ({ placement: "more-like-this", item: id }),
    fallback: { title: `More ${category[1]?.toLowerCase() ?? "of these"}`, pick: () => shop.catalog.editorial(12, near) },
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
      h("p", { class: "product__why" }, h("button", { class: "link", type: "button", "data-why": product.id,
        on: { click: () => shop.ask(product) } }, "Why is this suggested to me, or not?")),
      facts(product)));
}

function facts({ id, material, colour, isNew, category }) {
  const rows = [["Made of", material], ["Colour", colour], ["Shelf", category.at(-1)], ["Number", id]];
  return h("dl", { class: "product__facts" },
    rows.filter(([, value]) => value).map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
    isNew && h("div", null, h("dt", null, "New"), h("dd", null, "Came in this month")));
}
