import type { Placement, Slate } from "../index.js";
import type { Shown } from "../edge/index.js";

export { MercerError } from "../index.js";
export type { Shown } from "../edge/index.js";

/**
 * Defines `<mercer-slate>`. Elements that stand on the page already become slates; they are
 * loading until there is a shop. Called again, it replaces what was said before for all of them,
 * and defines nothing twice.
 *
 * @throws {@link MercerError} `element/invalid`, `element/unknown-option`
 * @example
 * import { load } from "mercer";
 * import { defineSlate } from "mercer/element";
 * defineSlate({
 *   shop: load("/shop.mercer", { storage: "session" }),
 *   products: async (ids) => (await fetch(`/products?ids=${ids}`)).json(),
 * });
 */
export function defineSlate(options?: SlateOptions): { new (): SlateElement };

export interface SlateOptions {
  /** What ranks, in a worker or not; an element may have another. */
  shop?: SlateShop | Promise<SlateShop> | undefined;
  /**
   * What is shown of products, in the order of the ids; nothing for what is not to be shown.
   * Default: their ids.
   */
  products?: Products | undefined;
  /** The element's name; default `mercer-slate`. */
  name?: string | undefined;
}

/** A shop, or one that answers with promises. */
export interface SlateShop {
  page(units: any): unknown;
  observe(kind: any, options?: any): unknown;
}

export type Products = (items: string[]) => readonly Product[] | Promise<readonly Product[]>;

/** {@link Shown}, and whatever else the shop's own template names. */
export type Product = (Shown & { alt?: string; [field: string]: unknown }) | null | undefined;

/**
 * `<mercer-slate placement="related" item="SKU-1" count="8" heading="You may also like">`. A
 * `<template>` in it is the card of a product; slots `heading`, `loading`, `empty`, `error` and
 * `retry` are for the shop's own words.
 *
 * Events: `mercer-ready` ({@link ReadyDetail}), `mercer-select` ({@link SelectDetail}; cancelled,
 * the link is not followed), `mercer-error` ({@link ErrorDetail}).
 */
export interface SlateElement extends Global<"HTMLElement"> {
  get shop(): SlateShop | Promise<SlateShop> | undefined;
  set shop(shop: SlateShop | Promise<SlateShop> | null | undefined);
  get products(): Products | undefined;
  set products(products: Products | null | undefined);
  /** What is shown. */
  readonly slate: Slate | undefined;
  /** Ranks anew, from what the session says now. */
  refresh(): Promise<void>;
}

/**
 * What JSX may say of the element, for a shop's own declaration of it; how that is written for React
 * stands in docs/storefront.md.
 */
export interface SlateAttributes {
  placement?: Placement | undefined;
  item?: string | undefined;
  count?: number | `${number}` | undefined;
  query?: string | undefined;
  /** The heading, and what screen readers call the region. */
  heading?: string | undefined;
  shop?: SlateShop | Promise<SlateShop> | null | undefined;
  products?: Products | null | undefined;
}

export interface ReadyDetail {
  slate: Slate;
}

export interface SelectDetail {
  item: string;
}

export interface ErrorDetail {
  error: unknown;
}

declare global {
  interface HTMLElementTagNameMap {
    "mercer-slate": SlateElement;
  }
}

/** A class of the browser; without its types nothing. */
type Global<Name extends string> = typeof globalThis extends {
  [N in Name]: { prototype: infer Instance };
}
  ? Instance
  : {};
