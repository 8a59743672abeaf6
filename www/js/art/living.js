// Lamps, cushions, vases and candles.

import { CREAM, FLAME, IRON, LEAF, WOOD, tone } from "./colours.js";
import { glaze, weave } from "./decor.js";
import { box, flat, form, ground, group, line, oval, placed, rod } from "./shapes.js";
import { s } from "../dom.js";

/** @typedef {import("./index.js").Drawing} Drawing */

/** Table, floor, pendant. @type {Drawing} */
export const lamp = (brush) => [table, floor, pendant][brush.type % 3](brush);

/** A lamp's foot is its material, its shade the colour; on clay and paper the other way round. */
const foot = ({ body, own, variant }) => (own ? body : [WOOD, IRON, body][variant % 3]);

const glow = (cx, cy, r) => s("circle", { cx, cy, r, fill: FLAME.light, opacity: 0.35 });

function table(brush) {
  const stem = foot(brush);
  const bases = [
    () => form("M78 166q-4-44 22-48q26 4 22 48q-22 5-44 0Z", stem, { shade: 9 }),
    () => group(rod("M100 96v66", stem, 8), form("M70 168q0-10 30-10t30 10Z", stem, { shade: 6 })),
    () => form(oval(100, 142, 27, 26), stem, { shade: 9 }),
  ];
  return group(ground(100, 167, 38), glow(100, 92, 70), rod("M100 100v24", stem, 7), bases[brush.variant % 3](),
    form("M74 38h52l22 66H52Z", brush.colour, { shade: 12 }), pleats("M86 40l-12 62M100 40v62M114 40l12 62", brush),
    flat(oval(100, 104, 48, 5), FLAME.light, 0.85));
}

function floor(brush) {
  const stem = foot(brush);
  const legs = brush.variant % 2
    ? group(rod("M100 78L72 172", stem, 6), rod("M100 78l28 94", stem, 6), rod("M100 78v90", stem, 6))
    : group(rod("M100 70v98", stem, 6), form("M72 174q0-9 28-9t28 9Z", stem, { shade: 6 }));
  return group(ground(100, 174, 34, 5), glow(100, 58, 58), legs,
    form("M78 22h44l15 50H63Z", brush.colour, { shade: 10 }), pleats("M88 24l-8 46M100 24v46M112 24l8 46", brush),
    flat(oval(100, 72, 37, 4), FLAME.light, 0.85));
}

function pendant(brush) {
  const dome = ["M44 128q0-58 56-58t56 58Z", "M52 128l30-58h36l30 58Z", "M40 100q0-36 60-36t60 36t-60 36t-60-36Z"][brush.variant % 3];
  const low = brush.variant % 3 === 2 ? 132 : 128;
  return group(line("M100 0v62", IRON.base, 2.4), glow(100, low, 62), form(box(91, 52, 18, 20, 4), foot(brush), { shade: 4 }),
    form(dome, brush.colour, { shade: 13 }), flat(oval(100, low, brush.variant % 3 === 2 ? 26 : 54, 6), FLAME.light, 0.9),
    flat(oval(100, low + 2, 11, 8), "#fffbe6"));
}

const pleats = (d, { colour, variant }) => variant % 2 === 0 && line(d, colour.deep, 1.6, 0.3);

/** Scatter, bolster, floor. @type {Drawing} */
export const cushion = (brush) => [scatter, bolster, pouf][brush.type % 3](brush);

function scatter({ body, variant, pale }) {
  const d = "M44 52Q100 62 156 50Q150 106 158 162Q100 154 42 164Q52 106 44 52Z";
  return group(ground(100, 166, 62), placed("rotate(-4 100 106)",
    variant % 2 === 1 && tassels(body), form(d, body, { shade: 12, decor: weave(variant, body, pale) }),
    line("M84 96q10 8 20 6M116 120q-10 4-16 12", body.deep, 2, 0.22)));
}

const tassels = (body) => group(...[[44, 52, 135], [156, 50, 225], [158, 162, -45], [42, 164, 45]].map(([x, y, turn]) =>
  placed(`translate(${x} ${y}) rotate(${turn})`, line("M0 0v15M-3 2l-2 13M3 2l2 13", body.shade, 2.6))));

function bolster({ body, variant, pale }) {
  return group(ground(100, 152, 76),
    form("M36 92h126q16 0 16 29t-16 29H36Z", body, { shade: 10, decor: weave(variant, body, pale) }),
    form(oval(38, 121, 18, 29), body, { shade: 5 }), line("M38 121m-10 0a10 17 0 1 0 20 0a10 17 0 1 0-20 0", body.deep, 1.6, 0.35), flat(oval(38, 121, 4, 5), body.deep, 0.7));
}

function pouf({ body, variant, pale }) {
  return group(ground(100, 166, 72),
    form("M30 138q0-34 70-34t70 34q2 28-12 28H42q-14 0-12-28Z", body, { shade: 13, decor: weave(variant, body, pale) }),
    flat("M30 136q4-32 70-32t70 32q-14 18-70 18t-70-18Z", body.light, 0.35), line("M31 138q14 17 69 17t69-17", body.deep, 2, 0.3),
    flat(oval(100, 126, 6, 3.5), body.deep, 0.6));
}

const VASES = [
  "M90 84h20q-2 22 8 34q14 18 10 36q-2 12-13 12H85q-11 0-13-12q-4-18 10-36q10-12 8-34Z",
  "M68 74h64q-8 22 2 46q8 30-8 46H74q-16-16-8-46q10-24 2-46Z",
  "M86 58h28q-2 18 12 36q20 34 4 78H70q-16-44 4-78q14-18 12-36Z",
];

/** Bud, bouquet, floor. @type {Drawing} */
export function vase({ body, type, variant, pale, colour }) {
  const top = [84, 74, 58][type % 3];
  const decor = glaze(variant, body, pale, { top, bottom: 168 });
  const flowers = [() => bud(top), () => bouquet(top, colour), () => reeds(top)][type % 3]();
  return group(ground(100, type % 3 === 2 ? 172 : 167, 34), flowers, form(VASES[type % 3], body, { shade: 12, decor }),
    flat(oval(100, top, [10, 32, 14][type % 3], [2.5, 5, 3][type % 3]), body.deep));
}

const leaf = (x, y, turn, size = 1) => placed(`translate(${x} ${y}) rotate(${turn}) scale(${size})`,
  flat("M0 0q12-12 27 0q-15 12-27 0Z", LEAF.base), line("M2 0h20", LEAF.deep, 1, 0.5));

const bud = (y) => group(line(`M100 ${y + 4}q-5-24 4-44`, LEAF.shade, 2.6), leaf(99, y - 14, -150), leaf(99, y - 20, -28, 0.8),
  flower(105, y - 46, 11, tone(350, 46, 74)));

const bouquet = (y, colour) => group(
  ...[[74, -34], [126, -36], [100, -46], [88, -20], [114, -20]].map(([x, dy]) => line(`M${100 + (x - 100) * 0.3} ${y + 8}Q${x} ${y} ${x} ${y + dy}`, LEAF.shade, 2.4)),
  leaf(70, y - 8, -160, 0.9), leaf(130, y - 8, -20, 0.9), leaf(86, y - 30, -120, 0.8), leaf(116, y - 32, -60, 0.8),
  flower(74, y - 36, 12, tone(350, 50, 78)), flower(127, y - 38, 12, tone(40, 70, 74)), flower(100, y - 48, 13, CREAM), flower(89, y - 20, 9, colour), flower(114, y - 20, 9, tone(350, 50, 78)));

const reeds = (y) => group(...[[78, -42], [92, -50], [108, -46], [122, -38]].map(([x, dy]) => group(line(`M100 ${y + 8}Q100 ${y - 8} ${x} ${y + dy}`, "#b59a6a", 2),
  placed(`rotate(${(x - 100) * 0.8} ${x} ${y + dy})`, flat(oval(x, y + dy, 4.5, 14), "#d9c49a")))));

const flower = (x, y, r, petals) => group(...[0, 72, 144, 216, 288].map((turn) =>
  placed(`rotate(${turn} ${x} ${y})`, flat(oval(x, y - r * 0.6, r * 0.5, r * 0.62), petals.base))), flat(oval(x, y, r * 0.34), FLAME.shade));

/** Scented, pillar, dinner. @type {Drawing} */
export const candle = (brush) => [scented, pillar, tapers][brush.type % 3](brush);

const flame = (x, y) => group(glow(x, y - 12, 34), line(`M${x} ${y + 4}v-7`, IRON.base, 2),
  flat(`M${x} ${y - 30}q12 16 8 23q-8 9-16 0q-4-7 8-23Z`, FLAME.base), flat(`M${x} ${y - 17}q6 7 4 11q-4 4-8 0q-2-4 4-11Z`, "#fff6cf"));

function scented({ body, variant, pale }) {
  const decor = variant % 2 ? glaze(variant, body, pale, { top: 92, bottom: 166 }) : null;
  return group(ground(100, 166, 44), flame(100, 88), form("M58 92h84v66q0 8-8 8H66q-8 0-8-8Z", body, { shade: 13, decor }),
    flat(oval(100, 92, 42, 8), body.light), flat(oval(100, 93, 36, 5.5), CREAM.base),
    form(box(76, 114, 48, 32, 3), CREAM, { shade: 2, shine: 0 }), line("M84 124h32M90 132h20", body.deep, 2, 0.7));
}

function pillar({ body, variant }) {
  const one = (x, top, w) => group(flame(x, top - 3), form(box(x - w, top, 2 * w, 166 - top, 5), body, { shade: 9 }), flat(oval(x, top + 4, w, 4.5), body.light));
  return variant % 2 ? group(ground(100, 166, 40), one(100, 74, 27)) : group(ground(100, 166, 58), one(130, 106, 22), one(80, 78, 24));
}

function tapers({ body, variant }) {
  const holder = variant % 2 ? WOOD : tone(42, 52, 55);
  const one = (x, top) => group(flame(x, top - 2), form(`M${x - 4} ${top}h8l3 ${140 - top}h-14Z`, body, { shade: 4 }),
    form(`M${x - 11} 140h22l-4 13h-14Z`, holder, { shade: 4 }), form(`M${x - 24} 166q0-13 24-13t24 13Z`, holder, { shade: 6 }));
  return group(ground(100, 167, 58), one(70, 62), one(130, 46));
}
