/// <reference lib="esnext.disposable" />

/**
 * Loads a model and, with the first one, the engine.
 *
 * @param source where the model is: a URL, its bytes, or a Response that brings them; in
 *   Node also the path of a file
 * @returns a promise of a {@link Shop}. It is rejected with a {@link MercerError} whose `code`
 *   starts with `load/`, `model/` or `wasm/`; another `load` may follow.
 *
 * @example
 * import { load } from "mercer";
 * const shop = await load("/shop.mercer", { storage: "session" });
 * shop.observe("view_item", { item: "SKU-1", dwellMs: 8200 });
 * const { items } = shop.recommend({ placement: "related", item: "SKU-1", explain: true });
 */
export function load(source: ModelSource, options?: LoadOptions): Promise<Shop>;

/** One shopper with one model. */
export interface Shop {
  /** What the model is. */
  readonly info: ModelInfo;

  /** Where the session is kept, and why not where it was asked to be. */
  readonly storage: StorageReport;

  /** Whether the model knows an item. Events about others are kept and have no weight. */
  knows(item: string): boolean;

  /**
   * Takes in what the shopper did.
   *
   * @throws {@link MercerError} with a `code` that starts with `event/`
   */
  observe<Kind extends EventKind>(
    kind: Kind,
    ...options: {} extends EventOptions[Kind]
      ? [options?: EventOptions[Kind]]
      : [options: EventOptions[Kind]]
  ): void;

  /**
   * Ranks a slate: full whenever the catalogue allows, no item twice, best first. Only
   * `recently-viewed` may be shorter.
   *
   * @throws {@link MercerError} with a `code` that starts with `request/`
   */
  recommend(options: RecommendOptions & { explain: true }): Slate<ExplainedItem>;
  recommend(options?: RecommendOptions & { explain?: false | undefined }): Slate<RankedItem>;
  recommend(options?: RecommendOptions): Slate<RankedItem & Partial<ExplainedItem>>;

  /** Everything the device holds about this shopper, ready for `JSON.stringify`. */
  export(): SessionState;

  /**
   * Wipes the session from memory and from the storage.
   *
   * @throws {@link MercerError} `state/not-forgotten` if the browser refuses to delete what is
   *   stored; memory is wiped even then
   */
  forget(): void;

  /** Gives the model's memory back. Every later call throws `shop/freed`. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A URL, the bytes themselves, or a response that has not been read. */
export type ModelSource = string | Global<"URL"> | Bytes | Global<"Response"> | Global<"Blob">;

export type Bytes = ArrayBuffer | ArrayBufferView;

export interface LoadOptions {
  /**
   * Where the session outlives the page: nowhere (`memory`, the default), in the tab
   * (`session`: sessionStorage), or on the device (`device`: localStorage). A browser that
   * refuses gets `memory`; see {@link Shop.storage}.
   */
  storage?: StorageKind | undefined;
  /** Under which key it is stored; default `mercer`. Shops of one page need a key each. */
  storageKey?: string | undefined;
  /** Stores even for shoppers who sent Global Privacy Control; default `false`. */
  overridePrivacyControl?: boolean | undefined;
  /** Fetches the model instead of the global `fetch`. */
  fetch?:
    | ((url: string, init: { signal?: Global<"AbortSignal"> }) => Promise<Global<"Response">>)
    | undefined;
  /** Gives the load up. */
  signal?: Global<"AbortSignal"> | undefined;
  /** The clock for events without `timeMs`: milliseconds since 1970; default `Date.now`. */
  now?: (() => number) | undefined;
  /**
   * The engine, for runtimes that cannot find it beside the package: where
   * `mercer_bg.wasm` is, its bytes, a response, or a compiled `WebAssembly.Module`. Only the
   * first load of a page needs it.
   */
  wasm?: ModelSource | WasmModule | undefined;
}

/** A compiled `WebAssembly.Module`. TypeScript knows nothing of it but that it is an object. */
export type WasmModule = object;

export type StorageKind = "memory" | "session" | "device";

export interface StorageReport {
  /** What is in use. */
  readonly kind: StorageKind;
  /** What the options asked for. */
  readonly requested: StorageKind;
  /** Why the two differ, or why what was stored could not be restored. */
  readonly reason?: StateCode;
}

export interface ModelInfo {
  /** How many products it knows. */
  readonly items: number;
  /** Coordinates of an item's vector; 0 where the model has no vectors. */
  readonly dim: number;
  /** Bits of a coordinate in the file; 0 where the model has no vectors. */
  readonly bits: 0 | 4 | 8;
  /** What the trainer wrote about the model: when, on how much, how good. */
  readonly about: unknown;
}

/** What is known of every event. */
interface Details {
  /** How long the shopper stayed, in milliseconds; default: until the next event. */
  dwellMs?: number | undefined;
  /** When it happened, in milliseconds since 1970; default: now. */
  timeMs?: number | undefined;
}

/** An event about a product. */
export interface ItemEvent extends Details {
  /** The shop's id of the product, at most 256 bytes. */
  item: string;
  query?: string | undefined;
}

/** An event that may be about a product. */
export interface PlainEvent extends Details {
  item?: string | undefined;
  query?: string | undefined;
}

/** A search. */
export interface SearchEvent extends Details {
  /** The words; the first 200 characters are kept. */
  query: string;
  item?: string | undefined;
}

/** The options of every event type, in the words of GA4. */
export interface EventOptions {
  /** Was shown the item in a list. */
  view_item_list: ItemEvent;
  /** Clicked the item in a list. */
  select_item: ItemEvent;
  /** Looked at the product's page. */
  view_item: ItemEvent;
  add_to_wishlist: ItemEvent;
  add_to_cart: ItemEvent;
  remove_from_cart: ItemEvent;
  view_cart: PlainEvent;
  begin_checkout: PlainEvent;
  purchase: ItemEvent;
  search: SearchEvent;
  /** Said "not this one". */
  dismiss: ItemEvent;
}

export type EventKind = keyof EventOptions;

/**
 * - `home`: "for you"; what is popular, for a stranger
 * - `related`: on a product page; `item` is its product
 * - `popular`: what most shoppers choose, whatever the session
 * - `recently-viewed`: the shopper's own items, newest first; nothing rather than filler
 */
export type Placement = "home" | "related" | "popular" | "recently-viewed";

export interface RecommendOptions {
  /** Default `home`. */
  placement?: Placement | undefined;
  /** The product of the page. It is never part of the slate. */
  item?: string | undefined;
  /** How many items, 1 to 1000; default 12. */
  count?: number | undefined;
  /** Whether items the shopper has been on may come again; default `false`. */
  includeSeen?: boolean | undefined;
  /** Whether items in the cart and items bought may come again; default `false`. */
  includeOwned?: boolean | undefined;
  /** Items that must not appear, for example those of the page's other slates. */
  exclude?: readonly string[] | undefined;
  /** Whether every item carries its reasons; default `false`. */
  explain?: boolean | undefined;
}

export interface Slate<Item = RankedItem> {
  /** What it stands on: the session's interest, popularity, or the shopper's own items. */
  source: "session" | "popular" | "recent";
  items: Item[];
}

export interface RankedItem {
  item: string;
  /** Comparable within the slate only. */
  score: number;
}

export interface ExplainedItem extends RankedItem {
  /** What speaks for the item, strongest first; the shares add up to 1. */
  reasons: Reason[];
}

export type Reason = SessionReason | GeneralReason;

/**
 * It is like an item the shopper viewed, put into the cart, bought or wished for; or shoppers
 * who were on that item were on this one as well (`together`).
 */
export interface SessionReason {
  kind: "viewed" | "in-cart" | "bought" | "wished" | "together";
  /** That item. */
  item: string;
  share: number;
}

/** Shoppers go back to what they were on (`returning`); many choose it (`popular`). */
export interface GeneralReason {
  kind: "returning" | "popular";
  item?: never;
  share: number;
}

/** Everything a session holds. */
export interface SessionState {
  version: number;
  /** Oldest first, at most 100. */
  events: StoredEvent[];
  /** Oldest first, at most 100. */
  cart: string[];
  /** Oldest first, at most 100. */
  bought: string[];
}

export interface StoredEvent {
  kind: EventKind;
  item?: string;
  timeMs: number;
  dwellMs?: number;
  query?: string;
}

/** What every function of the package throws, and every promise is rejected with. */
export class MercerError extends Error {
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown });
  override readonly name: "MercerError";
  /** For programs; stable. `message` is for people. */
  readonly code: ErrorCode;
  readonly cause?: unknown;
}

/** See docs/js-api.md for what each means. */
export type ErrorCode =
  | LoadCode
  | ModelCode
  | EventCode
  | RequestCode
  | "state/not-forgotten"
  | "shop/freed"
  | "internal";

export type LoadCode =
  | "load/aborted"
  | "load/file"
  | "load/html"
  | "load/http"
  | "load/invalid"
  | "load/network"
  | "load/unknown-option"
  | "load/wasm"
  | "wasm/unavailable";

export type ModelCode =
  | "model/checksum"
  | "model/corrupt"
  | "model/missing-section"
  | "model/newer-version"
  | "model/not-a-model"
  | "model/table"
  | "model/trailing-bytes"
  | "model/truncated";

export type EventCode =
  | "event/invalid"
  | "event/item-too-long"
  | "event/missing-item"
  | "event/missing-query"
  | "event/unknown-option"
  | "event/unknown-type";

export type RequestCode =
  | "request/invalid"
  | "request/unknown-option"
  | "request/unknown-placement";

/** Why a session is not kept, or was not restored. */
export type StateCode =
  | "state/corrupt"
  | "state/event"
  | "state/invalid"
  | "state/newer-version"
  | "state/privacy-control"
  | "state/quota"
  | "state/refused"
  | "state/too-large"
  | "state/unavailable";

/** A class of the runtime; without its types (no DOM, no Node) nothing. */
type Global<Name extends string> = typeof globalThis extends {
  [N in Name]: { prototype: infer Instance };
}
  ? Instance
  : never;
