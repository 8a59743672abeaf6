// No public call poisons the package: calls in any order, now and then with whatever comes to hand,
// are taken or refused with a known code; the engine never stops, and afterwards everything is as if
// only what was taken had been said. `tests/any_call.rs` says the same of the engine alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MercerError, load } from "../../pkg/node.js";
import { clock, root } from "./support.mjs";

const MODELS = ["blend", "fold-in", "lists", "shop", "wide", "words"];
const N_CALLS = 400;

/** Chance from a seed alone (mulberry32). */
function chance(seed) {
  let state = seed;
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const of = (list) => list[Math.floor(unit() * list.length)];
  const many = (most, one) => Array.from({ length: Math.floor(unit() * (most + 1)) }, one);
  return { unit, of, many };
}

const circle = {};
circle.all = [circle];
const throwing = { get item() { throw new Error("the page threw"); } };
const WILD = [
  undefined, null, true, -0, -1, 0.5, 1e300, -1e300, NaN, Infinity, 2 ** 53, 10n, Symbol("a"), () => 1,
  "", "x".repeat(10_000), "\ud800", [], [null], {}, { a: 1 }, circle, throwing, new Map(), new Date(NaN),
];
const IDS = ["tent-2p", "kettle-1.7l", "boot-42", "NEW-1", "NEW-2", "nowhere", "日本茶碗", "9"];
const WORDS = ["mug", "Hario", "acme", "Kitchen > 1", "out_of_stock", "low_stock", "", "a\0b"];
const EVENTS = [
  "view_item_list", "select_item", "view_item", "add_to_wishlist", "add_to_cart", "remove_from_cart",
  "view_cart", "begin_checkout", "purchase", "search", "dismiss",
];
const PLACEMENTS = [
  "home", "related", "bought-together", "cart", "more-like-this", "trending", "popular",
  "recently-viewed", "search",
];
const KINDS = {
  include: ["where"], exclude: ["where"], stock: ["outOfStock", "lowStock", "by"], variants: ["show"],
  boost: ["where", "by"], bury: ["where", "by"], fresh: ["by", "halfLifeDays"], pin: ["items", "at"],
  promote: ["where", "share"], limit: ["field", "most", "level"], minimum: ["below"],
};

/** What the calls are made of. */
function sayings(seed) {
  const { unit, of, many } = chance(seed);
  const fields = (all) => {
    const kept = Object.entries(all).filter(([, { always }]) => always || unit() < 0.4);
    const said = Object.fromEntries(kept.map(([name, { say }]) => [name, say()]));
    if (kept.length > 0 && unit() < 0.1) said[of(kept)[0]] = of(WILD);
    return said;
  };
  const may = (say) => ({ say });
  const always = (say) => ({ say, always: true });
  const id = () => of(IDS);
  const word = () => of(WORDS);
  const number = () => of([0, 4.5, 20, 1e-40, 1e11, -3]);
  const whole = (below) => () => Math.floor(unit() * below);
  const time = () => of([0, 1.79e12, 1.79e12 - 9e9, 1.79e12 + 9e9, 8.64e15, 1]) + whole(200)();
  const condition = (depth) => fields({
    brand: may(word),
    colour: may(() => many(3, word)),
    price: may(() => fields({ atLeast: may(number), atMost: may(number), within: may(() => many(3, number)) })),
    category: may(() => ({ same: true, levels: 1 })),
    ...(depth > 0 && {
      any: may(() => many(3, () => condition(depth - 1))),
      not: may(() => condition(depth - 1)),
    }),
  });
  const event = () => fields({
    item: always(id), query: may(word), dwellMs: may(whole(100_000)), quantity: may(whole(5)),
    price: may(number), timeMs: may(time),
  });
  const request = () => fields({
    placement: may(() => of(PLACEMENTS)), item: may(id), context: may(() => many(6, id)),
    items: may(() => many(6, id)), exclude: may(() => many(6, id)), query: may(word),
    count: may(whole(70)), filter: may(() => condition(3)), diversity: may(unit), rotation: may(unit),
    exploration: may(unit), seed: may(whole(99)), includeSeen: may(() => true),
    explain: may(() => true), trace: may(() => true), timeMs: may(time), hour: may(whole(25)),
    landing: may(() => "Outdoor"), device: may(() => of(["phone", "fridge"])),
  });
  const product = () => fields({
    item: always(id), title: may(word), brand: may(word), category: may(word), group: may(word),
    availability: may(word), price: may(number), added: may(() => "2026-09-21"),
    embedding: may(() => many(5, number)),
  });
  const rule = () => {
    const kind = of(Object.keys(KINDS));
    const value = {
      where: () => condition(3), items: () => many(4, id), field: () => of(["brand", "category", "none"]),
      show: () => of(["collapse", "all"]), outOfStock: () => of(["show", "bury"]),
      lowStock: () => of(["bury", "exclude"]), at: whole(9), most: whole(9), level: whole(4),
      halfLifeDays: whole(30), share: unit, by: unit, below: unit,
    };
    const own = KINDS[kind].map((name) => [name, may(value[name])]);
    return fields({ kind: always(() => kind), ...Object.fromEntries(own), from: may(time) });
  };
  return { unit, of, many, id, event, request, product, rule };
}

const CODES = new Set(
  readFileSync(root("pkg/index.d.ts"), "utf8").match(/(?<=^ {2}\| ")[a-z]+\/[a-z-]+(?=")/gm),
);

/** Whether a call was taken; what it throws must be a refusal with a known code. */
function isTaken(call) {
  try {
    call();
    return true;
  } catch (error) {
    assert.ok(error instanceof MercerError, error?.stack ?? String(error));
    assert.ok(CODES.has(error.code) && error.code !== "shop/stopped", `${error.code}: ${error.message}`);
    return false;
  }
}

function check({ items, short }) {
  assert.equal(new Set(items.map(({ item }) => item)).size, items.length, "a product twice");
  assert.ok(items.every(({ score }) => Number.isFinite(score)));
  assert.ok(short || items.length > 0, "an empty slate says why");
}

/** Makes a call, and notes products that were taken. */
function call(shop, say, taken) {
  const known = say.many(3, say.product);
  const live = (name) => () => {
    const before = copied(known);
    shop[name](known);
    taken.push([name, before]);
  };
  const calls = [
    [8, () => shop.observe(say.of(EVENTS), say.event())],
    [6, () => check(shop.recommend(say.request()))],
    [1, () => shop.page(say.many(4, say.request)).forEach(check)],
    [1, () => shop.why(say.id(), say.request())],
    [2, () => shop.setRules(say.many(5, say.rule))],
    [1, live("addItems")],
    [1, live("updateItems")],
    [1, () => shop.knows(say.of(WILD))],
    [1, () => shop.forget()],
  ];
  return isTaken(say.of(calls.flatMap(([times, one]) => Array(times).fill(one))));
}

/** A copy of what may be taken; what cannot be copied is refused anyway. */
function copied(value) {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

const answers = (shop) => {
  shop.forget();
  shop.setRules([]);
  for (const item of ["NEW-1", "tent-2p"]) shop.observe("view_item", { item, timeMs: 5 });
  const ask = (placement) => shop.recommend({ placement, item: "kettle-1.7l", count: 70, timeMs: 6 });
  return PLACEMENTS.map(ask);
};

for (const [seed, name] of MODELS.entries()) {
  test(`${N_CALLS} calls of any kind leave ${name}.mercer as it was`, async () => {
    const open = () => load(root(`tests/golden/${name}.mercer`), { now: clock() });
    const shop = await open();
    const [say, taken] = [sayings(seed), []];
    let n = 0;
    for (let turn = 0; turn < N_CALLS; turn += 1) {
      n += call(shop, say, taken) ? 1 : 0;
      assert.ok(JSON.stringify(shop.export()).length <= 8000);
    }
    assert.ok(n > N_CALLS / 2 && n < N_CALLS, `${n} of ${N_CALLS} were taken`);
    const other = await open();
    for (const [change, products] of taken) other[change](products);
    assert.deepStrictEqual(answers(shop), answers(other));
  });
}
