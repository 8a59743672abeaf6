// Products as HTML. Whatever a catalogue says is text, and no address runs code.

import { safeAddress } from "../check/address.js";

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text that HTML takes for nothing else, between tags and in quotes. */
export function escape(text) {
  return String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]);
}

/**
 * A list of products, as `<mercer-slate>` shows it until the browser has ranked.
 * @param {import("./index.js").Shown[]} products
 * @param {string} base the page's address
 */
export function slateHtml(products, base) {
  const items = products.map((product) => `<li>${card(product, base)}</li>`);
  return `<ul class="mercer-slate" role="list">${items.join("")}</ul>`;
}

function card({ title, url, image, price }, base) {
  const [href, src] = [safeAddress(url, base), safeAddress(image, base)];
  const picture = src ? `<img src="${escape(src)}" alt="" loading="lazy">` : "";
  const words = `<span>${escape(title ?? "")}</span>${price ? `<span>${escape(price)}</span>` : ""}`;
  return href ? `<a href="${escape(href)}">${picture}${words}</a>` : picture + words;
}
