// What a shop does between `load` and `free`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { load } from "../../pkg/node.js";
import { SMALL, clock, coded, root, smallBytes } from "./support.mjs";

let shop;
const fresh = (options) => load(SMALL, { now: clock(), ...options });
before(async () => {
  shop = await fresh();
});

const EVENTS = [
  ["view_item", { item: "kettle-1.7l", dwellMs: 8200.4 }],
  ["add_to_cart", { item: "mug-enamel" }],
  ["search", { query: "teapot" }],
  ["view_cart", undefined],
  ["view_item", { item: "never-heard-of" }],
];
const observeAll = (shop) => EVENTS.forEach(([kind, options]) => shop.observe(kind, options));
const ids = (slate) => slate.items.map(({ item }) => item);

test("a model says what it is", () => {
  const about = { trained: "by hand", note: "golden file" };
  assert.deepEqual(shop.info, { items: 60, dim: 16, bits: 4, about });
  assert.ok(Object.isFrozen(shop.info));
  assert.deepEqual(shop.storage, { kind: "memory", requested: "memory" });
});

test("a shop knows its items and no others", () => {
  assert.equal(shop.knows("kettle-1.7l"), true);
  assert.equal(shop.knows("日本茶碗"), true);
  assert.equal(shop.knows("kettle"), false);
  assert.throws(() => shop.knows(10), coded("request/invalid", "String(id)"));
});

test("a stranger gets a full slate of what is popular", async () => {
  const slate = (await fresh()).recommend();
  assert.equal(slate.source, "popular");
  assert.equal(slate.items.length, 12);
  assert.deepEqual(Object.keys(slate.items[0]), ["item", "score"]);
});

test("a click re-ranks, and the slate says why", async () => {
  const shop = await fresh();
  assert.equal(shop.observe("view_item", { item: "kettle-1.7l" }), undefined);
  const slate = shop.recommend({ count: 5, explain: true });
  assert.equal(slate.source, "session");
  assert.equal(slate.items.length, 5);
  assert.ok(!ids(slate).includes("kettle-1.7l"));
  for (const { reasons } of slate.items) {
    const total = reasons.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(total - 1) < 1e-5);
  }
  const viewed = slate.items[0].reasons.find(({ kind }) => kind === "viewed");
  assert.equal(viewed.item, "kettle-1.7l");
  assert.ok(slate.items.every(({ score }, at) => at === 0 || score <= slate.items[at - 1].score));
});

test("every option of a request does what it says", async () => {
  const shop = await fresh();
  observeAll(shop);
  const all = (options) => ids(shop.recommend({ count: 1000, ...options }));
  assert.equal(all().length, 58);
  assert.ok(all({ includeSeen: true }).includes("kettle-1.7l"));
  assert.ok(!all({ includeSeen: true }).includes("mug-enamel"), "it is in the cart");
  assert.equal(all({ includeSeen: true, includeOwned: true }).length, 60);
  assert.ok(!all({ exclude: ["tent-2p", "unknown"] }).includes("tent-2p"));
  assert.equal(all({ placement: "related", item: "tent-2p" }).length, 57);
  assert.equal(all({ placement: "related", item: "unknown" }).length, 58);
  assert.deepEqual(all({ placement: "recently-viewed" }), ["kettle-1.7l"]);
  assert.equal(shop.recommend({ placement: "popular", count: undefined }).items.length, 12);
});

test("unknown items are kept and have no weight", async () => {
  const [one, other] = [await fresh(), await fresh()];
  for (const shop of [one, other]) shop.observe("view_item", { item: "tent-2p", timeMs: 5 });
  one.observe("add_to_cart", { item: "brand-new", timeMs: 6 });
  assert.deepEqual(one.recommend({ explain: true }), other.recommend({ explain: true }));
  assert.equal(one.export().events[1].item, "brand-new");
});

test("export shows everything and forget leaves nothing", async () => {
  const shop = await fresh();
  const empty = shop.export();
  const stranger = shop.recommend({ timeMs: 0 });
  observeAll(shop);
  const state = shop.export();
  assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
  assert.deepEqual(state, {
    version: 2,
    events: [
      { kind: "view_item", item: "kettle-1.7l", timeMs: 1_790_000_000_000, dwellMs: 8200 },
      { kind: "add_to_cart", item: "mug-enamel", timeMs: 1_790_000_001_000 },
      { kind: "search", timeMs: 1_790_000_002_000, query: "teapot" },
      { kind: "view_cart", timeMs: 1_790_000_003_000 },
      { kind: "view_item", item: "never-heard-of", timeMs: 1_790_000_004_000 },
    ],
    cart: [{ item: "mug-enamel", quantity: 1 }],
    bought: [],
    impressions: [],
    taste: [],
    trials: [],
  });
  shop.forget();
  assert.deepEqual(shop.export(), empty);
  const nothing = { version: 2, events: [], cart: [], bought: [], impressions: [], taste: [], trials: [] };
  assert.deepEqual(shop.export(), nothing);
  assert.deepEqual(shop.recommend({ timeMs: 0 }), stranger);
});

test("two shops side by side know nothing of each other", async () => {
  const [one, other] = await Promise.all([fresh(), load(root("tests/golden/wide.mercer"))]);
  one.observe("view_item", { item: "tent-2p" });
  assert.equal(other.export().events.length, 0);
  assert.equal(other.recommend().source, "popular");
  assert.deepEqual([one.info.bits, other.info.bits], [4, 8]);
  one.free();
  assert.equal(other.recommend().items.length, 12);
});

test("the same file, events and clock give the same slate", async () => {
  const slates = [];
  for (const source of [SMALL, smallBytes(), smallBytes().buffer]) {
    const shop = await load(source, { now: clock() });
    observeAll(shop);
    slates.push(shop.recommend({ count: 60, explain: true }));
  }
  assert.deepEqual(slates[1], slates[0]);
  assert.deepEqual(slates[2], slates[0]);
});

test("an event's own time wins over the clock; both may be fractions", async () => {
  const shop = await fresh({ now: () => 1000.6 });
  shop.observe("view_item", { item: "a" });
  shop.observe("view_item", { item: "a", timeMs: 7.2, dwellMs: 1e12 });
  const [first, second] = shop.export().events;
  assert.deepEqual([first.timeMs, second.timeMs, second.dwellMs], [1001, 7, 2 ** 32 - 1]);
});

test("a freed shop says so", async () => {
  const shop = await fresh();
  assert.equal(shop.free(), undefined);
  shop.free();
  const uses = [
    () => shop.knows("a"),
    () => shop.observe("view_cart"),
    () => shop.recommend(),
    () => shop.page([]),
    () => shop.why("a"),
    () => shop.setRules([]),
    () => shop.addItems([]),
    () => shop.updateItems([]),
    () => shop.export(),
    () => shop.forget(),
  ];
  for (const use of uses) assert.throws(use, coded("shop/freed"));
  assert.equal(shop.info.items, 60);
  if (Symbol.dispose) assert.equal(typeof shop[Symbol.dispose], "function");
});

const WRONG_EVENTS = [
  [undefined, {}, "event/unknown-type", "undefined"],
  ["viewed", { item: "a" }, "event/unknown-type", "`viewed`", "view_item_list", "dismiss"],
  ["view_item", undefined, "event/missing-item", "view_item"],
  ["view_item", { item: "" }, "event/missing-item"],
  ["view_item", { item: 12 }, "event/invalid", "`item`", "the number 12", "String(id)"],
  ["view_item", { item: null }, "event/invalid", "`item`", "null"],
  ["view_item", "kettle-1.7l", "event/invalid", "options", '"kettle-1.7l"'],
  ["view_item", { item: "x".repeat(257) }, "event/item-too-long", "256"],
  ["view_item", { item: "é".repeat(129) }, "event/item-too-long"],
  ["view_item", { item: "a", dwellMs: -1 }, "event/invalid", "`dwellMs`", "-1"],
  ["view_item", { item: "a", dwellMs: NaN }, "event/invalid", "NaN"],
  ["view_item", { item: "a", dwellMs: "8" }, "event/invalid", '"8"'],
  ["view_item", { item: "a", timeMs: new Date() }, "event/invalid", "`timeMs`", "Date"],
  ["view_item", { item: "a", timeMs: 1n }, "event/invalid", "bigint"],
  ["view_item", { item: "a", quantity: 0 }, "event/invalid", "`quantity`", "from 1 to 1000000"],
  ["view_item", { item: "a", price: -1 }, "event/invalid", "`price`"],
  ["view_item", { item: "a", amount: 2 }, "event/unknown-option", "`amount`", "dwellMs"],
  ["search", {}, "event/missing-query"],
  ["search", { query: "  " }, "event/missing-query"],
  ["search", { query: ["mug"] }, "event/invalid", "an array"],
];

for (const [kind, options, code, ...parts] of WRONG_EVENTS) {
  test(`observe(${String(kind)}, ${inspect(options)}) is ${code}`, () => {
    assert.throws(() => shop.observe(kind, options), coded(code, ...parts));
    assert.equal(shop.export().events.length, 0, "a refused event leaves no trace");
  });
}

test("a clock that gives no time is named", async () => {
  const broken = await fresh({ now: () => "noon" });
  const said = coded("event/invalid", "now()", '"noon"');
  assert.throws(() => broken.observe("view_cart"), said);
  const stopped = await fresh({ now: () => { throw new Error("the clock stopped"); } });
  assert.throws(() => stopped.observe("view_cart"), coded("event/invalid", "now()", "the clock stopped"));
});

const WRONG_REQUESTS = [
  ["home", "request/invalid", "options"],
  [null, "request/invalid", "null"],
  [[], "request/invalid", "an array"],
  [{ variety: 0.3 }, "request/unknown-option", "`variety`", "placement", "explain"],
  [{ diversity: 30 }, "request/invalid", "`diversity`", "from 0 to 1", "the number 30"],
  [{ exploration: NaN }, "request/invalid", "NaN"],
  [{ device: "fridge" }, "request/invalid", "`device`", "desktop"],
  [{ hour: 24 }, "request/invalid", "`hour`", "from 0 to 23"],
  [{ weekday: -1 }, "request/invalid", "Monday"],
  [{ items: Array(10_001).fill("a") }, "request/invalid", "`items`", "10000"],
  [{ item: "x".repeat(10_000) }, "request/invalid", "`item`", "256 bytes"],
  [{ filter: "brand" }, "request/invalid", "`filter`", "an object"],
  [{ filter: { price: { atLeast: "much" } } }, "filter/invalid", "filter.price.atLeast"],
  [{ filter: { where: () => true } }, "request/invalid", "`filter`", "a function"],
  [{ toString: 1 }, "request/unknown-option", "`toString`"],
  [{ placement: "checkout" }, "request/unknown-placement", "recently-viewed"],
  [{ placement: 1 }, "request/invalid", "`placement`"],
  [{ item: 7 }, "request/invalid", "`item`", "String(id)"],
  [{ exclude: [, "a"] }, "request/invalid", "`exclude`", "an array of strings"],
  [{ count: 0 }, "request/invalid", "1 to 1000"],
  [{ count: 1001 }, "request/invalid", "1001"],
  [{ count: 2.5 }, "request/invalid", "2.5"],
  [{ count: "12" }, "request/invalid", '"12"'],
  [{ includeSeen: 1 }, "request/invalid", "`includeSeen`", "true or false"],
  [{ includeOwned: "no" }, "request/invalid", "`includeOwned`"],
  [{ exclude: "a" }, "request/invalid", "`exclude`", "an array of strings"],
  [{ exclude: [1] }, "request/invalid", "`exclude`"],
  [{ explain: () => true }, "request/invalid", "a function"],
];

for (const [options, code, ...parts] of WRONG_REQUESTS) {
  test(`recommend(${inspect(options)}) is ${code}`, () => {
    assert.throws(() => shop.recommend(options), coded(code, ...parts));
    assert.equal(shop.recommend().items.length, 12, "and the shop goes on");
  });
}

test("every code the types know is explained in the documentation", () => {
  const types = readFileSync(root("pkg/index.d.ts"), "utf8");
  const codes = types.match(/(?<=^ {2}\| ")[a-z]+\/[a-z-]+(?=")/gm);
  assert.ok(codes.length > 30, `${codes.length} codes`);
  const page = readFileSync(root("docs/js-api.md"), "utf8");
  assert.deepEqual(codes.filter((code) => !page.includes(`\`${code}\``)), []);
});

function inspect(value) {
  const text = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part));
  return text?.slice(0, 60);
}
