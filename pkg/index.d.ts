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
/** Loads a model into a worker: the same shop, whose methods give promises. */
export function load(source: ModelSource, options: WorkerLoadOptions): Promise<WorkerShop>;

/** One shopper with one model. */
export interface Shop {
  /** What the model is. */
  readonly info: ModelInfo;

  /** What ranks: WebAssembly, or the same engine in JavaScript. Both give the same slates. */
  readonly engine: EngineKind;

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

  /**
   * Ranks the slates of a page in one call, in order. No product stands in two of them, but for
   * `recently-viewed` and `search`, which show what they are asked to show.
   *
   * @param units at most 100 requests, the most important first
   * @throws {@link MercerError} with a `code` that starts with `request/`
   * @example
   * const [forYou, trending] = shop.page([{ count: 8 }, { placement: "trending", count: 8 }]);
   */
  page(units: readonly RecommendOptions[]): Slate<RankedItem & Partial<ExplainedItem>>[];

  /**
   * Says why an item stands where it stands in a slate, or why it is not in it.
   *
   * @throws {@link MercerError} with a `code` that starts with `request/`
   */
  why(item: string, options?: RecommendOptions): Why;

  /**
   * Replaces the shop's rules; see docs/rules.md. An empty set takes them away. If the set is
   * refused, the rules before it stay.
   *
   * @returns what is allowed and probably a mistake, for example a rule that meets no product
   * @throws {@link MercerError} `rules/…`; the message has the path of the fault
   */
  setRules(rules: object): RuleNote[];

  /**
   * Adds products the model has never seen; they are ranked from the next slate on, by what
   * they are. A product the model knows is changed. At most 10,000.
   *
   * @throws {@link MercerError} `items/…`; then none of them was added
   */
  addItems(products: readonly Product[]): void;

  /**
   * Changes what is known of products: price, availability, and whatever else is given.
   *
   * @throws {@link MercerError} `items/…`; then none of them was changed
   */
  updateItems(changes: readonly Product[]): void;

  /**
   * Goes on with a newer model: the session stays, and what `setRules`, `addItems` and
   * `updateItems` said is said to the new one. The old one serves until the new one is ready,
   * and goes on if that fails.
   *
   * @returns a promise of what the new model is, rejected like that of {@link load}
   */
  replaceModel(source: ModelSource, options?: ReadOptions): Promise<ModelInfo>;

  /**
   * For a model in pieces (docs/sharding.md): a promise of when nothing that the session asks for is
   * on its way any more. Slates from then on know the products that came. It is never rejected for a
   * shard that cannot be had: the shop goes on with what it has, and `error` says why.
   */
  settled(): Promise<Settled>;

  /** Everything the device holds about this shopper, ready for `JSON.stringify`. */
  export(): SessionState;

  /**
   * Goes on with a session that was exported elsewhere, in place of this one.
   *
   * @throws {@link MercerError} `state/…`; the session is left as it was
   */
  restore(state: SessionState): void;

  /**
   * Wipes the session from memory and from the storage, in every tab of the shop.
   *
   * @throws {@link MercerError} `state/not-forgotten` if the browser refuses to delete what is
   *   stored; memory is wiped even then
   */
  forget(): void;

  /**
   * Keeps the session where the shopper agrees to from now on. More than before takes what this
   * page knows along; less than before wipes everything, in every tab, like `forget`.
   *
   * @returns where it is kept now
   * @throws {@link MercerError} `state/consent` for another word, `state/not-forgotten`
   * @example
   * const shop = await load("/shop.mercer");
   * banner.onagree = () => shop.setConsent("device");
   * banner.onwithdraw = () => shop.setConsent("none");
   */
  setConsent(consent: Consent): StorageReport;

  /** Gives the model's memory back. Every later call throws `shop/freed`. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * One shopper with one model, off the page's thread. Calls are answered in the order in which they
 * were made; what a {@link Shop} throws, their promises are rejected with.
 */
export interface WorkerShop {
  /** What the model is. */
  readonly info: ModelInfo;
  /** What ranks. The build in JavaScript does so on the page's own thread. */
  readonly engine: EngineKind;
  /** Where the session is kept, as of the latest answer. */
  readonly storage: StorageReport;
  /** See {@link Shop.knows}. */
  knows(item: string): Promise<boolean>;
  /**
   * See {@link Shop.observe}. Nobody has to wait for it: the next call comes after it, and where
   * the session is kept an event survives that the page is left at once.
   */
  observe<Kind extends EventKind>(
    kind: Kind,
    ...options: {} extends EventOptions[Kind]
      ? [options?: EventOptions[Kind]]
      : [options: EventOptions[Kind]]
  ): Promise<void>;
  /** See {@link Shop.recommend}. */
  recommend(options: RecommendOptions & { explain: true }): Promise<Slate<ExplainedItem>>;
  recommend(options?: RecommendOptions & { explain?: false | undefined }): Promise<Slate<RankedItem>>;
  recommend(options?: RecommendOptions): Promise<Slate<RankedItem & Partial<ExplainedItem>>>;
  /** See {@link Shop.page}. */
  page(units: readonly RecommendOptions[]): Promise<Slate<RankedItem & Partial<ExplainedItem>>[]>;
  /** See {@link Shop.why}. */
  why(item: string, options?: RecommendOptions): Promise<Why>;
  /** See {@link Shop.setRules}. */
  setRules(rules: object): Promise<RuleNote[]>;
  /** See {@link Shop.addItems}. */
  addItems(products: readonly Product[]): Promise<void>;
  /** See {@link Shop.updateItems}. */
  updateItems(changes: readonly Product[]): Promise<void>;
  /** See {@link Shop.replaceModel}. */
  replaceModel(source: ModelSource, options?: ReadOptions): Promise<ModelInfo>;
  /** See {@link Shop.settled}. */
  settled(): Promise<Settled>;
  /** See {@link Shop.export}. */
  export(): Promise<SessionState>;
  /** See {@link Shop.restore}. */
  restore(state: SessionState): Promise<void>;
  /** See {@link Shop.setConsent}. */
  setConsent(consent: Consent): Promise<StorageReport>;
  /** See {@link Shop.forget}. */
  forget(): Promise<void>;
  /** Ends the worker, once all that was asked before is answered. */
  free(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A URL, the bytes themselves, or a response that has not been read. */
export type ModelSource = string | Global<"URL"> | Bytes | Global<"Response"> | Global<"Blob">;

export type Bytes = ArrayBuffer | ArrayBufferView;

/** How a model is read. */
export interface ReadOptions {
  /** Fetches the model instead of the global `fetch`. */
  fetch?:
    | ((url: string, init: { signal?: Global<"AbortSignal"> }) => Promise<Global<"Response">>)
    | undefined;
  /** Gives the load up. */
  signal?: Global<"AbortSignal"> | undefined;
  /**
   * The hash that the model's file must have, as in `sha256-47DEQpj8…`. Where the browser cannot
   * compute it, as on a page without https, the load is refused.
   */
  integrity?: `sha256-${string}` | `sha384-${string}` | `sha512-${string}` | undefined;
  /**
   * The shop's public key, as `mercer keygen` prints it: 32 bytes in base64. A model without a
   * signature of this key is refused, and so is any where the browser knows no Ed25519. Given to
   * {@link load}, it also holds for every later model of the shop.
   */
  publicKey?: string | undefined;
  /**
   * Where the signature is: a URL, bytes or a response; default: beside the model, at its address
   * with `.sig` behind the path. With `publicKey` only.
   */
  signature?: ModelSource | undefined;
  /** Hears how much of the model has come, and at the end that this is all. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  /** Bytes so far. */
  readonly loaded: number;
  /** Bytes in all, where that is known. */
  readonly total?: number;
}

export interface WorkerLoadOptions extends Omit<LoadOptions, "worker"> {
  /**
   * Ranks in a worker: the package's own, or one that this function makes from
   * `mercer/worker.js`, for example where Trusted Types want a name for its address.
   */
  worker: true | (() => Global<"Worker">);
}

export interface LoadOptions extends ReadOptions {
  /** Whether a worker ranks; see {@link WorkerLoadOptions}. */
  worker?: false | undefined;
  /**
   * Where the session outlives the page: nowhere (`memory`, the default), in the tab
   * (`session`: sessionStorage), or on the device (`device`: localStorage). A browser that
   * refuses gets `memory`; see {@link Shop.storage}.
   */
  storage?: StorageKind | undefined;
  /**
   * Under which key it is stored; default `mercer`. Entries have keys that begin with it and
   * `#`. Shops of one page need a key each.
   */
  storageKey?: string | undefined;
  /**
   * After how long without an event `device` forgets, in milliseconds; default 90 days. It is
   * looked at whenever what is stored is read.
   */
  timeToLiveMs?: number | undefined;
  /** Stores even for shoppers who sent Global Privacy Control; default `false`. */
  overridePrivacyControl?: boolean | undefined;
  /** The clock for events without `timeMs`: milliseconds since 1970; default `Date.now`. */
  now?: (() => number) | undefined;
  /**
   * Which build of the engine runs: `wasm`, `js`, or `auto` (the default), which takes `js` where
   * WebAssembly is missing, has no SIMD, or is forbidden by the page's policy.
   */
  engine?: EngineKind | "auto" | undefined;
  /** Imports the build in JavaScript where the package does not bring it: `mercer/fallback`. */
  fallback?: (() => Promise<object>) | undefined;
  /**
   * The engine, for runtimes that cannot find it beside the package: where
   * `mercer_bg.wasm` is, its bytes, a response, or a compiled `WebAssembly.Module`. Only the
   * first load of a page needs it. Left out, it is `mercer_relaxed.wasm` where relaxed SIMD is.
   */
  wasm?: ModelSource | WasmModule | undefined;
  /**
   * For a model in pieces: the address of its root, where `source` does not say it, or `false`, and
   * nothing but the root is fetched.
   */
  shards?: string | false | undefined;
  /** Hears that products came with shards: what is shown may be ranked anew. */
  onItems?: (() => void) | undefined;
}

/** What came of the shards that a session asks for. */
export interface Settled {
  /** How many products came since the model was loaded. */
  readonly items: number;
  /** What failed last, unless something was fetched since. */
  readonly error?: MercerError;
}

/** A compiled `WebAssembly.Module`. TypeScript knows nothing of it but that it is an object. */
export type WasmModule = object;

export type EngineKind = "wasm" | "js";

export type StorageKind = "memory" | "session" | "device";

/** What a shopper agrees to: nothing that is stored, this tab, or this device. */
export type Consent = "none" | "session" | "device";

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
  readonly bits: 0 | 1 | 2 | 3 | 4 | 8;
  /** What the trainer wrote about the model: when, on how much, how good. */
  readonly about: unknown;
  /** For a model in pieces: of how many shards beside the root. */
  readonly shards?: number;
}

/** What is known of every event. */
interface Details {
  /** How long the shopper stayed, in milliseconds; default: until the next event. */
  dwellMs?: number | undefined;
  /** When it happened, in milliseconds since 1970; default: now. */
  timeMs?: number | undefined;
  /** How many pieces, 1 to 1,000,000; default: one, or all where something leaves the cart. */
  quantity?: number | undefined;
  /** What one piece costs, in the currency of the catalogue. */
  price?: number | undefined;
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
 * - `bought-together`: on a product page; what is bought with `item`
 * - `cart`: what goes with everything in the cart
 * - `more-like-this`: on a product page; what the catalogue describes like `item`
 * - `trending`: what is chosen more often lately than before
 * - `popular`: what most shoppers choose, whatever the session
 * - `recently-viewed`: the shopper's own items, newest first; nothing rather than filler
 * - `search`: the list in `items`, in the shopper's order
 */
export type Placement =
  | "home"
  | "related"
  | "bought-together"
  | "cart"
  | "more-like-this"
  | "trending"
  | "popular"
  | "recently-viewed"
  | "search";

export interface RecommendOptions {
  /** Default `home`. */
  placement?: Placement | undefined;
  /** The product of the page. It is never part of the slate. */
  item?: string | undefined;
  /**
   * What else the slate is for, for example the cart as the page shows it; default: what the
   * session says is in the cart. Never part of the slate. At most 10,000.
   */
  context?: readonly string[] | undefined;
  /** The list to be ranked by `search`, in the caller's order. At most 10,000. */
  items?: readonly string[] | undefined;
  /** The words of the search; default: those of the session's latest. */
  query?: string | undefined;
  /** How many items, 1 to 1000; default 12. */
  count?: number | undefined;
  /** Whether items the shopper has been on may come again; default `false`. */
  includeSeen?: boolean | undefined;
  /** Whether items in the cart and items bought may come again; default `false`. */
  includeOwned?: boolean | undefined;
  /** Items that must not appear, for example those of the page's other slates. At most 10,000. */
  exclude?: readonly string[] | undefined;
  /** What must be true of every item; see docs/rules.md. */
  filter?: Condition | undefined;
  /** How much variety counts beside the score, 0 (not at all, the default) to 1. */
  diversity?: number | undefined;
  /** How much what was shown before without a click gives way, 0 (not at all) to 1; default 0.1. */
  rotation?: number | undefined;
  /**
   * How much is tried, 0 (nothing, the default) to 1: products that little is known of, and other ways
   * of ranking than the placement's usual one.
   */
  exploration?: number | undefined;
  /** Decides whatever is left to chance; a whole number, default 0. */
  seed?: number | undefined;
  /** Whether every item carries its reasons; default `false`. */
  explain?: boolean | undefined;
  /** Whether the slate tells what each stage did and how long it took; default `false`. */
  trace?: boolean | undefined;
  /** What the shopper holds in hand; default: what the browser says; `null`: not known. */
  device?: Device | null | undefined;
  /** When, in milliseconds since 1970; default: now; 0: not known. */
  timeMs?: number | undefined;
  /** Hour of the shopper's day, 0 to 23; default: from `timeMs`, by the shopper's own clock. */
  hour?: number | null | undefined;
  /** Day of the week, 0 for Monday to 6; default: from `timeMs`. */
  weekday?: number | null | undefined;
  /** Month, 0 for January to 11; default: from `timeMs`. */
  month?: number | null | undefined;
  /** The category the visit began in, as the catalogue writes it: `"Shoes > Boots"`. */
  landing?: string | undefined;
}

export type Device = "phone" | "tablet" | "desktop";

/** What must be true of an item; docs/rules.md has every form. */
export type Condition = { readonly [field: string]: unknown };

export interface Slate<Item = RankedItem> {
  /** What ranked it: the first strategy of the placement that had anything to say. */
  source: Source;
  items: Item[];
  /** Why there are fewer items than were asked for. */
  short?: Shortfall;
  /** With `trace`. */
  trace?: Trace;
}

/**
 * - `session`: the session's interest
 * - `together`: what goes together with the product or the cart
 * - `content`: what the catalogue describes like the page's product
 * - `trending`: what is chosen more often lately
 * - `popular`: popularity
 * - `recent`: the shopper's own items
 * - `listed`: the caller's own order
 */
export type Source =
  | "session"
  | "together"
  | "content"
  | "trending"
  | "popular"
  | "recent"
  | "listed";

/**
 * What took the most away: there are no more (`catalogue`), the shopper has seen, owns or
 * dismissed them (`known`), the caller excludes them, the filter or the rules do, or the
 * shopper has been on no more (`history`).
 */
export type Shortfall = "catalogue" | "known" | "excluded" | "filter" | "rules" | "history";

export interface RankedItem {
  item: string;
  /** Comparable within the slate only. */
  score: number;
}

export interface ExplainedItem extends RankedItem {
  /** What speaks for the item, strongest first; the shares add up to 1. */
  reasons: Reason[];
}

export type Reason = SessionReason | FieldReason | RuleReason | GeneralReason;

/**
 * It is like an item the shopper viewed, put into the cart, bought or wished for, or was on in
 * an earlier visit (`taste`); or shoppers who were on that item were on this one as well
 * (`together`).
 */
export interface SessionReason {
  kind: "viewed" | "in-cart" | "bought" | "wished" | "together" | "taste";
  /** That item. */
  item: string;
  share: number;
}

/** The shopper is on items that say the same in this field, for example of the same `brand`. */
export interface FieldReason {
  kind: "affinity";
  field: string;
  /** What the item says there; of a category the whole path. */
  value?: string | number;
  item?: never;
  share: number;
}

/** A rule of the shop. */
export interface RuleReason {
  kind: "rule";
  /** Its position in the rule set, from 0. */
  rule: number;
  /** What the shop calls it. */
  name?: string;
  item?: never;
  share: number;
}

/**
 * Shoppers go back to what they were on (`returning`); many choose it (`popular`), lately more
 * (`trending`), or at such a time and on such a device (`context`); it is what was searched for
 * (`query`) or stands high in the caller's list (`listed`); others were shown before
 * (`rotation`) or are like what the shopper said no to (`dislike`); little is known of it yet (`new`).
 */
export interface GeneralReason {
  kind:
    | "returning"
    | "popular"
    | "trending"
    | "context"
    | "dislike"
    | "query"
    | "listed"
    | "rotation"
    | "new";
  item?: never;
  share: number;
}

/** What each stage of the walk left, and what kept items out; see docs/explanations.md. */
export interface Trace {
  /** In the order they were gone through; fallbacks come again as candidates and ranked. */
  stages: TraceStage[];
  /** How many items may not be shown, by the first cause. */
  closed: (Cause & { items: number })[];
  /** Ranked items that the rules on places passed over. */
  dropped: (Cause & { item: string })[];
}

export interface TraceStage {
  stage: "session" | "eligible" | "candidates" | "ranked" | "arranged" | "placed";
  /** The way of ranking it belongs to. */
  by?: Source;
  /** How many items it left; for the session, how many steps. */
  items: number;
  /** How long it took, in milliseconds, as the browser's clock tells. */
  ms: number;
}

/** What keeps an item out. */
export interface Cause {
  cause:
    | "unlisted"
    | "page"
    | "excluded"
    | "dismissed"
    | "owned"
    | "seen"
    | "variant"
    | "filter"
    | "stock"
    | "rule";
  /** The rule's position in the rule set. */
  rule?: number;
  /** What the shop calls the rule. */
  name?: string;
}

/** Why an item is in a slate, or what kept it out; see docs/explanations.md. */
export type Why =
  | { why: "shown"; place: number }
  | { why: "unknown" }
  | ({ why: "closed" } & Cause)
  | { why: "not-retrieved"; score?: number; last?: number }
  | { why: "below"; rank: number; score: number; lacks: number }
  | { why: "moved"; rank: number; to: number }
  | ({ why: "dropped"; rank?: number } & Cause);

/**
 * Says a reason in words: plain text, to be put into a page as text and never as HTML. `""`
 * for a kind that no template speaks of.
 *
 * @throws {@link MercerError} `phrase/invalid`
 * @example
 * const titles = { "SKU-1": "Enamel mug" };
 * const templates = { viewed: "Weil Sie {title} angesehen haben" };
 * label.textContent = phrase(item.reasons[0], { titles, templates });
 */
export function phrase(reason: Reason, options?: PhraseOptions): string;

export interface PhraseOptions {
  /** The titles of products by id. */
  titles?:
    | { readonly [item: string]: string }
    | ReadonlyMap<string, string>
    | ((item: string) => string | undefined)
    | undefined;
  /** Templates that come before the English ones, key by key. */
  templates?: Templates | undefined;
}

/**
 * A kind of reason; the same `:plain`, for where a word of the other is not known; or a field
 * after `affinity:`.
 */
export type TemplateKey = Reason["kind"] | `${Reason["kind"]}:plain` | `affinity:${string}`;

/** Texts with `{title}`, `{field}`, `{value}` or `{name}` in them. */
export type Templates = { readonly [Key in TemplateKey]?: string };

/** The English templates. */
export const ENGLISH: Templates;

/** What is allowed in a rule set and probably a mistake. */
export interface RuleNote {
  code: string;
  /** With its path in the rule set. */
  message: string;
}

/**
 * A product, as the catalogue says it; or what changed of it. Besides these any attribute the
 * model has, as a string, a number, or an array of strings.
 */
export interface Product {
  item: string;
  title?: string | undefined;
  description?: string | undefined;
  /** `"Shoes > Boots"` */
  category?: string | undefined;
  brand?: string | undefined;
  price?: number | undefined;
  availability?:
    | "in_stock"
    | "low_stock"
    | "out_of_stock"
    | "preorder"
    | "backorder"
    | undefined;
  /** What variants of one product share. */
  group?: string | undefined;
  /** The day it came into the shop. */
  added?: string | number | undefined;
  /**
   * Its vector, where the model was trained on imported ones: it places the product in place of
   * its words. A model without them refuses it (`items/invalid`).
   */
  embedding?: readonly number[] | Float32Array | undefined;
  [attribute: string]: unknown;
}

/** Everything a session holds: as JSON at most 8 kB. */
export interface SessionState {
  version: number;
  /** This visit, oldest first, at most 100. */
  events: StoredEvent[];
  /** Oldest first, at most 100. */
  cart: { item: string; quantity: number }[];
  /** Ids, oldest first, at most 100. */
  bought: string[];
  /** What was shown and not clicked, at most 100. */
  impressions: { item: string; shown: number; timeMs: number }[];
  /** What earlier visits were about, at most 50; `day` counts from 1970. */
  taste: { item: string; weight: number; day: number }[];
  /** What was tried, at most 32. */
  trials: { key: string; shown: number; chosen: number }[];
}

export interface StoredEvent {
  kind: EventKind;
  item?: string;
  timeMs: number;
  dwellMs?: number;
  query?: string;
  quantity?: number;
  price?: number;
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
  | RuleCode
  | ItemCode
  | PageCode
  | EdgeCode
  | StateCode
  | "phrase/invalid"
  | "state/consent"
  | "state/not-forgotten"
  | "shop/freed"
  | "shop/stopped"
  | "worker/unavailable"
  | "internal";

export type LoadCode =
  | "load/aborted"
  | "load/fallback"
  | "load/file"
  | "load/html"
  | "load/http"
  | "load/insecure"
  | "load/integrity"
  | "load/invalid"
  | "load/network"
  | "load/signature"
  | "load/unknown-option"
  | "load/unsigned"
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
  | "event/price"
  | "event/quantity"
  | "event/unknown-option"
  | "event/unknown-type";

export type RequestCode =
  | "filter/invalid"
  | "filter/too-large"
  | "filter/unknown"
  | "request/invalid"
  | "request/unknown-option"
  | "request/unknown-placement";

export type RuleCode =
  | "rules/conflict"
  | "rules/invalid"
  | "rules/too-large"
  | "rules/unknown";

export type ItemCode =
  | "items/full"
  | "items/invalid"
  | "items/unknown";

/** Of `mercer/page` and `mercer/element`. */
export type PageCode =
  | "element/invalid"
  | "element/unknown-option"
  | "page/invalid"
  | "page/json-ld"
  | "page/unknown-option";

/** Of `mercer/edge`. */
export type EdgeCode = "edge/invalid" | "edge/method" | "edge/no-rewriter" | "edge/unknown-option";

/** Why a session is not kept, or was not restored. */
export type StateCode =
  | "state/corrupt"
  | "state/event"
  | "state/invalid"
  | "state/newer-version"
  | "state/number"
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
