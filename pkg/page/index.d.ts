import type { EventKind, Product } from "../index.js";

export { MercerError } from "../index.js";

/**
 * Passes on the GA4 e-commerce events of a page's dataLayer to a shop: those pushed already, and
 * each new one. What the shop's own pushes do and answer stays as it is, whatever happens here.
 *
 * @param shop what `load` gave, in a worker or not
 * @returns a function that ends it. A second connection of the same shop and dataLayer is the
 *   first one.
 * @throws {@link MercerError} `page/invalid`, `page/unknown-option`: only for wrong arguments
 *
 * @example
 * import { load } from "mercer";
 * import { connectDataLayer } from "mercer/page";
 * const shop = await load("/shop.mercer", { storage: "session" });
 * const disconnect = connectDataLayer(shop);
 */
export function connectDataLayer(shop: Observer, options?: DataLayerOptions): () => void;

/** Whatever takes in events. */
export interface Observer {
  observe(kind: any, options?: any): unknown;
}

export interface DataLayerOptions {
  /** The dataLayer, or the name of a global one; default `"dataLayer"`, made if there is none. */
  dataLayer?: unknown[] | string | undefined;
  /**
   * The id that the model knows an item by; default: `item_id`, or else `id`, `item_name`, `name`.
   * Nothing, for an item that is none of the catalogue.
   */
  itemId?: ((item: any) => string | number | null | undefined) | undefined;
  /** The shop's own event names, for example `{ productDetail: "view_item" }`. */
  events?: Readonly<Record<string, EventKind | "view_search_results">> | undefined;
  /** The catalogue's currency: prices in another one are left out; default: all are taken. */
  currency?: string | undefined;
  /** Is told what could not be passed on; default: `console.warn`, once for each kind of error. */
  onError?: ((error: unknown) => void) | undefined;
}

/**
 * Reads the products that a page describes in schema.org JSON-LD, for `shop.addItems`. Products
 * without an id are left out; of products named twice what was said first stands.
 *
 * @param source a document or an element, an HTML page or JSON-LD as text, or parsed JSON-LD
 * @returns at most 10,000 products, in the order of the page
 * @throws {@link MercerError} `page/json-ld` where a text is neither; `page/invalid`,
 *   `page/unknown-option` for wrong arguments
 *
 * @example
 * import { fromJsonLd } from "mercer/page";
 * shop.addItems(fromJsonLd(document));
 */
export function fromJsonLd(source: JsonLdSource, options?: JsonLdOptions): PageProduct[];

/** A document or an element, a text, or parsed JSON-LD. */
export type JsonLdSource = string | object;

export interface JsonLdOptions {
  /** The id of a product; default: `sku`, or else `productID`, `mpn`, `gtin`, `gtin13`. */
  itemId?: ((product: any) => unknown) | undefined;
  /** The catalogue's currency: prices in another one are left out; default: all are taken. */
  currency?: string | undefined;
  /** What else is wanted, for showing products; `shop.addItems` has no use for it. */
  also?: readonly ("url" | "image")[] | undefined;
  /** Is told of scripts that hold no JSON; default: `console.warn`. */
  onError?: ((error: unknown) => void) | undefined;
}

/** A product as `shop.addItems` takes it. */
export type PageProduct = Product & { url?: string; image?: string };
