// What the page says already, and the entry without an engine: right uses compile, each wrong one is
// an error.

import { load, type Product, type Shop, type WorkerShop } from "mercer";
import { connectDataLayer, fromJsonLd, type PageProduct } from "mercer/page";
import { load as slim } from "mercer/slim";
import engine from "mercer/wasm";

const shop: Shop = await load("/shop.mercer");
const inWorker: WorkerShop = await load("/shop.mercer", { worker: true });

const disconnect: () => void = connectDataLayer(shop);
connectDataLayer(inWorker, { dataLayer: "layer", currency: "EUR", onError: (error: unknown) => console.warn(error) });
connectDataLayer(shop, { dataLayer: [], itemId: ({ sku }) => sku, events: { productDetail: "view_item", found: "view_search_results" } });
// @ts-expect-error: a promise of a shop takes no events
connectDataLayer(load("/shop.mercer"));
// @ts-expect-error: no such kind of event
connectDataLayer(shop, { events: { productDetail: "look" } });
// @ts-expect-error: a list of one, or its name
connectDataLayer(shop, { dataLayer: 5 });
// @ts-expect-error: no such option
connectDataLayer(shop, { currencies: ["EUR"] });

const products: PageProduct[] = fromJsonLd(document, { also: ["url", "image"], currency: "EUR" });
const known: Product[] = fromJsonLd({ "@type": "Product", sku: "a" });
shop.addItems(fromJsonLd("<!doctype html>"));
const image: string | undefined = products[0]?.image;
// @ts-expect-error: nothing else is read
fromJsonLd(document, { also: ["price"] });
// @ts-expect-error: no number is a page
fromJsonLd(5);

const bare: Shop = await slim("/shop.mercer", { wasm: "/mercer_bg.wasm" });
const module: Shop = await slim("/shop.mercer", { wasm: new WebAssembly.Module(new Uint8Array()) });
const imported: Shop = await slim("/shop.mercer", { wasm: engine });
// @ts-expect-error: it brings no worker
await slim("/shop.mercer", { worker: true });

export { bare, imported, disconnect, image, known, module };
