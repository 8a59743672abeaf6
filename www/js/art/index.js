// Product pictures, drawn from hints: what it is, its colour, material and variant.

import { s } from "../dom.js";
import * as bath from "./bath.js";
import { paint, weight } from "./colours.js";
import * as dining from "./dining.js";
import { generic } from "./generic.js";
import * as kitchen from "./kitchen.js";
import * as living from "./living.js";
import * as outdoor from "./outdoor.js";
import { flat, oval } from "./shapes.js";
import * as wear from "./wear.js";

/**
 * @typedef {ReturnType<typeof paint> & { type: number, variant: number, pale: boolean }} Brush
 * @typedef {(brush: Brush) => SVGElement} Drawing
 */

/** @type {Record<string, Drawing>} */
const DRAWINGS = { ...kitchen, ...dining, ...living, ...bath, ...outdoor, ...wear };

/**
 * Draws a product. A kind nobody has drawn yet becomes a parcel.
 * @param {import("../catalog.js").Illustration} hints
 */
export function picture(hints) {
  const { kind, type = 0, variant = 0, hue = 210 } = hints;
  const brush = { ...paint(hints), type, variant, pale: (hints.lightness ?? 60) > 66 };
  const draw = Object.hasOwn(DRAWINGS, kind) ? DRAWINGS[kind] : generic;
  return s("svg", { viewBox: "0 0 200 200", class: `art art--${weight(hints)}`, style: `--hue:${Number(hue) || 0}`,
    "aria-hidden": "true", focusable: "false" },
    s("rect", { width: 200, height: 200, class: "art__wall" }), backdrop(variant), draw(brush));
}

/** Something quiet behind the thing: an arch, a sun, a window's light, or only a table. */
function backdrop(variant) {
  const table = s("rect", { y: 158, width: 200, height: 42, class: "art__table" });
  const behind = [
    flat(oval(100, 96, 70), "var(--glow)"),
    flat("M38 158V92a62 62 0 0 1 124 0v66Z", "var(--glow)"),
    flat("M20 0h44L14 158H-30ZM84 0h60L94 158H34Z", "var(--glow)"),
  ][variant % 3];
  behind.setAttribute("class", "art__glow");
  return s("g", null, behind, table);
}
