// The shop without a network: a service worker keeps what this visit loaded.

/** How long the shop waits for it, in milliseconds. */
const PATIENCE = 5000;

/**
 * Sees to it that the shop opens without a network from now on. Where the browser will not, it
 * does not; nothing else depends on it.
 */
export async function keepForOffline() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([keep(workers).catch(() => {}), patience]);
}

async function keep(workers) {
  // A page that a worker brought is kept already.
  const wasKept = workers.controller !== null;
  await workers.register("sw.js");
  if (wasKept) return;
  const { active } = await workers.ready;
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    active.postMessage(parts(), [port2]);
  });
}

/** What this page is made of, as the browser saw it arrive. */
function parts() {
  const page = location.href.split("#", 1)[0];
  const files = performance.getEntriesByType("resource").map(({ name }) => name);
  return [...new Set([page, ...files])].filter((url) => new URL(url).origin === location.origin);
}
