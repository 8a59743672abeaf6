// A slate as an element: what its cards say comes back as text.

import { defineSlate } from "mercer/element";
import { UNIT } from "./unit.js";

/**
 * @param {typeof import("mercer").load} load
 * @param {import("mercer").ModelSource} model
 * @returns {Promise<string>} the products of the slate, as JSON
 */
export async function slate(load, model) {
  const element = document.createElement("mercer-slate");
  for (const [name, value] of Object.entries(UNIT)) element.setAttribute(name, value);
  const ready = new Promise((resolve, reject) => {
    element.addEventListener("mercer-ready", resolve);
    element.addEventListener("mercer-error", ({ detail }) => reject(detail.error));
  });
  document.body.append(element);
  defineSlate({ shop: load(model) });
  await ready;
  const titles = [...element.shadowRoot.querySelectorAll("[part=title]")];
  return JSON.stringify(titles.map(({ textContent }) => textContent));
}
