// Reasons in words: plain text, never HTML.

import { MercerError } from "../check/errors.js";
import { hasOwn } from "../check/own.js";

/**
 * The English templates. `{title}` is the title of the product a reason is about, `{field}` and
 * `{value}` what the catalogue says, `{name}` what the shop calls a rule. A template that needs
 * what is not known gives way to the next: for a field `affinity:brand`, `affinity`,
 * `affinity:plain`; for the others `viewed`, `viewed:plain`.
 */
export const ENGLISH = Object.freeze({
  viewed: "Because you viewed {title}",
  "viewed:plain": "Because of what you viewed",
  "in-cart": "Goes with {title} in your cart",
  "in-cart:plain": "Goes with your cart",
  bought: "Because you bought {title}",
  "bought:plain": "Because of what you bought",
  wished: "Because {title} is on your wish list",
  "wished:plain": "Because of your wish list",
  together: "Often looked at together with {title}",
  "together:plain": "Often looked at together",
  taste: "Because of {title}, which you viewed earlier",
  "taste:plain": "Because of your earlier visits",
  "affinity:brand": "More from {value}",
  "affinity:category": "More in {value}",
  "affinity:price": "In the price range you are looking at",
  affinity: "{value}, like what you are looking at",
  "affinity:plain": "Like what you are looking at",
  dislike: "Unlike what you said no to",
  query: "Matches your search",
  returning: "You were here before",
  popular: "Popular in this shop",
  trending: "Popular right now",
  context: "Often chosen at this time",
  listed: "High in this list",
  rotation: "Something you have not seen yet",
  new: "New here",
  rule: "{name}",
  "rule:plain": "Picked by the shop",
});

/** One reason in words; see index.d.ts. */
export function phrase(reason, options = {}) {
  if (typeof reason?.kind !== "string") throw invalid("`reason` is no reason of a slate's item");
  const { titles, templates } = checked(options);
  const words = wordsOf(reason, titles);
  const { kind, field } = reason;
  for (const key of [`${kind}:${field}`, kind, `${kind}:plain`]) {
    const template = own(templates, key) ?? own(ENGLISH, key);
    if (template !== undefined && typeof template !== "string") {
      throw invalid(`\`templates["${key}"]\` must be a text`);
    }
    const said = template === undefined ? undefined : filled(template, words);
    if (said) return said;
  }
  return "";
}

function checked(options) {
  if (typeof options !== "object" || options === null) throw invalid("the options are no object");
  const { titles = {}, templates = {} } = options;
  if (!["object", "function"].includes(typeof titles) || titles === null) {
    throw invalid("`titles` must be a function, a Map, or an object of titles by id");
  }
  if (typeof templates !== "object" || templates === null) {
    throw invalid("`templates` must be an object of texts");
  }
  return { titles, templates };
}

function wordsOf({ item, field, value, name }, titles) {
  const title = item === undefined ? undefined : titleOf(item, titles);
  // Of a category's path the innermost level is what a shopper would call it.
  const said = typeof value === "string" ? value.split(" > ").pop() : value;
  return { title, field, value: said, name };
}

function titleOf(item, titles) {
  if (typeof titles === "function") return titles(item);
  return titles instanceof Map ? titles.get(item) : own(titles, item);
}

/** The template with its words, or nothing where one of them is not known. */
function filled(template, words) {
  let missing = false;
  const said = template.replace(/\{(\w+)\}/g, (_, word) => {
    const known = own(words, word);
    missing ||= known === undefined || known === null || known === "";
    return String(known);
  });
  return missing ? undefined : said;
}

function own(object, key) {
  return hasOwn(object, key) ? object[key] : undefined;
}

function invalid(message) {
  return new MercerError("phrase/invalid", message);
}
