// Why a product stands where it stands, in the words of a shop.

/**
 * The strongest reason of a ranked product as a sentence.
 * @param {import("./recommender.js").Reason[] | undefined} reasons strongest first
 * @param {import("./catalog.js").Catalog} catalog
 * @returns {string} empty where there is nothing to say
 */
export function phrase(reasons, catalog) {
  const strongest = reasons?.[0];
  if (!strongest) return "";
  const named = strongest.item && catalog.product(strongest.item);
  const thing = named ? shortTitle(named) : "";
  switch (strongest.kind) {
    case "viewed":
      return thing ? `Because you viewed ${thing}` : "Because of what you viewed";
    case "in-cart":
      return thing ? `Goes with ${thing} in your cart` : "Goes with what’s in your cart";
    case "bought":
      return thing ? `Because you bought ${thing}` : "Because of what you bought";
    case "wished":
      return thing ? `Because you wished for ${thing}` : "Because of your wish list";
    case "together":
      return thing ? `Goes together with ${thing}` : "Goes with what you viewed";
    case "returning":
      return "Worth a second look";
    case "popular":
      return "Popular in this shop";
    default:
      return "";
  }
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
