// The cart, and the thanks after it.

import { picture } from "../art/index.js";
import { h, replace } from "../dom.js";
import { counted, price } from "../format.js";
import { to } from "../router.js";
import { Rail } from "../rail.js";

/**
 * @param {import("../shop.js").Shop} shop
 * @returns {import("./index.js").View}
 */
export function cartPage(shop) {
  const place = h("div", { class: "cart" });
  const goes = new Rail(shop, {
    id: "cart",
    title: "Goes with your cart",
    titles: { popular: "A good start", session: "You may also like" },
    count: 6,
    request: () => ({ placement: "cart", context: shop.cart.lines.map(({ id }) => id) }),
    fallback: { title: "By the till", pick: () => shop.catalog.editorial(6, ({ price }) => price < 25) },
  });
  const fill = () => replace(place, shop.cart.size > 0 ? filled(shop, fill, place) : empty());
  fill();
  return {
    title: "Your cart",
    element: h("div", { class: "stack" }, h("div", null, h("h1", null, "Your cart"), place), shop.stand([goes, shop.forYou])),
    refresh: () => {
      if (!place.querySelector(".thanks")) fill();
      shop.refresh();
    },
  };
}

function filled(shop, fill, place) {
  const lines = shop.cart.lines.map((line) => ({ ...line, product: shop.catalog.product(line.id) })).filter(({ product }) => product);
  const total = lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
  const checkOut = () => {
    const n = shop.cart.size;
    shop.recommender.observe("begin_checkout");
    replace(place, thanks(n, total));
    shop.checkOut();
    place.querySelector("h2").focus();
  };
  return [
    h("ul", { class: "cart__lines", role: "list" }, lines.map((line) => cartLine(shop, line, fill, place))),
    h("div", { class: "cart__sum" },
      h("dl", null, h("div", null, h("dt", null, counted(shop.cart.size, "thing")), h("dd", null, price(total))),
        h("div", null, h("dt", null, "Delivery"), h("dd", null, "Free")),
        h("div", { class: "cart__total" }, h("dt", null, "Total"), h("dd", { id: "total" }, price(total)))),
      h("button", { class: "button", type: "button", id: "check-out", on: { click: checkOut } }, "Check out"),
      h("p", { class: "soft" }, "A pretend till: nothing is charged, nothing is sent.")),
  ];
}

function cartLine(shop, { product, quantity }, fill, place) {
  const set = (to, focus) => () => {
    shop.setQuantity(product, to);
    fill();
    const again = place.querySelector(`[data-line="${CSS.escape(product.id)}"] [data-step="${focus}"]`);
    (again ?? document.querySelector("main h1")).focus({ preventScroll: true });
  };
  const step = (sign, to, words) => h("button", { class: "round", type: "button", "data-step": sign, disabled: to > 99,
    "aria-label": `${words}: ${product.title}`, on: { click: set(to, sign) } }, sign);
  return h("li", { class: "cart__line", "data-line": product.id },
    h("a", { class: "cart__picture", href: to.product(product.id), tabindex: "-1", "aria-hidden": "true" }, picture(product.illustration)),
    h("div", { class: "cart__words" }, h("h2", null, h("a", { href: to.product(product.id) }, product.title)),
      h("p", { class: "soft" }, `${product.brand} · ${price(product.price)}`)),
    h("div", { class: "cart__amount" }, step("−", quantity - 1, "One fewer"), h("span", { "aria-label": "Quantity" }, quantity), step("+", quantity + 1, "One more")),
    h("p", { class: "cart__price" }, price(product.price * quantity)),
    h("button", { class: "link cart__remove", type: "button", "aria-label": `Take out: ${product.title}`, on: { click: set(0, "−") } }, "Take out"));
}

const empty = () => h("div", { class: "empty" }, h("p", null, "Nothing in it yet. A kettle is always a good start."),
  h("p", null, h("a", { class: "button", href: to.home() }, "Back to the shop")));

const thanks = (n, total) => h("div", { class: "empty thanks" }, h("h2", { tabindex: "-1" }, "Thank you"),
  h("p", null, `${counted(n, "thing")} for ${price(total)}, wrapped in brown paper and entirely imaginary. Your suggestions know you have them now, and will not offer them again.`),
  h("p", null, h("a", { class: "button", href: to.home() }, "Back to the shop")));
