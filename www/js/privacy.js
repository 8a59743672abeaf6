// "What this device knows": everything Mercer and the shop hold, and the button that ends it.

import { h, replace } from "./dom.js";
import { bytes, count, counted, day, milliseconds, timeOfDay } from "./format.js";
import { shortTitle } from "./reasons.js";

const DEEDS = {
  view_item: "You looked at",
  view_item_list: "You were shown",
  select_item: "You chose",
  add_to_wishlist: "You wished for",
  add_to_cart: "You put into your cart:",
  remove_from_cart: "You took out of your cart:",
  view_cart: "You looked into your cart",
  begin_checkout: "You went to the till",
  purchase: "You bought",
  search: "You searched for",
  dismiss: "You did not care for",
};

const PLACES = {
  memory: "In this page’s memory only; gone when you leave",
  session: "In this tab’s own storage; gone when you close it",
  device: "In this browser’s storage, until you wipe it",
};

/** The panel. Its contents are made anew each time it opens, and after every change. */
export class PrivacyPanel {
  /**
   * @param {import("./shop.js").Shop} shop
   * @param {import("./network.js").RequestCount} requests
   */
  constructor(shop, requests) {
    this.shop = shop;
    this.requests = requests;
    this.body = h("div", { class: "panel__body" });
    this.status = h("p", { class: "panel__status", role: "status" });
    const close = h("button", { class: "round", type: "button", "aria-label": "Close", autofocus: true,
      on: { click: () => this.dialog.close() } }, "×");
    this.dialog = h("dialog", { class: "panel", "aria-labelledby": "panel-title" },
      h("header", { class: "panel__head" }, h("h2", { id: "panel-title" }, "What this device knows"), close), this.status, this.body);
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    document.body.append(this.dialog);
    shop.recommender.addEventListener("change", () => this.dialog.open && this.fill());
  }

  open() {
    this.status.textContent = "";
    this.fill();
    this.dialog.showModal();
  }

  fill() {
    const held = this.shop.recommender.held();
    replace(this.body,
      h("p", { class: "panel__lead" }, "Your suggestions are worked out here, from what you did in this visit. None of it is sent anywhere."),
      this.facts(held), this.wipe(), this.events(held), this.raw(held));
  }

  facts(held) {
    const { recommender } = this.shop;
    const stored = held ? new TextEncoder().encode(JSON.stringify(held)).length : 0;
    const rows = [
      ["network", "Requests since the shop opened", count(this.requests.n)],
      ["held", "Held about you", held ? `${counted(held.events.length, "event")}, ${bytes(stored)}` : "Nothing"],
      ["cart", "In your cart", counted(this.shop.cart.size, "thing")],
      ["storage", "Kept", PLACES[recommender.shop?.storage.kind] ?? "Nowhere"],
      ["ranking", "Last ranking took", recommender.lastMs === null ? "–" : milliseconds(recommender.lastMs)],
      ...this.model(),
    ];
    return h("dl", { class: "facts" }, rows.map(([key, name, value]) =>
      h("div", { "data-fact": key }, h("dt", null, name), h("dd", null, value))));
  }

  model() {
    const { shop, failure } = this.shop.recommender;
    if (!shop) return [["model", "Model", failure ? `Not loaded (${failure.code})` : "Still loading"]];
    const { items, dim, bits, about } = shop.info;
    const size = modelBytes();
    return [
      ["model", "Model", `${counted(items, "product")}, ${dim} × ${bits} bits each${size ? `, ${bytes(size)} in all` : ""}`],
      ...(about?.log ? [["learnt", "Learnt from", lessons(about.log)]] : []),
    ];
  }

  wipe() {
    const button = h("button", { class: "button button--berry", type: "button", id: "forget", on: { click: () => this.forget() } }, "Wipe everything now");
    return h("div", { class: "panel__wipe" }, button,
      h("p", null, "At once and for good: the list below, your cart and your wish list. The shop will not know you from a stranger."));
  }

  forget() {
    this.shop.forget();
    this.status.textContent = "Wiped. You are a stranger here again.";
    // The button was made anew with the rest; the keyboard stays where it was.
    this.body.querySelector("#forget").focus();
  }

  events(held) {
    const events = [...(held?.events ?? [])].reverse();
    const line = (event, at) => h("li", null, h("span", null, this.inWords(event) + stay(event, events[at - 1])), h("time", null, timeOfDay(event.timeMs)));
    return h("section", { class: "panel__events" }, h("h3", null, "What you did, newest first"),
      events.length > 0 ? h("ol", { role: "list", id: "held-events" }, events.map(line)) : h("p", { class: "soft", id: "held-nothing" }, "Nothing yet. You are a stranger here."));
  }

  inWords({ kind, item, query }) {
    const product = item && this.shop.catalog.product(item);
    const thing = query ? `“${query}”` : product ? shortTitle(product) : item ?? "";
    return `${DEEDS[kind] ?? kind} ${thing}`.trim();
  }

  raw(held) {
    return h("details", { class: "panel__raw" }, h("summary", null, "The same, as the bare data"),
      h("pre", { tabindex: "0" }, JSON.stringify(held, null, 2)));
  }
}

/** How long a look lasted: as Mercer reads it, until the next thing the shopper did. */
function stay({ kind, timeMs }, next) {
  const seconds = next ? Math.round((next.timeMs - timeMs) / 1000) : 0;
  return kind === "view_item" && seconds > 0 ? ` for ${counted(seconds, "second")}` : "";
}

/** What the trainer wrote down about its log: other people's visits, none of which is in the file. */
function lessons({ sessions, last_ms: last }) {
  const visits = counted(sessions, "other visit");
  return last ? `${visits}, up to ${day(last)}` : visits;
}

/** The size of the model file as the browser saw it arrive. */
function modelBytes() {
  const files = performance.getEntriesByType("resource").filter(({ name }) => name.includes(".mercer"));
  return files.at(-1)?.decodedBodySize ?? 0;
}
