// The parts beside the main entry: right uses compile, each wrong one is an error.

import { load, type SessionState, type Shop, type WorkerShop } from "mercer";
import { createEdge, escape, openSession, sealSession, sessionCookie, slateHtml, type EdgeSlate } from "mercer/edge";
import { defineSlate, type SlateAttributes, type SlateElement } from "mercer/element";

const shop: Shop = await load("/shop.mercer");
const inWorker: WorkerShop = await load("/shop.mercer", { worker: true });

const element: SlateElement = new (defineSlate({ shop }))();
defineSlate({ shop: load("/shop.mercer"), products: (ids) => ids.map((id) => ({ title: id, colour: "blue" })) });
defineSlate({ shop: inWorker, products: async (ids) => ids.map(() => undefined), name: "my-slate" });
element.shop = inWorker;
element.products = null;
const first: string | undefined = element.slate?.items[0]?.item;
const again: Promise<void> = element.refresh();
document.querySelector("mercer-slate")?.setAttribute("count", "4");
// @ts-expect-error: a model is no shop
defineSlate({ shop: "/shop.mercer" });
// @ts-expect-error: ids are no products
defineSlate({ products: (ids) => ids });
// @ts-expect-error: it is ranked, not set
element.slate = undefined;

// As docs/js-api.md declares the global of the script for pages without modules.
declare const Mercer: typeof import("mercer") &
  Pick<typeof import("mercer/element"), "defineSlate"> &
  Pick<typeof import("mercer/page"), "connectDataLayer" | "fromJsonLd">;
Mercer.defineSlate({ shop: Mercer.load("/shop.mercer") });
Mercer.connectDataLayer(shop);
// @ts-expect-error: it is for workers, and not in the script
Mercer.createEdge({ shop });

const attributes: SlateAttributes = { placement: "related", item: "a", count: 4, heading: "More", shop: inWorker };
const texts: SlateAttributes = { count: "4", shop: load("/shop.mercer"), products: null };
// @ts-expect-error: no such placement
const misplaced: SlateAttributes = { placement: "sidebar" };
// @ts-expect-error: a number
const uncounted: SlateAttributes = { count: "many" };

const edge = createEdge({ shop: () => load("/shop.mercer"), products: async (ids) => ids.map((title) => ({ title })) });
const request = new Request("https://shop.example/");
const answer: Response | undefined = await edge.fetch(request);
const page: Response = edge.page(request, await fetch(request));
const { session, slates } = await edge.rank(request, [{ placement: "related", item: "a" }]);
const use: EdgeSlate["session"] = session;
const token: string = sealSession(shop.export(), { maxAgeMs: 60_000 });
const state: SessionState | undefined = openSession(token);
document.cookie = sessionCookie(shop.export(), { name: "taste" });
const html: string = slateHtml([{ title: escape("<") }], request.url) + slates.length;
// @ts-expect-error: which shop?
createEdge({});
// @ts-expect-error: a shop in a worker answers too late
createEdge({ shop: inWorker });
// @ts-expect-error: a state, not a shop
sealSession(shop);
// @ts-expect-error: it may be expired
shop.restore(openSession(token));

export { again, answer, attributes, texts, misplaced, uncounted, first, html, page, state, use };
