// A product page in React.

import { createElement, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { defineSlate } from "../../../pkg/element/index.js";

const products = (ids) => ids.map((item) => ({ title: `Title of ${item}`, url: `#${item}` }));

function ProductPage({ shop }) {
  const [item, setItem] = useState("kettle-1.7l");
  const slate = useRef(null);
  useEffect(() => {
    window.change = setItem;
    const chosen = ({ detail }) => window.selected.push(detail.item);
    const { current } = slate;
    current.addEventListener("mercer-select", chosen);
    return () => current.removeEventListener("mercer-select", chosen);
  }, []);
  const related = { ref: slate, placement: "related", item, count: 4, heading: "You may also like", shop, products };
  return createElement("main", null, createElement("h1", null, item), createElement("mercer-slate", related));
}

window.start = (model) => {
  window.selected = [];
  defineSlate();
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  root.render(createElement(ProductPage, { shop: window.mercer.load(model) }));
  window.stop = () => root.unmount();
};
