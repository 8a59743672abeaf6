// The element: asks for a slate, shows it, and tells the session what was seen and clicked.

import { hasOwn } from "../check/own.js";
import { card } from "./card.js";
import { dress } from "./style.js";
import { View } from "./view.js";
import { watchViews } from "./watch.js";

const ASKED = ["placement", "item", "count", "query"];

/**
 * The class of the element; made where there are elements, so that the package can be imported
 * anywhere.
 * @param {import("./page.js").Page} page
 */
export function slateElement(page) {
  return class SlateElement extends HTMLElement {
    static observedAttributes = [...ASKED, "heading"];

    static share(settings) {
      page.share(settings);
      return SlateElement;
    }

    #view;
    #shop;
    #products;
    #turn = 0;
    #stopWatching;
    #slate;
    #isAsked = false;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      dress(root);
      this.#view = new View(root, () => this.refresh());
      root.addEventListener("click", (event) => this.#clicked(event), { capture: true });
    }

    /** The shop that ranks; default: what `defineSlate` was given. */
    get shop() {
      return this.#shop ?? page.shop;
    }

    set shop(shop) {
      this.#shop = shop ?? undefined;
      this.#ask();
    }

    /** What is shown of products; default: what `defineSlate` was given. */
    get products() {
      return this.#products ?? page.products;
    }

    set products(products) {
      this.#products = products ?? undefined;
      this.#ask();
    }

    /** The slate that is shown; `undefined` while there is none. */
    get slate() {
      return this.#slate;
    }

    connectedCallback() {
      // A framework may set properties before the element is defined.
      for (const name of ["shop", "products"]) {
        if (!hasOwn(this, name)) continue;
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      page.enter(this, () => this.#ask());
      this.#view.say(this.getAttribute("heading"));
      this.#ask();
    }

    disconnectedCallback() {
      this.#turn += 1;
      this.#stopWatching?.();
      page.leave(this);
    }

    attributeChangedCallback(name, before, now) {
      if (before === now || !this.isConnected) return;
      if (name === "heading") this.#view.say(now);
      else this.#ask();
    }

    /** Ranks anew, from what the session says now. */
    refresh() {
      return this.#show();
    }

    // Several properties of one turn are one question.
    #ask() {
      if (this.#isAsked || !this.isConnected) return;
      this.#isAsked = true;
      queueMicrotask(() => {
        this.#isAsked = false;
        this.#show();
      });
    }

    async #show() {
      const { shop, products } = this;
      if (!this.isConnected) return;
      const turn = (this.#turn += 1);
      const isOver = () => turn !== this.#turn;
      this.#stopWatching?.();
      this.#view.wait(this.#count);
      // Until the page says which shop it is, it is loading.
      if (!shop) return;
      try {
        const slate = await page.rank(this, shop, this.#unit());
        const ids = slate.items.map(({ item }) => item);
        const found = await products?.(ids);
        if (!isOver()) this.#fill(slate, ids, found ?? ids.map((item) => ({ title: item })));
      } catch (error) {
        if (isOver() || error?.name === "AbortError") return;
        this.#slate = undefined;
        this.#view.fail();
        this.#dispatch("mercer-error", { error });
      }
    }

    #unit() {
      const given = ASKED.map((name) => [name, this.getAttribute(name)]).filter(([, value]) => value);
      return { ...Object.fromEntries(given), count: this.#count };
    }

    /** As asked for; what is no number is the engine's to refuse. */
    get #count() {
      return Number(this.getAttribute("count") ?? 12);
    }

    #fill(slate, ids, products) {
      const template = this.querySelector(":scope > template");
      const cards = ids.flatMap((item, at) => {
        const product = products[at];
        return product ? [[item, card(this.ownerDocument, template, product)]] : [];
      });
      this.#slate = slate;
      const elements = this.#view.fill(cards);
      this.#stopWatching = watchViews(elements, (item) => this.#tell("view_item_list", item));
      this.#dispatch("mercer-ready", { slate });
    }

    #clicked(event) {
      const item = this.#view.itemOf(event);
      if (item === undefined) return;
      this.#tell("select_item", item);
      // A shop that changes pages by itself says so.
      if (!this.#dispatch("mercer-select", { item })) event.preventDefault();
    }

    /** Tells the session, and never troubles the page. */
    async #tell(kind, item) {
      try {
        const { shop } = this;
        // At once where the shop is there: the page may be left in the same moment.
        await (typeof shop.observe === "function" ? shop : await shop).observe(kind, { item });
      } catch (error) {
        this.#dispatch("mercer-error", { error });
      }
    }

    #dispatch(name, detail) {
      const init = { detail, bubbles: true, composed: true, cancelable: name === "mercer-select" };
      return this.dispatchEvent(new CustomEvent(name, init));
    }
  };
}
