// The parts of the storefront that need no page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Cart } from "../../www/js/cart.js";
import { Catalog } from "../../www/js/catalog.js";
import { bytes, counted, milliseconds } from "../../www/js/format.js";
import { phrase } from "../../pkg/shop/phrases.js";
import { reasonLine, shortTitle } from "../../www/js/reasons.js";
import { parse, to } from "../../www/js/router.js";
import { STAGES, verdict } from "../../www/js/verdict.js";

const here = (path) => new URL(`../../${path}`, import.meta.url);

test("all modules of the shop are asked for at once, each once", () => {
  const page = readFileSync(here("www/index.html"), "utf8");
  const named = [...page.matchAll(/<link rel="modulepreload" href="(.*?)">/g)].map(([, href]) => href);
  const [, ...imported] = modules("/js/app.js").map((path) => path.replace(/^\/js/, "js"));
  assert.deepEqual(named, imported);
});

/** A module of the site and all that it imports at once, breadth first. */
function modules(entry) {
  const found = new Set([entry]);
  for (const path of found) {
    const text = readFileSync(here(path.startsWith("/pkg/") ? path.slice(1) : `www${path}`), "utf8");
    for (const [, name] of text.matchAll(/^(?:import|export)\b[^"';]*?from "([^"]+)";$/gms)) {
      found.add(name === "mercer" ? "/pkg/index.js" : new URL(name, `http://shop${path}`).pathname);
    }
  }
  return [...found];
}

const product = (id, title, more = {}) =>
  ({ id, title, description: "", category: ["Kitchen", "Kettles"], brand: "Korvane", price: 40, ...more });

const KETTLE = product("KET-1", "Merrow Copper Gooseneck Kettle in Sand, 0.6 L", { material: "copper" });
const MUG = product("MUG-1", "Fjord Mug", { category: ["Dining", "Mugs"], isNew: true });
const BOTH = new Catalog([KETTLE, MUG]);

test("a short title leaves out material, colour and size", () => {
  assert.equal(shortTitle(KETTLE), "Merrow Gooseneck Kettle");
  assert.equal(shortTitle(MUG), "Fjord Mug");
  assert.equal(shortTitle({ title: "Anvil Copper Pan in Sage", material: "cast iron" }), "Anvil Copper Pan");
});

test("every reason has its words, and only the strongest speaks", () => {
  const say = (...reasons) => reasonLine(phrase, reasons, BOTH);
  assert.equal(say({ kind: "viewed", item: "KET-1", share: 0.8 }, { kind: "popular", share: 0.2 }), "Because you viewed Merrow Gooseneck Kettle");
  assert.equal(say({ kind: "viewed", item: "gone", share: 1 }), "Because of what you viewed");
  assert.equal(say({ kind: "in-cart", item: "MUG-1", share: 1 }), "Goes with Fjord Mug in your cart");
  assert.equal(say({ kind: "in-cart", share: 1 }), "Goes with your cart");
  assert.equal(say({ kind: "popular", share: 1 }), "Popular in this shop");
  for (const kind of ["bought", "wished", "returning"]) assert.notEqual(say({ kind, item: "MUG-1", share: 1 }), "");
  assert.equal(say(), "");
  assert.equal(reasonLine(phrase, undefined, BOTH), "");
});

test("every verdict and every stage has its words", () => {
  const types = readFileSync(new URL("../../pkg/index.d.ts", import.meta.url), "utf8");
  const words = new Set([...types.matchAll(/\{ why: "([a-z-]+)"/g)].map(([, word]) => word));
  assert.equal(words.size, 7);
  const said = [...words].map((why) => verdict({ why, place: 1, rank: 2, cause: "seen" }));
  assert.equal(new Set(said).size, 7);
  assert.ok(!said.includes(verdict(null)));
  assert.match(verdict({ why: "closed", cause: "rule", name: "Korvane week" }), /Korvane week/);
  for (const stage of types.match(/stage: ("[a-z]+"( \| )?)+/)[0].match(/(?<=")[a-z]+(?=")/g)) assert.ok(STAGES[stage], stage);
});

test("addresses come back as they went out", () => {
  assert.deepEqual(parse(to.home()), { page: "home" });
  assert.deepEqual(parse(to.product("A/B #1")), { page: "product", id: "A/B #1" });
  assert.deepEqual(parse(to.category("Bed & Bath", "Soap & Dispensers")),
    { page: "category", department: "Bed & Bath", category: "Soap & Dispensers" });
  assert.deepEqual(parse(to.search("50 % wool")), { page: "search", query: "50 % wool" });
  assert.deepEqual(parse("#/cart"), { page: "cart" });
  for (const lost of ["#/nowhere", "#/p", "#/c", "#/%E0%A4%A"]) assert.deepEqual(parse(lost), { page: "missing" }, lost);
});

test("the catalogue finds by words, shelf and department", () => {
  assert.deepEqual(BOTH.search("kettle MERROW"), [KETTLE]);
  assert.deepEqual(BOTH.search("dining"), [MUG]);
  assert.deepEqual(BOTH.search("  "), []);
  assert.deepEqual(BOTH.departments.map(({ name }) => name), ["Dining", "Kitchen"]);
  assert.deepEqual(BOTH.inCategory("Kitchen", "Mugs"), []);
  assert.deepEqual(BOTH.editorial(5, ({ isNew }) => Boolean(isNew)), [MUG]);
});

test("a cart survives in its storage, and leaves nothing when wiped", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const cart = new Cart(storage);
  cart.add("a");
  cart.set("b", 1000);
  assert.equal(cart.toggleWish("c"), true);
  const again = new Cart(storage);
  assert.deepEqual(again.lines, [{ id: "a", quantity: 1 }, { id: "b", quantity: 99 }]);
  assert.ok(again.wishes.has("c"));
  again.forget();
  assert.equal(again.size, 0);
  assert.equal(kept.size, 0);
});

test("a broken or refused store is an empty cart that works", () => {
  const broken = { getItem: () => "{not json", setItem() { throw new Error("full"); }, removeItem() {} };
  for (const storage of [broken, { ...broken, getItem: () => "[1]" }, null]) {
    const cart = new Cart(storage);
    cart.add("a");
    assert.equal(cart.size, 1);
  }
});

test("numbers read as people say them", () => {
  assert.equal(counted(1, "thing"), "1 thing");
  assert.equal(counted(1200, "thing"), "1,200 things");
  assert.equal(bytes(999), "999 bytes");
  assert.equal(bytes(42_202), "42.2 kB");
  assert.equal(milliseconds(0), "under 1 ms");
});
