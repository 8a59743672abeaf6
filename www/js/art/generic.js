// The parcel: a picture for whatever has none.

import { CREAM, WOOD } from "./colours.js";
import { box, flat, form, ground, group, line } from "./shapes.js";

/** @type {import("./index.js").Drawing} */
export function generic({ colour }) {
  return group(
    ground(100, 166, 62),
    form(box(48, 78, 104, 88, 5), WOOD, { decor: flat("M48 78h104v22H48Z", WOOD.light, 0.35) }),
    flat("M92 78h16v88H92Z", colour.base), flat("M102 78h6v88h-6Z", colour.deep, 0.3),
    flat("M100 78c-30-4-38-32-20-34 12-1 18 16 20 34c2-18 8-35 20-34 18 2 10 30-20 34Z", colour.base),
    flat("M100 76c-18-4-24-22-15-24 7-1 12 10 15 24c3-14 8-25 15-24 9 2 3 20-15 24Z", colour.deep, 0.35),
    form(box(58, 118, 28, 20, 2), CREAM, { shade: 3, shine: 0 }), line("M63 125h18M63 131h11", WOOD.deep, 1.6, 0.6));
}
