// A product page in Vue.

import { createApp, h, ref } from "vue";
import { defineSlate } from "../../../pkg/element/index.js";

const products = (ids) => ids.map((item) => ({ title: `Title of ${item}`, url: `#${item}` }));

window.start = (model) => {
  window.selected = [];
  defineSlate();
  const item = ref("kettle-1.7l");
  const shop = window.mercer.load(model);
  window.change = (next) => (item.value = next);
  const related = () =>
    h("mercer-slate", {
      placement: "related",
      item: item.value,
      count: 4,
      heading: "You may also like",
      shop,
      products,
      onMercerSelect: ({ detail }) => window.selected.push(detail.item),
    });
  const app = createApp({ setup: () => () => h("main", [h("h1", item.value), related()]) });
  app.mount(document.body.appendChild(document.createElement("div")));
  window.stop = () => app.unmount();
};
