// What an option should be, in words for the message, and its reader: the value that is passed on,
// or `undefined` for a wrong one. `check` in check.js goes through tables of these.

const be = (type) => (value) => (typeof value === type ? value : undefined);

/** At most so many characters of any text count; an id that was cut is still too long. */
export const cut = (value) => be("string")(value)?.slice(0, 1000);

export const within = (least, most, fits) => (value) =>
  fits(value) && value >= least && value <= most ? value : undefined;

export const whole = (least, most, what = `a whole number from ${least} to ${most}`) => [
  what,
  within(least, most, Number.isInteger),
];

export const oneOf = (...words) => [
  `${words.slice(0, -1).map((word) => `"${word}"`).join(", ")} or "${words[words.length - 1]}"`,
  (value) => (words.includes(value) ? value : undefined),
];

export const or = ([what, read], word) => [
  `${what}, or ${word}`,
  (value) => (value === null ? null : read(value)),
];

export const list = (value, most) =>
  Array.isArray(value) && value.length <= most ? Array.from(value) : undefined;

export const milliseconds = (most) => [
  "a number of milliseconds, 0 or more",
  // Differences of `performance.now()` are fractions.
  (value) => (Number.isFinite(value) && value >= 0 ? Math.min(Math.round(value), most) : undefined),
];

export const text = ["a string", cut];
export const key = ["a string of at least one character", (value) => be("string")(value) || undefined];
export const flag = ["true or false", be("boolean")];
export const call = ["a function", be("function")];
export const object = [
  "an object",
  (value) => (typeof value === "object" && value && !Array.isArray(value) ? value : undefined),
];
