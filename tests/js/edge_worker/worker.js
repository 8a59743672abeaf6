// A shop's worker, as docs/storefront.md has it: pages come from a cache that all shoppers share, and
// leave it with slates of their own.

import { createEdge } from "../../../pkg/edge/index.js";
import { load } from "../../../pkg/workerd.js";
import model from "shop.mercer";

// While the worker starts, so that no request waits for it.
const shop = load(model);

const EVIL = "\"><img src=x onerror=alert(1)>'&";
const products = (ids) =>
  ids.map((item, at) => ({
    title: at === 0 ? EVIL : `Product ${item}`,
    url: at === 0 ? "javascript:alert(1)" : `/p/${encodeURIComponent(item)}`,
    image: `/i/${encodeURIComponent(item)}.webp`,
    price: "12.90 €",
  }));
const edge = createEdge({ shop, products });

const PAGE = `<!doctype html><title>Kettle</title><main>
<mercer-slate placement="related" item="kettle-1.7l" count="4" heading="You may also like"></mercer-slate>
<mercer-slate placement="popular" count="3"><template><b data-text="title"></b></template></mercer-slate>
<mercer-slate placement="sidebar"></mercer-slate></main>`;

/** What a cache would answer. */
async function cached({ url }) {
  const headers = { "cache-control": "public, max-age=3600", etag: '"1"' };
  if (new URL(url).pathname === "/data.json") return Response.json({}, { headers });
  return new Response(PAGE, { headers: { ...headers, "content-type": "text/html; charset=utf-8" } });
}

export default {
  async fetch(request) {
    return (await edge.fetch(request)) ?? edge.page(request, await cached(request));
  },
};
