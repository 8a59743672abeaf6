// What the page told a model beside its file: rules, new products, changes. A newer model is told
// the same.

export class Declared {
  #rules;
  // Item → what is known of it beside the file; `added` where the file need not know it.
  #products = new Map();

  setRules(rules) {
    this.#rules = rules;
  }

  add(products) {
    for (const product of products) this.#merge(product, true);
  }

  update(changes) {
    for (const change of changes) this.#merge(change, false);
  }

  /** Tells all of it to a recommender. Changes of products that it does not know are left out. */
  tell(recommender) {
    const all = [...this.#products.values()];
    const of = (wanted) => all.filter(({ added }) => added === wanted).map(({ fields }) => fields);
    const changes = of(false).filter(({ item }) => recommender.knows(item));
    if (of(true).length > 0) recommender.addItems(of(true));
    if (changes.length > 0) recommender.updateItems(changes);
    if (this.#rules !== undefined) recommender.setRules(this.#rules);
  }

  #merge(product, added) {
    const known = this.#products.get(product.item);
    const fields = Object.entries(product).filter(([, value]) => value !== undefined && value !== null);
    this.#products.set(product.item, {
      added: added || (known?.added ?? false),
      fields: { ...known?.fields, ...Object.fromEntries(fields) },
    });
  }
}
