// A product as nodes. What a catalogue says becomes text, and no address runs code: nothing here
// parses HTML.

import { safeAddress } from "../check/address.js";

const TEXTS = ["title", "price"];

/**
 * @param {Document} document
 * @param {HTMLTemplateElement | null} template the shop's own card; `data-text`, `data-href`,
 *   `data-src` and `data-alt` name what goes where
 * @param {Record<string, unknown>} product
 */
export function card(document, template, product) {
  if (!template) return ownCard(document, product);
  const fragment = document.importNode(template.content, true);
  for (const node of fragment.querySelectorAll("[data-text], [data-href], [data-src], [data-alt]")) {
    const { text, href, src, alt } = node.dataset;
    if (text !== undefined) node.textContent = words(product[text]);
    if (href !== undefined) point(node, "href", product[href], document);
    if (src !== undefined) point(node, "src", product[src], document);
    if (alt !== undefined) node.setAttribute("alt", words(product[alt]));
  }
  return fragment;
}

function ownCard(document, product) {
  const link = document.createElement("a");
  link.setAttribute("part", "link");
  point(link, "href", product.url, document);
  const picture = document.createElement("img");
  picture.setAttribute("part", "image");
  picture.loading = "lazy";
  // The title beside it says the same.
  picture.alt = words(product.alt);
  point(picture, "src", product.image, document);
  link.append(picture);
  for (const name of TEXTS) {
    if (!product[name]) continue;
    const span = document.createElement("span");
    span.setAttribute("part", name);
    span.textContent = words(product[name]);
    link.append(span);
  }
  return link;
}

function point(node, attribute, given, document) {
  // Only where such an address is followed or shown, and never one that is run.
  const isFit = attribute === "href" ? node.localName === "a" : ["img", "source"].includes(node.localName);
  const address = isFit ? safeAddress(given, document.baseURI) : undefined;
  if (address === undefined) node.removeAttribute(attribute);
  else node.setAttribute(attribute, address);
}

function words(value) {
  return value === undefined || value === null ? "" : String(value);
}
