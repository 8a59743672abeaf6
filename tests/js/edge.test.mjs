// A session travels with a request: what is sent, what is made of what was sent, and what stays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createEdge, escape, openSession, sealSession, sessionCookie, slateHtml } from "../../pkg/edge/index.js";
import { load } from "../../pkg/node.js";
import { SMALL, clock, coded } from "./support.mjs";

const SLATE = "https://shop.example/mercer/slate";

async function visitor() {
  const shop = await load(SMALL, { now: clock(Date.now() - 600_000) });
  shop.observe("view_item", { item: "tent-2p", dwellMs: 9000 });
  shop.observe("add_to_cart", { item: "mug-enamel", quantity: 2, price: 14 });
  shop.observe("search", { query: "blaue Töpfe 🫖" });
  shop.observe("view_item_list", { item: "kettle-1.7l" });
  shop.observe("purchase", { item: "tent-1p" });
  return shop;
}

const edge = (options) => createEdge({ shop: () => load(SMALL), ...options });
const ask = (token, query = "count=8", init = {}) =>
  new Request(`${SLATE}?${query}`, { headers: token ? { cookie: `a=b; mercer=${token}; c=d` } : {}, ...init });
const answer = async (edge, request) => (await edge.fetch(request)).json();

test("the slate is the one the browser ranks from the same state", async () => {
  const shop = await visitor();
  const token = sealSession(shop.export());
  for (const unit of [{ count: 8 }, { placement: "related", item: "tent-2p", count: 5 }, { placement: "cart", count: 3 }]) {
    const said = await answer(edge(), ask(token, new URLSearchParams(unit)));
    const here = shop.recommend({ ...unit, device: null });
    assert.deepEqual(said, { session: "used", source: here.source, items: here.items });
  }
});

test("the browser takes over from the state of the request", async () => {
  const shop = await visitor();
  const next = await load(SMALL);
  next.restore(openSession(sealSession(shop.export())));
  assert.deepEqual(next.export(), shop.export());
});

test("a token is short, and what ranks least goes first", async () => {
  const shop = await visitor();
  for (let n = 0; n < 200; n += 1) shop.observe("view_item", { item: `SKU-${n}`, dwellMs: n });
  for (let n = 0; n < 90; n += 1) shop.observe("view_item_list", { item: `SHOWN-${n}` });
  const full = shop.export();
  for (const maxLength of [200, 500, 1000, 3000, 8192]) {
    const token = sealSession(full, { maxLength });
    assert.ok(token.length <= maxLength);
    assert.match(token, /^[\w-]+$/);
    const { events, cart, impressions } = openSession(token);
    assert.deepEqual(events, full.events.slice(full.events.length - events.length), "the newest");
    if (maxLength >= 1000) assert.deepEqual(cart, full.cart);
    if (events.length < full.events.length) assert.equal(impressions.length, 0);
    assert.equal((await answer(edge(), ask(token))).session, "used");
  }
});

test("a cookie is of this site, and ends", async () => {
  const shop = await visitor();
  const cookie = sessionCookie(shop.export(), { name: "taste", maxAgeMs: 60_000 });
  assert.match(cookie, /^taste=[\w-]+; Max-Age=60; Path=\/; SameSite=Lax; Secure$/);
  assert.ok(cookie.length < 3_100);
});

test("a header comes before the cookie", async () => {
  const token = sealSession((await visitor()).export());
  const headers = { cookie: "mercer=broken!", "x-mercer-session": token };
  assert.equal((await answer(edge(), ask(undefined, "", { headers }))).session, "used");
});

test("an expired session is a stranger's, and so is one that is valid for too long", async (t) => {
  const token = sealSession((await visitor()).export(), { maxAgeMs: 1000 });
  const stranger = await answer(edge(), ask());
  const now = Date.now();
  for (const later of [2001, -25 * 3_600_000]) {
    t.mock.method(Date, "now", () => now + later);
    const said = await answer(edge(), ask(token));
    assert.equal(said.session, "expired");
    assert.deepEqual(said.items.map(({ item }) => item), stranger.items.map(({ item }) => item));
    assert.equal(openSession(token), undefined);
  }
});

const forged = (said) => Buffer.from(typeof said === "string" ? said : JSON.stringify(said)).toString("base64url");
const soon = () => Math.ceil(Date.now() / 1000) + 60;
const good = (changes) => ({ v: 1, x: soon(), m: [0, -1], e: [], c: [], b: [], t: [], i: [], ...changes });

test("what somebody else wrote into a session is a stranger's slate, and no error", async () => {
  const handler = edge();
  const tokens = [
    "!", "AAAA", "A", forged("{"), forged("null"), forged("[]"), forged("7"), forged({ v: 2 }), "A".repeat(9000),
    forged(good({ x: "soon" })), forged(good({ e: 7 })), forged(good({ e: [7] })), forged(good({ e: [null] })),
    forged(good({ m: null })), forged(good({ e: [[99, 1, "a"]] })), forged(good({ e: [[2, -1e300, "a"]] })),
    forged(good({ e: [[2, 1, "a".repeat(300)]] })), forged(good({ e: Array(101).fill([2, 1, "a"]) })),
    forged(good({ c: [["a", -1]] })), forged(good({ c: [["a", 1e99]] })), forged(good({ b: [{}] })),
    forged(good({ t: [["a", 0.3, 1]] })), forged(good({ i: [["a", 1e9, 0]] })), forged(good({ e: { length: 1e9 } })),
    Buffer.from([0xff, 0xfe]).toString("base64url"),
  ];
  for (const token of tokens) {
    const said = await answer(handler, ask(token));
    assert.equal(said.session, "invalid", Buffer.from(token, "base64url").toString());
    assert.equal(said.items.length, 8);
  }
  const odd = await answer(handler, ask(forged(good({ m: [1e9, 77], __proto__: { e: 1 } }))));
  assert.equal(odd.session, "used", "a zone and a device that there are not count for nothing");
});

test("nothing stays for the next request, also when many come at once", async () => {
  const handler = edge();
  const token = sealSession((await visitor()).export());
  const stranger = await answer(handler, ask());
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => answer(handler, ask(n % 2 ? token : undefined))));
  for (const [n, { session, items }] of answers.entries()) {
    assert.equal(session, n % 2 ? "used" : "none");
    const same = items.map(({ item }) => item).join() === stranger.items.map(({ item }) => item).join();
    assert.equal(same, n % 2 === 0);
  }
});

test("an answer is for nobody else and in no cache", async () => {
  const { headers } = await edge().fetch(ask());
  assert.equal(headers.get("cache-control"), "private, no-store");
  assert.equal(headers.get("vary"), "cookie, x-mercer-session");
  assert.equal(headers.get("content-type"), "application/json");
});

test("other paths are somebody else's, and wrong questions are answered with their mistake", async () => {
  const handler = edge({ path: "/slates", maxCount: 20 });
  assert.equal(await handler.fetch(ask()), undefined);
  const at = (query, init) => handler.fetch(new Request(`https://shop.example/slates?${query}`, init));
  const failures = [
    ["count=0", 400, "edge/invalid"],
    ["count=21", 400, "edge/invalid"],
    ["count=1.5", 400, "edge/invalid"],
    ["count=x", 400, "edge/invalid"],
    ["limit=3", 400, "edge/unknown-option"],
    ["placement=sidebar", 400, "request/unknown-placement"],
  ];
  for (const [query, status, code] of failures) {
    const response = await at(query);
    assert.deepEqual([response.status, (await response.json()).code], [status, code], query);
  }
  const posted = await at("", { method: "POST" });
  assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  assert.equal((await (await at("")).json()).items.length, 12);
});

test("a shop that could not be opened is opened by the next request", async () => {
  const errors = [];
  let n = 0;
  const shop = () => (n++ === 0 ? load("/none.mercer") : load(SMALL));
  const handler = edge({ shop, onError: (error) => errors.push(error.code) });
  const first = await handler.fetch(ask());
  assert.equal(first.status, 503);
  assert.deepEqual(await first.json(), { code: "load/file", message: "no slate can be ranked now" });
  assert.equal((await handler.fetch(ask())).status, 200);
  assert.deepEqual([errors, n], [["load/file"], 2]);
});

test("what a catalogue says is text, and no address runs code", () => {
  const evil = `"><img src=x onerror=alert(1)>'&`;
  const html = slateHtml([{ title: evil, url: `/p?q=${evil}`, image: "JavaScript:alert(1)", price: evil }], SLATE);
  assert.ok(!/<img|onerror=alert\(1\)>'|javascript/i.test(html.replaceAll("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;", "")), html);
  for (const url of ["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "blob:x", "http://[", 7, ""]) {
    assert.equal(slateHtml([{ title: "a", url, image: url }], SLATE), '<ul class="mercer-slate" role="list"><li><span>a</span></li></ul>');
  }
  assert.ok(slateHtml([{ title: "a", url: "/p/1" }], SLATE).includes('<a href="https://shop.example/p/1">'));
  assert.equal(escape(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
});

test("mistakes in the call are errors that name them", async () => {
  assert.throws(() => createEdge(), coded("edge/invalid", "`shop`"));
  assert.throws(() => createEdge({ shop: 7 }), coded("edge/invalid", "`shop`"));
  assert.throws(() => edge({ path: "slate" }), coded("edge/invalid", "`path`"));
  assert.throws(() => edge({ secret: "x" }), coded("edge/unknown-option", "`secret`"));
  const state = (await visitor()).export();
  assert.throws(() => sealSession(state, { maxLength: 10 }), coded("edge/invalid", "`maxLength`"));
  const html = new Response("<p>", { headers: { "content-type": "text/html" } });
  assert.throws(() => edge().page(ask(), html), coded("edge/no-rewriter"));
  const other = Response.json({});
  assert.equal(edge().page(ask(), other), other, "what is no HTML passes");
});

test("restore goes on with another session, or leaves this one as it was", async () => {
  const shop = await visitor();
  const before = shop.export();
  const wrong = [[null, "state/invalid"], [{}, "state/invalid"], [{ ...before, version: 3 }, "state/newer-version"]];
  for (const [state, code] of wrong) {
    assert.throws(() => shop.restore(state), coded(code));
    assert.deepEqual(shop.export(), before);
  }
  shop.restore({ ...before, cart: [] });
  assert.deepEqual(shop.export(), { ...before, cart: [] });
});
