import { mount, unmount } from "svelte";
import { defineSlate } from "../../../pkg/element/index.js";
import ProductPage from "./ProductPage.svelte";

const products = (ids) => ids.map((item) => ({ title: `Title of ${item}`, url: `#${item}` }));

window.start = (model) => {
  window.selected = [];
  defineSlate();
  const target = document.body.appendChild(document.createElement("div"));
  const page = mount(ProductPage, { target, props: { shop: window.mercer.load(model), products } });
  window.stop = () => unmount(page);
};
