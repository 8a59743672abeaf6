// The shop window.

import { picture } from "../art/index.js";
import { h } from "../dom.js";
import { counted } from "../format.js";
import { Rail } from "../rail.js";
import { to } from "../router.js";

/**
 * @param {import("../shop.js").Shop} shop
 * @returns {import("./index.js").View}
 */
export function home(shop) {
  const popular = new Rail(shop, {
    id: "popular",
    title: "Popular in this shop",
    note: "What most people take home.",
    request: () => ({ placement: "popular" }),
    fallback: { title: "New this season", pick: () => shop.catalog.editorial(12, ({ isNew }) => Boolean(isNew)) },
  });
  const trending = new Rail(shop, {
    id: "trending",
    title: "On its way up",
    titles: { popular: "More that people take home" },
    request: () => ({ placement: "trending" }),
    fallback: { title: "From around the shop", pick: () => shop.catalog.editorial(12, ({ isNew }) => !isNew) },
  });
  const rails = [shop.forYou, popular, trending, departmentRail(shop), recentRail(shop)];
  const [forYou, ...others] = shop.stand(rails);
  return {
    title: "Goods for house and hill",
    element: h("div", { class: "stack" }, hero(shop), departments(shop), forYou, others, promise()),
    refresh: () => shop.refresh(),
  };
}

/** What is popular in the department the shopper was in last, or in the first one. */
function departmentRail(shop) {
  const { items: [last] } = shop.recommender.recommend({ placement: "recently-viewed", count: 1 });
  const name = shop.catalog.product(last?.item)?.category[0] ?? shop.catalog.departments[0]?.name;
  const near = (product) => product.category[0] === name;
  return new Rail(shop, {
    id: "department",
    title: `Popular in ${name}`,
    request: () => ({ placement: "popular", filter: { category: name } }),
    fallback: { title: `New in ${name}`, pick: () => shop.catalog.editorial(12, near) },
  });
}

/** The shopper's own; gone where there is nothing. */
export function recentRail(shop, { exclude = [] } = {}) {
  return new Rail(shop, {
    id: "recent",
    title: "Recently viewed",
    request: () => ({ placement: "recently-viewed", includeOwned: true, exclude, diversity: 0 }),
  });
}

function hero({ catalog }) {
  const still = heroProducts(catalog).map((product) => h("li", null,
    h("a", { href: to.product(product.id), "aria-label": product.title }, picture(product.illustration))));
  return h("section", { class: "hero" },
    h("div", { class: "hero__words" },
      h("p", { class: "hero__kicker" }, "Hollin Row, the winter shelves"),
      h("h1", null, "Good things for house and hill"),
      h("p", { class: "hero__text" }, "Kettles that whistle, blankets that outlive sofas, tents that go up in the rain. Chosen slowly, meant to be kept."),
      h("p", { class: "hero__links" },
        h("a", { class: "button", href: to.department(catalog.departments[0]?.name ?? "") }, "See what’s in"),
        h("a", { class: "button button--quiet", href: to.recent() }, "Pick up where you left off"))),
    h("ul", { class: "hero__still", role: "list" }, still));
}

/** One thing from each of six shelves, in colours that sit well together. */
function heroProducts(catalog) {
  const wanted = [["kettle", 16], ["blanket", 110], ["tent", 199], ["mug", 44], ["lamp", 44], ["boots", 24]];
  const likest = ([kind, hue]) => catalog.products
    .filter(({ illustration }) => illustration.kind === kind)
    .sort((a, b) => away(a.illustration.hue, hue) - away(b.illustration.hue, hue))[0];
  const found = wanted.map(likest).filter(Boolean);
  return found.length === wanted.length ? found : catalog.editorial(wanted.length);
}

const away = (one = 0, other = 0) => Math.min(Math.abs(one - other), 360 - Math.abs(one - other));

function departments({ catalog }) {
  const tile = ({ name, n, cover, categories }) => h("li", null,
    h("a", { class: "department", href: to.department(name) },
      h("span", { class: "department__picture" }, picture(cover.illustration)),
      h("span", { class: "department__name" }, name),
      h("span", { class: "department__about" }, categories.slice(0, 3).map((category) => category.name).join(", ")),
      h("span", { class: "unseen" }, `, ${counted(n, "product")}`)));
  return h("section", { class: "departments", "aria-labelledby": "departments-title" },
    h("h2", { id: "departments-title" }, "Around the shop"),
    h("ul", { class: "departments__list", role: "list" }, catalog.departments.map(tile)));
}

function promise() {
  const point = (title, text) => h("li", null, h("h3", null, title), h("p", null, text));
  return h("section", { class: "promise", "aria-label": "How this shop treats you" }, h("ul", { role: "list" },
    point("We don’t watch you", "Your suggestions are worked out on this device. Nothing about your visit is sent to us, or to anyone."),
    point("Ask why, any time", "Under each suggestion stands the reason for it. The shield at the top shows all there is."),
    point("Leave no trace", "One button wipes the lot, at once. No account, no form, no hard feelings.")));
}
