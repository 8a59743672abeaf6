// Kettles, teapots, pans and knives.

import { IRON, STEEL, WOOD } from "./colours.js";
import { glaze } from "./decor.js";
import { box, flat, form, ground, group, line, oval, placed, rod } from "./shapes.js";

/** @typedef {import("./index.js").Drawing} Drawing */

/** Stovetop, electric, gooseneck. @type {Drawing} */
export const kettle = (brush) => [stovetop, electric, gooseneck][brush.type % 3](brush);

function stovetop({ body, detail, own, variant, pale }) {
  const grip = own ? detail : [WOOD, IRON][variant % 2];
  const decor = own ? null : glaze([0, 2, 0, 3, 0, 5][variant % 6], body, pale, { top: 84, bottom: 164 });
  return group(
    ground(100, 165, 56),
    line("M60 96C58 26 142 26 140 96", STEEL.shade, 5), rod("M72 52C84 37 116 37 128 52", grip, 11),
    form("M134 108l30-20 8 9-25 41Z", body, { shade: 4 }), flat("M160 90l6-4 9 10-5 5Z", IRON.base),
    form("M46 154q-4-42 34-64q20-8 40 0q38 22 34 64q0 11-11 11H57q-11 0-11-11Z", body, { shade: 13, decor }),
    form("M78 91q22-17 44 0q-22 8-44 0Z", body, { shade: 5 }), form(oval(100, 78, 7), grip, { shade: 3 }));
}

function electric({ body, detail, own, variant }) {
  const grip = own ? detail : [IRON, WOOD][variant % 2];
  return group(
    ground(98, 167, 50),
    rod("M131 66h17q11 0 10 12l-5 58q-1 10-14 9h-7", grip, 11),
    form("M66 62l-22-7 6 24 17 12Z", body, { shade: 3 }),
    form("M66 56h64l9 95q1 8-8 8H64q-9 0-8-8Z", body, { shade: 14 }),
    form("M66 56q2-14 18-15h28q16 1 18 15Z", body, { shade: 6 }), form(box(91, 33, 14, 9, 4), grip, { shade: 3 }),
    form(box(54, 157, 88, 9, 4), IRON, { shade: 5 }),
    flat(box(78, 88, 7, 46, 3.5), "#fff", 0.5), flat(box(78, 106, 7, 28, 3.5), "#8fbfd6", 0.8));
}

function gooseneck({ body, detail, own, variant }) {
  const grip = own ? detail : [WOOD, IRON][variant % 2];
  return group(
    ground(104, 165, 50),
    line("M76 138C42 142 56 82 24 70", body.shade, 9), line("M75 136C43 139 55 82 25 68.5", body.base, 6),
    rod("M136 92h22q14 0 12 14l-7 30", grip, 10),
    form("M84 88h48l17 66q2 11-9 11H76q-11 0-9-11Z", body, { shade: 13 }),
    form("M82 88q3-12 26-12t26 12Z", body, { shade: 5 }), line("M108 76v-9", STEEL.base, 4),
    form(oval(108, 60, 11), STEEL, { shade: 3 }), flat(oval(107.5, 59.5, 7), "#fff", 0.85),
    line("M107.5 60l3-4", "#b3263a", 1.8));
}

/** With infuser, family size, one cup. @type {Drawing} */
export function teapot({ body, type, variant, pale }) {
  const round = [[58, 46], [64, 42], [48, 50]][type % 3];
  const [rx, ry] = round;
  const cy = 166 - ry;
  const decor = glaze(variant, body, pale, { top: cy - ry, bottom: 166 });
  const right = 96 + rx;
  return group(
    ground(98, 166, rx - 6),
    line(`M${right - 9} ${cy - 20}c34-14 44 34 -2 38`, body.deep, 10), line(`M${right - 10} ${cy - 21}c33-13 42 33-2 38`, body.base, 7),
    form(`M${102 - rx} ${cy + 14}C${84 - rx} ${cy} ${86 - rx} ${cy - 26} ${72 - rx} ${cy - 34}l13-5C${101 - rx} ${cy - 24} ${104 - rx} ${cy - 16} ${112 - rx} ${cy - 14}Z`, body, { shade: 4 }),
    form(oval(96, cy, rx, ry), body, { shade: 14, decor }),
    type % 3 === 0 && flat(box(86, cy - ry - 9, 20, 10, 2), STEEL.base),
    form(`M${96 - rx * 0.5} ${cy - ry * 0.86}q${rx * 0.5} -20 ${rx} 0q${-rx * 0.5} 9 ${-rx} 0Z`, body, { shade: 6 }),
    form(oval(96, cy - ry - 7, 7), variant % 2 ? WOOD : body, { shade: 3 }),
    flat(`M${96 - rx * 0.45} 164h${rx * 0.9}l3 5h${-rx * 0.9 - 6}Z`, body.deep));
}

/** Frying pan, saucepan, casserole. @type {Drawing} */
export const pan = (brush) => [frying, saucepan, casserole][brush.type % 3](brush);

function frying({ body, detail, own, variant }) {
  const grip = own ? detail : [WOOD, IRON, WOOD][variant % 3];
  return placed("rotate(-38 100 100) translate(-6 4)",
    ground(88, 112, 60, 54),
    rod("M138 100h62", grip, 13), form(box(132, 94, 17, 12, 3), STEEL, { shade: 3 }), flat(oval(200, 100, 2.5), "#000", 0.35),
    form(oval(80, 100, 60), body, { shade: 9 }), form(oval(80, 100, 50), IRON, { shade: -7, shine: 0.15 }),
    line("M44 96a38 38 0 0 1 20-28", "#fff", 4, 0.22), variant % 2 === 0 ? egg(84, 106) : null);
}

const egg = (x, y) => group(
  flat(`M${x - 25} ${y + 3}c-5-19 17-29 30-21c19-2 25 15 15 25c-3 15-42 17-45-4Z`, "#fbf7ec"),
  form(oval(x, y - 2, 10), { light: "#ffe9a3", base: "#f4b63f", shade: "#df9a25", deep: "#b5761a" }, { shade: 3 }));

function saucepan({ body, detail, own, variant }) {
  const grip = own ? detail : [WOOD, IRON][variant % 2];
  return group(
    ground(88, 165, 56),
    rod("M136 100h52", grip, 12), form(box(130, 94, 14, 12, 3), STEEL, { shade: 3 }),
    form("M36 92h104v58q0 15-15 15H51q-15 0-15-15Z", body, { shade: 14 }),
    form("M34 92q4-20 54-20t54 20Z", STEEL, { shade: 8 }), form(box(32, 89, 112, 8, 4), STEEL, { shade: 4 }),
    form(box(80, 60, 16, 13, 5), grip, { shade: 3 }));
}

function casserole({ body, variant, pale }) {
  const decor = glaze([0, 2, 0, 0, 2, 0][variant % 6], body, pale, { top: 100, bottom: 168 });
  return group(
    ground(100, 166, 66),
    rod("M40 118H22q-5 0-5 6t5 6h18", body, 8), rod("M160 118h18q5 0 5 6t-5 6h-18", body, 8),
    form("M36 100h128v48q0 18-18 18H54q-18 0-18-18Z", body, { shade: 15, decor }),
    form("M34 98q6-28 66-28t66 28Z", body, { shade: 9 }), flat(box(32, 95, 136, 8, 4), body.shade),
    form(oval(100, 62, 12, 8), variant % 2 ? STEEL : IRON, { shade: 3 }));
}

const BLADES = [
  "M96 22c20 18 26 58 26 96H88V30q0-12 8-8Z",
  "M97 58c12 12 15 36 15 62H90V64q0-10 7-6Z",
  "M90 14h16q8 2 8 12v92H88V18Z",
];

const HILT = "M88 124h22q4 32 6 54q0 10-11 10h-8q-9-2-9-12Z";

/** Chef's, paring, bread. @type {Drawing} */
export function knife({ detail, type, variant }) {
  const blade = BLADES[type % 3];
  const right = [122, 112, 114][type % 3];
  const teeth = type % 3 === 2 ? flat(`M114 30${"l3.5 4l-3.5 4".repeat(11)}Z`, STEEL.base) : null;
  return placed("rotate(32 100 100)",
    placed("translate(7 5)", flat(blade, "#000", 0.1), flat(HILT, "#000", 0.1)), teeth,
    form(blade, STEEL, { shade: 7, shine: 0.9 }), line(`M${right - 16} 60v52`, "#fff", 1.6, 0.6),
    form(box(86, 116, right - 84, 9, 2), STEEL, { shade: 3 }),
    form(HILT, [detail, detail, WOOD][variant % 3], { shade: 6 }),
    ...[138, 154, 170].map((y) => flat(oval(100, y, 2.4), STEEL.light)));
}
