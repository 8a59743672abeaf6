// Numbers as shops write them: GA4 asks for numbers and gets texts.

const MAX_PRICE = 1e12;
const MAX_QUANTITY = 1_000_000;

/**
 * A price; `undefined` for what is none. Of one kind of separator a dot, and a comma that three
 * digits do not follow, begin the decimals; of two kinds the last one does.
 * @param {unknown} value a number, or a text such as `"1.299,00 €"`
 */
export function price(value) {
  const number = typeof value === "string" ? parsed(value.slice(0, 60)) : value;
  return Number.isFinite(number) && number >= 0 && number <= MAX_PRICE ? number : undefined;
}

/** How many pieces: a whole number from 1; `undefined` for what is none. */
export function quantity(value) {
  const number = typeof value === "string" && value.trim() ? Number(value) : value;
  return Number.isInteger(number) && number >= 1 && number <= MAX_QUANTITY ? number : undefined;
}

function parsed(text) {
  // The sign of a currency may hold a dot ("Rs. 500"); a decimal point without a digit before it
  // can only be the first character.
  const runs = text.trim().replace(/^\./, "0.").match(/\d[\d.,'’\s]*/g);
  // Two numbers are a range or a bundle, and a negative price is none.
  if (runs?.length !== 1 || /[-−]\s*\d/.test(text)) return undefined;
  const digits = runs[0].replace(/[\s'’]/g, "").replace(/[.,]+$/, "");
  return Number(withPoint(digits));
}

function withPoint(digits) {
  const at = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  if (at < 0) return digits;
  const same = digits.split(digits[at]).length - 1;
  const mixed = digits.includes(".") && digits.includes(",");
  const groups = !mixed && (same > 1 || /^[1-9]\d{0,2},\d{3}$/.test(digits));
  const [whole, decimals] = groups ? [digits, ""] : [digits.slice(0, at), digits.slice(at + 1)];
  return `${whole.replace(/[.,]/g, "")}.${decimals}`;
}
