// The pen all pictures are drawn with. Light falls from the upper left: a shape is lit along
// its left edge and shaded along its right.

import { s } from "../dom.js";

/** @typedef {import("./colours.js").Tone} Tone */

let drawn = 0;

/**
 * A solid shape with its light and shade.
 * @param {string} d the outline, a closed path
 * @param {Tone} tone
 * @param {{ shade?: number, shine?: number, decor?: SVGElement | null }} [look] `shade`: width
 *   of the shaded edge; `shine`: opacity of the lit edge; `decor`: painted on it, clipped to it
 */
export function form(d, tone, { shade = 10, shine = 0.5, decor = null } = {}) {
  drawn += 1;
  const id = `art-${drawn}`;
  return s("g", null,
    s("clipPath", { id }, s("path", { d })),
    s("g", { "clip-path": `url(#${id})` },
      s("path", { d, fill: tone.base }),
      decor,
      s("path", { d: `${d} M-60 -60H260V260H-60Z`, fill: tone.deep, opacity: 0.3, "fill-rule": "evenodd",
        transform: `translate(${-shade} ${-shade * 0.35})` }),
      shine > 0 && s("path", { d, fill: "none", stroke: tone.light, "stroke-width": 4,
        opacity: shine, transform: "translate(3.5 3)" })));
}

/**
 * A flat shape.
 * @param {string} d
 * @param {string} fill
 * @param {number} [opacity]
 */
export const flat = (d, fill, opacity = 1) => s("path", { d, fill, opacity });

/**
 * A line with round ends.
 * @param {string} d
 * @param {string} stroke
 * @param {number} [width]
 * @param {number} [opacity]
 */
export const line = (d, stroke, width = 3, opacity = 1) => s("path", { d, stroke, opacity, fill: "none",
  "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" });

/**
 * A rod or band with a lit side: a thick line with a thin bright one on it.
 * @param {string} d
 * @param {Tone} tone
 * @param {number} width
 */
export const rod = (d, tone, width) => s("g", null,
  line(d, tone.shade, width), s("g", { transform: `translate(${-width * 0.14} ${-width * 0.14})` },
    line(d, tone.base, width * 0.66)));

/** An ellipse as a path. */
export const oval = (cx, cy, rx, ry = rx) =>
  `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`;

/** A rectangle with round corners as a path. */
export function box(x, y, w, h, r = 0) {
  const [ax, ay] = [w - 2 * r, h - 2 * r];
  return `M${x + r} ${y}h${ax}a${r} ${r} 0 0 1 ${r} ${r}v${ay}a${r} ${r} 0 0 1 ${-r} ${r}h${-ax}` +
    `a${r} ${r} 0 0 1 ${-r} ${-r}v${-ay}a${r} ${r} 0 0 1 ${r} ${-r}Z`;
}

/** The shadow a thing throws on what it stands on. */
export const ground = (cx, y, rx, ry = 6) =>
  s("ellipse", { cx: cx + 6, cy: y, rx, ry, class: "art__shadow" });

export const group = (...children) => s("g", null, ...children);

/** Moves, turns and sizes a drawing. */
export const placed = (transform, ...children) => s("g", { transform }, ...children);
