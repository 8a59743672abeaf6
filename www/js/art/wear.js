// Jackets, sweaters, hats and boots.

import { CREAM, IRON, STEEL, WOOD } from "./colours.js";
import { ribs, threads, weave } from "./decor.js";
import { box, flat, form, ground, group, line, oval, placed } from "./shapes.js";

/** @typedef {import("./index.js").Drawing} Drawing */

const hanger = () => group(line("M100 30v-6q0-8 7-9", STEEL.shade, 2.6), line("M62 48L100 30l38 18", WOOD.base, 5));
const LEFT = "M64 50Q42 60 34 92L24 150l20 7L66 96Z";
const RIGHT = "M136 50q22 10 30 42l10 58-20 7L134 96Z";
const TRUNK = "M64 50q36-10 72 0l4 114q-40 8-80 0Z";
const buttons = (tone, x, ...ys) => group(...ys.map((y) => flat(oval(x, y, 2.8), tone.base)));

/** Rain, field, quilted. @type {Drawing} */
export const jacket = (brush) => [rain, field, quilted][brush.type % 3](brush);

const sleeves = (tone, look) => group(form(LEFT, tone, { shade: 6, ...look }), form(RIGHT, tone, { shade: 7, ...look }));

function rain({ body, variant }) {
  return group(hanger(), sleeves(body), form(TRUNK, body, { shade: 11 }),
    form("M70 54Q68 24 100 24t30 30q-14 16-30 20Q84 70 70 54Z", body, { shade: 7 }), flat("M80 54Q80 34 100 34t20 20q-10 10-20 14Q90 64 80 54Z", body.deep, 0.85),
    line("M100 70v96", body.deep, 2.4, 0.5), variant % 2 === 1 && line("M99 70v96", CREAM.base, 2, 0.8), line("M92 68v20M108 68v20", CREAM.base, 2), pocket(70, 126), pocket(106, 126), flat(box(68, 92, 20, 8, 2), body.light, 0.5));
}

const pocket = (x, y) => group(flat(box(x, y, 24, 24, 3), "#000", 0.1), flat(box(x, y, 24, 8, 2), "#000", 0.12));

function field({ body, variant }) {
  const metal = [WOOD, STEEL][variant % 2];
  return group(hanger(), sleeves(body), form(TRUNK, body, { shade: 11 }), form("M78 50l22 22-14 14-16-32ZM122 50l-22 22 14 14 16-32Z", WOOD, { shade: 3, shine: 0 }),
    flat("M80 47q20-7 40 0l-20 25Z", CREAM.base, 0.9), line("M100 74v90", body.deep, 2.4, 0.5), buttons(metal, 105, 92, 110, 128, 146),
    pocket(68, 92), pocket(110, 92), pocket(67, 128), pocket(111, 128));
}

function quilted({ body, variant }) {
  const across = (y) => line(`M20 ${y}q80 7 160 0`, body.deep, 2.4, 0.3);
  const quilt = variant % 2 ? group(...[70, 88, 106, 124, 142].map(across))
    : group(...[-80, -56, -32, -8, 16, 40, 64].map((x) => line(`M${x + 40} 40l120 130M${200 - x - 40} 40L${80 - x - 40} 170`, body.deep, 1.7, 0.26)));
  return group(hanger(), sleeves(body, { decor: quilt.cloneNode(true) }), form(TRUNK, body, { shade: 12, decor: quilt }),
    form("M76 52q24-16 48 0l-2 14q-22-8-44 0Z", body, { shade: 4 }), line("M100 62v103", STEEL.base, 2.6), flat(box(98, 76, 4, 10, 2), STEEL.light));
}

/** Crew-neck, roll-neck, cardigan. @type {Drawing} */
export const sweater = (brush) => [crew, roll, cardigan][brush.type % 3](brush);

const knit = (variant, body, pale) => [threads(body, 6), weave(1, body, pale), weave(5, body, pale), ribs(body, 8), weave(4, body, pale), weave(3, body, pale)][variant % 6];

const hems = (body) => group(form(box(60, 152, 80, 15, 4), body, { shade: 8, decor: ribs(body, 5) }),
  placed("rotate(13 34 152)", form(box(23, 144, 22, 13, 3), body, { shade: 4, decor: ribs(body, 5) })), placed("rotate(-13 166 152)", form(box(155, 144, 22, 13, 3), body, { shade: 4, decor: ribs(body, 5) })));

function crew({ body, variant, pale }) {
  return group(ground(100, 170, 44, 4), sleeves(body, { decor: knit(variant, body, pale) }), form(TRUNK, body, { shade: 11, decor: knit(variant, body, pale) }), hems(body),
    flat("M78 47q22-6 44 0q-4 21-22 21T78 47Z", body.deep, 0.85), line("M77 48q3 24 23 24t23-24", body.shade, 6), line("M76 47.5q3 25 24 25t24-25", body.light, 1.4, 0.6));
}

function roll({ body, variant, pale }) {
  return group(ground(100, 170, 44, 4), sleeves(body, { decor: knit(variant, body, pale) }), form(TRUNK, body, { shade: 11, decor: knit(variant, body, pale) }), hems(body),
    form("M78 30q22-8 44 0l4 26q-26 12-52 0Z", body, { shade: 6, decor: ribs(body, 5) }), line("M77 44q23 9 46 0", body.deep, 2, 0.35));
}

function cardigan({ body, variant, pale }) {
  return group(ground(100, 170, 44, 4), sleeves(body, { decor: knit(variant, body, pale) }), form(TRUNK, body, { shade: 11, decor: knit(variant, body, pale) }),
    flat("M80 46q20-6 40 0l-20 54Z", CREAM.base, 0.95), hems(body), line("M78 46l22 56 22-56M100 102v64", body.shade, 6), buttons(WOOD, 100, 112, 128, 144, 160), pocket(68, 124), pocket(108, 124));
}

/** Ribbed, bobble, fisherman. @type {Drawing} */
export function beanie({ body, type, variant, pale }) {
  const low = type % 3 === 2;
  const dome = low ? "M44 132Q44 62 100 62t56 70Z" : "M40 132Q38 46 100 46t60 86Z";
  const decor = type % 3 === 1 ? knit(variant, body, pale) : ribs(body, 9);
  const brim = low ? box(38, 118, 124, 36, 10) : box(34, 126, 132, 32, 11);
  return group(ground(100, 160, 62), type % 3 === 1 && bobble(variant % 2 ? CREAM : body), form(dome, body, { shade: 12, decor }),
    form(brim, body, { shade: 9, decor: ribs(body, 7) }), form(box(124, low ? 128 : 134, 20, 14, 2), CREAM, { shade: 2, shine: 0 }));
}

const bobble = (tone) => group(form(oval(100, 40, 21), tone, { shade: 6 }),
  ...Array.from({ length: 16 }, (_, n) => placed(`rotate(${n * 22.5} 100 40)`, line("M100 22v-5", tone.shade, 3.4))));

/** Hiking, Chelsea, winter. @type {Drawing} */
export function boots(brush) {
  const draw = [hike, chelsea, winter][brush.type % 3];
  return group(ground(106, 168, 70), placed("translate(24 -9) scale(.97)", draw(brush)), placed("translate(-14 0)", draw(brush)));
}

const SHAFT = "M58 58h46l2 46q36 12 48 26q6 8 5 24H54Q50 106 58 58Z";

function hike({ body, variant }) {
  const laces = [WOOD, CREAM, { ...IRON, base: "#b3473a" }][variant % 3];
  return group(form(SHAFT, body, { shade: 9 }), flat("M104 104q36 12 50 28q5 8 5 22h-30q0-30-34-42Z", body.deep, 0.25), form(box(54, 52, 54, 14, 6), CREAM, { shade: 4 }),
    ...[74, 86, 98, 110].map((y, n) => line(`M${92 + n * 4} ${y}l18 -4`, laces.base, 3.4)), sole(WOOD, "M50 152h112v8q0 6-6 6H56q-6 0-6-6Z"), line("M56 166v-5M70 166v-5M84 166v-5M98 166v-5M112 166v-5M126 166v-5M140 166v-5", IRON.deep, 3, 0.5));
}

const sole = (tone, d) => form(d, tone, { shade: 5, shine: 0.3 });

function chelsea({ body, variant }) {
  const elastic = variant % 2 ? IRON : body;
  return group(form("M60 54h44l2 52q34 10 46 24q6 8 5 26H56Q52 100 60 54Z", body, { shade: 9 }), flat("M74 58h20q0 34-6 50H80q-6-16-6-50Z", elastic.deep, 0.75),
    line("M79 60v42M84 60v44M89 60v42", body.light, 1, 0.4), line("M66 52q-4-10 2-12t4 14", body.shade, 3.4), sole(IRON, "M53 155h106v5q0 5-6 5H80l-2-4-4 5H59q-6 0-6-5Z"));
}

function winter({ body, variant }) {
  const puff = (y) => line(`M52 ${y}q26 7 54 0`, body.deep, 2.6, 0.3);
  return group(form("M56 52h50l2 52q34 12 44 26q6 8 5 26H52Q48 100 56 52Z", body, { shade: 9, decor: variant % 2 ? group(puff(78), puff(94), puff(110)) : null }),
    ...Array.from({ length: 8 }, (_, n) => flat(oval(54 + n * 7.6, 52 + (n % 2) * 3, 8.5, 9), [CREAM.light, CREAM.base][n % 2])),
    flat("M52 136h98q9 8 8 22H52Z", body.deep, 0.4), sole(IRON, "M48 154h114v7q0 6-6 6H54q-6 0-6-6Z"));
}
