// In a worker as `wrangler` makes one.
import { load } from "mercer";
import * as edge from "mercer/edge";
import model from "small.mercer";
import { paint } from "./paint.js";

export default {
  async fetch() {
    return new Response(await paint(load, edge, model));
  },
};
