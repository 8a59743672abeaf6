import type { RankedItem, RecommendOptions, SessionState, Shop, Slate, Source } from "../index.js";

export { MercerError } from "../index.js";

/**
 * A handler for workers that answer `fetch` events. It ranks from the session that a request
 * brings, and keeps nothing of it.
 *
 * @throws {@link MercerError} `edge/invalid`, `edge/unknown-option`
 * @example
 * import { load } from "mercer";
 * import { createEdge } from "mercer/edge";
 * import model from "./shop.mercer";
 *
 * const edge = createEdge({ shop: () => load(model) });
 * export default {
 *   async fetch(request) {
 *     return (await edge.fetch(request)) ?? edge.page(request, await fetch(request));
 *   },
 * };
 */
export function createEdge(options: EdgeOptions): Edge;

export interface EdgeOptions {
  /** What ranks: a shop that keeps its session in memory. A function is called once. */
  shop: Shop | Promise<Shop> | (() => Shop | Promise<Shop>);
  /**
   * What is shown of products, in the order of the ids; `undefined` for what is not to be shown.
   * Default: their ids.
   */
  products?: ((items: string[]) => Shown[] | Promise<Shown[]>) | undefined;
  /** Where slates are asked for; default `/mercer/slate`. */
  path?: string | undefined;
  /** The cookie with the session; default `mercer`. */
  cookie?: string | undefined;
  /** The header with the session, which comes before the cookie; default `x-mercer-session`. */
  header?: string | undefined;
  /** The most products of a slate, 1 to 1000; default 50. */
  maxCount?: number | undefined;
  /** Is told why a page stayed as it was, or no slate was ranked; default `console.warn`. */
  onError?: ((error: unknown) => void) | undefined;
}

/** What is shown of a product: texts, never HTML. */
export interface Shown {
  title?: string | undefined;
  /** Its page: `https:`, `http:` or relative; anything else is left out. */
  url?: string | undefined;
  image?: string | undefined;
  /** As it is to be read: `"12.90 €"`. */
  price?: string | undefined;
}

export interface Edge {
  /**
   * Answers `GET /mercer/slate?placement=related&item=SKU-1&count=8` with `{ session, source,
   * items }` as JSON, never to be cached; `undefined` for every other path.
   */
  fetch(request: Incoming): Promise<Outgoing | undefined>;
  /**
   * Fills every `<mercer-slate>` of an HTML response, where the runtime has `HTMLRewriter`;
   * other responses pass. What cannot be ranked leaves the page as it is.
   *
   * @throws {@link MercerError} `edge/no-rewriter`
   */
  page<R extends Outgoing>(request: Incoming, response: R): R;
  /** Ranks the slates of a page from the session of a request, as `shop.page` does. */
  rank(
    request: Incoming,
    units: readonly RecommendOptions[],
  ): Promise<{ session: SessionUse; slates: Slate<RankedItem>[] }>;
}

/** Whether the session of the request was used; if not, a stranger's slate is ranked. */
export type SessionUse = "used" | "none" | "expired" | "invalid";

/** What `fetch` answers with. */
export interface EdgeSlate {
  session: SessionUse;
  source: Source;
  items: RankedItem[];
}

/** A `Request`, as far as it is looked at. */
export interface Incoming {
  readonly url: string;
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

/** A `Response`. */
export type Outgoing = typeof globalThis extends { Response: { prototype: infer R } } ? R : any;

export interface SealOptions {
  /** How long it is valid, in milliseconds, at most a day; default 30 minutes. */
  maxAgeMs?: number | undefined;
  /** How long it may get, 200 to 8192 characters; default 3000. What ranks least is left out. */
  maxLength?: number | undefined;
}

export interface CookieOptions extends SealOptions {
  /** Default `mercer`. */
  name?: string | undefined;
}

/**
 * A session as letters, digits, `-` and `_`, for a cookie or a header. It also says which device
 * and time zone the page has, as `recommend` uses them.
 *
 * @throws {@link MercerError} `edge/invalid`, `edge/unknown-option`
 */
export function sealSession(state: SessionState, options?: SealOptions): string;

/**
 * The same as a cookie of this site.
 *
 * @example
 * document.cookie = sessionCookie(shop.export());
 */
export function sessionCookie(state: SessionState, options?: CookieOptions): string;

/** The session of such a text, for `shop.restore`; `undefined` if it is none, or expired. */
export function openSession(text: string | null | undefined): SessionState | undefined;

/** A text for HTML, between tags and in quotes. */
export function escape(text: unknown): string;

/**
 * A list of products as HTML, everything escaped, as `page` fills it in.
 *
 * @param base the page's address
 */
export function slateHtml(products: readonly Shown[], base: string): string;
