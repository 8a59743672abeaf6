// Right uses compile; each wrong one is an error. `tests/js/types.test.mjs` runs the compiler.

import {
  MercerError,
  load,
  type ErrorCode,
  type EventKind,
  type ExplainedItem,
  type Reason,
  type RuleNote,
  type Shop,
  type Why,
  type WorkerShop,
} from "mercer";

const shop: Shop = await load("/shop.mercer");
await load(new URL("https://shop.example/shop.mercer"), { storage: "session", storageKey: "b" });
await load(new Uint8Array(8).buffer, { storage: "device", overridePrivacyControl: true });
await load(await fetch("/shop.mercer"), { signal: AbortSignal.timeout(5000), fetch });
await load("/shop.mercer", { now: () => 0, wasm: "/mercer_bg.wasm", storage: undefined });
await load("/shop.mercer", { wasm: await WebAssembly.compile(new Uint8Array(8)) });
await load("/shop.mercer", { fetch: async (url) => new Response(url) });

await load("/shop.mercer", { engine: "js", fallback: () => import("mercer/fallback") });
const engine: "wasm" | "js" = shop.engine;
// @ts-expect-error: no such build
await load("/shop.mercer", { engine: "asm" });
// @ts-expect-error: a module is no promise of one
await load("/shop.mercer", { fallback: () => "mercer/fallback" });

await load("/shop.mercer", {
  integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  signature: new URL("https://shop.example/shop.mercer.sig"),
  onProgress: ({ loaded, total }) => console.log(total === undefined ? loaded : loaded / total),
});
// @ts-expect-error: which hash?
await load("/shop.mercer", { integrity: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" });
// @ts-expect-error: `total` may not be known
await load("/shop.mercer", { onProgress: ({ loaded, total }) => console.log(loaded / total) });
const replaced: number = (await shop.replaceModel("/shop.mercer", { signal: AbortSignal.timeout(9) })).items;
// @ts-expect-error: the session stays where it is
await shop.replaceModel("/shop.mercer", { storage: "device" });
// @ts-expect-error: a promise
shop.replaceModel("/shop.mercer").items;

const behind: WorkerShop = await load("/shop.mercer", { worker: true, storage: "session" });
await load("/shop.mercer", { worker: () => new Worker("/mercer/worker.js", { type: "module" }) });
const inWorker: ExplainedItem[] = (await behind.recommend({ explain: true })).items;
const observed: Promise<void> = behind.observe("view_item", { item: "a" });
await behind.free();
const onPage: Shop = await load("/shop.mercer", { worker: false });
// @ts-expect-error: a promise of a slate has no items
behind.recommend().items;
// @ts-expect-error: a shop behind a worker is no shop
const mixed: Shop = await load("/shop.mercer", { worker: true });
// @ts-expect-error: a worker, or a function that makes one
await load("/shop.mercer", { worker: "/mercer/worker.js" });
// @ts-expect-error: which item?
behind.observe("add_to_cart");

await load("/shop.mercer", { storage: "device", timeToLiveMs: 7 * 86_400_000 });
const kept: "memory" | "session" | "device" = shop.setConsent("device").kind;
shop.setConsent("none");
// @ts-expect-error: a shopper agrees to none, session or device
shop.setConsent("memory");
// @ts-expect-error: yes to what?
shop.setConsent(true);
// @ts-expect-error: a number of milliseconds
await load("/shop.mercer", { timeToLiveMs: "7 days" });
// @ts-expect-error: no such place
await load("/shop.mercer", { storage: "cookie" });
// @ts-expect-error: no such option
await load("/shop.mercer", { store: "memory" });
// @ts-expect-error: a promise of a response is not a response
await load(fetch("/shop.mercer"));
// @ts-expect-error: a number is no source
await load(3);

shop.observe("view_item", { item: "a", dwellMs: 8200, timeMs: 0 });
shop.observe("view_item", { item: "a", dwellMs: undefined });
shop.observe("search", { query: "mug" });
shop.observe("view_cart");
shop.observe("begin_checkout", { timeMs: 0 });
const nothing: void = shop.observe("purchase", { item: "a" });
for (const kind of ["view_item", "dismiss"] as const) shop.observe(kind, { item: "a" });

// @ts-expect-error: no such event
shop.observe("viewed", { item: "a" });
// @ts-expect-error: which item?
shop.observe("add_to_cart");
// @ts-expect-error: which item?
shop.observe("view_item", { dwellMs: 1 });
// @ts-expect-error: ids are strings
shop.observe("view_item", { item: 1 });
// @ts-expect-error: which words?
shop.observe("search", {});
shop.observe("purchase", { item: "a", quantity: 2, price: 9.5 });
// @ts-expect-error: a number
shop.observe("purchase", { item: "a", quantity: "2" });
// @ts-expect-error: no such option
shop.observe("view_item", { item: "a", amount: 2 });

const explained: ExplainedItem[] = shop.recommend({ explain: true }).items;
const { source, items } = shop.recommend();
const from: "session" | "together" | "content" | "trending" | "popular" | "recent" | "listed" = source;
const score: number | undefined = items[0]?.score;
const maybe: Reason[] | undefined = shop.recommend({ explain: Math.random() > 0.5 }).items[0]?.reasons;
shop.recommend({ placement: "related", item: "a", count: 4, exclude: ["b"] as const });
shop.recommend({ includeSeen: true, includeOwned: true, explain: false });

// @ts-expect-error: not explained, so no reasons
items[0]?.reasons;
// @ts-expect-error: no such placement
shop.recommend({ placement: "checkout" });
shop.recommend({ placement: "cart", context: ["a", "b"], landing: "Shoes > Boots", device: "phone" });
shop.recommend({ placement: "search", items: ["a"], query: "mug", device: null, hour: null });
shop.recommend({ filter: { brand: ["Korvane"], price: { atMost: 80 } }, diversity: 0.3, rotation: 1 });
shop.recommend({ exploration: 0.1, seed: 7, timeMs: 0, weekday: 6, month: 11, trace: true });
// @ts-expect-error: a number
shop.recommend({ diversity: "high" });
// @ts-expect-error: no such device
shop.recommend({ device: "fridge" });
// @ts-expect-error: an object
shop.recommend({ filter: "brand" });
// @ts-expect-error: no such option
shop.recommend({ variety: 0.3 });

const slates = shop.page([{ count: 4 }, { placement: "trending", explain: true }]);
const shorter: string | undefined = slates[0]?.short;
const took: number | undefined = slates[1]?.trace?.stages[0]?.ms;
// @ts-expect-error: requests, not placements
shop.page(["home"]);

function verdict(why: Why): string {
  switch (why.why) {
    case "shown":
      return `place ${why.place}`;
    case "closed":
    case "dropped":
      return `${why.cause} ${why.rule ?? why.name ?? ""}`;
    case "below":
      return `${why.rank} ${why.score} ${why.lacks}`;
    case "moved":
      return `${why.rank} ${why.to}`;
    case "not-retrieved":
      return `${why.score ?? "?"} ${why.last ?? "?"}`;
    case "unknown":
      return why.why;
    default: {
      const never: never = why;
      return never;
    }
  }
}
const not: string = verdict(shop.why("a", { placement: "related", item: "b" }));
// @ts-expect-error: of which item?
shop.why();

const notes: RuleNote[] = shop.setRules({ rules: [{ kind: "promote", where: { brand: "a" }, share: 0.3 }] });
shop.setRules([]);
// @ts-expect-error: an object or a list
shop.setRules("in stock");
shop.addItems([{ item: "new", title: "A mug", category: "Dining > Mugs", price: 9.5, colour: ["blue"] }]);
shop.updateItems([{ item: "a", price: 8, availability: "out_of_stock" }]);
// @ts-expect-error: no such availability
shop.updateItems([{ item: "a", availability: "gone" }]);
// @ts-expect-error: which product?
shop.addItems([{ title: "A mug" }]);
// @ts-expect-error: an array
shop.recommend({ exclude: "b" });
// @ts-expect-error: a number
shop.recommend({ count: "4" });

function phrase(reason: Reason): string {
  const share: number = reason.share;
  switch (reason.kind) {
    case "viewed":
    case "in-cart":
    case "bought":
    case "wished":
    case "taste":
    case "together": {
      const item: string = reason.item;
      return `${reason.kind} ${item} ${share}`;
    }
    case "affinity":
      return `${reason.field} ${reason.value ?? ""}`;
    case "rule":
      return reason.name ?? `${reason.rule}`;
    case "returning":
    case "trending":
    case "context":
    case "query":
    case "listed":
    case "dislike":
    case "rotation":
    case "new":
    case "popular": {
      // @ts-expect-error: a general reason speaks of no item
      const item: string = reason.item;
      return reason.kind;
    }
    default: {
      const never: never = reason;
      return never;
    }
  }
}

const known: boolean = shop.knows("a");
const products: number = shop.info.items;
const kinds: EventKind[] = shop.export().events.map((event) => event.kind);
if (shop.storage.kind !== shop.storage.requested) console.log(shop.storage.reason);
// @ts-expect-error: what a model says of itself is to be checked
shop.info.about.trained;
// @ts-expect-error: read only
shop.info = undefined;
shop.forget();
shop.free();
{
  using short = await load("/shop.mercer");
  short.knows("a");
}

try {
  await load("/shop.mercer");
} catch (error) {
  if (error instanceof MercerError) {
    const code: ErrorCode = error.code;
    if (code === "load/http" || code === "model/truncated") console.log(error.message);
    // @ts-expect-error: no such code
    if (error.code === "load/404") console.log(error.cause);
  }
}

console.log(shorter, took, not, notes);
console.log(inWorker, observed, onPage, mixed, replaced, engine, nothing, explained, from, score, maybe, phrase, known, products, kinds);
