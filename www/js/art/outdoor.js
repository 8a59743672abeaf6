// Tents, backpacks, flasks and lanterns.

import { CREAM, FLAME, IRON, LEAF, STEEL, WOOD } from "./colours.js";
import { weave } from "./decor.js";
import { box, flat, form, ground, group, line, oval, placed, rod } from "./shapes.js";
import { s } from "../dom.js";

/** @typedef {import("./index.js").Drawing} Drawing */

/** Trekking, family, bell. @type {Drawing} */
export const tent = (brush) => [trekking, family, bell][brush.type % 3](brush);

const pegs = (...xs) => group(...xs.map((x) => line(`M${x} 164l${x < 100 ? -3 : 3} 7`, IRON.base, 2.4)));

const grass = () => group(...[[22, 168], [64, 172], [150, 172], [182, 168]].map(([x, y]) =>
  line(`M${x} ${y}q-1-7-5-9M${x} ${y}q0-8 2-11M${x} ${y}q1-6 5-8`, LEAF.base, 1.8, 0.8)));

const hills = () => group(flat("M0 158Q44 108 92 140T200 116v44H0Z", LEAF.base, 0.22));

function trekking({ body, variant }) {
  return group(hills(), ground(100, 166, 84), line("M58 82L16 164M150 96l34 68", CREAM.shade, 1.6), pegs(16, 184),
    form("M64 70Q118 70 156 104L184 166H108Z", body, { shade: 11 }),
    form("M64 70L112 166H22Z", { ...body, base: body.light, light: CREAM.light }, { shade: 5 }),
    flat("M65 78L92 166H44Z", IRON.deep, 0.75), form("M65 78q-4 50-21 88H34Z", body, { shade: 3 }),
    line("M64 70L112 166", body.deep, 2, 0.5), variant % 2 === 0 && line("M86 74q44 20 74 92", CREAM.base, 3, 0.6), grass());
}

function family({ body, variant }) {
  return group(hills(), ground(100, 166, 88), line("M30 116L10 164M170 116l20 48", CREAM.shade, 1.6), pegs(10, 190),
    form("M18 166Q28 70 100 70T182 166Z", body, { shade: 15 }), line("M58 82Q40 118 42 166M142 82q18 36 16 84", body.deep, 2.4, 0.35),
    form("M66 166Q68 96 100 96T134 166Z", { ...body, base: body.light }, { shade: 5 }), flat("M76 166q2-58 24-60q22 2 24 60Z", IRON.deep, 0.7),
    form("M100 106q-22 4-24 60h9q2-36 15-60Z", CREAM, { shade: 2 }), variant % 2 === 0 && bunting(), grass());
}

const bunting = () => group(line("M28 118Q100 140 172 118", CREAM.base, 1.4, 0.9),
  ...[40, 58, 142, 160].map((x, n) => flat(`M${x - 6} ${n % 3 === 0 ? 122 : 127}h12l-6 11Z`, [CREAM.base, FLAME.base][n % 2])));

function bell({ body, variant }) {
  return group(hills(), ground(100, 166, 84), line("M100 34V22", WOOD.base, 4), line("M34 130L8 162M166 130l26 32", CREAM.shade, 1.6), pegs(8, 192),
    form("M30 128L36 166H164l6-38Z", body, { shade: 12 }), form("M100 34Q124 96 176 130Q100 144 24 130Q76 96 100 34Z", { ...body, base: body.light }, { shade: 11 }),
    line("M100 36Q86 96 62 134M100 36q14 60 38 98", body.deep, 2, 0.25), flat("M84 166q0-52 16-82q16 30 16 82Z", IRON.deep, 0.72),
    form("M100 84q-16 30-16 82h-9q2-50 25-82Z", body, { shade: 3 }), variant % 2 === 0 && flat("M100 24l18-5-6 7 7 4-19 2Z", FLAME.base), grass());
}

/** Day pack, hiking, roll-top. @type {Drawing} */
export const backpack = (brush) => [daypack, hiking, rolltop][brush.type % 3](brush);

const strap = (tone) => rod("M62 62Q36 84 46 140M138 62q26 22 16 78", tone, 8);

function daypack({ body, variant, pale }) {
  const trim = [WOOD, IRON][variant % 2];
  return group(ground(100, 168, 48), rod("M86 44q0-16 14-16t14 16", trim, 6), strap(trim),
    form("M54 86q0-44 46-44t46 44v66q0 15-15 15H69q-15 0-15-15Z", body, { shade: 13, decor: variant > 3 ? weave(0, body, pale) : null }),
    form(box(66, 112, 68, 46, 11), body, { shade: 6 }), line("M70 122h60", trim.base, 2.6), flat(box(97, 120, 6, 14, 3), STEEL.base),
    line("M66 84q34-14 68 0", trim.shade, 2.4, 0.6), form(box(86, 66, 28, 15, 3), trim, { shade: 3 }));
}

function hiking({ body, variant }) {
  const trim = [IRON, WOOD][variant % 2];
  return group(ground(100, 172, 48), strap(trim), form(box(52, 148, 96, 22, 11), CREAM, { shade: 6 }), line("M72 148v22M128 148v22", trim.base, 5),
    form("M56 58q0-16 16-16h56q16 0 16 16v90H56Z", body, { shade: 13 }), form(box(42, 98, 20, 48, 8), body, { shade: 5 }), form(box(138, 98, 20, 48, 8), body, { shade: 5 }),
    form("M48 62q0-36 52-36t52 36v10q-52 12-104 0Z", body, { shade: 11 }), line("M78 66v58M122 66v58", trim.base, 5),
    form(box(72, 92, 12, 10, 2), STEEL, { shade: 3 }), form(box(116, 92, 12, 10, 2), STEEL, { shade: 3 }), form(box(76, 114, 48, 26, 6), body, { shade: 5 }));
}

function rolltop({ body, variant }) {
  const trim = [WOOD, IRON][variant % 2];
  return group(ground(100, 168, 46), strap(trim), form("M58 62h84v90q0 15-15 15H73q-15 0-15-15Z", body, { shade: 13 }),
    form(box(52, 40, 96, 26, 12), body, { shade: 8 }), line("M60 53h80", body.deep, 2, 0.4), rod("M100 38v66", trim, 9), form(box(92, 84, 16, 14, 3), STEEL, { shade: 4 }),
    form(box(70, 118, 60, 38, 5), body, { shade: 6 }), line("M70 128h60", trim.base, 2.4, 0.8));
}

/** Vacuum flask, bottle, travel cup. @type {Drawing} */
export const flask = (brush) => [vacuum, bottle, cup][brush.type % 3](brush);

function vacuum({ body, detail, own, variant }) {
  const cap = own ? detail : [STEEL, CREAM, IRON][variant % 3];
  return group(ground(96, 169, 34), rod("M124 82h13q11 0 11 12v34q0 12-11 12h-13", cap, 8), form("M68 76h56v84q0 9-9 9H77q-9 0-9-9Z", body, { shade: 12 }),
    form("M72 76q0-14 10-16h28q10 2 10 16Z", STEEL, { shade: 6 }), form("M76 30h40q5 0 5 6v26H71V36q0-6 5-6Z", cap, { shade: 9 }),
    flat("M68 146h56v5H68Z", cap.base, 0.8), line("M76 96v40", "#fff", 4, 0.3));
}

function bottle({ body, detail, own, variant }) {
  const cap = own ? detail : [WOOD, IRON, STEEL][variant % 3];
  return group(ground(100, 169, 30), line("M91 36q0-16 9-16t9 16", cap.shade, 5), form(box(85, 34, 30, 20, 5), cap, { shade: 6 }),
    form("M88 52h24v8q20 10 20 32v68q0 9-9 9H77q-9 0-9-9V92q0-22 20-32Z", body, { shade: 12 }), line("M77 98v50", "#fff", 4, 0.3),
    variant % 2 === 0 && peaks(own ? detail : CREAM));
}

const peaks = (tone) => group(flat("M82 134l14-22 9 12 5-7 12 17Z", tone.base, 0.8), s("circle", { cx: 114, cy: 106, r: 4, fill: tone.base, opacity: 0.8 }));

function cup({ body, detail, own, variant }) {
  const lid = own ? detail : [IRON, CREAM, WOOD][variant % 3];
  return group(ground(100, 168, 34), form("M64 72h72l-9 88q-1 8-9 8H82q-8 0-9-8Z", body, { shade: 13 }), form("M66 98h68l-3.5 34h-61Z", lid, { shade: 9 }),
    form("M66 56q2-10 12-10h44q10 0 12 10Z", lid, { shade: 6 }), form(box(58, 54, 84, 20, 6), lid, { shade: 8 }), flat(box(108, 48, 14, 5, 2.5), "#000", 0.3));
}

/** Camping, candle, garden. @type {Drawing} */
export const lantern = (brush) => [camping, house, garden][brush.type % 3](brush);

const shine = (cx, cy, r) => s("circle", { cx, cy, r, fill: FLAME.light, opacity: 0.4 });

const wick = (x, y) => group(form(box(x - 10, y, 20, 26, 3), CREAM, { shade: 4 }), flat(`M${x} ${y - 26}q11 14 7 20q-7 8-14 0q-4-6 7-20Z`, FLAME.base), flat(`M${x} ${y - 15}q5 6 3 9q-3 4-6 0q-2-3 3-9Z`, "#fff6cf"));

function camping({ body }) {
  return group(ground(100, 168, 42), shine(100, 108, 66), line("M62 78Q54 26 100 26t38 52", IRON.base, 4), form("M70 78q4-18 30-18t30 18Z", body, { shade: 8 }),
    flat("M70 80h60q10 30 0 56H70q-10-26 0-56Z", "#fff", 0.45), flat("M100 92q13 16 8 24q-8 9-16 0q-5-8 8-24Z", FLAME.base), flat("M100 106q6 7 4 11q-4 4-8 0q-2-4 4-11Z", "#fff6cf"),
    line("M66 78q-6 32 0 60M134 78q6 32 0 60", body.shade, 4), line("M78 86q-5 22 0 42", "#fff", 4, 0.7),
    form("M62 136h76l6 22q1 9-8 9H64q-9 0-8-9Z", body, { shade: 11 }), form(oval(140, 152, 6), STEEL, { shade: 2 }));
}

function house({ body, variant }) {
  const roof = variant % 2 ? "M54 74q46-52 92 0Z" : "M52 76L84 46h32l32 30Z";
  return group(ground(100, 168, 46), shine(100, 122, 66), line("M100 34m-11 0a11 11 0 1 0 22 0a11 11 0 1 0-22 0", body.shade, 4), form(roof, body, { shade: 9 }),
    flat("M60 76h80v82H60Z", "#fff", 0.4), wick(100, 130), line("M62 76v82M138 76v82M100 76v18", body.shade, 5), line("M60.5 76v82", body.light, 1.6, 0.8),
    line("M72 88v48", "#fff", 4, 0.6), form(box(52, 154, 96, 13, 3), body, { shade: 8 }));
}

function garden({ body, variant }) {
  const band = (y, wide) => line(`M${100 - wide} ${y}h${2 * wide}`, body.shade, 2.6, 0.8);
  return group(ground(100, 168, 40), shine(100, 112, 68), line("M78 60Q78 24 100 24t22 36", IRON.base, 3), form("M60 112q0-54 40-54t40 54t-40 54t-40-54Z", { ...body, base: body.light }, { shade: 13 }),
    flat(oval(100, 116, 22, 28), FLAME.light, 0.75), ...(variant % 2 ? [band(84, 33), band(98, 38), band(112, 40), band(126, 38), band(140, 33)] : [line("M82 62q-16 50 0 100M118 62q16 50 0 100M100 58v108", body.shade, 2.6, 0.7)]),
    form(box(80, 54, 40, 9, 4), body, { shade: 4 }), form(box(80, 160, 40, 9, 4), body, { shade: 4 }));
}
