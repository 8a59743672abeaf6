// Products as a page describes them to search engines: schema.org in JSON-LD.

import { check, guarded, show } from "../check/check.js";
import { MercerError } from "../check/errors.js";
import { call } from "../check/kinds.js";
import { Graph, productsIn } from "./schema-org.js";

const MAX_PRODUCTS = 10_000;
const ALSO = ["url", "image"];

const OPTIONS = {
  itemId: call,
  currency: ["a currency's three letters", (value) => (/^[A-Z]{3}$/.test(value) ? value : undefined)],
  also: [
    'an array of "url" and "image"',
    (value) => (Array.isArray(value) && value.every((name) => ALSO.includes(name)) ? [...value] : undefined),
  ],
  onError: call,
};

/** The products that a page describes; see index.d.ts. */
export function fromJsonLd(source, options) {
  const onError = (error) => console.warn(`mercer: ${error.message}`);
  const settings = { also: [], onError, ...check("page", OPTIONS, options) };
  const found = new Map();
  for (const data of guarded("page/invalid", "the source", () => dataOf(source, settings.onError))) {
    for (const product of productsIn(new Graph(data), settings)) {
      const known = found.get(product.item);
      if (!known && found.size === MAX_PRODUCTS) return [...found.values()];
      // A page may say more of a product elsewhere; what came first stands.
      found.set(product.item, { ...product, ...known });
    }
  }
  return [...found.values()];
}

/** Everything the source holds, parsed. What is broken in one script loses no other. */
function dataOf(source, onError) {
  if (typeof source?.querySelectorAll === "function") {
    const scripts = source.querySelectorAll('script[type^="application/ld+json" i]');
    return several(Array.from(scripts, (script) => script.textContent), onError);
  }
  if (typeof source === "string") {
    return /^\s*</.test(source) ? several(scriptsIn(source), onError) : [parsed(source)];
  }
  if (typeof source === "object" && source !== null) return [source];
  throw new MercerError(
    "page/invalid",
    `the source must be a document, an element, a text or parsed JSON-LD, not ${show(source)}`,
  );
}

function several(texts, onError) {
  return texts.flatMap((text) => {
    try {
      return [parsed(text)];
    } catch (error) {
      onError(error);
      return [];
    }
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = show(text.trim().slice(0, 40));
    throw new MercerError("page/json-ld", `this JSON-LD is no JSON (${cause.message}): ${start}`, { cause });
  }
}

/** The texts of the JSON-LD scripts of an HTML page, where there is no document to ask. */
function scriptsIn(html) {
  const texts = [];
  const opening = /<script\b/gi;
  while (opening.exec(html)) {
    const start = html.indexOf(">", opening.lastIndex);
    const length = start < 0 ? -1 : html.slice(start).search(/<\/script/i);
    // Nothing after a script without an end is one.
    if (length < 0) break;
    const isOurs = /\btype\s*=\s*["']?application\/ld\+json/i.test(html.slice(opening.lastIndex, start));
    if (isOurs) texts.push(html.slice(start + 1, start + length));
    opening.lastIndex = start + length;
  }
  return texts;
}
