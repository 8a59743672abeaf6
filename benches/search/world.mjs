// The catalogue that everybody searches: clustered vectors as codes of four bits, the same in
// Node, where they become a model file, and in the page, where they become floats.

export const DIM = 64;
const ITEMS_A_CLUSTER = 100;
const SPREAD = 0.8;
const LARGEST_CODE = 7;

/** Codes of `n` items, `[n, DIM]`, row-major: each around the centre of a cluster. */
export function codesOf(n, seed = 1) {
  const normal = normals(seed);
  const draw = () => Float64Array.from({ length: DIM }, normal);
  const centres = Array.from({ length: Math.ceil(n / ITEMS_A_CLUSTER) }, draw);
  const codes = new Int8Array(n * DIM);
  for (let item = 0; item < n; item += 1) {
    const own = centres[item % centres.length].map((x) => x + SPREAD * normal());
    const step = Math.max(...own.map(Math.abs)) / LARGEST_CODE;
    codes.set(Array.from(own, (x) => Math.round(x / step)), item * DIM);
  }
  return codes;
}

/** The directions that codes stand for, of length 1, `[n, DIM]`. */
export function unitRows(codes) {
  const rows = Float32Array.from(codes);
  for (let at = 0; at < rows.length; at += DIM) {
    const row = rows.subarray(at, at + DIM);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    row.forEach((x, i) => (row[i] = x / length));
  }
  return rows;
}

/** One of the rows. */
export function rowOf(rows, row) {
  return rows.subarray(row * DIM, (row + 1) * DIM);
}

/** The name of an item in the model file. */
export function nameOf(row) {
  return `item-${String(row).padStart(7, "0")}`;
}

/** Numbers of the standard normal distribution (Box and Muller 1958), from a seed. */
function normals(seed) {
  let state = seed >>> 0;
  // Xorshift of 32 bits (Marsaglia 2003): the same numbers on every platform.
  const unit = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 1) / 4_294_967_297;
  };
  return () => Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
}
