// Where a session is kept, and what happens when the browser refuses.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { load } from "../../pkg/node.js";
import { SMALL, clock, coded } from "./support.mjs";

const AREAS = { session: "sessionStorage", device: "localStorage" };
const CALLS = ["getItem", "setItem", "removeItem"];

/** What a browser's Storage does, except that some calls throw. */
class FakeStorage {
  entries = new Map();
  refuses = new Set();
  error = new DOMException("refused", "SecurityError");
  /** How many calls go well before one throws. */
  good = Infinity;
  calls = 0;

  constructor(...refuses) {
    this.refuses = new Set(refuses);
  }

  #call(name) {
    this.calls += 1;
    if (this.refuses.has(name) || this.calls === this.good + 1) throw this.error;
  }

  get length() {
    this.#call("length");
    return this.entries.size;
  }

  key(ix) {
    this.#call("key");
    return [...this.entries.keys()][ix] ?? null;
  }

  getItem(key) {
    this.#call("getItem");
    return this.entries.get(key) ?? null;
  }

  setItem(key, text) {
    this.#call("setItem");
    assert.equal(typeof text, "string");
    this.entries.set(key, text);
  }

  removeItem(key) {
    this.#call("removeItem");
    this.entries.delete(key);
  }
}

function define(name, descriptor) {
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
}

/** Gives this process a storage of that kind. */
function give(kind, area) {
  define(AREAS[kind], { value: area });
  return area;
}

afterEach(() => {
  for (const name of [...Object.values(AREAS), "navigator"]) define(name, { value: undefined });
});

const open = (kind, options) => load(SMALL, { storage: kind, now: clock(), ...options });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const slate = (shop) => shop.recommend({ count: 60, explain: true });

/** A shop that works, whatever its storage does. */
async function works(shop) {
  shop.observe("view_item", { item: "tent-2p" });
  assert.equal(shop.recommend().source, "session");
  await turn();
  assert.equal(shop.recommend().items.length, 12);
}

const HOUR = 3_600_000;

test("device: whoever comes back is greeted by what the last visit was about", async () => {
  const area = give("device", new FakeStorage());
  const noon = 20_000 * 24 * HOUR;
  const before = await open("device", { now: () => noon });
  before.observe("view_item", { item: "tent-2p" });
  before.observe("dismiss", { item: "tent-1p" });
  await turn();
  const soon = await open("device", { now: () => noon + HOUR / 2 });
  assert.equal(soon.export().events.length, 2);
  soon.recommend();
  assert.equal(soon.export().events.length, 2, "half an hour is a pause within the visit");
  const later = await open("device", { now: () => noon + HOUR });
  const slate = later.recommend({ explain: true });
  const { events, taste } = later.export();
  assert.deepEqual(events.map(({ kind }) => kind), ["dismiss"]);
  assert.deepEqual(taste, [{ item: "tent-2p", weight: 1, day: 20_000 }]);
  assert.equal(slate.source, "session");
  assert.ok(slate.items.some(({ reasons }) => reasons.some(({ kind, item }) => kind === "taste" && item === "tent-2p")));
  assert.ok(!slate.items.some(({ item }) => item === "tent-1p"), "a no holds");
  await turn();
  const { events: stored } = JSON.parse(area.entries.get("mercer")).state;
  assert.deepEqual(stored, events, "what is forgotten is not stored any longer");
});

test("device: why speaks of the slate that whoever comes back gets", async () => {
  give("device", new FakeStorage());
  const now = 1_790_000_000_000;
  const shop = await open("device");
  shop.observe("view_item", { item: "tent-2p", timeMs: now });
  const later = { timeMs: now + HOUR, count: 4 };
  const seen = shop.why("tent-2p", { ...later, timeMs: now + 1000 });
  assert.deepEqual([seen.why, seen.cause], ["closed", "seen"]);
  // The visit is over, so the product is none that was seen in it.
  const { why, place } = shop.why("tent-2p", later);
  const { items } = shop.recommend(later);
  assert.equal(why === "shown" ? items[place - 1]?.item : undefined, "tent-2p");
});

test("session: nothing of a visit outlives its events", async () => {
  give("session", new FakeStorage());
  const before = await open("session", { now: () => HOUR });
  before.observe("view_item", { item: "tent-2p" });
  await turn();
  const after = await open("session", { now: () => 100 * HOUR });
  after.recommend();
  const { events, taste } = after.export();
  assert.deepEqual([events.length, taste.length], [1, 0]);
});

for (const kind of ["session", "device"]) {
  test(`${kind}: a session goes on where it was left`, async () => {
    const area = give(kind, new FakeStorage());
    const before = await open(kind);
    assert.deepEqual(before.storage, { kind, requested: kind });
    assert.equal(area.entries.size, 0, "nothing is stored before something happens");
    before.observe("view_item", { item: "tent-2p" });
    before.observe("add_to_cart", { item: "unknown" });
    await turn();
    assert.match([...area.entries.keys()].join(), /^mercer#1-[0-9a-z]+-[0-9a-z]+-0$/, "one turn, one entry");
    const after = await open(kind);
    assert.deepEqual(after.export(), before.export());
    assert.deepEqual(slate(after), slate(before));
  });

  test(`${kind}: forget leaves nothing behind`, async () => {
    const area = give(kind, new FakeStorage());
    const shop = await open(kind, { storageKey: "mine" });
    const others = [["other", "theirs"], ["mine#2", "theirs"], ["mine#1-a-b", "theirs"], ["amine#1-a-b-c", "theirs"]];
    for (const [key, text] of others) area.entries.set(key, text);
    await works(shop);
    for (let n = 0; n < 40; n += 1) await works(shop);
    assert.ok(area.entries.has("mine"));
    assert.ok(area.entries.size > 5, "a base and entries");
    area.entries.set("mine#7-a-b-c", "an entry of a version to come");
    shop.observe("view_item", { item: "tent-1p" });
    shop.forget();
    await turn();
    assert.deepEqual([...area.entries], others);
    assert.equal((await open(kind, { storageKey: "mine" })).export().events.length, 0);
  });

  for (const call of CALLS) {
    test(`${kind}: a storage that throws in ${call} never stops the shop`, async () => {
      give(kind, new FakeStorage(call));
      const shop = await open(kind);
      await works(shop);
      const expected = {
        getItem: { kind: "memory", requested: kind, reason: "state/refused" },
        setItem: { kind: "memory", requested: kind, reason: "state/refused" },
        removeItem: { kind, requested: kind },
      };
      assert.deepEqual(shop.storage, expected[call]);
      if (call === "removeItem") {
        assert.throws(() => shop.forget(), coded("state/not-forgotten", "`mercer`"));
      } else {
        shop.forget();
      }
      assert.equal(shop.export().events.length, 0, "memory is wiped in any case");
    });
  }

  test(`${kind}: a storage that throws at everything, or when it is named`, async () => {
    give(kind, new FakeStorage(...CALLS));
    await works(await open(kind));
    define(AREAS[kind], {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
    const shop = await open(kind);
    await works(shop);
    const report = { kind: "memory", requested: kind, reason: "state/unavailable" };
    assert.deepEqual(shop.storage, report);
    shop.forget();
  });

  for (const missing of [undefined, null]) {
    test(`${kind}: a storage that is ${missing}`, async () => {
      give(kind, missing);
      const shop = await open(kind);
      await works(shop);
      assert.equal(shop.storage.reason, "state/unavailable");
      shop.forget();
    });
  }
}

test("a full storage: from then on memory, and no half session left to come back", async () => {
  const area = give("device", new FakeStorage());
  const shop = await open("device");
  await works(shop);
  area.refuses.add("setItem");
  area.error = new DOMException("full", "QuotaExceededError");
  shop.observe("view_item", { item: "tent-1p" });
  const report = { kind: "memory", requested: "device", reason: "state/quota" };
  assert.deepEqual(shop.storage, report, "even before the turn is over");
  assert.equal(area.entries.size, 0);
  area.refuses.clear();
  await works(shop);
  assert.equal(area.entries.size, 0);
});

const event = { kind: "view_item", item: "a", timeMs: 1 };
const state = (changes) => ({ version: 1, events: [event], cart: [], bought: [], ...changes });
const BROKEN = [
  ["", "state/corrupt"],
  ["{", "state/corrupt"],
  ["\0\ufffd", "state/corrupt"],
  ["null", "state/invalid"],
  ["[]", "state/invalid"],
  ["7", "state/invalid"],
  ["{}", "state/invalid"],
  [state({ version: "1" }), "state/invalid"],
  [state({ events: [{ ...event, kind: "hacked" }] }), "state/invalid"],
  [state({ events: [{ ...event, timeMs: -1 }] }), "state/invalid"],
  [state({ events: [{ kind: "view_item", timeMs: 1 }] }), "state/event"],
  [state({ events: Array(101).fill(event) }), "state/too-large"],
  [state({ cart: Array(101).fill("a") }), "state/too-large"],
];
for (const [stored, reason] of BROKEN) {
  const text = typeof stored === "string" ? stored : JSON.stringify(stored);
  test(`stored ${JSON.stringify(text.slice(0, 70))} is ${reason}: a fresh session`, async () => {
    const area = give("session", new FakeStorage());
    area.entries.set("mercer", text);
    const shop = await open("session");
    assert.equal(shop.export().events.length, 0);
    assert.deepEqual(shop.storage, { kind: "session", requested: "session", reason });
    await works(shop);
    const next = await open("session");
    assert.deepEqual(next.storage, { kind: "session", requested: "session" }, "it is replaced");
    assert.deepEqual(next.export(), shop.export());
  });
}

const base = (changes) => ({ format: 1, since: 1, at: 1, turn: 1, fresh: [], settled: [], state: state(), ...changes });
const BROKEN_BASES = [
  [base({ format: 0 }), "state/invalid"],
  [base({ format: "1" }), "state/invalid"],
  [base({ at: null }), "state/invalid"],
  [base({ since: "1" }), "state/invalid"],
  [base({ fresh: {} }), "state/invalid"],
  [base({ settled: ["mercer"] }), "state/invalid"],
  [base({ state: undefined }), "state/invalid"],
  [base({ state: state({ version: 3 }) }), "state/newer-version"],
  [base({ format: 2 }), "state/newer-version"],
];
for (const [stored, reason] of BROKEN_BASES) {
  test(`a base ${JSON.stringify(stored)} is ${reason}`, async () => {
    const area = give("session", new FakeStorage());
    area.entries.set("mercer", JSON.stringify(stored));
    const shop = await open("session");
    assert.equal(shop.export().events.length, 0);
    assert.equal(shop.storage.reason, reason);
    await works(shop);
  });
}

test("broken entries are passed over, and the others count", async () => {
  const area = give("device", new FakeStorage());
  const entry = (text) => area.entries.set(`mercer#1-${(900 + area.entries.size).toString(36)}-tab-0`, text);
  for (const text of ["", "{", "null", "7", "[]", "{}", '{"events":{}}', '{"events":[],"trials":7}']) entry(text);
  entry(JSON.stringify({ events: [null, 7, { kind: "hacked" }, event, { ...event, price: -1 }] }));
  entry(JSON.stringify({ events: [], trials: [{ key: "home/new", shown: 2, chosen: 1 }, { key: "", shown: 9 }] }));
  const shop = await open("device", { timeToLiveMs: Number.MAX_SAFE_INTEGER });
  const { events, trials } = shop.export();
  assert.deepEqual(events.map(({ item }) => item), ["a"]);
  assert.deepEqual(trials, [{ key: "home/new", shown: 2, chosen: 1 }]);
  assert.equal(shop.storage.reason, "state/event");
  await works(shop);
});

test("a state as earlier versions stored it is taken up", async () => {
  const area = give("device", new FakeStorage());
  const kept = state({ version: 2, events: [{ ...event, timeMs: 0 }], impressions: [], taste: [], trials: [] });
  area.entries.set("mercer", JSON.stringify(kept));
  const shop = await open("device");
  assert.deepEqual(shop.storage, { kind: "device", requested: "device" });
  assert.deepEqual(shop.export().events, kept.events);
  assert.equal(JSON.parse(area.entries.get("mercer")).format, 1, "from now on its age is known");
  await works(shop);
});

for (const kind of ["session", "device"]) {
  test(`${kind}: whichever call the storage refuses, the shop goes on`, async (t) => {
    const walk = async (area) => {
      give(kind, area);
      const shop = await open(kind);
      for (let n = 0; n < 12; n += 1) await works(shop);
      const next = await open(kind);
      await works(next);
      next.setConsent("none");
      return [shop, next];
    };
    const calm = give(kind, new FakeStorage());
    await walk(calm);
    assert.ok(calm.calls > 100);
    let refused = 0;
    for (let good = 0; good < calm.calls; good += 1) {
      const area = new FakeStorage();
      area.good = good;
      const report = await walk(area).then(
        ([shop]) => shop.storage.reason,
        (error) => error.code,
      );
      assert.ok([undefined, "state/refused", "state/not-forgotten"].includes(report), `${good}: ${report}`);
      refused += report === "state/refused";
    }
    assert.ok(refused > 20, `${refused}`);
  });
}

test("a newer version's state is neither read nor overwritten, but can be wiped", async () => {
  const area = give("device", new FakeStorage());
  const text = JSON.stringify({ version: 3, history: [{ some: "thing" }] });
  area.entries.set("mercer", text);
  const shop = await open("device");
  await works(shop);
  const report = { kind: "memory", requested: "device", reason: "state/newer-version" };
  assert.deepEqual(shop.storage, report);
  assert.equal(area.entries.get("mercer"), text);
  shop.forget();
  assert.equal(area.entries.size, 0);
});

test("Global Privacy Control: memory only, and what was stored goes", async () => {
  const area = give("device", new FakeStorage());
  await works(await open("device"));
  assert.equal(area.entries.size, 1);
  define("navigator", { value: { globalPrivacyControl: true } });
  const shop = await open("device");
  await works(shop);
  const report = { kind: "memory", requested: "device", reason: "state/privacy-control" };
  assert.deepEqual(shop.storage, report);
  assert.equal(shop.export().events.length, 1, "of this page alone");
  assert.equal(area.entries.size, 0);
});

test("Global Privacy Control can be overridden, and only `true` counts", async () => {
  give("device", new FakeStorage());
  define("navigator", { value: { globalPrivacyControl: true } });
  const shop = await open("device", { overridePrivacyControl: true });
  assert.deepEqual(shop.storage, { kind: "device", requested: "device" });
  define("navigator", { value: { globalPrivacyControl: undefined } });
  assert.equal((await open("device")).storage.kind, "device");
});

test("memory touches no storage", async () => {
  const areas = [give("session", new FakeStorage(...CALLS)), give("device", new FakeStorage(...CALLS))];
  const shop = await open(undefined);
  await works(shop);
  shop.forget();
  assert.deepEqual(shop.storage, { kind: "memory", requested: "memory" });
  assert.ok(areas.every(({ entries }) => entries.size === 0));
});

test("events of one turn are written once, and freeing writes what is left", async () => {
  const area = give("session", new FakeStorage());
  let writes = 0;
  const { setItem } = FakeStorage.prototype;
  area.setItem = function (...args) {
    writes += 1;
    return setItem.apply(this, args);
  };
  const shop = await open("session");
  for (let n = 0; n < 50; n += 1) shop.observe("view_item_list", { item: `SKU-${n}` });
  await Promise.resolve();
  assert.equal(writes, 1, "a microtask is enough");
  shop.observe("view_item", { item: "tent-2p" });
  shop.free();
  await turn();
  assert.equal(writes, 2);
  const { events, impressions } = (await open("session")).export();
  assert.deepEqual([events.length, impressions.length], [1, 50]);
});

test("shops with a key each keep apart", async () => {
  give("device", new FakeStorage());
  await works(await open("device", { storageKey: "one" }));
  assert.equal((await open("device", { storageKey: "other" })).export().events.length, 0);
  assert.equal((await open("device", { storageKey: "one" })).export().events.length, 1);
});

test("a full session is at most 8 kB", async () => {
  const area = give("device", new FakeStorage());
  const shop = await open("device");
  for (let n = 0; n < 300; n += 1) shop.observe("view_item", { item: `SKU-${n}`, dwellMs: 9000 });
  await turn();
  const next = await open("device");
  await works(next);
  const { length } = JSON.stringify(JSON.parse(area.entries.get("mercer")).state);
  assert.ok(length <= 8000, `${length} characters`);
});
