// Mugs, plates, bowls and glasses.

import { CREAM } from "./colours.js";
import { glaze } from "./decor.js";
import { flat, form, ground, group, line, oval, placed, box } from "./shapes.js";
import { s } from "../dom.js";

/** @typedef {import("./index.js").Drawing} Drawing */

/** Breakfast mug, espresso cup, tea mug. @type {Drawing} */
export const mug = (brush) => [breakfast, espresso, tea][brush.type % 3](brush);

function breakfast({ body, variant, pale }) {
  const decor = glaze(variant, body, pale, { top: 76, bottom: 166 });
  return group(ground(94, 166, 48), handle(body, "M134 96h14q18 0 18 21t-18 21h-14", 11),
    form("M48 76h90v74q0 16-16 16H64q-16 0-16-16Z", body, { shade: 14, decor }), brim(93, 76, 45, 9, body), steam(93, 54));
}

function espresso({ body, variant, pale }) {
  const decor = glaze(variant, body, pale, { top: 100, bottom: 158 });
  return group(ground(98, 168, 60), form("M34 158h128q-4 12-30 12H64q-26 0-30-12Z", body, { shade: 8 }),
    handle(body, "M128 112h9q14 0 13 13t-17 13h-8", 8),
    form("M62 100h70q0 58-35 58T62 100Z", body, { shade: 11, decor }), brim(97, 100, 35, 7, body), steam(97, 80));
}

function tea({ body, variant, pale }) {
  const decor = glaze(variant, body, pale, { top: 66, bottom: 166 });
  return group(ground(96, 166, 42), handle(body, "M130 88q36-6 36 22t-40 30", 9),
    form("M56 66h78q2 52-10 86q-5 14-16 14H82q-11 0-16-14Q54 118 56 66Z", body, { shade: 13, decor }), brim(95, 66, 39, 8, body),
    line("M108 70v30", CREAM.base, 2), form(box(100, 98, 17, 19, 3), CREAM, { shade: 3, shine: 0 }));
}

const handle = (tone, d, width) => group(line(d, tone.deep, width + 1), placed("translate(-1.5 -1.5)", line(d, tone.base, width - 3)));

/** The opening of a vessel, with what is in it. */
const brim = (cx, cy, rx, ry, tone, inside = "#6b4a35") => group(
  flat(oval(cx, cy, rx, ry), tone.light), flat(oval(cx, cy, rx - 5, ry - 2.5), tone.deep),
  flat(oval(cx, cy + 1, rx - 7, ry - 3.5), inside));

const steam = (x, y) => group(
  line(`M${x - 9} ${y}c-8-10 8-14 0-26`, "#fff", 3.5, 0.6), line(`M${x + 10} ${y + 2}c-8-10 8-14 0-26`, "#fff", 3.5, 0.45));

/** Dinner plate, side plate, platter. @type {Drawing} */
export function plate({ body, type, variant, pale }) {
  const [rx, ry] = [[70, 70], [54, 54], [82, 52]][type % 3];
  const edge = pale ? body.deep : CREAM.base;
  const inner = { 1: CREAM.base, 3: body.light, 5: CREAM.base }[variant] ?? body.base;
  const ring = (by, width, opacity) => s("ellipse", { cx: 100, cy: 100, rx: rx - by, ry: ry - by, fill: "none", stroke: edge, "stroke-width": width, opacity });
  return group(
    s("ellipse", { cx: 107, cy: 108, rx, ry, class: "art__shadow" }),
    form(oval(100, 100, rx, ry), body, { shade: 6 }),
    form(oval(100, 100, rx - 19, ry - 19), { ...body, base: inner }, { shade: -6, shine: 0 }),
    variant % 2 === 0 && ring(5, 2.2, 0.55), variant === 2 && ring(10, 1.2, 0.55),
    variant >= 3 && variant < 5 && spots(rx - 9.5, ry - 9.5, edge), variant === 5 && sprig(body.deep),
    line(`M${100 - rx * 0.8} ${100 - ry * 0.32}A${rx * 0.86} ${ry * 0.86} 0 0 1 ${100 - rx * 0.3} ${100 - ry * 0.81}`, "#fff", 4, 0.5));
}

const spots = (rx, ry, fill) => group(...Array.from({ length: 28 }, (_, n) => {
  const turn = (n / 28) * 2 * Math.PI;
  return s("circle", { cx: 100 + rx * Math.cos(turn), cy: 100 + ry * Math.sin(turn), r: 2.2, fill, opacity: 0.6 });
}));

const sprig = (fill) => group(line("M88 122q14-20 24-44", fill, 2.4, 0.8),
  ...[[92, 115, -60], [98, 104, 20], [104, 96, -60], [109, 85, 20]].map(([x, y, turn]) =>
    placed(`translate(${x} ${y}) rotate(${turn})`, flat("M0 0q9-9 20 0q-11 9-20 0Z", fill, 0.75))));

/** Cereal, salad, mixing. @type {Drawing} */
export function bowl({ body, type, variant, pale }) {
  const [rx, tall] = [[54, 62], [74, 62], [66, 84]][type % 3];
  const top = 164 - tall;
  const decor = glaze(variant, body, pale, { top, bottom: 164 });
  const side = `M${100 - rx} ${top}h${2 * rx}q0 ${tall * 0.86} ${-rx * 0.62} ${tall}h${-rx * 0.76}q${-rx * 0.62} ${-tall * 0.14} ${-rx * 0.62} ${-tall}Z`;
  const filling = [berries, salad, null][type % 3];
  return group(ground(100, 165, rx - 8), form(side, body, { shade: 14, decor }), brim(100, top, rx, 11, body, body.shade),
    filling ? variant % 2 === 0 && filling(top) : spoon(top));
}

const spoon = (y) => group(line(`M112 ${y + 6}L158 ${y - 46}`, "#b98a5a", 8), line(`M109 ${y + 2}L155 ${y - 48}`, "#dcb483", 2, 0.7));

const salad = (y) => group(...[[58, 4, -20], [78, -3, 10], [98, 2, -8], [118, -4, 14], [138, 3, 30]].map(([x, dy, turn], n) =>
  placed(`translate(${x} ${y + dy}) rotate(${turn})`, flat("M-15 4q0-18 15-18t15 18q-15 6-30 0Z", ["#7fa35a", "#5f8a4c", "#93b56b"][n % 3]), line("M0 3V-10", "#4c7040", 1.4, 0.6))),
  flat(oval(88, y - 3, 6), "#c8423c"), flat(oval(124, y + 1, 5.5), "#d85a4b"));

const berries = (y) => group(flat(oval(100, y + 1, 44, 7), "#f3ead6"),
  ...[[74, 0], [86, 4], [96, -1], [112, 3], [124, 0]].map(([x, dy], n) => flat(oval(x, y + dy, 4, 3.2), ["#46557f", "#b94a58"][n % 2])));

/** Tumblers, wine glass, carafe. @type {Drawing} */
export const glass = (brush) => [tumblers, wine, carafe][brush.type % 3](brush);

function tumblers(brush) {
  return group(ground(100, 167, 66), placed("translate(34 -8) scale(.94)", tumbler(brush)), placed("translate(-20 0)", tumbler(brush)));
}

function tumbler({ colour, variant }) {
  const d = "M66 82h56l-6 78q-1 7-8 7H80q-7 0-8-7Z";
  return group(see(d, colour, variant), rim(94, 82, 28, 5.5, colour), glint("M76 96l4 52"));
}

function wine({ colour, variant }) {
  return group(ground(100, 168, 34), flat(oval(100, 165, 30, 5), colour.base, 0.55), line("M100 118v46", colour.base, 4.5, 0.6), line("M99 118v46", "#fff", 1.4, 0.6),
    see("M66 40h68q8 80-34 80T66 40Z", colour, variant, "M69 78h62q-3 41-31 41T69 78Z"), rim(100, 40, 34, 6, colour), glint("M77 54q-1 26 7 44"));
}

function carafe({ colour, variant }) {
  return group(ground(100, 167, 46),
    see("M82 34h36l-4 40q34 22 34 62v18q0 13-13 13H65q-13 0-13-13v-18q0-40 34-62Z", colour, variant, "M57 116h86q5 12 5 24v14q0 13-13 13H65q-13 0-13-13v-14q0-12 5-24Z"),
    rim(100, 34, 18, 4.5, colour), glint("M64 124q-3 16-1 28"));
}

/** Glass: what is behind it shows through. */
const see = (d, tone, variant, filled = null) => group(
  flat(d, "#fff", 0.4), faded(d, tone), variant % 2 === 0 && filled && flat(filled, tone.deep, 0.28));

function faded(d, tone) {
  const body = form(d, tone, { shade: 9, shine: 0.9 });
  body.setAttribute("opacity", "0.58");
  return body;
}

const rim = (cx, cy, rx, ry, tone) => s("ellipse", { cx, cy, rx, ry, fill: tone.light, "fill-opacity": 0.5, stroke: "#fff", "stroke-width": 1.6, "stroke-opacity": 0.9 });
const glint = (d) => line(d, "#fff", 5, 0.6);
