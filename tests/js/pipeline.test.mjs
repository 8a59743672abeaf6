// What a shop asks for beside a slate: pages, rules, filters, traces, why not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf, contextOf } from "../../pkg/shop/moment.js";
import { load } from "../../pkg/node.js";
import { clock, coded, root } from "./support.mjs";

/** A shop with categories, brands and prices. */
const fresh = () => load(root("tests/golden/shop.mercer"), { now: clock() });
const ids = ({ items }) => items.map(({ item }) => item);

test("no product stands in two units of a page", async () => {
  const shop = await fresh();
  shop.observe("view_item", { item: "tent-2p" });
  const slates = shop.page([{ count: 5 }, { placement: "popular", count: 5 }, { placement: "trending", count: 5 }]);
  const all = slates.flatMap(ids);
  assert.equal(all.length, 15);
  assert.equal(new Set(all).size, 15);
  assert.deepEqual(slates[0], shop.recommend({ count: 5 }));
  assert.deepEqual(shop.page([]), []);
});

test("a filter holds for every product, and one that nothing meets says so", async () => {
  const shop = await fresh();
  const { items, short } = shop.recommend({ filter: { brand: "Hario" }, count: 1000, includeSeen: true });
  assert.equal(short, "filter");
  for (const { item } of items) {
    const alone = shop.recommend({ placement: "search", items: [item], filter: { brand: { not: "Hario" } } });
    assert.deepEqual(alone.items, [], item);
  }
  assert.deepEqual(shop.recommend({ filter: { colour: "blue" } }).items, []);
});

test("rules are obeyed, named among the reasons, noted, and taken away", async () => {
  const shop = await fresh();
  const before = shop.recommend({ count: 60, timeMs: 0 });
  assert.deepEqual(shop.setRules([{ kind: "boost", name: "Ours", where: { brand: "acme" }, by: 9 }]), []);
  const boosted = shop.recommend({ count: 3, explain: true, timeMs: 0 });
  const [{ reasons }] = boosted.items;
  const { rule, name } = reasons.find(({ kind }) => kind === "rule");
  assert.deepEqual([rule, name], [0, "Ours"]);
  const [note] = shop.setRules([{ kind: "exclude", where: { brand: "Nobody" } }]);
  assert.equal(note.code, "rules/no-term");
  assert.match(note.message, /^rules\[0\]\.where\.brand/);
  assert.deepEqual(shop.recommend({ count: 60, timeMs: 0 }), before);
});

test("a rule set that is refused names the place, and the rules before it stay", async () => {
  const shop = await fresh();
  shop.setRules([{ kind: "exclude", where: { brand: ["acme", "Hario", "Ünal"] } }]);
  const kept = shop.recommend({ timeMs: 0 });
  const wrong = [{ kind: "exclude", where: { price: { atLeast: "much" } } }];
  assert.throws(() => shop.setRules(wrong), coded("rules/invalid", "rules[0].where.price.atLeast"));
  assert.throws(() => shop.setRules([{ kind: "hide" }]), coded("rules/unknown", "rules[0].kind", "exclude"));
  assert.throws(() => shop.setRules(), coded("rules/invalid"));
  assert.deepEqual(shop.recommend({ timeMs: 0 }), kept);
});

test("a trace tells of every stage and changes nothing", async () => {
  const shop = await fresh();
  shop.observe("view_item", { item: "tent-2p" });
  const request = { count: 4, exclude: ["mug-enamel"], timeMs: 5 };
  const { trace, ...slate } = shop.recommend({ ...request, trace: true });
  assert.deepEqual(slate, shop.recommend(request));
  const stages = trace.stages.map(({ stage }) => stage);
  assert.equal(stages[0], "session");
  assert.equal(stages.at(-1), "placed");
  assert.equal(trace.stages.at(-1).items, 4);
  for (const { ms } of trace.stages) assert.ok(ms >= 0);
  assert.deepEqual(trace.closed.find(({ cause }) => cause === "excluded"), { cause: "excluded", items: 1 });
  const [page] = shop.page([{ ...request, trace: true }]);
  assert.equal(page.trace.stages.length, trace.stages.length);
});

test("why, and why not", async () => {
  const shop = await fresh();
  shop.observe("view_item", { item: "kettle-1.7l" });
  const request = { count: 4, timeMs: 5 };
  const [first] = ids(shop.recommend(request));
  assert.deepEqual(shop.why(first, request), { why: "shown", place: 1 });
  assert.deepEqual(shop.why("never-heard-of", request), { why: "unknown" });
  const closed = shop.why(first, { ...request, exclude: [first] });
  assert.deepEqual(closed, { why: "closed", cause: "excluded" });
  const shown = ids(shop.recommend(request));
  const below = ids(shop.recommend({ ...request, count: 30 })).find((item) => !shown.includes(item));
  const { why, rank, score } = shop.why(below, request);
  assert.equal(why, "below");
  assert.ok(rank > 4 && Number.isFinite(score));
});

test("the moment is the shopper's own clock unless the caller says", () => {
  const noon = new Date(2026, 11, 6, 12, 30); // a Sunday
  const { hour, weekday, month } = contextOf(noon.getTime());
  assert.deepEqual([hour, weekday, month], [12, 6, 11]);
  assert.deepEqual(contextOf(0), { device: null });
  assert.deepEqual(contextOf(8.65e15), { device: null });
});

test("the device is what the browser says, and nothing where it says nothing", () => {
  const coarse = (matches) => () => ({ matches });
  const phone = { width: 900, height: 400 };
  const tablet = { width: 800, height: 1200 };
  assert.equal(deviceOf({}), null);
  assert.equal(deviceOf({ navigator: { userAgentData: { mobile: true } } }), "phone");
  assert.equal(deviceOf({ matchMedia: coarse(false), screen: phone }), "desktop");
  assert.equal(deviceOf({ matchMedia: coarse(true), screen: phone }), "phone");
  assert.equal(deviceOf({ matchMedia: coarse(true), screen: tablet }), "tablet");
  const broken = () => { throw new Error("refused"); };
  assert.equal(deviceOf({ matchMedia: broken, screen: phone }), null);
});

test("a product the model has never seen can be added, ranked, changed and filtered", async () => {
  const shop = await fresh();
  const added = { item: "NEW-1", title: "Enamel mug", category: "Kitchen > 0", brand: "acme", price: 14 };
  assert.equal(shop.knows("NEW-1"), false);
  assert.equal(shop.addItems([added]), undefined);
  assert.equal(shop.knows("NEW-1"), true);
  const found = (filter) =>
    ids(shop.recommend({ placement: "search", items: ["NEW-1"], filter })).includes("NEW-1");
  assert.ok(found({ brand: "acme", maxPrice: 14 }));
  shop.updateItems([{ item: "NEW-1", price: 20 }]);
  assert.ok(!found({ maxPrice: 14 }));
  assert.ok(found({ category: "Kitchen", minPrice: 20 }));
  shop.updateItems([{ item: "NEW-1", availability: "out_of_stock" }]);
  const { why, cause } = shop.why("NEW-1", { count: 60 });
  assert.deepEqual([why, cause], ["closed", "stock"]);
});

test("a product that is refused is named by its place, and none of its list is taken", async () => {
  const shop = await fresh();
  const refused = (call, code, ...parts) => assert.throws(call, coded(code, ...parts));
  refused(() => shop.addItems([{ item: "A-1" }, { title: "B" }]), "items/invalid", "products[1]", "`item`");
  const long = "x".repeat(300);
  refused(() => shop.addItems([{ item: "A-1" }, { item: long }]), "items/invalid", "products[1]");
  assert.equal(shop.knows("A-1"), false);
  const half = [{ item: "tent-2p", availability: "out_of_stock" }, { item: "gone", price: 1 }];
  refused(() => shop.updateItems(half), "items/unknown", "products[1]");
  assert.equal(shop.why("tent-2p", { count: 60 }).why, "shown");
  refused(() => shop.addItems({ item: "A-1" }), "items/invalid", "a list");
});
