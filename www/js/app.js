// Opens the shop: the catalogue first, the recommendations as soon as they are there.

import { Cart, tabStorage } from "./cart.js";
import { Counter } from "./counter.js";
import { Catalog } from "./catalog.js";
import { RequestCount } from "./network.js";
import { Frame } from "./frame.js";
import { keepForOffline } from "./offline.js";
import { PrivacyPanel } from "./privacy.js";
import { Recommender } from "./recommender.js";
import { follow } from "./router.js";
import { Shop } from "./shop.js";
import { pages } from "./views/index.js";

const PRODUCTS = "shop/products.json";
const MODEL = "shop/shop.mercer";

const frame = new Frame();
const requests = new RequestCount();
const recommender = new Recommender();

frame.showLoading();
recommender.addEventListener("failure", () => frame.notify(recommender.failure));
recommender.addEventListener("ready", () => recommender.shop && frame.notifyStorage(recommender.shop.storage));
const opened = recommender.open(modelUrl(), { storage: "session" });

const catalog = await Catalog.fetch(PRODUCTS).catch((error) => frame.showClosed(error));
if (catalog) open(catalog);
await opened;
if (recommender.works) performance.mark("first-slate");
await keepForOffline();
requests.start();
document.documentElement.dataset.ready = "";

/** @param {Catalog} catalog */
function open(catalog) {
  const cart = new Cart(tabStorage());
  const shop = new Shop(catalog, cart, recommender, (message) => frame.say(message));
  const panel = new PrivacyPanel(shop, requests);
  const counter = new Counter(shop);
  shop.ask = (product) => counter.open(product);
  frame.furnish(shop, () => panel.open(), () => counter.open());

  /** @type {import("./views/index.js").View | null} */
  let view = null;
  const refresh = () => view?.refresh?.();
  for (const moment of ["ready", "change"]) recommender.addEventListener(moment, refresh);
  follow((route) => {
    // What the next page observes is no news to the one that goes.
    view = null;
    view = pages(shop, route);
    frame.show(view);
  });
}

/** The shop's model, or another file of this site that the address names (`?model=`). */
function modelUrl() {
  const asked = new URLSearchParams(location.search).get("model");
  const url = new URL(asked ?? MODEL, location.href);
  return url.origin === location.origin ? url.href : MODEL;
}
