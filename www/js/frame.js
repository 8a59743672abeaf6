// What stands around every page: the bar, the notices, and the place the pages appear in.

import { skeletonCard } from "./card.js";
import { h, replace } from "./dom.js";
import { counted } from "./format.js";
import { to, visit } from "./router.js";

const find = (/** @type {string} */ id) => document.getElementById(id);

/** The frame of the shop. */
export class Frame {
  constructor() {
    this.main = find("main");
    this.toast = find("toast");
    this.notice = find("notice");
    this.quiet = 0;
    this.first = true;
  }

  /**
   * Fills the bar and connects what stands in it.
   * @param {import("./shop.js").Shop} shop
   * @param {() => void} openPrivacy
   * @param {() => void} openCounter
   */
  furnish(shop, openPrivacy, openCounter) {
    const links = shop.catalog.departments.map(({ name }) =>
      h("li", null, h("a", { href: to.department(name) }, name)));
    replace(find("departments"), links);
    for (const id of ["open-privacy", "open-privacy-foot"]) find(id).addEventListener("click", openPrivacy);
    for (const id of ["open-counter", "open-counter-foot"]) find(id).addEventListener("click", openCounter);
    document.querySelector(".search").addEventListener("submit", (event) => {
      event.preventDefault();
      const query = find("query").value.trim();
      if (query) visit(to.search(query));
    });
    shop.cart.addEventListener("change", () => this.countCart(shop.cart.size));
    this.countCart(shop.cart.size);
  }

  /** @param {import("./views/index.js").View} view */
  show({ title, element }) {
    replace(this.main, element);
    document.title = `${title} — Hollin Row`;
    for (const link of document.querySelectorAll(".departments-bar a")) {
      const here = link.getAttribute("href") === location.hash.split("/").slice(0, 3).join("/");
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    // The first page keeps the browser's own focus; later ones are announced by their heading.
    if (!this.first) this.arrive();
    this.first = false;
  }

  arrive() {
    scrollTo(0, 0);
    const heading = this.main.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  /** Holds the place of the products until they are known. */
  showLoading() {
    const cards = Array.from({ length: 8 }, () => skeletonCard());
    replace(this.main, h("div", { class: "loading", "aria-busy": "true" },
      h("p", { class: "unseen", role: "status" }, "Stocking the shelves …"),
      h("div", { class: "grid" }, cards)));
  }

  /** @param {unknown} error */
  showClosed(error) {
    replace(this.main, h("div", { class: "empty" }, h("h1", null, "The shelves are bare"),
      h("p", null, "We could not fetch our list of products. Try again in a moment."),
      h("p", { class: "empty__code" }, String(error?.message ?? error))));
  }

  /** @param {string} message */
  say(message) {
    this.toast.textContent = message;
    this.toast.classList.add("toast--up");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.toast.classList.remove("toast--up"), 3200);
  }

  /** @param {import("./recommender.js").Failure} failure */
  notify({ code, message }) {
    const load = /^(load|model|wasm)\//.test(code);
    const what = load
      ? "Personal suggestions are off for now; everything else works."
      : "Something went wrong with your suggestions; everything else works.";
    this.post(what, code, message);
  }

  /**
   * Says so when the browser would not keep the session where it was asked to.
   * @param {{ reason?: string }} storage
   */
  notifyStorage({ reason }) {
    if (reason) this.post("This browser keeps nothing between pages; suggestions last until you leave.", reason, "");
  }

  post(what, code, detail) {
    const close = h("button", { class: "link", type: "button", on: { click: () => { this.notice.hidden = true; } } }, "Dismiss");
    replace(this.notice, h("p", null, what, " ", h("code", { title: detail }, code)), close);
    this.notice.hidden = false;
  }

  countCart(n) {
    const badge = find("cart-count");
    badge.hidden = n === 0;
    badge.textContent = n > 99 ? "99+" : String(n);
    find("to-cart").setAttribute("aria-label", `Cart, ${n === 0 ? "empty" : counted(n, "thing")}`);
  }
}
