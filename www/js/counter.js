// "Behind the counter": what a shop decides, tried out while the shop is open. How varied the
// rows are, the house rules, why a product is suggested or not, and how long a ranking takes.

import { h, replace } from "./dom.js";
import { count, milliseconds } from "./format.js";
import { shortTitle } from "./reasons.js";
import { verdict, STAGES } from "./verdict.js";

/** How many finds of a search for a product are offered. */
const FINDS = 6;

/** The panel. */
export class Counter {
  /** @param {import("./shop.js").Shop} shop */
  constructor(shop) {
    this.shop = shop;
    /** @type {import("./catalog.js").Product | undefined} */
    this.product = undefined;
    this.answer = h("div", { class: "counter__answer", role: "status" });
    this.stages = h("div");
    this.notes = h("ul", { class: "counter__notes", role: "status" });
    this.finds = h("ul", { class: "counter__finds", role: "list" });
    const close = h("button", { class: "round", type: "button", "aria-label": "Close", autofocus: true,
      on: { click: () => this.dialog.close() } }, "×");
    this.dialog = h("dialog", { class: "panel", id: "counter", "aria-labelledby": "counter-title" },
      h("header", { class: "panel__head" }, h("h2", { id: "counter-title" }, "Behind the counter"), close),
      h("div", { class: "panel__body" },
        h("p", { class: "panel__lead" }, "What a shop decides. Everything here acts at once, on this device, and is gone when you leave."),
        this.variety(), this.rules(), this.why(),
        h("section", null, h("h3", null, "The last ranking of “For you”"), this.stages)));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    document.body.append(this.dialog);
    shop.recommender.addEventListener("change", () => this.dialog.open && this.fill());
  }

  /** @param {import("./catalog.js").Product} [product] the one that is asked about */
  open(product = this.product) {
    this.product = product;
    this.fill();
    this.dialog.showModal();
    if (product) this.answer.scrollIntoView({ block: "center" });
  }

  fill() {
    this.explain();
    const { trace } = this.shop.recommender.recommend({ ...this.shop.forYou.request, trace: true });
    replace(this.stages, trace ? stageTable(trace) : h("p", { class: "soft" }, "Nothing is ranked yet."));
  }

  variety() {
    const { recommender } = this.shop;
    const shown = h("output", { for: "variety" }, percent(recommender.diversity));
    const slider = h("input", { id: "variety", type: "range", min: 0, max: 100, step: 5,
      value: 100 * recommender.diversity, on: { input: () => {
        recommender.setDiversity(Number(slider.value) / 100);
        shown.textContent = percent(recommender.diversity);
      } } });
    return h("section", null, h("h3", null, "Variety"),
      h("label", { class: "counter__slider", for: "variety" }, h("span", null, "How different the products of a row should be"), shown),
      slider);
  }

  rules() {
    const brands = [...new Set(this.shop.catalog.products.map(({ brand }) => brand))].sort();
    const brand = h("select", { id: "promoted", on: { change: () => this.rule() } },
      h("option", { value: "" }, "no brand"), brands.map((name) => h("option", { value: name }, name)));
    const box = (id, words, checked = false) => h("li", null, h("label", { for: id },
      h("input", { id, type: "checkbox", checked, on: { change: () => this.rule() } }), " ", words));
    return h("section", null, h("h3", null, "House rules"),
      h("ul", { class: "counter__rules", role: "list" },
        h("li", null, h("label", { for: "promoted" }, "Every fourth place goes to ", brand)),
        box("stock-only", "Only what is in stock", true), box("two-a-brand", "At most two of a brand in a row"), box("below-forty", "Nothing above £40")),
      this.notes);
  }

  rule() {
    const find = (id) => this.dialog.querySelector(`#${id}`);
    const brand = find("promoted").value;
    const rules = [
      brand && { kind: "promote", name: `${brand} week`, where: { brand }, share: 0.25 },
      { kind: "stock", outOfStock: find("stock-only").checked ? "exclude" : "show" },
      find("two-a-brand").checked && { kind: "limit", field: "brand", most: 2 },
      find("below-forty").checked && { kind: "exclude", where: { price: { atLeast: 40.01 } } },
    ].filter(Boolean);
    const notes = this.shop.recommender.setRules(rules);
    replace(this.notes, notes.map(({ message }) => h("li", null, message)));
  }

  why() {
    const ask = (product) => {
      this.product = product;
      this.explain();
    };
    const input = h("input", { id: "why-query", type: "search", autocomplete: "off", placeholder: "Copper kettle …", on: { input: () => {
      const found = this.shop.catalog.search(input.value).slice(0, FINDS);
      replace(this.finds, found.map((product) => h("li", null, h("button", { class: "chip", type: "button",
        on: { click: () => ask(product) } }, shortTitle(product)))));
    } } });
    return h("section", null, h("h3", null, "Why this product, or why not?"),
      h("label", { for: "why-query" }, "A product of the shop"), input, this.finds, this.answer);
  }

  explain() {
    if (!this.product) return;
    const request = { ...this.shop.forYou.request, exclude: [] };
    const why = this.shop.recommender.why(this.product.id, request);
    replace(this.answer, h("p", { id: "verdict", "data-why": why?.why ?? "none" },
      h("strong", null, `${shortTitle(this.product)}: `), verdict(why)));
  }
}

const percent = (part) => `${Math.round(100 * part)} %`;

function stageTable({ stages, closed }) {
  const row = ({ stage, items, ms }) => h("tr", null, h("th", { scope: "row" }, STAGES[stage] ?? stage), h("td", null, count(items)), h("td", null, milliseconds(ms)));
  const bar = ({ cause, name, items }) => h("tr", null, h("th", { scope: "row" }, `Kept out: ${name ?? cause}`), h("td", null, count(items)), h("td"));
  const head = ["Stage", "Products", "Time"].map((name) => h("th", { scope: "col" }, name));
  return h("table", { class: "counter__stages", id: "stages" }, h("thead", null, h("tr", null, head)),
    h("tbody", null, stages.map(row), closed.filter(({ items }) => items > 0).map(bar)));
}
