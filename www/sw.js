// Keeps what the shop is made of, so that it opens without a network. With one, the network
// answers: nobody sees yesterday's shelves.

const CACHE = "hollin-row";
/** Where it lies which version of each file is kept. */
const INDEX = new URL("kept.json", location).href;

/** @type {Promise<Map<string, string>> | undefined} address → entity tag */
let versions;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// The first page was loaded before there was anybody to keep it, so it says what it is made of.
addEventListener("message", (event) => {
  const kept = Promise.all(event.data.map(async (url) => keep(url, await fetch(url)))).then(save);
  const tell = (said) => event.ports[0].postMessage(said);
  event.waitUntil(kept.then(() => tell("kept"), (error) => tell(String(error))));
});

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event));
});

async function answer(event) {
  const { request } = event;
  try {
    // Copies cost every visit time, so there are none of what is kept already.
    const [response, known] = await Promise.all([fetch(request), index()]);
    // Which place of the page is meant is no part of the file.
    const [url] = request.url.split("#", 1);
    const isNew = response.ok && tag(response) !== known.get(url);
    if (isNew) event.waitUntil(keep(url, response.clone()).then(save, () => {}));
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
    if (kept) return kept;
    throw error;
  }
}

/** A full disk costs the next visit its shop without a network, and this one nothing. */
async function keep(url, response) {
  await (await caches.open(CACHE)).put(url, response);
  if (tag(response)) (await index()).set(url, tag(response));
}

function index() {
  versions ??= read().catch(() => new Map());
  return versions;
}

async function read() {
  const kept = await caches.match(INDEX);
  return new Map(kept ? await kept.json() : []);
}

async function save() {
  await (await caches.open(CACHE)).put(INDEX, Response.json([...(await index())]));
}

const tag = ({ headers }) => headers.get("etag") ?? "";
