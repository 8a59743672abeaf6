// Towels, blankets, pillows and soap.

import { CREAM, STEEL, WOOD } from "./colours.js";
import { glaze, weave } from "./decor.js";
import { box, flat, form, ground, group, line, oval, placed, rod } from "./shapes.js";

/** @typedef {import("./index.js").Drawing} Drawing */

/** Bath, hand, beach. @type {Drawing} */
export const towel = (brush) => [stack, rail, rolled][brush.type % 3](brush);

function fold(y, tone, decor, inset = 0) {
  const [left, wide] = [40 + inset, 120 - 2 * inset];
  return group(form(box(left, y, wide, 28, 13), tone, { shade: 8, decor }),
    line(`M${left + wide - 12} ${y + 10}h${-wide + 34}q-9 0-9 4t9 4h${wide - 34}`, tone.deep, 1.8, 0.3));
}

function stack({ body, variant, pale }) {
  const decor = (y) => [null, flat(`M0 ${y + 8}H200v4H0Z`, pale ? body.deep : CREAM.base, 0.4)][variant % 2];
  const middle = variant % 3 === 0 ? CREAM : body;
  return group(ground(100, 165, 62), fold(137, body, decor(137)), fold(109, middle, null, 3), fold(81, body, decor(81), 1));
}

function rail({ body, variant, pale }) {
  return group(form(oval(30, 50, 7), STEEL, { shade: 2 }), form(oval(170, 50, 7), STEEL, { shade: 2 }), rod("M30 50h140", STEEL, 7),
    flat("M66 52h82v104H66Z", "#000", 0.08), flat("M62 50h76v78H62Z", body.deep),
    form("M58 48q2-5 8-5h70q6 0 6 5v104H58Z", body, { shade: 8, decor: weave([4, 1, 0][variant % 3], body, pale) }),
    ...Array.from({ length: 14 }, (_, n) => line(`M${61 + n * 6} 152v7`, body.shade, 2)));
}

function rolled({ body, variant, pale }) {
  const roll = (x, y, tone) => group(form(box(x - 6, y - 24, 88, 48, 22), tone, { shade: 9, decor: weave([1, 4, 3][variant % 3], tone, pale) }),
    form(oval(x + 12, y, 20, 24), tone, { shade: 5 }), line(`M${x + 12} ${y}q-7-6 0-11t11 11t-12 17t-17-19t19-20`, tone.deep, 2.2, 0.4));
  return group(ground(104, 166, 66), roll(62, 142, body), placed("translate(6 0)", roll(46, 98, variant % 2 ? CREAM : body)));
}

/** Sofa throw, bed blanket, picnic. @type {Drawing} */
export const blanket = (brush) => [draped, folded, picnic][brush.type % 3](brush);

const fringe = (y, from, n, tone) => group(...Array.from({ length: n }, (_, at) => line(`M${from + at * 6} ${y}v10`, tone.shade, 2.2)));

function draped({ body, variant, pale }) {
  const d = "M54 46Q100 36 146 46L152 150Q126 158 100 150T48 152Z";
  return group(ground(100, 168, 58), rod("M34 46h132", WOOD, 8), rod("M40 48v122", WOOD, 6), rod("M160 48v122", WOOD, 6),
    form(d, body, { shade: 10, decor: weave(variant, body, pale) }), line("M78 50q-4 50 0 98M118 48q6 50 2 102", body.deep, 2.4, 0.2), fringe(151, 51, 17, body));
}

function folded({ body, variant, pale }) {
  const one = (y, tone, at) => group(form(`M36 ${y}h118q12 0 12 13t-12 13H36q-6-13 0-26Z`, tone, { shade: 7, decor: weave(at, tone, pale) }));
  return group(ground(100, 164, 66), one(136, body, variant), one(110, body, variant), one(84, body, variant),
    placed("translate(0 2)", form("M46 74h98q12 0 12 10v6H40v-6q0-10 6-10Z", body, { shade: 6, decor: weave(variant, body, pale) })), fringe(88, 44, 9, body));
}

function picnic({ body, variant, pale }) {
  return group(ground(100, 160, 70), form(box(30, 92, 140, 66, 30), body, { shade: 11, decor: weave([2, 1, 2][variant % 3], body, pale) }),
    form(oval(50, 125, 22, 33), body, { shade: 5 }), line("M50 125q-7-7 0-13t12 14t-14 20t-16-24t20-22", body.deep, 2.2, 0.4),
    rod("M92 92v66M138 92v66", WOOD, 8), rod("M92 92q23-36 46 0", WOOD, 7));
}

/** Pillowcase, bed pillow, travel pillow. @type {Drawing} */
export const pillow = (brush) => [pair, plump, travel][brush.type % 3](brush);

const PUFF = "M38 96Q100 78 162 96Q172 130 162 162Q100 172 38 162Q28 130 38 96Z";

function pair({ body, variant, pale }) {
  return group(ground(102, 168, 68), placed("translate(4 -34) rotate(5 100 120) scale(.98)", form(PUFF, CREAM, { shade: 9 })),
    form(PUFF, body, { shade: 11, decor: weave(variant, body, pale) }), line("M150 96q6 34 0 66", body.deep, 2, 0.35));
}

function plump({ body, variant, pale }) {
  const d = "M30 84Q44 74 60 84Q100 72 140 84Q156 74 170 84Q164 96 166 122Q166 150 172 158Q156 170 142 160Q100 170 58 160Q42 168 28 158Q36 146 34 122Q36 98 30 84Z";
  return group(ground(100, 168, 68), form(d, body, { shade: 13, decor: variant % 2 ? weave(1, body, pale) : null }),
    line("M62 104q16 10 34 8M140 138q-18-6-30 2", body.deep, 2.4, 0.22));
}

function travel({ body, variant, pale }) {
  return group(ground(100, 166, 52), form("M48 160Q20 108 50 72Q76 44 100 46Q126 44 150 72Q180 108 152 160Q140 172 126 160Q118 150 124 138Q138 110 122 94Q100 78 78 94Q62 110 76 138Q82 150 74 160Q60 172 48 160Z",
    body, { shade: 11, decor: weave(variant, body, pale) }), line("M100 48v34", body.deep, 2, 0.3), flat(oval(62, 150, 4), STEEL.base), flat(oval(138, 150, 4), STEEL.base));
}

/** Dispenser, dish, tumbler. @type {Drawing} */
export const soap = (brush) => [dispenser, dish, tumbler][brush.type % 3](brush);

function dispenser({ body, variant, pale }) {
  const decor = glaze(variant, body, pale, { top: 90, bottom: 166 });
  const d = ["M66 166V104q0-16 18-16h32q18 0 18 16v62Z", "M62 160q-4-68 24-70h28q28 2 24 70q-1 6-8 6H70q-7 0-8-6Z", "M68 90h64v76H68Z"][variant % 3];
  return group(ground(100, 166, 38), rod("M100 84V50", STEEL, 8), rod("M104 50H70q-8 0-8 9", STEEL, 8),
    form(box(84, 76, 32, 14, 4), STEEL, { shade: 5 }), form(d, body, { shade: 12, decor }),
    form(box(80, 116, 40, 26, 2), CREAM, { shade: 2, shine: 0 }), line("M88 125h24M92 132h16", body.deep, 1.8, 0.6));
}

function dish({ body, variant, colour, own }) {
  const bar = own ? colour : [CREAM, WOOD][variant % 2];
  return group(ground(100, 160, 66), form(box(58, 106, 84, 34, 15), bar, { shade: 9 }), line("M78 122h44", bar.deep, 2, 0.35),
    form("M30 132h140q-2 27-32 27H62q-30 0-32-27Z", body, { shade: 11 }), flat(box(26, 129, 148, 7, 3.5), body.light),
    ...[[64, 92, 7], [80, 80, 4.5], [54, 76, 3.5]].map(([x, y, r]) => group(flat(oval(x, y, r), "#fff", 0.55), flat(oval(x - r * 0.3, y - r * 0.3, r * 0.25), "#fff", 0.9))));
}

function tumbler({ body, variant, pale }) {
  const decor = glaze(variant, body, pale, { top: 88, bottom: 166 });
  const brush = (turn, tone) => placed(`rotate(${turn} 100 160)`, rod("M100 150V40", tone, 6), flat(box(101, 34, 10, 26, 2), "#fff", 0.95), line("M103 42h7M103 48h7M103 54h7", "#8fb5c4", 1.6));
  return group(ground(100, 166, 38), brush(-13, WOOD), brush(11, variant % 2 ? CREAM : STEEL),
    form("M62 88h76l-5 70q-1 8-9 8H76q-8 0-9-8Z", body, { shade: 12, decor }), flat(oval(100, 88, 38, 6), body.light), flat("M66 88a34 4 0 0 0 68 0Z", body.deep, 0.5));
}
