// What stands in the element's shadow: one box, in which exactly one of its states is shown.

const WORDS = {
  loading: "Loading products",
  empty: "Nothing to show here yet",
  error: "The products could not be loaded",
  retry: "Try again",
};

export class View {
  #document;
  #section;
  #heading;
  #loading;
  #list;
  #own;
  #state;
  #words;
  #retry;
  #items = new Map();

  /** @param {ShadowRoot} root */
  constructor(root, retry) {
    this.#document = root.ownerDocument;
    this.#heading = this.#make("h2", "heading", "heading");
    this.#loading = this.#make("div", "loading");
    // What the page brought itself, for example ranked at the edge.
    this.#own = this.#document.createElement("slot");
    this.#loading.append(this.#own);
    this.#list = this.#make("ul", "list");
    this.#list.setAttribute("role", "list");
    // What is said in here is read out.
    this.#state = this.#make("div", "state");
    this.#state.setAttribute("role", "status");
    this.#words = {
      loading: this.#make("p", "hint", "loading", WORDS.loading),
      empty: this.#make("p", "message", "empty", WORDS.empty),
      error: this.#make("p", "message", "error", WORDS.error),
    };
    this.#retry = this.#make("button", "retry", "retry", WORDS.retry);
    this.#retry.type = "button";
    this.#retry.addEventListener("click", retry);
    this.#section = this.#make("section", "slate");
    this.#section.append(this.#heading, this.#loading, this.#list, this.#state);
    root.append(this.#section);
    this.#only(this.#loading);
  }

  /** The heading, and what the region is called. */
  say(heading) {
    this.#heading.firstChild.textContent = heading ?? "";
    this.#heading.hidden = !heading;
    if (heading) this.#section.setAttribute("aria-label", heading);
    else this.#section.removeAttribute("aria-label");
  }

  /** Loading: what was shown before stays until there is something else. */
  wait(count) {
    this.#section.setAttribute("aria-busy", "true");
    if (!this.#list.hidden && this.#list.children.length > 0) return;
    const isOwn = this.#own.assignedElements().some(({ localName }) => localName !== "template");
    const isNumber = Number.isInteger(count) && count > 0;
    const fillers = Array.from({ length: isOwn || !isNumber ? 0 : Math.min(count, 50) }, () => this.#placeholder());
    this.#loading.classList.toggle("own", isOwn);
    this.#loading.replaceChildren(this.#own, ...fillers);
    this.#only(this.#loading, this.#words.loading);
  }

  /**
   * @param {[string, Node][]} cards item and what is shown of it
   * @returns {Map<Element, string>} the elements of the list, and their items
   */
  fill(cards) {
    this.#items = new Map();
    for (const [item, node] of cards) {
      const element = this.#make("li", "item");
      element.append(node);
      this.#items.set(element, item);
    }
    this.#section.removeAttribute("aria-busy");
    this.#list.replaceChildren(...this.#items.keys());
    if (cards.length > 0) this.#only(this.#list);
    else this.#only(undefined, this.#words.empty);
    return this.#items;
  }

  fail() {
    this.#section.removeAttribute("aria-busy");
    this.#list.replaceChildren();
    this.#only(undefined, this.#words.error, this.#retry);
  }

  /** The item of a click on a link or a button. */
  itemOf(event) {
    const path = event.composedPath();
    if (!path.some(({ localName }) => localName === "a" || localName === "button")) return undefined;
    return this.#items.get(path.find((node) => this.#items.has(node)));
  }

  #only(shown, ...said) {
    for (const part of [this.#loading, this.#list]) part.hidden = part !== shown;
    this.#state.replaceChildren(...said);
  }

  #placeholder() {
    const element = this.#make("div", "placeholder");
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  /** An element with a part, and in it a slot for the shop's own words. */
  #make(tag, part, slotName, words = "") {
    const element = this.#document.createElement(tag);
    element.setAttribute("part", part);
    if (slotName) {
      const slot = this.#document.createElement("slot");
      slot.name = slotName;
      slot.textContent = words;
      element.append(slot);
    }
    return element;
  }
}
