// What a shop pushes for its analytics reaches the session, and nothing of it troubles the shop.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { load } from "../../pkg/node.js";
import { connectDataLayer } from "../../pkg/page/index.js";
import { price, quantity } from "../../pkg/page/number.js";
import { SMALL, clock, coded, root } from "./support.mjs";

/** A shop that only writes down what it is told. */
function notebook() {
  const told = [];
  return { told, observe: (kind, options) => void told.push([kind, options]) };
}

/** What `gtag` is on every page that has it. */
const gtagOf = (layer) => function gtag() {
  layer.push(arguments);
};

const mug = { item_id: "mug-enamel", item_name: "Enamel mug", price: "14.00", quantity: 2 };
const MUG = { item: "mug-enamel", price: 14, quantity: 2 };

afterEach(() => {
  delete globalThis.dataLayer;
  delete globalThis.theirs;
});

test("gtag's arguments and Tag Manager's objects say the same", () => {
  for (const kind of ["view_item", "add_to_wishlist", "add_to_cart", "remove_from_cart", "select_item", "purchase", "view_item_list"]) {
    const layer = [];
    const shop = notebook();
    connectDataLayer(shop, { dataLayer: layer });
    gtagOf(layer)("event", kind, { currency: "EUR", items: [mug] });
    layer.push({ event: kind, ecommerce: { currency: "EUR", items: [mug] } });
    assert.deepEqual(shop.told, [[kind, MUG], [kind, MUG]]);
  }
});

test("events about the cart as a whole, and searches", () => {
  const layer = [];
  const shop = notebook();
  connectDataLayer(shop, { dataLayer: layer });
  layer.push({ event: "view_cart", ecommerce: { items: [mug, mug] } });
  layer.push({ event: "begin_checkout", ecommerce: { items: [mug] } });
  gtagOf(layer)("event", "search", { search_term: "blue mug" });
  layer.push({ event: "view_search_results", search_term: "red mug" });
  layer.push({ event: "search", search_term: "  " }, { event: "search" });
  assert.deepEqual(shop.told, [
    ["view_cart", {}],
    ["begin_checkout", {}],
    ["search", { query: "blue mug" }],
    ["search", { query: "red mug" }],
  ]);
});

test("what is no event of a shop is passed over", () => {
  const layer = [];
  const shop = notebook();
  const errors = [];
  connectDataLayer(shop, { dataLayer: layer, onError: (error) => errors.push(error) });
  const gtag = gtagOf(layer);
  gtag("js", new Date());
  gtag("config", "G-1", { send_page_view: false });
  gtag("event", "page_view");
  gtag("event", "view_item");
  gtag("event", "view_item", null);
  gtag("event");
  gtag();
  layer.push(null, undefined, 7, "text", () => {}, [], {}, { event: 7 }, ["set", "x", 1]);
  layer.push({ event: "view_item" }, { event: "view_item", ecommerce: null });
  layer.push({ event: "view_item", ecommerce: "none" }, { event: "view_item", ecommerce: { items: {} } });
  layer.push({ event: "view_item", ecommerce: { items: [null, 7, {}, { item_id: "" }, { item_id: {} }] } });
  layer.push({ event: "toString", ecommerce: { items: [mug] } });
  layer.push({ event: "__proto__", ecommerce: { items: [mug] } });
  assert.deepEqual(shop.told, []);
  assert.deepEqual(errors, []);
});

test("what was pushed before comes first, and once", () => {
  const shop = notebook();
  globalThis.dataLayer = [];
  gtagOf(dataLayer)("event", "view_item", { items: [{ item_id: "first" }] });
  dataLayer.push({ event: "view_item", ecommerce: { items: [{ item_id: "second" }] } });
  const disconnect = connectDataLayer(shop);
  dataLayer.push({ event: "view_item", ecommerce: { items: [{ item_id: "third" }] } });
  assert.equal(connectDataLayer(shop), disconnect, "connected twice is connected once");
  disconnect();
  connectDataLayer(shop);
  dataLayer.push({ event: "view_item", ecommerce: { items: [{ item_id: "fourth" }] } });
  const ids = shop.told.map(([, { item }]) => item);
  assert.deepEqual(ids, ["first", "second", "third", "fourth"]);
});

test("an object that is pushed again is an event again", () => {
  const shop = notebook();
  const layer = [];
  connectDataLayer(shop, { dataLayer: layer });
  const event = { event: "view_item", ecommerce: { items: [mug] } };
  layer.push(event, event);
  layer.push(event);
  assert.equal(shop.told.length, 3);
});

test("a page without a dataLayer gets one, and one of another name is found", () => {
  const shop = notebook();
  connectDataLayer(shop);
  globalThis.dataLayer.push({ event: "view_item", ecommerce: { items: [mug] } });
  globalThis.theirs = [{ event: "view_item", ecommerce: { items: [mug] } }];
  connectDataLayer(shop, { dataLayer: "theirs" });
  assert.equal(shop.told.length, 2);
});

test("Tag Manager's ways: ecommerce pushed ahead, cleared, items at the top", () => {
  const shop = notebook();
  const layer = [];
  connectDataLayer(shop, { dataLayer: layer });
  const items = (id) => [{ item_id: id }];
  layer.push({ ecommerce: { items: items("ahead") } });
  layer.push({ event: "add_to_cart" });
  layer.push({ event: "add_to_cart" });
  layer.push({ ecommerce: { items: items("cleared") } });
  layer.push({ ecommerce: null });
  layer.push({ event: "add_to_cart" });
  layer.push({ event: "add_to_cart", items: items("top") });
  assert.deepEqual(shop.told.map(([, { item }]) => item), ["ahead", "top"]);
});

test("200 items of an event are passed on, and no more", () => {
  const shop = notebook();
  const layer = [];
  connectDataLayer(shop, { dataLayer: layer });
  const items = Array.from({ length: 260 }, (_, n) => ({ item_id: n, index: n }));
  layer.push({ event: "view_item_list", ecommerce: { items } });
  assert.deepEqual(shop.told.map(([, { item }]) => item), items.slice(0, 200).map(({ item_id }) => `${item_id}`));
});

test("the id: GA4's field, those before it, or the shop's own way", () => {
  const ids = (items, options) => {
    const shop = notebook();
    const layer = [];
    connectDataLayer(shop, { dataLayer: layer, ...options });
    layer.push({ event: "view_item", ecommerce: { items } });
    return shop.told.map(([, { item }]) => item);
  };
  const items = [{ item_id: 7, id: "x" }, { id: "old" }, { item_name: "named" }, { name: "older" }, { item_id: NaN }];
  assert.deepEqual(ids(items), ["7", "old", "named", "older"]);
  const itemId = ({ item_id }) => (typeof item_id === "number" ? `SKU-${item_id}` : undefined);
  assert.deepEqual(ids([{ item_id: 7 }, { item_id: "gift" }], { itemId }), ["SKU-7"]);
});

test("events of other names, and currencies that are not the catalogue's", () => {
  const shop = notebook();
  const layer = [];
  connectDataLayer(shop, { dataLayer: layer, events: { productDetail: "view_item" }, currency: "EUR" });
  layer.push({ event: "productDetail", ecommerce: { items: [{ item_id: "a", price: 1 }] } });
  layer.push({ event: "view_item", ecommerce: { currency: "USD", items: [{ item_id: "b", price: 1 }] } });
  layer.push({ event: "view_item", ecommerce: { currency: "EUR", items: [{ item_id: "c", price: 1 }] } });
  const said = shop.told.map(([, { item, price }]) => [item, price]);
  assert.deepEqual(said, [["a", 1], ["b", undefined], ["c", 1]]);
});

test("push answers what it answered, and the layer is an array as before", () => {
  const layer = [1];
  let calls = 0;
  layer.push = function (...entries) {
    calls += 1;
    Array.prototype.push.apply(this, entries);
    return "theirs";
  };
  const before = layer.push;
  const disconnect = connectDataLayer(notebook(), { dataLayer: layer });
  assert.equal(layer.push({ event: "x" }, 2), "theirs");
  assert.deepEqual(layer, Object.assign([1, { event: "x" }, 2], { push: layer.push }));
  assert.equal(calls, 1);
  disconnect();
  disconnect();
  assert.equal(layer.push, before);
  const plain = [];
  connectDataLayer(notebook(), { dataLayer: plain })();
  assert.ok(!Object.hasOwn(plain, "push"));
  assert.equal(plain.push(1, 2), 2);
});

test("whoever wraps push after us goes on working, and we are silent once disconnected", () => {
  const shop = notebook();
  const layer = [];
  const disconnect = connectDataLayer(shop, { dataLayer: layer });
  const ours = layer.push;
  layer.push = (...entries) => ours.apply(layer, entries);
  layer.push({ event: "view_item", ecommerce: { items: [mug] } });
  disconnect();
  assert.equal(layer.push({ event: "view_item", ecommerce: { items: [mug] } }), 2);
  assert.equal(shop.told.length, 1);
});

test("an event that a push fires comes after the one that fired it", () => {
  const shop = notebook();
  const layer = [];
  layer.push = function (entry) {
    if (entry.event === "view_item") layer.push({ event: "add_to_cart", ecommerce: { items: [mug] } });
    return Array.prototype.push.call(this, entry);
  };
  connectDataLayer(shop, { dataLayer: layer });
  layer.push({ event: "view_item", ecommerce: { items: [mug] } });
  assert.deepEqual(shop.told.map(([kind]) => kind), ["view_item", "add_to_cart"]);
});

test("nothing is ever thrown into the shop's push", () => {
  const layer = [];
  const errors = [];
  const shop = { observe: () => assert.fail("no") };
  const onError = (error) => {
    errors.push(error.message);
    throw new Error("a mistake in their own handler");
  };
  connectDataLayer(shop, { dataLayer: layer, onError });
  const hostile = [
    { event: "view_item", ecommerce: { items: [mug] } },
    { get event() { throw new Error("getter"); } },
    { event: "view_item", ecommerce: { items: [{ get item_id() { throw new Error("id"); } }] } },
    new Proxy({}, { get() { throw new Error("proxy"); }, has() { throw new Error("has"); } }),
  ];
  for (const entry of hostile) assert.equal(layer.push(entry), layer.length);
  assert.deepEqual(errors, ["no", "getter", "id", "has"]);
});

test("a push that fails fails as it did", () => {
  const layer = [];
  layer.push = () => {
    throw new RangeError("theirs");
  };
  connectDataLayer(notebook(), { dataLayer: layer });
  assert.throws(() => layer.push({ event: "x" }), new RangeError("theirs"));
});

test("a kind of mistake is warned of once; a shop in a worker may reject", async (t) => {
  const warned = t.mock.method(console, "warn", () => {});
  const layer = [];
  const shop = { observe: async () => assert.fail("from the worker") };
  connectDataLayer(shop, { dataLayer: layer });
  for (let n = 0; n < 3; n += 1) layer.push({ event: "view_item", ecommerce: { items: [mug] } });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(warned.mock.callCount(), 1);
  assert.match(warned.mock.calls[0].arguments[0], /^mercer: .*from the worker/);
});

test("a real shop is told, refuses what it must, and a freed one is left alone", async (t) => {
  const warned = t.mock.method(console, "warn", () => {});
  const layer = [{ event: "view_item", ecommerce: { items: [{ item_id: "tent-2p", price: "1.299,00 €" }] } }];
  const shop = await load(SMALL, { now: clock() });
  connectDataLayer(shop, { dataLayer: layer });
  layer.push({ event: "add_to_cart", ecommerce: { items: [mug] } });
  layer.push({ event: "view_item", ecommerce: { items: [{ item_id: "x".repeat(300) }] } });
  const { events, cart } = shop.export();
  assert.deepEqual(events.map(({ kind, item, price }) => [kind, item, price]), [
    ["view_item", "tent-2p", 1299],
    ["add_to_cart", "mug-enamel", 14],
  ]);
  assert.deepEqual(cart, [{ item: "mug-enamel", quantity: 2 }]);
  assert.equal(warned.mock.callCount(), 1);
  shop.free();
  layer.push({ event: "add_to_cart", ecommerce: { items: [mug] } });
  assert.ok(!Object.hasOwn(layer, "push"), "disconnected");
  assert.equal(warned.mock.callCount(), 1);
});

test("mistakes in the call are errors that name them", () => {
  const shop = notebook();
  const wrong = (...args) => () => connectDataLayer(...args);
  assert.throws(wrong(), coded("page/invalid", "`shop`"));
  assert.throws(wrong({ observe: 1 }), coded("page/invalid", "`shop`"));
  assert.throws(wrong(Promise.resolve(shop)), coded("page/invalid", "Promise"));
  assert.throws(wrong(shop, 7), coded("page/invalid", "options"));
  assert.throws(wrong(shop, { layer: [] }), coded("page/unknown-option", "`layer`", "dataLayer"));
  assert.throws(wrong(shop, { dataLayer: {} }), coded("page/invalid", "`dataLayer`"));
  assert.throws(wrong(shop, { dataLayer: "" }), coded("page/invalid", "`dataLayer`"));
  assert.throws(wrong(shop, { itemId: "item_id" }), coded("page/invalid", "a function"));
  assert.throws(wrong(shop, { events: { detail: "viewed" } }), coded("page/invalid", "events.detail", '"viewed"'));
  assert.throws(wrong(shop, { currency: "euro" }), coded("page/invalid", "currency"));
  globalThis.dataLayer = {};
  assert.throws(wrong(shop), coded("page/invalid", "`dataLayer` of this page"));
  assert.throws(wrong(shop, { dataLayer: Object.freeze([]) }), coded("page/invalid", "frozen"));
});

test("prices as shops write them", () => {
  const known = {
    "14": 14, "14.00": 14, "14,5": 14.5, "14,50 €": 14.5, "€14.50": 14.5, "EUR 1.299,00": 1299, "$1,299.00": 1299,
    "1,299": 1299, "1.299.000": 1299000, "1 299,00": 1299, "1 299,00": 1299, "1'299.50": 1299.5, "12.5000": 12.5,
    "1.299": 1.299, "0,125": 0.125, "Rs. 500": 500, ".99": 0.99, "12,-": 12, "1,29,999.00": 129999, "0": 0,
  };
  for (const [text, value] of Object.entries(known)) assert.equal(price(text), value, text);
  const none = ["", " ", "free", "-3", "10 - 20", "10-20", "2 for 10", "1e400", "∞", null, {}, NaN, -1, Infinity, true, [3], "9".repeat(40)];
  for (const text of none) assert.equal(price(text), undefined, String(text));
  assert.equal(price(12.5), 12.5);
});

test("quantities", () => {
  assert.deepEqual([1, "2", " 3 ", 1e6].map(quantity), [1, 2, 3, 1e6]);
  assert.deepEqual([0, -1, 1.5, "1.5", "", null, "two", 1e7, NaN].map(quantity), Array(9).fill(undefined));
});

test("connectDataLayer weighs at most 3 kB brotli", async () => {
  const stdin = {
    contents: 'import { connectDataLayer } from "./pkg/page/index.js"; window.c = connectDataLayer;',
    resolveDir: root("."),
  };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", minify: true, write: false });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const { length } = brotliCompressSync(outputFiles[0].contents, { params });
  assert.ok(length <= 3000, `${length} bytes`);
});
