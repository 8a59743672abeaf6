// What the element counts as seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { watchViews } from "../../pkg/element/watch.js";

/** A page with one product, and what an IntersectionObserver of it says. */
function page(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const document = { hidden: false };
  const target = { ownerDocument: document };
  const seen = [];
  let say;
  globalThis.IntersectionObserver = class {
    observed = new Set();
    constructor(heard, { threshold }) {
      assert.equal(threshold, 0.5);
      say = (intersectionRatio) => {
        if (this.observed.has(target)) heard([{ target, intersectionRatio, isIntersecting: intersectionRatio > 0 }]);
      };
    }
    observe(element) {
      this.observed.add(element);
    }
    unobserve(element) {
      this.observed.delete(element);
    }
    disconnect() {
      this.observed.clear();
    }
  };
  t.after(() => delete globalThis.IntersectionObserver);
  const stop = watchViews(new Map([[target, "SKU-1"]]), (item) => seen.push(item));
  return { document, seen, stop, say, wait: (ms) => t.mock.timers.tick(ms) };
}

test("half of it for a second, and once", (t) => {
  const { seen, say, wait } = page(t);
  say(0.6);
  wait(999);
  assert.deepEqual(seen, []);
  wait(1);
  assert.deepEqual(seen, ["SKU-1"]);
  say(1);
  wait(5000);
  assert.deepEqual(seen, ["SKU-1"]);
});

test("less than half, or gone before, was not seen", (t) => {
  const { seen, say, wait, stop } = page(t);
  say(0.4);
  wait(5000);
  say(0.7);
  wait(900);
  say(0);
  wait(5000);
  say(0.7);
  stop();
  wait(5000);
  assert.deepEqual(seen, []);
});

test("behind another tab it is not seen until the tab is in front", (t) => {
  const { document, seen, say, wait } = page(t);
  document.hidden = true;
  say(1);
  wait(1000);
  assert.deepEqual(seen, []);
  document.hidden = false;
  say(1);
  wait(1000);
  assert.deepEqual(seen, ["SKU-1"]);
});
