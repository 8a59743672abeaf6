// Reasons in words: every kind has a phrase, titles are never markup, and what is missing gives
// way to a phrase that does without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGLISH, load, phrase } from "../../pkg/node.js";
import { SMALL, clock, coded } from "./support.mjs";

const titles = { "mug-enamel": "Enamel mug" };
const KINDS = [
  ...["viewed", "in-cart", "bought", "wished", "together", "taste", "affinity", "query"],
  ...["returning", "popular", "trending", "context", "dislike", "listed", "rotation", "new", "rule"],
];

test("every kind of reason has a phrase, whatever is known", () => {
  for (const kind of KINDS) {
    const said = phrase({ kind, share: 1 });
    assert.ok(said.length > 3 && !/[{}]|undefined|null/.test(said), `${kind}: ${said}`);
  }
});

test("a phrase has the words of its reason", () => {
  const viewed = { kind: "viewed", item: "mug-enamel", share: 1 };
  assert.equal(phrase(viewed, { titles }), "Because you viewed Enamel mug");
  assert.equal(phrase(viewed, { titles: new Map(Object.entries(titles)) }), phrase(viewed, { titles }));
  assert.equal(phrase(viewed, { titles: (id) => titles[id] }), phrase(viewed, { titles }));
  assert.equal(phrase(viewed), "Because of what you viewed");
  assert.equal(phrase({ ...viewed, item: "constructor" }, { titles }), "Because of what you viewed");
  const brand = { kind: "affinity", field: "brand", value: "Acme", share: 1 };
  assert.equal(phrase(brand), "More from Acme");
  const category = { kind: "affinity", field: "category", value: "Shoes > Boots", share: 1 };
  assert.equal(phrase(category), "More in Boots");
  assert.equal(phrase({ kind: "affinity", field: "colour", value: "red", share: 1 }), "red, like what you are looking at");
  assert.equal(phrase({ kind: "rule", rule: 0, name: "Summer sale", share: 1 }), "Summer sale");
  assert.equal(phrase({ kind: "rule", rule: 0, share: 1 }), "Picked by the shop");
});

test("the shop's own templates come first, key by key", () => {
  const templates = { viewed: "Weil Sie {title} angesehen haben", "affinity:brand": "Mehr von {value}" };
  const viewed = { kind: "viewed", item: "mug-enamel", share: 1 };
  assert.equal(phrase(viewed, { titles, templates }), "Weil Sie Enamel mug angesehen haben");
  assert.equal(phrase(viewed, { templates }), ENGLISH["viewed:plain"]);
  assert.equal(phrase({ kind: "popular", share: 1 }, { templates }), ENGLISH.popular);
});

test("titles go in as they are, dollar signs, braces and markup too", () => {
  const odd = "<b>$& {title}</b>";
  const viewed = { kind: "viewed", item: "x", share: 1 };
  assert.equal(phrase(viewed, { titles: { x: odd } }), `Because you viewed ${odd}`);
});

test("a kind of a newer engine has no phrase", () => {
  assert.equal(phrase({ kind: "telepathy", share: 1 }), "");
});

test("what is no reason, no titles or no template is refused", () => {
  for (const reason of [undefined, null, {}, { kind: 3 }]) {
    assert.throws(() => phrase(reason), coded("phrase/invalid", "reason"));
  }
  const popular = { kind: "popular", share: 1 };
  assert.throws(() => phrase(popular, null), coded("phrase/invalid", "options"));
  assert.throws(() => phrase(popular, { titles: 3 }), coded("phrase/invalid", "titles"));
  assert.throws(() => phrase(popular, { templates: "x" }), coded("phrase/invalid", "templates"));
  assert.throws(() => phrase(popular, { templates: { popular: 7 } }), coded("phrase/invalid", "popular"));
});

test("a slate tells its stages with times, and why an item is in it or not", async () => {
  const shop = await load(SMALL, { now: clock() });
  shop.observe("view_item", { item: "kettle-1.7l" });
  const { items, trace } = shop.recommend({ count: 5, explain: true, trace: true });
  assert.deepEqual(
    trace.stages.map(({ stage }) => stage).filter((stage, at, all) => all.indexOf(stage) === at),
    ["session", "eligible", "candidates", "ranked", "arranged", "placed"],
  );
  assert.ok(trace.stages.every(({ items, ms }) => Number.isInteger(items) && ms >= 0));
  assert.deepEqual(trace.closed, [{ cause: "seen", items: 1 }]);
  assert.ok(items.every(({ reasons }) => phrase(reasons[0], { titles }).length > 0));
  assert.deepEqual(shop.why(items[2].item, { count: 5 }), { why: "shown", place: 3 });
  assert.deepEqual(shop.why("kettle-1.7l", { count: 5 }), { why: "closed", cause: "seen" });
  assert.deepEqual(shop.why("no-such-product"), { why: "unknown" });
  const next = shop.recommend({ count: 6 }).items[5];
  const below = shop.why(next.item, { count: 5 });
  assert.equal(below.why, "below");
  assert.equal(below.rank, 6);
  assert.equal(below.score, next.score);
  assert.ok(Math.abs(below.lacks - (items[4].score - next.score)) < 1e-5);
  assert.equal(shop.recommend({ count: 5 }).trace, undefined);
});
