// Whatever the element shows stands in a box of one size, so nothing on the page ever moves.

export const STYLE = `
:host {
  display: block;
  box-sizing: border-box;
  block-size: var(--mercer-block-size, 20rem);
  overflow: hidden;
}
:host([hidden]) { display: none; }
[part="slate"] { position: relative; display: flex; flex-direction: column; block-size: 100%; }
[part="heading"] { margin: 0 0 var(--mercer-gap, 1rem); font: inherit; font-weight: bold; flex: none; }
[part="list"], [part="loading"] {
  flex: 1;
  min-block-size: 0;
  display: grid;
  grid-auto-flow: column;
  grid-auto-columns: var(--mercer-item-size, 11rem);
  gap: var(--mercer-gap, 1rem);
  margin: 0;
  padding: 4px;
  overflow: auto hidden;
  overscroll-behavior-inline: contain;
  list-style: none;
}
[part="item"] { min-inline-size: 0; overflow: hidden; }
[part="link"] { display: flex; flex-direction: column; block-size: 100%; gap: 0.25rem; color: inherit; text-decoration: none; }
[part="link"]:focus-visible { outline: 2px solid var(--mercer-focus, currentColor); outline-offset: -2px; }
[part="item"] img {
  flex: 1;
  min-block-size: 0;
  inline-size: 100%;
  object-fit: cover;
  background: var(--mercer-placeholder, color-mix(in srgb, currentColor 8%, transparent));
}
[part="title"] { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
[part="price"] { font-weight: bold; }
[part="placeholder"] { background: var(--mercer-placeholder, color-mix(in srgb, currentColor 8%, transparent)); }
[part="loading"].own { display: block; padding: 0; overflow: hidden; }
[part="loading"].own ::slotted(.mercer-slate) {
  display: grid;
  grid-auto-flow: column;
  grid-auto-columns: var(--mercer-item-size, 11rem);
  gap: var(--mercer-gap, 1rem);
  box-sizing: border-box;
  block-size: 100%;
  margin: 0;
  padding: 4px;
  overflow: auto hidden;
  list-style: none;
}
[part="message"] { margin: 0 0 var(--mercer-gap, 1rem); }
[part="hint"] { margin: 0; position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
`;

const sheets = new WeakMap();

/** Gives an element its style: one sheet for all of a page, which no policy forbids. */
export function dress(root) {
  const { ownerDocument: document } = root;
  const { defaultView } = document;
  try {
    if (!sheets.has(defaultView)) {
      const sheet = new defaultView.CSSStyleSheet();
      sheet.replaceSync(STYLE);
      sheets.set(defaultView, sheet);
    }
    root.adoptedStyleSheets = [sheets.get(defaultView)];
  } catch {
    // Browsers of before 2023 know no such sheets.
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style);
  }
}
