// What every page of the shop has at hand, and the things a shopper can do.

import { refreshWishes } from "./card.js";
import { h } from "./dom.js";
import { milliseconds } from "./format.js";
import { Rail, fill } from "./rail.js";
import { shortTitle } from "./reasons.js";

/** @typedef {import("./catalog.js").Product} Product */

/** The catalogue, the cart and the recommender, held together. */
export class Shop {
  /**
   * @param {import("./catalog.js").Catalog} catalog
   * @param {import("./cart.js").Cart} cart
   * @param {import("./recommender.js").Recommender} recommender
   * @param {(message: string) => void} announce says something to every shopper, seeing or not
   */
  constructor(catalog, cart, recommender, announce) {
    this.catalog = catalog;
    this.cart = cart;
    this.recommender = recommender;
    this.announce = announce;
    /** What the page shows already, not to be suggested beside it. @type {() => string[]} */
    this.elsewhere = () => [];
    /** The rails of the page, the most important first. @type {Rail[]} */
    this.rails = [];
    /** Answers why a product is suggested or not. @type {(product: Product) => void} */
    this.ask = () => {};
    /** How much what was shown gives way: only the shopper's own wish sets it. */
    this.rotation = 0;
    const others = h("button", { class: "link rail__others", type: "button", id: "show-others",
      on: { click: () => this.showOthers() } }, "Show me others");
    /** The rail that travels from page to page. */
    this.forYou = new Rail(this, {
      id: "for-you",
      title: "For you",
      note: () => `Ranked on this device${took(recommender.lastMs)}, anew after every click.`,
      action: others,
      request: () => ({ placement: "home", exclude: this.elsewhere(), rotation: this.rotation }),
      fallback: {
        title: "From the shop floor",
        note: "A few things we like at the moment.",
        pick: () => catalog.editorial(12, ({ id }) => !this.elsewhere().includes(id)),
      },
    });
  }

  /**
   * Makes these the rails of the page, and fills them.
   * @param {Rail[]} rails the most important first
   * @returns {HTMLElement[]}
   */
  stand(rails) {
    this.rails = rails;
    this.refresh();
    return rails.map(({ element }) => element);
  }

  /** Ranks the rails of the page again. */
  refresh() {
    fill(this, this.rails);
  }

  /** Tells Mercer that what stands in the rail was seen, and asks for something else. */
  showOthers() {
    this.rotation = 1;
    for (const item of this.forYou.ids) this.recommender.note("view_item_list", { item });
    this.refresh();
    this.announce("Here are some others.");
  }

  /** @param {Product} product */
  addToCart(product) {
    this.cart.add(product.id);
    this.recommender.observe("add_to_cart", { item: product.id });
    this.announce(`${shortTitle(product)} is in your cart.`);
  }

  /**
   * @param {Product} product
   * @param {number} quantity
   */
  setQuantity(product, quantity) {
    const before = this.cart.quantities.get(product.id) ?? 0;
    this.cart.set(product.id, quantity);
    if (quantity > before) this.recommender.observe("add_to_cart", { item: product.id });
    if (quantity <= 0) this.recommender.observe("remove_from_cart", { item: product.id });
  }

  /** @param {Product} product */
  toggleWish(product) {
    const wished = this.cart.toggleWish(product.id);
    if (wished) this.recommender.observe("add_to_wishlist", { item: product.id });
    refreshWishes(this);
    this.announce(`${shortTitle(product)} is ${wished ? "on" : "off"} your wish list.`);
  }

  /** Buys what lies in the cart. */
  checkOut() {
    const { lines } = this.cart;
    for (const { id, quantity } of lines) this.recommender.observe("purchase", { item: id, quantity });
    this.cart.empty();
  }

  /** Wipes everything the device holds of this shopper. */
  forget() {
    this.rotation = 0;
    this.cart.forget();
    this.recommender.forget();
    refreshWishes(this);
  }
}

/** The latency meter: how long the page's last ranking took, all its rails together. */
const took = (ms) => (ms === null ? "" : ` in ${milliseconds(ms)}`);
