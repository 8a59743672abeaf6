// Why a product stands where it stands, in the words of a shop.

/**
 * The strongest reason of a ranked product as a sentence.
 * @param {(reason: object, options: object) => string} phrase the package's, with its templates
 * @param {import("./recommender.js").Reason[] | undefined} reasons strongest first
 * @param {import("./catalog.js").Catalog} catalog
 * @returns {string} empty where there is nothing to say
 */
export function reasonLine(phrase, reasons, catalog) {
  const strongest = reasons?.[0];
  if (!strongest) return "";
  const titles = (id) => {
    const product = catalog.product(id);
    return product && shortTitle(product);
  };
  return phrase(strongest, { titles });
}

/**
 * A title without its material, colour and size: `Fjord Stoneware Tea Mug in Sage, 350 ml` is
 * the `Fjord Tea Mug`.
 * @param {{ title: string, material?: string }} product
 */
export function shortTitle({ title, material = "" }) {
  const end = title.lastIndexOf(" in ");
  const name = end > 0 ? title.slice(0, end) : title;
  const at = material ? name.toLowerCase().indexOf(` ${material.toLowerCase()} `) : -1;
  return at < 0 ? name : name.slice(0, at) + name.slice(at + 1 + material.length);
}
