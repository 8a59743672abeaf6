// The element's name, and what all elements of a page share.

import { MercerError } from "../check/errors.js";
import { check, show } from "../check/check.js";
import { call, text } from "../check/kinds.js";
import { Page } from "./page.js";
import { slateElement } from "./slate.js";

const OPTIONS = {
  shop: ["a shop, or a promise of one", (value) => (Object(value) === value ? value : undefined)],
  products: call,
  name: text,
};

/** See index.d.ts. */
export function defineSlate(options) {
  const { shop, products, name = "mercer-slate" } = check("element", OPTIONS, options);
  const registry = globalThis.customElements;
  if (!registry) throw new MercerError("element/invalid", "there are no custom elements here; call it in a browser");
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) {
    throw new MercerError("element/invalid", `\`name\` must be letters with a dash, not ${show(name)}`);
  }
  const known = registry.get(name);
  if (known) return shared(known, name, { shop, products });
  const defined = slateElement(new Page({ shop, products }));
  registry.define(name, defined);
  return defined;
}

/** Nobody can define an element twice, and another script may have taken the name. */
function shared(known, name, settings) {
  if (typeof known.share === "function") return known.share(settings);
  throw new MercerError("element/invalid", `<${name}> is another script's element; say another \`name\``);
}
