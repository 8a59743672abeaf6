// The colours a picture is painted with, from a product's colour and what it is made of.

/** @typedef {{ light: string, base: string, shade: string, deep: string }} Tone from lit to dark */

/** Materials that keep their own colour; the product's colour then goes to details. */
const OWN = {
  copper: [20, 54, 56],
  brass: [42, 52, 55],
  "stainless steel": [212, 9, 74],
  "carbon steel": [215, 8, 58],
  "oiled oak": [31, 42, 58],
  bamboo: [40, 48, 70],
};

/** Wood, for handles and feet. */
export const WOOD = tone(29, 40, 52);
/** Dark metal, for knobs and rims. */
export const IRON = tone(220, 7, 30);
/** Bright metal. */
export const STEEL = tone(212, 10, 76);
/** Undyed cloth and unglazed clay. */
export const CREAM = tone(40, 36, 90);
/** A flame. */
export const FLAME = tone(38, 96, 66);
/** Leaves, should a picture want some. */
export const LEAF = tone(130, 24, 40);

/**
 * @param {number} h degrees
 * @param {number} s percent
 * @param {number} l percent
 * @returns {Tone}
 */
export function tone(h, s, l) {
  const at = (lightness, saturation = s) =>
    `hsl(${Math.round(h)} ${Math.round(saturation)}% ${Math.round(clamp(lightness, 6, 98))}%)`;
  return { light: at(l + (98 - l) * 0.38), base: at(l), shade: at(l * 0.84, s * 0.98), deep: at(l * 0.62) };
}

/**
 * What body and details of a product are painted with.
 * @param {{ hue?: number, saturation?: number, lightness?: number, material?: string }} hints
 * @returns {{ body: Tone, detail: Tone, colour: Tone, own: boolean }} `own`: the body shows its material
 */
export function paint({ hue = 210, saturation = 16, lightness = 60, material = "" }) {
  // A body darker than this would swallow its own shading.
  const colour = tone(hue, saturation, Math.max(lightness, 27));
  const own = OWN[material];
  return { body: own ? tone(...own) : colour, detail: own ? colour : WOOD, colour, own: Boolean(own) };
}

/**
 * How light a product is, for the choice of a background that sets it off.
 * @param {{ lightness?: number }} hints
 * @returns {"pale" | "mid" | "deep"}
 */
export function weight({ lightness = 60 }) {
  if (lightness > 76) return "pale";
  return lightness < 34 ? "deep" : "mid";
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
