// Patterns: glazes for pots, weaves for cloth. A product's variant, 0 to 5, chooses one.

import { s } from "../dom.js";
import { CREAM } from "./colours.js";
import { flat, group, line } from "./shapes.js";

/** @typedef {import("./colours.js").Tone} Tone */

/** A contrasting tone that is never too near: cream on dark things, the deep shade on pale. */
const ink = (tone, pale) => (pale ? tone.deep : CREAM.base);

/**
 * The glaze of a pot.
 * @param {number} variant
 * @param {Tone} tone
 * @param {boolean} pale whether the pot is light
 * @param {{ top: number, bottom: number }} at where the pot begins and ends
 */
export function glaze(variant, tone, pale, { top, bottom }) {
  const tall = bottom - top;
  const mark = ink(tone, pale);
  switch (variant % 6) {
    case 1: return dipped(bottom - tall * 0.36);
    case 2: return group(line(`M0 ${top + tall * 0.26}H200`, mark, 3, 0.65),
      line(`M0 ${top + tall * 0.36}H200`, mark, 1.6, 0.65));
    case 3: return speckles(mark, top, bottom);
    case 4: return ribs(tone);
    case 5: return sprigs(mark, top + tall * 0.5);
    default: return null;
  }
}

/**
 * The weave of a cloth.
 * @param {number} variant
 * @param {Tone} tone
 * @param {boolean} pale
 */
export function weave(variant, tone, pale) {
  const mark = ink(tone, pale);
  switch (variant % 6) {
    case 1: return stripes(mark, 18, 6, 0.55);
    case 2: return group(stripes(mark, 26, 9, 0.3), s("g", { transform: "rotate(90 100 100)" }, stripes(mark, 26, 9, 0.3)));
    case 3: return dots(mark);
    case 4: return group(line("M-10 128H210", mark, 14, 0.55), line("M-10 144H210", mark, 3, 0.55));
    case 5: return zigzags(mark);
    default: return threads(tone);
  }
}

/** Ridges of knitting, straight down. */
export const ribs = (tone, step = 11) => rows(step, (at) => line(`M${at} 0V200`, tone.deep, 2, 0.18));

/** Rows of fine threads. */
export const threads = (tone, step = 7) => rows(step, (at) => line(`M0 ${at}H200`, tone.deep, 1.2, 0.16));

/** Broad stripes across. */
export const stripes = (fill, step, width, opacity) =>
  rows(step, (at) => flat(`M-60 ${at}H260v${width}H-60Z`, fill, opacity));

function dipped(y) {
  return flat(`M0 ${y}q25 7 50 1t50 1t50-1t50 0V220H0Z`, CREAM.base, 0.92);
}

function speckles(fill, top, bottom) {
  const spots = Array.from({ length: 46 }, (_, n) => {
    const x = 20 + ((n * 73) % 161);
    const y = top + ((n * 47) % 97) * ((bottom - top) / 97);
    return s("circle", { cx: x, cy: y, r: 0.9 + (n % 3) * 0.5, fill, opacity: 0.6 });
  });
  return group(...spots);
}

function sprigs(stroke, y) {
  const sprig = (x) => group(line(`M${x} ${y + 15}q2-15 0-30`, stroke, 1.8, 0.75),
    ...[-8, 0, 8].map((up) => flat(`M${x} ${y + up}q-9-1-11-9q9 0 11 9q2-8 11-9q-2 8-11 9Z`, stroke, 0.75)));
  return group(...[22, 48, 74, 100, 126, 152, 178].map(sprig));
}

function dots(fill) {
  const spots = [];
  for (let row = 0; row < 12; row += 1) {
    for (let column = 0; column < 11; column += 1) {
      spots.push(s("circle", { cx: column * 20 + (row % 2) * 10, cy: row * 17, r: 3.2, fill, opacity: 0.55 }));
    }
  }
  return group(...spots);
}

function zigzags(stroke) {
  const wave = (y) => line(`M-5 ${y}${"l10 -9l10 9".repeat(11)}`, stroke, 2.6, 0.5);
  return group(...[40, 64, 88, 112, 136, 160, 184].map(wave));
}

function rows(step, draw) {
  return group(...Array.from({ length: Math.ceil(200 / step) + 1 }, (_, n) => draw(n * step)));
}
