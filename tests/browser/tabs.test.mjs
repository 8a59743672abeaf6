// Many tabs that share what the device holds, in each browser: pages in processes of their own,
// with frames in them, all at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browsers, open, serve } from "./harness.mjs";

const MODEL = "/tests/golden/small.mercer";
const PAGES = Number(process.env.MERCER_TAB_PAGES ?? 3);
const FRAMES = Number(process.env.MERCER_TAB_FRAMES ?? 4);
const EVENTS = 2;

let server;
before(async () => {
  server = await serve({ "/": "tests/browser/fixtures", "/tests/": "tests" });
});
after(() => server?.close());

for (const browser of browsers()) {
  test(`tabs in ${browser.name}`, async (t) => {
    const running = await open(browser);
    t.after(() => running.close());
    const visited = await running.visit(`${server.url}package.html`);
    const pages = [visited.page];
    // WebKit's driver has one page at a time; its tabs are frames.
    const nPages = browser.name === "webkit" ? 1 : PAGES;
    while (pages.length < nPages) {
      const page = await visited.page.browserContext().newPage();
      await page.goto(`${server.url}package.html`, { waitUntil: "load" });
      pages.push(page);
    }
    const each = (action, ...words) =>
      Promise.all(pages.map((page, at) => page.evaluate(action, `${at}`, ...words)));
    await each(openFrames, FRAMES, MODEL);
    const tabs = nPages * FRAMES;

    await t.test(`${tabs} tabs that observe at once lose no event, and agree`, async () => {
      const start = performance.now();
      await each(observeAtOnce, EVENTS);
      const expected = tabs * EVENTS;
      const said = await settled(() => each(sessions), (seen) => seen.flat().every(({ n }) => n === expected));
      console.log(`${browser.name}: ${tabs} tabs, ${expected} events: ${Math.round(performance.now() - start)} ms`);
      const views = said.flat();
      assert.equal(views.length, tabs);
      for (const { n, items } of views) {
        assert.equal(n, expected, "each once");
        assert.equal(items, views[0].items, "in one order");
      }
    });

    await t.test("what one forgets while all write is forgotten everywhere", async () => {
      await each(startWriting);
      const time = await pages[0].evaluate(() => {
        const now = Date.now();
        window.tabs[0].forget();
        return now;
      });
      const clean = (seen) => seen.flat().every(({ oldest }) => oldest === undefined || oldest > time);
      const said = await settled(() => each(sessions), clean);
      await each(stopWriting);
      assert.ok(clean(said), JSON.stringify(said.flat().map(({ oldest }) => oldest - time)));
      await settled(() => each(sessions), clean);
      const stored = await pages.at(-1).evaluate(storedTimes);
      assert.deepEqual(stored.filter((one) => one <= time).map((one) => one - time), []);
    });

    await t.test("consent withdrawn in one tab leaves nothing in any storage of any", async () => {
      await pages[0].evaluate(() => window.tabs[1].setConsent("none").kind);
      const said = await settled(
        () => each(sessions),
        (seen) => seen.flat().every(({ n, kind }) => n === 0 && kind === "memory"),
      );
      for (const { n, kind } of said.flat()) assert.deepEqual([n, kind], [0, "memory"]);
      const left = await each(() => [localStorage.length, sessionStorage.length]);
      for (const lengths of left) assert.deepEqual(lengths, [0, 0]);
    });
    assert.deepEqual(visited.errors, []);
  });
}

/** What `ask` answers once it is good; or its last answer, after some seconds. */
async function settled(ask, isGood) {
  for (let n = 0; ; n += 1) {
    const said = await ask();
    if (n === 200 || isGood(said)) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// What follows runs in the page.

async function openFrames(name, count, model) {
  const frame = async (_, at) => {
    const element = document.createElement("iframe");
    element.src = "/package.html";
    document.body.append(element);
    await new Promise((resolve) => (element.onload = resolve));
    while (!element.contentWindow.mercer) await new Promise((resolve) => setTimeout(resolve, 5));
    const shop = await element.contentWindow.mercer.load(model, { storage: "device" });
    shop.name = `${name}.${at}`;
    return shop;
  };
  window.tabs = await Promise.all(Array.from({ length: count }, frame));
}

async function observeAtOnce(_, count) {
  for (let n = 0; n < count; n += 1) {
    for (const shop of window.tabs) shop.observe("view_item", { item: `${shop.name}.${n}` });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function sessions() {
  return window.tabs.map((shop) => {
    const { events } = shop.export();
    const items = events.map(({ item }) => item);
    const oldest = events.length > 0 ? Math.min(...events.map(({ timeMs }) => timeMs)) : undefined;
    return { n: new Set(items).size, items: items.join(), oldest, kind: shop.storage.kind };
  });
}

function startWriting() {
  let n = 0;
  window.writing = setInterval(() => {
    n += 1;
    for (const shop of window.tabs) shop.observe("view_item", { item: `${shop.name}-${n}` });
  }, 5);
}

function stopWriting() {
  clearInterval(window.writing);
}

function storedTimes() {
  const texts = Object.values({ ...localStorage });
  return texts.flatMap((text) => [...text.matchAll(/"timeMs":(\d+)/g)].map(([, time]) => Number(time)));
}
