// What the shop sells.

/**
 * @typedef {{ kind: string, type?: string, material?: string, style?: string, variant?: number,
 *   hue?: number, saturation?: number, lightness?: number }} Illustration
 * @typedef {{ id: string, title: string, description: string, category: string[],
 *   brand: string, price: number, colour?: string, material?: string, size?: string | null,
 *   collection?: string, inStock?: boolean, isNew?: boolean,
 *   illustration: Illustration }} Product
 * @typedef {{ name: string, n: number, cover: Product, categories: { name: string, n: number }[] }} Department
 */

/** The orders a list can be put in; the first is the shop's own. */
export const ORDERS = [
  { key: "shop", label: "Our order", compare: () => 0 },
  { key: "new", label: "New first", compare: (a, b) => Number(b.isNew ?? 0) - Number(a.isNew ?? 0) },
  { key: "low", label: "Price, low to high", compare: (a, b) => a.price - b.price },
  { key: "high", label: "Price, high to low", compare: (a, b) => b.price - a.price },
  { key: "name", label: "Name", compare: (a, b) => a.title.localeCompare(b.title) },
];

/** The products, and the ways into them. */
export class Catalog {
  /** @param {Product[]} products */
  constructor(products) {
    this.products = products;
    /** @type {Map<string, Product>} */
    this.byId = new Map(products.map((product) => [product.id, product]));
    /** @type {Department[]} */
    this.departments = departments(products);
  }

  /**
   * Fetches the list of products.
   * @param {string} url
   * @throws {Error} when there is no such file, or it is no list of products
   */
  static async fetch(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const products = await response.json();
    if (!Array.isArray(products)) throw new Error(`${url} is not a list of products`);
    return new Catalog(products.map(withMaterial));
  }

  /** @param {string} id */
  product(id) {
    return this.byId.get(id);
  }

  /** @param {string} name */
  department(name) {
    return this.departments.find((department) => department.name === name);
  }

  /**
   * @param {string} department
   * @param {string} [category]
   */
  inCategory(department, category) {
    const fits = ({ category: [top, second] }) =>
      top === department && (category === undefined || second === category);
    return this.products.filter(fits);
  }

  /**
   * Products whose title, brand or category hold every word of the query.
   * @param {string} query
   */
  search(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    return this.products.filter((product) => {
      const text = `${product.title} ${product.brand} ${product.category.join(" ")}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  /**
   * A handful from all over the shop, for when nothing better is known: one of each category
   * in turn, new things first.
   * @param {number} n
   * @param {(product: Product) => boolean} [fits]
   */
  editorial(n, fits = () => true) {
    const shelves = Object.values(groupBy(this.products.filter(fits), shelf));
    for (const products of shelves) products.sort(ORDERS[1].compare);
    const picks = [];
    for (let row = 0; picks.length < n && shelves.some((products) => products[row]); row += 1) {
      picks.push(...shelves.flatMap((products) => products[row] ?? []));
    }
    return picks.slice(0, n);
  }
}

/** A picture is drawn from its hints alone, so they hold the material too. */
const withMaterial = (/** @type {Product} */ product) =>
  ({ ...product, illustration: { ...product.illustration, material: product.material } });

const shelf = (/** @type {Product} */ product) => product.category.slice(0, 2).join(" / ");

function departments(products) {
  const groups = groupBy(products, (product) => product.category[0]);
  return sorted(groups).map(([name, members]) => {
    const categories = groupBy(members, (product) => product.category[1]);
    return {
      name,
      n: members.length,
      cover: members.find((product) => product.isNew) ?? members[0],
      categories: sorted(categories).map(([name, { length }]) => ({ name, n: length })),
    };
  });
}

/** @param {Record<string, Product[]>} groups */
const sorted = (groups) => Object.entries(groups).sort(([one], [other]) => one.localeCompare(other));

function groupBy(values, key) {
  /** @type {Record<string, any[]>} */
  const groups = {};
  for (const value of values) (groups[key(value)] ??= []).push(value);
  return groups;
}
