// What lies behind a worker: a page as a cache holds it, the same for everybody.

const PAGE = `<!doctype html><title>A product</title>
<mercer-slate placement="related" item="kettle-1.7l" count="4"></mercer-slate>`;

export default {
  fetch() {
    const headers = { "cache-control": "public, max-age=3600", "content-type": "text/html" };
    return new Response(PAGE, { headers: { ...headers, "content-length": `${PAGE.length}` } });
  },
};
