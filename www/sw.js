// Keeps what the shop is made of, so that it opens without a network. With one, the network is
// asked first: nobody sees yesterday's shelves.

const CACHE = "hollin-row";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// The first page was loaded before there was anybody to keep it, so it says what it is made of.
addEventListener("message", (event) => {
  const kept = caches.open(CACHE).then((cache) => cache.addAll(event.data));
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
    const response = await fetch(request);
    if (response.ok) event.waitUntil(keep(request, response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
    if (kept) return kept;
    throw error;
  }
}

/** A full disk costs the next visit its shop without a network, and this one nothing. */
async function keep(request, response) {
  try {
    await (await caches.open(CACHE)).put(request, response);
  } catch {}
}
