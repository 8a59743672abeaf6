// Several tabs share what the device holds: none loses an event, and what one forgets is forgotten.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { load } from "../../pkg/node.js";
import { SMALL, coded } from "./support.mjs";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The storage of an origin. Each tab sees its own writes at once, and those of others later. */
class Origin {
  operations = [];

  tab() {
    return new TabStorage(this);
  }

  /** What is stored once every tab has seen everything. */
  get settled() {
    const tab = this.tab();
    tab.see(Infinity);
    return tab.entries;
  }
}

class TabStorage {
  entries = new Map();
  #origin;
  #seen = 0;

  constructor(origin) {
    this.#origin = origin;
  }

  /** Takes in up to so many operations of the origin; answers the keys. */
  see(count) {
    const { operations } = this.#origin;
    const until = Math.min(operations.length, this.#seen + count);
    const keys = [];
    for (; this.#seen < until; this.#seen += 1) {
      const { tab, key, text } = operations[this.#seen];
      // What the tab itself wrote later stands.
      const isOverwritten = operations.slice(this.#seen).some((own) => own.tab === this && own.key === key);
      if (tab === this || isOverwritten) continue;
      this.#apply(key, text);
      keys.push(key);
    }
    return keys;
  }

  #apply(key, text) {
    if (text === undefined) this.entries.delete(key);
    else this.entries.set(key, text);
  }

  #write(key, text) {
    this.#apply(key, text);
    this.#origin.operations.push({ tab: this, key, text });
  }

  get length() {
    return this.entries.size;
  }

  key(ix) {
    return [...this.entries.keys()][ix] ?? null;
  }

  getItem(key) {
    return this.entries.get(key) ?? null;
  }

  setItem(key, text) {
    this.#write(key, text);
  }

  removeItem(key) {
    if (this.entries.has(key)) this.#write(key, undefined);
  }
}

/** A tab with a shop in it. Node has no page, so its events are given to what listens. */
async function openTab(origin, options) {
  const area = origin.tab();
  area.see(Infinity);
  const listeners = new Map();
  everyTabs.push(listeners);
  const define = (name, value) => Object.defineProperty(globalThis, name, { configurable: true, value });
  define("localStorage", area);
  define("addEventListener", (name, listener) => listeners.set(name, listener));
  define("removeEventListener", (name, listener) => {
    for (const tabs of everyTabs) if (tabs.get(name) === listener) tabs.delete(name);
  });
  const shop = await load(SMALL, { storage: "device", ...options });
  const see = (count = Infinity) => {
    for (const key of area.see(count)) listeners.get("storage")?.({ key });
  };
  return { shop, area, see, wake: () => listeners.get("pageshow")?.({ persisted: true }), listeners };
}

const everyTabs = [];
const opened = [];
async function tabs(count, options) {
  const origin = new Origin();
  const all = [];
  for (let n = 0; n < count; n += 1) all.push(await openTab(origin, options));
  opened.push(...all);
  return { origin, all };
}

afterEach(() => {
  for (const { shop } of opened.splice(0)) shop.free();
  for (const name of ["localStorage", "addEventListener", "removeEventListener"]) delete globalThis[name];
});

const items = (shop) => shop.export().events.map(({ item }) => item);
const view = (shop, item) => shop.observe("view_item", { item });

/** Small, and the same every time. */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("two tabs that observe at the same moment both keep their events", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  view(a.shop, "tent-1p");
  view(b.shop, "tent-2p");
  await turn();
  a.see();
  b.see();
  assert.deepEqual(items(a.shop).sort(), ["tent-1p", "tent-2p"]);
  assert.deepEqual(a.shop.export(), b.shop.export(), "and in one order");
  const next = await openTab(origin);
  assert.deepEqual(next.shop.export(), a.shop.export());
  next.shop.free();
});

test("what one tab put into the cart is in the other's, at once", async () => {
  const { all: [a, b] } = await tabs(2);
  a.shop.observe("add_to_cart", { item: "tent-1p" });
  await turn();
  b.see();
  assert.ok(b.shop.recommend({ count: 60 }).items.every(({ item }) => item !== "tent-1p"));
  b.shop.observe("remove_from_cart", { item: "tent-1p" });
  await turn();
  a.see();
  assert.deepEqual(a.shop.export().cart, []);
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`no event is lost and none counts twice, whoever hears of what when (${seed})`, async (t) => {
    let now = 1_790_000_000_000;
    t.mock.method(Date, "now", () => now);
    const random = generator(seed);
    const { origin, all } = await tabs(5);
    const expected = [];
    for (let n = 0; n < 48; n += 1) {
      const tab = all[random(all.length)];
      const item = `${n}`;
      // A count in the cart tells twice from once.
      tab.shop.observe("add_to_cart", { item });
      expected.push(item);
      await turn();
      // Others hear within ten seconds, most of them at once.
      for (const other of all) if (random(3) > 0) other.see(1 + random(4));
      now += random(400);
      if (random(12) === 0) {
        for (const other of all) other.see();
        now += 11_000;
      }
      if (random(25) === 0) {
        const at = random(all.length);
        all[at].shop.free();
        all[at] = await openTab(origin);
        opened.push(all[at]);
      }
    }
    for (const tab of all) tab.see();
    const stored = all.map(({ shop }) => shop.export());
    for (const state of stored) assert.deepEqual(state, stored[0]);
    const next = await openTab(origin);
    opened.push(next);
    const { cart } = next.shop.export();
    const counts = Object.fromEntries(cart.map(({ item, quantity }) => [item, quantity]));
    assert.deepEqual(counts, Object.fromEntries(expected.map((item) => [item, 1])));
    assert.ok(origin.settled.size < 60, `${origin.settled.size} keys are left`);
  });
}

test("entries that are in the base go, and only once everybody has seen that", async (t) => {
  let now = 1_790_000_000_000;
  t.mock.method(Date, "now", () => now);
  const { origin, all: [a] } = await tabs(1);
  const sizes = [];
  for (let n = 0; n < 60; n += 1) {
    view(a.shop, `SKU-${n}`);
    await turn();
    now += 20;
    if (n % 20 === 19) {
      sizes.push(origin.settled.size);
      now += 10_000;
    }
  }
  assert.deepEqual(sizes, [21, 41, 41]);
  assert.equal(a.shop.export().events.length, 60);
});

test("what is forgotten with a visit lies nowhere half a minute later", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_790_000_000_000 });
  const { origin, all: [a] } = await tabs(1);
  for (let n = 0; n < 15; n += 1) {
    view(a.shop, `SKU-${n}`);
    await turn();
  }
  t.mock.timers.tick(3_600_000);
  a.shop.recommend();
  await turn();
  for (let n = 0; n < 3; n += 1) t.mock.timers.tick(10_100);
  const [[key, text], ...others] = origin.settled;
  assert.deepEqual([key, others], ["mercer", []]);
  assert.deepEqual(JSON.parse(text).state.events, []);
  assert.equal(JSON.parse(text).state.taste.length, 15);
});

test("a tab that sees nothing for a while loses nothing to those that fold", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  for (let n = 0; n < 45; n += 1) {
    view(a.shop, `a${n}`);
    await turn();
  }
  for (let n = 0; n < 12; n += 1) {
    view(b.shop, `b${n}`);
    await turn();
  }
  a.see();
  b.see();
  const next = await openTab(origin);
  opened.push(next);
  for (const { shop } of [a, b, next]) assert.equal(new Set(items(shop)).size, 57);
});

test("what a tab folds that has not heard of a forgetting, and never will, is swept away", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  for (let n = 0; n < 9; n += 1) {
    view(b.shop, `old-${n}`);
    await turn();
  }
  a.see();
  view(b.shop, "old-9");
  a.shop.forget();
  b.shop.free();
  assert.ok(origin.settled.has("mercer"), "it has folded");
  a.see();
  assert.deepEqual([...origin.settled], []);
});

test("forget reaches every tab and every storage, also while others write", async () => {
  const { origin, all: [a, b, c] } = await tabs(3);
  for (const { shop } of [a, b, c]) for (let n = 0; n < 15; n += 1) view(shop, `old-${n}`);
  await turn();
  for (const tab of [a, b, c]) tab.see();
  await new Promise((resolve) => setTimeout(resolve, 2));
  // At once: b writes and has not heard, and c folds what it knows.
  b.shop.observe("view_item", { item: "old-b" });
  a.shop.forget();
  for (let n = 0; n < 12; n += 1) {
    view(c.shop, `old-c-${n}`);
    await Promise.resolve();
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const tab of [b, c, a, b, c]) tab.see();
  for (const { shop } of [a, b, c]) assert.ok(!items(shop).some((item) => /^old-(\d+|b)$/.test(item)), `${items(shop)}`);
  const text = JSON.stringify([...origin.settled]);
  assert.ok(!/old-(\d+|b)"/.test(text.replaceAll("\\", "")), text);
  a.shop.forget();
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const tab of [b, c, a]) tab.see();
  assert.equal(origin.settled.size, 0);
  view(b.shop, "new");
  await turn();
  a.see();
  assert.deepEqual(items(a.shop), ["new"], "and what happens from now on counts");
});

test("what a tab stores that starts after a forgetting is its own", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  view(a.shop, "old");
  await turn();
  a.shop.forget();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const late = await openTab(origin);
  opened.push(late);
  for (let n = 0; n < 15; n += 1) {
    view(late.shop, `new-${n}`);
    await turn();
  }
  a.see();
  b.see();
  assert.equal(items(a.shop).length, 15);
  assert.equal(items(b.shop).length, 15);
});

test("a page that comes back from the browser's cache has missed nothing", async () => {
  const { all: [a, b] } = await tabs(2);
  view(a.shop, "old");
  await turn();
  b.area.see(Infinity);
  assert.deepEqual(items(b.shop), [], "it slept");
  b.wake();
  assert.deepEqual(items(b.shop), ["old"]);
});

test("what is tried in one tab counts for the others", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  const { items: shown } = a.shop.recommend({ exploration: 1, seed: 3, count: 8 });
  view(a.shop, shown[0].item);
  await turn();
  b.see();
  const { trials } = a.shop.export();
  assert.ok(trials.length > 0);
  assert.deepEqual(b.shop.export().trials, trials);
  const next = await openTab(origin);
  opened.push(next);
  assert.deepEqual(next.shop.export().trials, trials);
});

test("what is older than its time to live is gone", async (t) => {
  let now = 1_790_000_000_000;
  t.mock.method(Date, "now", () => now);
  const DAY = 86_400_000;
  for (const [options, days] of [[{}, 90], [{ timeToLiveMs: 7 * DAY }, 7]]) {
    const { origin, all: [a] } = await tabs(1, options);
    for (let n = 0; n < 15; n += 1) {
      view(a.shop, `SKU-${n}`);
      await turn();
    }
    now += days * DAY;
    const within = await openTab(origin, options);
    assert.equal(within.shop.export().events.length, 15);
    now += days * DAY + 1;
    const beyond = await openTab(origin, options);
    opened.push(within, beyond);
    assert.equal(beyond.shop.export().events.length, 0);
    assert.equal(origin.settled.size, 0);
  }
});

test("consent given: what the page knows joins what the device held", async () => {
  const { origin, all: [a] } = await tabs(1);
  view(a.shop, "tent-1p");
  await turn();
  const b = await openTab(origin, { storage: "memory" });
  opened.push(b);
  view(b.shop, "tent-2p");
  b.shop.observe("add_to_cart", { item: "mug-enamel", quantity: 3 });
  b.shop.observe("view_item_list", { item: "kettle-1.7l" });
  await turn();
  assert.deepEqual(b.shop.setConsent("device"), { kind: "device", requested: "device" });
  const said = b.shop.export();
  assert.deepEqual(said.events.map(({ item }) => item), ["tent-1p", "tent-2p", "mug-enamel"]);
  assert.deepEqual(said.cart, [{ item: "mug-enamel", quantity: 3 }]);
  assert.deepEqual(said.impressions.map(({ item }) => item), ["kettle-1.7l"]);
  a.see();
  assert.deepEqual(a.shop.export(), said);
  assert.deepEqual(b.shop.setConsent("device"), { kind: "device", requested: "device" });
  assert.deepEqual(b.shop.export(), said, "twice is once");
});

test("consent given: what only the lists of a long visit know comes along", async () => {
  const { all: [a] } = await tabs(1, { storage: "memory" });
  a.shop.observe("add_to_cart", { item: "mug-enamel", quantity: 2 });
  a.shop.observe("purchase", { item: "kettle-1.7l" });
  for (let n = 0; n < 110; n += 1) view(a.shop, `SKU-${n}`);
  const { cart, bought } = a.shop.export();
  a.shop.setConsent("device");
  assert.deepEqual(a.shop.export().cart, cart);
  assert.deepEqual(a.shop.export().bought, bought);
});

test("consent withdrawn wipes, in every tab", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  view(a.shop, "tent-1p");
  await turn();
  b.see();
  assert.deepEqual(a.shop.setConsent("none"), { kind: "memory", requested: "memory" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const { shop } of [a, b]) {
    assert.deepEqual(items(shop), []);
    assert.deepEqual(shop.storage, { kind: "memory", requested: "memory" });
    view(shop, "tent-2p");
  }
  await turn();
  assert.equal(origin.settled.size, 0);
  a.shop.setConsent("device");
  assert.deepEqual(items(a.shop), ["tent-2p"]);
});

test("consent that cannot be obeyed leaves the session in memory", async () => {
  const { all: [a] } = await tabs(1, { storage: "memory" });
  view(a.shop, "tent-1p");
  Object.defineProperty(globalThis, "localStorage", { configurable: true, value: undefined });
  const report = { kind: "memory", requested: "device", reason: "state/unavailable" };
  assert.deepEqual(a.shop.setConsent("device"), report);
  assert.deepEqual(items(a.shop), ["tent-1p"]);
  for (const wrong of ["memory", "", undefined, true, {}]) {
    assert.throws(() => a.shop.setConsent(wrong), coded("state/consent", '"none"'));
  }
});

test("a session that is gone on with takes the place of what is stored", async () => {
  const { origin, all: [a, b] } = await tabs(2);
  view(a.shop, "tent-1p");
  await turn();
  const state = a.shop.export();
  a.shop.restore({ ...state, events: [{ ...state.events[0], item: "tent-2p" }] });
  b.see();
  const next = await openTab(origin);
  opened.push(next);
  for (const { shop } of [a, b, next]) assert.deepEqual(items(shop), ["tent-2p"]);
});

test("a freed shop listens no more", async () => {
  const { all: [a, b] } = await tabs(2);
  a.shop.free();
  assert.equal(a.listeners.size, 0);
  view(b.shop, "tent-1p");
  b.shop.forget();
  await turn();
});
