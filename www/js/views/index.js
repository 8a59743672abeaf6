// Which page an address shows.

import { cartPage } from "./cart.js";
import { home } from "./home.js";
import { category, search } from "./lists.js";
import { product } from "./product.js";
import { missing, recent, wishlist } from "./yours.js";

/**
 * A page: its element, and what to do when recommendations may have changed.
 * @typedef {{ title: string, element: HTMLElement, refresh?: () => void }} View
 */

/**
 * @param {import("../shop.js").Shop} shop
 * @param {import("../router.js").Route} route
 * @returns {View}
 */
export function pages(shop, route) {
  shop.elsewhere = () => [];
  shop.rails = [];
  switch (route.page) {
    case "home": return home(shop);
    case "category": return category(shop, route);
    case "product": return product(shop, route.id);
    case "search": return search(shop, route.query);
    case "cart": return cartPage(shop);
    case "recent": return recent(shop);
    case "wishlist": return wishlist(shop);
    default: return missing();
  }
}
