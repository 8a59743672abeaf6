// A picture of the table: time against catalogue, both on logarithmic scales, a line for each.

const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [760, 420, 60, 24, 250, 44];
const COLOURS = ["#0b7285", "#868e96", "#e8590c", "#5f3dc4", "#2b8a3e", "#c2255c", "#e67700", "#364fc7", "#495057"];

/** Figures by number of items → an SVG. */
export function plot(results) {
  const sizes = Object.keys(results).map(Number);
  const names = [...new Set(Object.values(results).flatMap(Object.keys))];
  const lines = names.map((name) => sizes.flatMap((n) => pointOf(n, results[n][name])));
  const times = lines.flat().map(([, ms]) => ms);
  const x = scale(sizes, LEFT, WIDTH - RIGHT);
  const y = scale(times, HEIGHT - BOTTOM, TOP);
  const drawn = lines.map((points, at) => line(points, { x, y, colour: COLOURS[at % COLOURS.length] }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>The best 20 of n products: milliseconds by size of the catalogue</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...sizes.map((n) => label(x(n), HEIGHT - BOTTOM + 18, n.toLocaleString("en"), "middle")),
    ...decades(times).map((ms) => grid(y(ms), ms)),
    ...drawn,
    ...legend(names, lines, y),
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "products of 64 coordinates", "middle"),
    `</svg>`,
  ].join("\n");
}

function pointOf(n, its) {
  return its?.median === undefined ? [] : [[n, Math.max(its.median, 1e-3)]];
}

function scale(values, from, to) {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => from + ((Math.log(value) - low) / (high - low || 1)) * (to - from);
}

function decades(times) {
  const [low, high] = [Math.min(...times), Math.max(...times)].map(Math.log10);
  const first = Math.ceil(low);
  return Array.from({ length: Math.max(0, Math.floor(high) - first + 1) }, (_, at) => 10 ** (first + at));
}

function grid(at, ms) {
  const rule = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#dee2e6"/>`;
  return rule + label(LEFT - 6, at + 4, `${ms} ms`, "end");
}

function line(points, { x, y, colour }) {
  const path = points.map(([n, ms], at) => `${at ? "L" : "M"}${x(n).toFixed(1)} ${y(ms).toFixed(1)}`);
  const dots = points.map(([n, ms]) => `<circle cx="${x(n).toFixed(1)}" cy="${y(ms).toFixed(1)}" r="3" fill="${colour}"/>`);
  return `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}`;
}

/** Beside the ends of the lines, slowest first, no two on top of each other. */
function legend(names, lines, y) {
  const ends = names.map((name, at) => ({ name, at, end: lines[at].at(-1) })).filter(({ end }) => end);
  ends.sort((a, b) => b.end[1] - a.end[1]);
  let below = TOP - 16;
  return ends.map(({ name, at, end }) => {
    below = Math.max(below + 16, y(end[1]) + 4);
    return label(WIDTH - RIGHT + 12, below, name, "start", COLOURS[at % COLOURS.length]);
  });
}

function label(x, y, text, anchor, colour = "#343a40") {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${text}</text>`;
}
