// Every field of every call with every kind of bad value: a MercerError with a code the types
// know, or a value the documentation allows; and the shop goes on as if nothing had been said.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MercerError, load } from "../../pkg/node.js";
import { SMALL, clock, root } from "./support.mjs";

const CODES = new Set(
  readFileSync(root("pkg/index.d.ts"), "utf8").match(/(?<=^ {2}\| ")[a-z]+\/[a-z-]+(?=")/gm),
);

const cyclic = { where: {} };
cyclic.where.where = cyclic;
const throws = () => {
  throw new Error("the page threw");
};
const nested = (depth) => (depth === 0 ? 1 : [nested(depth - 1)]);
const holes = [];
holes.length = 4_000_000_000;

// What a page may hand over by mistake, or by malice.
const VALUES = {
  undefined: undefined,
  null: null,
  true: true,
  zero: 0,
  "minus zero": -0,
  one: 1,
  half: 0.5,
  "two and a half": 2.5,
  "minus one": -1,
  thousand: 1000,
  "thousand and one": 1001,
  "2 to the 32": 2 ** 32,
  "2 to the 53": 2 ** 53,
  "1e300": 1e300,
  NaN: NaN,
  infinity: Infinity,
  "minus infinity": -Infinity,
  "big integer": 10n,
  symbol: Symbol("a"),
  function: () => 1,
  "empty text": "",
  text: "tent-2p",
  "number as text": "12",
  "10 kB of text": "x".repeat(10_000),
  "10 MB of text": "é".repeat(10_000_000),
  "half a character": "\ud800",
  "zero character": "a\0b",
  "empty list": [],
  "list of texts": ["tent-2p", "unknown"],
  "list of numbers": [1, 2],
  "list with null": [null],
  "list with a hole": [, "a"],
  "list of holes": holes,
  "list of 10001": Array(10_001).fill("a"),
  "list that throws": new Proxy(["a"], { get: throws, ownKeys: throws }),
  "empty object": {},
  object: { a: 1 },
  "object that throws": { get item() { return throws(); } },
  "proxy that throws": new Proxy({}, { get: throws, ownKeys: throws, getPrototypeOf: throws }),
  "revoked proxy": (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })(),
  "text that throws": { toString: throws, [Symbol.toPrimitive]: throws },
  "contains itself": cyclic,
  "nested a thousand deep": nested(1000),
  "million values": Array(1_000_001).fill(0),
  date: new Date(0),
  "no date": new Date(NaN),
  map: new Map([["a", 1]]),
  bytes: new Uint8Array(4),
  "number object": Object(4),
};

const isText = (value) => typeof value === "string";
const isFlag = (value) => typeof value === "boolean";
const isWhole = (least, most) => (value) => Number.isInteger(value) && value >= least && value <= most;
const isLevel = (value) => Number.isFinite(value) && value >= 0 && value <= 1;
const isId = (value) => isText(value) && new TextEncoder().encode(value).length <= 256;
const isIds = (value) =>
  Array.isArray(value) && value.length <= 10_000 && Array.from(value).every(isId);
const isTime = (value) => Number.isFinite(value) && value >= 0;
const orNull = (fits) => (value) => value === null || fits(value);

// What docs/js-api.md allows, said once more.
const EVENT = {
  item: (value) => isId(value) && value !== "",
  dwellMs: isTime,
  query: isText,
  quantity: isWhole(1, 1_000_000),
  price: (value) => Number.isFinite(value) && value >= 0 && value <= 1e12,
  timeMs: isTime,
};
const REQUEST = {
  item: isId,
  context: isIds,
  items: isIds,
  query: isText,
  count: isWhole(1, 1000),
  includeSeen: isFlag,
  includeOwned: isFlag,
  exclude: isIds,
  diversity: isLevel,
  rotation: isLevel,
  exploration: isLevel,
  seed: isWhole(0, Number.MAX_SAFE_INTEGER),
  explain: isFlag,
  trace: isFlag,
  device: orNull((value) => ["phone", "tablet", "desktop"].includes(value)),
  timeMs: isTime,
  hour: orNull(isWhole(0, 23)),
  weekday: orNull(isWhole(0, 6)),
  month: orNull(isWhole(0, 11)),
  landing: isText,
};

/** Whether the documentation allows a value; one that throws when it is read is not allowed. */
const allowed = (fits, value) => {
  try {
    return fits(value);
  } catch {
    return false;
  }
};

/** What a call gave: nothing, or the code of its MercerError. */
function attempt(name, action) {
  try {
    action();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MercerError, `${name}: ${error?.stack ?? String(error)}`);
    assert.ok(CODES.has(error.code), `${name}: \`${error.code}\` is no known code`);
    assert.notEqual(error.code, "internal", `${name}: ${error.message}`);
    assert.ok(error.message.length < 1000, `${name}: ${error.message.length} characters`);
    return error.code;
  }
}

const fresh = () => load(SMALL, { now: clock() });

/** Whether a shop still answers as one that was never asked anything bad. */
async function assertWell(shop) {
  const other = await fresh();
  for (const one of [shop, other]) one.forget();
  for (const one of [shop, other]) one.observe("view_item", { item: "tent-2p", timeMs: 5 });
  assert.deepEqual(shop.recommend({ explain: true }), other.recommend({ explain: true }));
}

test("the types know the codes", () => assert.ok(CODES.size > 30));

for (const [field, fits] of Object.entries(EVENT)) {
  test(`observe: any \`${field}\``, async () => {
    const shop = await fresh();
    for (const [name, value] of Object.entries(VALUES)) {
      const before = shop.export();
      const code = attempt(name, () => shop.observe("view_item", { item: "tent-2p", [field]: value }));
      const isFine = value === undefined ? field !== "item" : allowed(fits, value);
      assert.equal(code === undefined, isFine, `${name}: ${code}`);
      if (code) {
        assert.match(code, /^event\//, name);
        assert.deepEqual(shop.export(), before, `${name}: a refused event leaves no trace`);
      }
    }
    await assertWell(shop);
  });
}

for (const call of ["recommend", "page", "why"]) {
  const run = {
    recommend: (shop, options) => shop.recommend(options),
    page: (shop, options) => shop.page([{}, options]),
    why: (shop, options) => shop.why("tent-2p", options),
  }[call];
  test(`${call}: any value of any field`, async () => {
    const shop = await fresh();
    shop.observe("view_item", { item: "kettle-1.7l" });
    for (const [field, fits] of Object.entries(REQUEST)) {
      for (const [name, value] of Object.entries(VALUES)) {
        const code = attempt(`${field}, ${name}`, () => run(shop, { [field]: value }));
        const isFine = value === undefined || allowed(fits, value);
        assert.equal(code === undefined, isFine, `${field}, ${name}: ${code}`);
        if (code) assert.match(code, /^request\//, name);
      }
    }
    await assertWell(shop);
  });
}

const ARGUMENTS = {
  "the type of `observe`": (shop, value) => shop.observe(value, { item: "tent-2p" }),
  "the options of `observe`": (shop, value) => shop.observe("view_cart", value),
  "the options of `recommend`": (shop, value) => shop.recommend(value),
  "the placement of `recommend`": (shop, value) => shop.recommend({ placement: value }),
  "the filter of `recommend`": (shop, value) => shop.recommend({ filter: value }),
  "the units of `page`": (shop, value) => shop.page(value),
  "a unit of `page`": (shop, value) => shop.page([value]),
  "the item of `why`": (shop, value) => shop.why(value),
  "the options of `why`": (shop, value) => shop.why("tent-2p", value),
  "the item of `knows`": (shop, value) => shop.knows(value),
  "the rules of `setRules`": (shop, value) => shop.setRules(value),
  "the products of `addItems`": (shop, value) => shop.addItems(value),
  "a product of `addItems`": (shop, value) => shop.addItems([value]),
  "the changes of `updateItems`": (shop, value) => shop.updateItems(value),
  "a change of `updateItems`": (shop, value) => shop.updateItems([value]),
};
for (const field of ["item", "title", "category", "brand", "price", "availability", "group", "added", "embedding", "colour"]) {
  ARGUMENTS[`the \`${field}\` of a product`] = (shop, value) => shop.addItems([{ item: "new", [field]: value }]);
  ARGUMENTS[`the \`${field}\` of a change`] = (shop, value) => shop.updateItems([{ item: "tent-2p", [field]: value }]);
}

for (const [what, run] of Object.entries(ARGUMENTS)) {
  test(`any value as ${what}`, async () => {
    const shop = await fresh();
    for (const [name, value] of Object.entries(VALUES)) {
      attempt(name, () => run(shop, value));
      assert.ok(shop.recommend().items.length > 0, `${name}: and the shop goes on`);
    }
  });
}

test("getters that throw, and those that call the shop, end with an error or an answer", async () => {
  const shop = await fresh();
  const said = attempt("throwing", () => shop.recommend({ get count() { return throws(); } }));
  assert.equal(said, "request/invalid");
  const again = { get count() { return shop.recommend().items.length; } };
  assert.equal(shop.recommend(again).items.length, 12);
  const busy = { get item() { shop.observe("view_item", { item: "kettle-1.7l" }); return "tent-2p"; } };
  shop.observe("view_item", busy);
  assert.deepEqual(shop.export().events.map(({ item }) => item), ["kettle-1.7l", "tent-2p"]);
  await assertWell(shop);
});

test("a million events, times that go backwards", async () => {
  const shop = await fresh();
  const kinds = ["view_item", "view_item_list", "add_to_cart", "remove_from_cart", "purchase", "dismiss"];
  const known = ["tent-2p", "kettle-1.7l", "unknown", "日本茶碗"];
  for (let n = 0; n < 1_000_000; n += 1) {
    shop.observe(kinds[n % kinds.length], { item: known[n % known.length], timeMs: 1e12 - n });
  }
  assert.ok(JSON.stringify(shop.export()).length <= 8000);
  assert.equal(shop.recommend({ count: 4 }).items.length, 4);
  await assertWell(shop);
});
