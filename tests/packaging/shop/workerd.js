// A worker as `wrangler` makes one: model and engine are modules of the worker.
import { load } from "mercer";
import model from "small.mercer";
import { visit } from "./visit.js";

export default {
  async fetch() {
    return new Response(await visit(load, model));
  },
};
