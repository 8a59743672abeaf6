// Products are learned from what a page tells search engines.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../pkg/node.js";
import { fromJsonLd } from "../../pkg/page/index.js";
import { SMALL, clock, coded } from "./support.mjs";

const MUG = {
  "@context": "https://schema.org",
  "@type": "Product",
  sku: "MUG-2041",
  name: "Enamel mug, blue",
  description: "A mug.",
  category: "Dining > Mugs",
  brand: { "@type": "Brand", "@id": "#fjord", name: "Fjord" },
  color: ["blue", "white"],
  material: "enamel",
  url: "/mug",
  image: [{ "@type": "ImageObject", url: "/mug.webp" }, "/mug-2.webp"],
  offers: { "@type": "Offer", price: "14,00", priceCurrency: "EUR", availability: "https://schema.org/InStock" },
};
const LEARNED = {
  item: "MUG-2041",
  title: "Enamel mug, blue",
  description: "A mug.",
  category: "Dining > Mugs",
  brand: "Fjord",
  price: 14,
  availability: "in_stock",
  color: ["blue", "white"],
  material: "enamel",
};

const script = (data) => `<script type="application/ld+json">${typeof data === "string" ? data : JSON.stringify(data)}</script>`;

/** All a document is asked for. */
const documentOf = (...texts) => ({
  querySelectorAll(selector) {
    assert.equal(selector, 'script[type^="application/ld+json" i]');
    return texts.map((textContent) => ({ textContent }));
  },
});

test("a product, from a document, an HTML page, a text, and parsed", () => {
  const text = JSON.stringify(MUG);
  const html = `<!doctype html><script>let a = "<b>";</script>\n<SCRIPT id="x" TYPE='application/ld+json; charset=utf-8'>\n${text}\n</SCRIPT >`;
  for (const source of [documentOf(text), html, text, MUG, [MUG]]) assert.deepEqual(fromJsonLd(source), [LEARNED]);
});

test("what the engine gets is ranked from the next slate on", async () => {
  const shop = await load(SMALL, { now: clock() });
  shop.addItems(fromJsonLd(script(MUG)));
  assert.ok(shop.knows("MUG-2041"));
  const { items } = shop.recommend({ count: 100, filter: { brand: "Fjord", color: "blue" } });
  assert.deepEqual(items.map(({ item }) => item), ["MUG-2041"]);
});

test("products are found wherever they stand", () => {
  const product = (sku) => ({ "@type": ["Thing", "http://schema.org/Product"], sku, name: sku });
  const page = {
    "@graph": [
      { "@type": "WebPage", mainEntity: product("a") },
      { "@type": "ItemList", itemListElement: [{ "@type": "ListItem", item: product("b") }, product("c")] },
      { "@type": "Organization", sku: "no" },
      product("d"),
      { ...product("e"), isRelatedTo: [product("f")] },
      { "@type": "Product", name: "without an id" },
    ],
  };
  assert.deepEqual(fromJsonLd(page).map(({ item }) => item), ["a", "b", "c", "d", "e", "f"]);
});

test("nodes may be named and said elsewhere", () => {
  const graph = {
    "@graph": [
      { "@type": "Product", sku: "a", brand: { "@id": "#brand" }, offers: [{ "@id": "#offer" }] },
      { "@id": "#brand", "@type": "Brand", name: "Fjord" },
      { "@id": "#offer", "@type": "Offer", price: 9, availability: { "@id": "schema:SoldOut" } },
    ],
  };
  assert.deepEqual(fromJsonLd(graph), [{ item: "a", brand: "Fjord", price: 9, availability: "out_of_stock" }]);
});

test("variants take from their group what they do not say, and the group is none of them", () => {
  const shared = { brand: "Fjord", category: "Dining / Mugs", description: "A mug." };
  const group = {
    "@type": "ProductGroup",
    productGroupID: "MUG",
    sku: "MUG-GROUP",
    name: "Mug",
    ...shared,
    hasVariant: [
      { "@type": "Product", sku: "MUG-1", name: "Mug, blue", color: "blue", size: { name: "0.3 l" } },
      { "@type": "Product", sku: "MUG-2", brand: "Skog" },
    ],
  };
  const also = { "@type": "Product", sku: "MUG-3", isVariantOf: { "@id": "g", "@type": "ProductGroup", productGroupID: "MUG" } };
  const all = { group: "MUG", category: "Dining > Mugs", description: "A mug." };
  assert.deepEqual(fromJsonLd([group, also, { "@type": "Product", sku: 4, inProductGroupWithID: "P" }]), [
    { item: "MUG-1", title: "Mug, blue", brand: "Fjord", color: "blue", size: "0.3 l", ...all },
    { item: "MUG-2", title: "Mug", ...all, brand: "Skog" },
    { item: "MUG-3", group: "MUG" },
    { item: "4", group: "P" },
  ]);
  const alone = { "@type": "ProductGroup", productID: "G", name: "Mug" };
  assert.deepEqual(fromJsonLd(alone), [{ item: "G", title: "Mug" }]);
});

test("of several offers the lowest price and the best availability count", () => {
  const said = (offers, options) => {
    const [{ price, availability }] = fromJsonLd({ "@type": "Product", sku: "a", offers }, options);
    return [price, availability];
  };
  const usd = { price: 3, priceCurrency: "USD", availability: "OutOfStock" };
  const eur = { price: "1.299,00", priceCurrency: "EUR", availability: "http://schema.org/LimitedAvailability" };
  assert.deepEqual(said([usd, eur]), [3, "low_stock"]);
  assert.deepEqual(said([usd, eur], { currency: "EUR" }), [1299, "low_stock"]);
  assert.deepEqual(said({ "@type": "AggregateOffer", lowPrice: "9.50", highPrice: 20 }), [9.5, undefined]);
  assert.deepEqual(said({ "@type": "AggregateOffer", offers: [usd] }), [3, "out_of_stock"]);
  const specified = [{ priceType: "https://schema.org/ListPrice", price: 30 }, { price: 20, priceCurrency: "EUR" }];
  assert.deepEqual(said({ priceSpecification: specified }, { currency: "EUR" }), [20, undefined]);
  for (const offers of [[], null, "none", [null], { price: "ask us" }, { price: {} }]) {
    assert.deepEqual(said(offers), [undefined, undefined]);
  }
});

test("availability, in the engine's words", () => {
  const words = {
    InStock: "in_stock", OnlineOnly: "in_stock", MadeToOrder: "in_stock", LimitedAvailability: "low_stock",
    PreOrder: "preorder", PreSale: "preorder", BackOrder: "backorder", OutOfStock: "out_of_stock",
    SoldOut: "out_of_stock", Discontinued: "out_of_stock", InStoreOnly: "out_of_stock", Reserved: "out_of_stock",
    Perhaps: undefined,
  };
  for (const [word, known] of Object.entries(words)) {
    const [{ availability }] = fromJsonLd({ "@type": "Product", sku: "a", offers: { availability: word } });
    assert.equal(availability, known, word);
  }
});

test("a product said twice is one, and what came first stands", () => {
  const text = documentOf(
    JSON.stringify({ "@type": "Product", sku: "a", name: "First" }),
    JSON.stringify({ "@type": "Product", sku: "a", name: "Second", brand: "Fjord" }),
  );
  assert.deepEqual(fromJsonLd(text), [{ item: "a", title: "First", brand: "Fjord" }]);
});

test("one broken script loses no other, and is told of", (t) => {
  const errors = [];
  const onError = (error) => errors.push(error.code);
  const page = script("{ not json }") + script(MUG) + script("") + "<script type=application/ld+json>{}";
  assert.deepEqual(fromJsonLd(page, { onError }), [LEARNED]);
  assert.deepEqual(errors, ["page/json-ld", "page/json-ld"]);
  const warned = t.mock.method(console, "warn", () => {});
  fromJsonLd(documentOf("{"));
  assert.match(warned.mock.calls[0].arguments[0], /^mercer: this JSON-LD is no JSON/);
});

test("ids, addresses and what no term can hold", () => {
  const itemId = (product) => product.productID?.replace("sku:", "");
  assert.deepEqual(fromJsonLd({ "@type": "Product", productID: "sku:7" }, { itemId }), [{ item: "7" }]);
  assert.deepEqual(fromJsonLd({ "@type": "Product", mpn: 12 }), [{ item: "12" }]);
  const [shown] = fromJsonLd(MUG, { also: ["url", "image"] });
  assert.deepEqual(shown, { ...LEARNED, url: "/mug", image: "/mug.webp" });
  const long = "ü".repeat(129);
  const [{ item, ...rest }] = fromJsonLd({ "@type": "Product", sku: "a", brand: long, color: [long, "red"], category: `A > ${long}` });
  assert.deepEqual(rest, { color: "red" });
});

test("hostile pages end", () => {
  const circular = { "@type": "Product", sku: "a" };
  circular.self = [circular, circular, { circular }];
  assert.deepEqual(fromJsonLd(circular), [{ item: "a" }]);
  const deep = `${'{"a":'.repeat(5000)}${JSON.stringify(MUG)}${"}".repeat(5000)}`;
  assert.deepEqual(fromJsonLd(deep), []);
  const many = Array.from({ length: 10_100 }, (_, n) => ({ "@type": "Product", sku: n }));
  assert.equal(fromJsonLd(many).length, 10_000);
  const open = "<script type=application/ld+json".repeat(20_000);
  assert.deepEqual(fromJsonLd(open), []);
});

test("mistakes in the call are errors that name them", () => {
  for (const source of [undefined, null, 7, true, () => {}]) {
    assert.throws(() => fromJsonLd(source), coded("page/invalid", "the source must be"));
  }
  assert.throws(() => fromJsonLd("no json"), coded("page/json-ld", '"no json"'));
  assert.throws(() => fromJsonLd("[]", { fields: [] }), coded("page/unknown-option", "`fields`", "also"));
  assert.throws(() => fromJsonLd("[]", { also: ["price"] }), coded("page/invalid", "`also`"));
  assert.throws(() => fromJsonLd("[]", { itemId: "sku" }), coded("page/invalid", "`itemId`"));
  const thrown = () => {
    throw new Error("theirs");
  };
  assert.throws(() => fromJsonLd({ querySelectorAll: thrown }), coded("page/invalid", "theirs"));
});
