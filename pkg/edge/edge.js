// A handler for workers that answer `fetch` events: slates for the first paint, from the session
// that the request brings. Nothing of it is kept.

import { MercerError } from "../check/errors.js";
import { check, show } from "../check/check.js";
import { call, key, whole } from "../check/kinds.js";
import { slateHtml } from "./markup.js";
import { unseal } from "./token.js";

const OPTIONS = {
  shop: ["a shop, a promise of one, or a function that gives one", (value) => (Object(value) === value ? value : undefined)],
  products: call,
  path: ["a path that begins with /", (value) => (/^\/[^?#]*$/.test(value) ? value : undefined)],
  cookie: ["the name of a cookie", (value) => (/^[\w-]+$/.test(value) ? value : undefined)],
  header: key,
  maxCount: whole(1, 1000),
  onError: call,
};
const DEFAULTS = {
  products: (items) => items.map((item) => ({ title: item })),
  path: "/mercer/slate",
  cookie: "mercer",
  header: "x-mercer-session",
  maxCount: 50,
  onError: (error) => console.warn(`mercer: ${error?.message ?? error}`),
};
const ASKED = ["placement", "item", "count", "query"];

/** See index.d.ts. */
export function createEdge(options) {
  const settings = { ...DEFAULTS, ...check("edge", OPTIONS, options) };
  if (!settings.shop) throw new MercerError("edge/invalid", "`shop` must say which shop ranks");
  return new Edge(settings);
}

class Edge {
  #settings;
  #opened;

  constructor(settings) {
    this.#settings = settings;
  }

  /** Answers `GET path?placement=…&item=…&count=…` with a slate; other paths with `undefined`. */
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== this.#settings.path) return undefined;
    if (request.method !== "GET" && request.method !== "HEAD") {
      return this.#answer(405, { code: "edge/method", message: "ask with GET" }, { allow: "GET, HEAD" });
    }
    try {
      const answer = await this.rank(request, [this.#wanted(Object.fromEntries(searchParams))]);
      const { session, slates: [{ source, items }] } = answer;
      return this.#answer(200, { session, source, items });
    } catch (error) {
      const isTheirs = /^(request|edge)\//.test(error?.code);
      if (!isTheirs) this.#settings.onError(error);
      const message = isTheirs ? error.message : "no slate can be ranked now";
      return this.#answer(isTheirs ? 400 : 503, { code: error?.code ?? "internal", message });
    }
  }

  /** Ranks the slates of a page from the session of a request. */
  async rank(request, units) {
    const shop = await this.#shop();
    const { session, state, ...moment } = unseal(this.#token(request), Date.now());
    try {
      // From here until it is forgotten nothing waits, so no other request comes between.
      const restored = state === undefined ? session : restore(shop, state);
      const now = momentOf(Date.now(), restored === "used" ? moment : {});
      return { session: restored, slates: shop.page(units.map((unit) => ({ ...now, ...unit }))) };
    } catch (error) {
      // An engine that stopped serves nobody again.
      if (/^(internal|shop\/)/.test(error?.code)) this.#opened = undefined;
      throw error;
    } finally {
      if (this.#opened) shop.forget();
    }
  }

  /** Fills the `<mercer-slate>` elements of a page; whatever fails leaves the page as it is. */
  page(request, response) {
    if (!/^text\/html\b/i.test(response.headers.get("content-type") ?? "")) return response;
    const shown = [];
    const fill = async (element) => {
      try {
        const unit = { ...this.#wanted(attributes(element)), exclude: [...shown] };
        const { slates: [{ items }] } = await this.rank(request, [unit]);
        const ids = items.map(({ item }) => item);
        if (!["recently-viewed", "search"].includes(unit.placement)) shown.push(...ids);
        const products = await this.#settings.products(ids);
        const known = products.filter((product) => product);
        if (known.length > 0) element.append(slateHtml(known, request.url), { html: true });
      } catch (error) {
        this.#settings.onError(error);
      }
    };
    const filled = new (rewriter())().on("mercer-slate", { element: fill }).transform(response);
    return this.#private(filled);
  }

  #wanted(given) {
    const unknown = Object.keys(given).find((name) => !ASKED.includes(name));
    if (unknown !== undefined) {
      const message = `${show(unknown)} is nothing that can be asked; known: ${ASKED.join(", ")}`;
      throw new MercerError("edge/unknown-option", message);
    }
    const { maxCount } = this.#settings;
    const count = given.count === undefined ? Math.min(12, maxCount) : Number(given.count);
    if (!Number.isInteger(count) || count < 1 || count > maxCount) {
      throw new MercerError("edge/invalid", `\`count\` must be a whole number from 1 to ${maxCount}`);
    }
    return { ...given, count };
  }

  #token(request) {
    const { header, cookie } = this.#settings;
    const sent = request.headers.get(header);
    if (sent) return sent;
    const cookies = (request.headers.get("cookie") ?? "").split(/;\s*/);
    return cookies.find((one) => one.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
  }

  /** The shop, opened once; after a failure the next request tries again. */
  #shop() {
    const { shop } = this.#settings;
    this.#opened ??= Promise.resolve(typeof shop === "function" ? shop() : shop).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  #answer(status, body, headers = {}) {
    const type = { "content-type": "application/json", "x-content-type-options": "nosniff" };
    return this.#private(new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } }));
  }

  /** What is made for one shopper is nobody else's, in no cache. */
  #private(response) {
    const answer = new Response(response.body, response);
    answer.headers.set("cache-control", "private, no-store");
    answer.headers.append("vary", `cookie, ${this.#settings.header}`);
    for (const name of ["etag", "last-modified", "expires"]) answer.headers.delete(name);
    return answer;
  }
}

function restore(shop, state) {
  try {
    shop.restore(state);
    return "used";
  } catch (error) {
    if (!error?.code?.startsWith("state/")) throw error;
    return "invalid";
  }
}

/** The moment where the shopper is, as far as the session says. */
function momentOf(now, { offsetMinutes, device = null }) {
  if (offsetMinutes === undefined) return { timeMs: now, hour: null, weekday: null, month: null, device };
  const there = new Date(now - offsetMinutes * 60_000);
  const weekday = (there.getUTCDay() + 6) % 7;
  return { timeMs: now, hour: there.getUTCHours(), weekday, month: there.getUTCMonth(), device };
}

function attributes(element) {
  const given = ASKED.map((name) => [name, element.getAttribute(name)]);
  return Object.fromEntries(given.filter(([, value]) => value));
}

function rewriter() {
  if (typeof HTMLRewriter === "function") return HTMLRewriter;
  throw new MercerError("edge/no-rewriter", "this runtime has no HTMLRewriter; ask for slates with `fetch`");
}
