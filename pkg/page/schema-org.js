// schema.org's products (https://schema.org/Product) as `shop.addItems` takes them.

import { price } from "./number.js";

const MAX_DEPTH = 32;
/** No term of a product is longer, in the engine. */
const MAX_BYTES = 256;
const MAX_TEXT = 10_000;

const PRODUCTS = ["Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts"];
const ATTRIBUTES = ["color", "material", "pattern", "size"];

/** The best first: one offer that can be bought is enough. */
const AVAILABILITY = [
  ["in_stock", "InStock", "OnlineOnly", "MadeToOrder"],
  ["low_stock", "LimitedAvailability"],
  ["preorder", "PreOrder", "PreSale"],
  ["backorder", "BackOrder"],
  ["out_of_stock", "OutOfStock", "SoldOut", "Discontinued", "InStoreOnly", "Reserved"],
];

/** Parsed JSON-LD, in which a node may stand for another by its `@id`. */
export class Graph {
  #nodes = new Map();
  #root;

  constructor(root) {
    this.#root = root;
    for (const node of this) {
      const id = node["@id"];
      if (typeof id === "string" && Object.keys(node).length > 1) this.#nodes.set(id, node);
    }
  }

  /** Every object in it, outer ones first. */
  *[Symbol.iterator]() {
    const left = [[this.#root, 0]];
    // What was parsed elsewhere may contain itself.
    const gone = new Set();
    while (left.length > 0) {
      const [value, depth] = left.pop();
      if (typeof value !== "object" || value === null || depth > MAX_DEPTH || gone.has(value)) continue;
      gone.add(value);
      if (!Array.isArray(value)) yield value;
      for (const inner of Object.values(value).reverse()) left.push([inner, depth + 1]);
    }
  }

  /** What is said under a name, as a list of what `@id`s stand for. */
  all(node, name) {
    const said = node[name] ?? [];
    return (Array.isArray(said) ? said : [said]).map((one) => this.#nodes.get(one?.["@id"]) ?? one);
  }

  /** The first of these. */
  one(node, name) {
    return this.all(node, name)[0];
  }
}

/** The products of a graph. Groups of variants are said by their variants. */
export function* productsIn(graph, settings) {
  for (const node of graph) {
    if (!isProduct(node)) continue;
    const variants = graph.all(node, "hasVariant").filter((one) => typeof one === "object" && one);
    for (const variant of variants) {
      yield* told(product(graph, variant, { ...settings, group: node }));
    }
    if (variants.length === 0) yield* told(product(graph, node, settings));
  }
}

function* told(product) {
  if (product.item !== undefined) yield product;
}

function product(graph, node, { itemId = idOf, also, currency, group: given }) {
  const group = given ?? graph.one(node, "isVariantOf");
  const said = (name) => graph.one(node, name) ?? (group && graph.one(group, name));
  const id = itemId(node);
  const all = {
    item: text(id),
    title: text(node.name)?.slice(0, MAX_TEXT) ?? text(group?.name),
    description: text(said("description"))?.slice(0, MAX_TEXT),
    category: category(graph, node, group),
    brand: term(said("brand")),
    group: term(node.inProductGroupWithID ?? group?.productGroupID),
    ...offered(graph, node, currency),
  };
  for (const name of ATTRIBUTES) all[name] = terms(graph.all(node, name));
  for (const name of also) all[name] = address(graph.one(node, name));
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function idOf({ sku, productID, mpn, gtin, gtin13 }) {
  return [sku, productID, mpn, gtin, gtin13].map(text).find((id) => id !== undefined);
}

/** `"A > B"`: schema.org has `>` and `/` for levels; only the first is never part of a name. */
function category(graph, node, group) {
  const own = graph.all(node, "category").map(text).filter(Boolean);
  const said = own[0] ?? (group && text(graph.one(group, "category")));
  const levels = said?.split(/\s*>\s*|\s+\/\s+/).filter(Boolean) ?? [];
  return levels.length > 0 && levels.every(isShort) ? levels.join(" > ") : undefined;
}

/** The lowest price and the best availability of all offers. */
function offered(graph, node, currency) {
  const offers = flat(graph, node);
  const prices = offers.map((offer) => priceOf(graph, offer, currency)).filter((one) => one !== undefined);
  const words = offers.map(({ availability }) => lastWord(availability));
  const best = AVAILABILITY.find(([, ...names]) => words.some((word) => names.includes(word)));
  return { price: prices.length > 0 ? Math.min(...prices) : undefined, availability: best?.[0] };
}

/** The offers of a product, those within aggregate offers among them. */
function flat(graph, node) {
  const offers = graph.all(node, "offers").filter((offer) => typeof offer === "object" && offer);
  const inner = offers.flatMap((offer) => graph.all(offer, "offers"));
  return [...offers, ...inner.filter((offer) => typeof offer === "object" && offer)].slice(0, 1000);
}

function priceOf(graph, offer, currency) {
  const specified = graph.all(offer, "priceSpecification").filter((one) => typeof one === "object" && one);
  // What the price was, struck through, is not what it is.
  const current = specified.filter(({ priceType }) => !priceType);
  for (const { price: plain, lowPrice, priceCurrency } of [offer, ...current]) {
    const said = price(scalar(plain)) ?? price(scalar(lowPrice));
    const of = scalar(priceCurrency) ?? scalar(offer.priceCurrency);
    if (said !== undefined && (!currency || !of || of === currency)) return said;
  }
  return undefined;
}

function isProduct(node) {
  const types = [node["@type"]].flat();
  return types.some((type) => PRODUCTS.includes(lastWord(type)));
}

/** `InStock` of `https://schema.org/InStock`. */
function lastWord(value) {
  return text(value?.["@id"] ?? value)?.split(/[/:#]/).pop();
}

/** Texts, numbers, `{ "@value" }`, things with a name; the first of several. */
function text(value) {
  const plain = scalar(Array.isArray(value) ? value[0] : value);
  const said = typeof plain === "object" ? scalar(plain?.name) : plain;
  if (typeof said === "number") return String(said);
  return typeof said === "string" && said.trim() ? said.trim() : undefined;
}

function scalar(value) {
  return value?.["@value"] ?? value;
}

function term(value) {
  const said = text(value);
  return said !== undefined && isShort(said) ? said : undefined;
}

function terms(values) {
  const said = values.map(term).filter(Boolean).slice(0, 20);
  return said.length > 1 ? said : said[0];
}

function address(value) {
  return text(typeof value === "object" && value ? (value.url ?? value.contentUrl ?? value["@id"]) : value);
}

function isShort(text) {
  return new TextEncoder().encode(text).length <= MAX_BYTES;
}
