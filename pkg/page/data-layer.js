// The GA4 events a shop pushes for its analytics, passed on to Mercer.

import { check, show } from "../check/check.js";
import { MercerError } from "../check/errors.js";
import { call, object } from "../check/kinds.js";
import { hasOwn } from "../check/own.js";
import { KINDS, Reader, gaItemId } from "./entries.js";

const OPTIONS = {
  dataLayer: [
    "an array, or the name of a global one",
    (value) => (Array.isArray(value) || (typeof value === "string" && value) ? value : undefined),
  ],
  itemId: call,
  events: object,
  currency: ["a currency's three letters", (value) => (/^[A-Z]{3}$/.test(value) ? value : undefined)],
  onError: call,
};

/** What each shop has been told already: a second connection does not tell it again. */
const told = new WeakMap();

/** The connections there are, by shop and dataLayer. */
const connections = new WeakMap();

/** Passes on what the dataLayer says; see index.d.ts. */
export function connectDataLayer(shop, options) {
  if (typeof shop?.observe !== "function") {
    throw new MercerError("page/invalid", `\`shop\` must be what \`load\` gave, not ${show(shop)}`);
  }
  const settings = settingsOf(options);
  const layer = layerOf(settings.dataLayer);
  const open = memo(connections, shop, () => new Map());
  if (!open.has(layer)) {
    const stop = listen(layer, teller(shop, settings, () => disconnect()));
    const disconnect = () => {
      if (open.get(layer) === disconnect) open.delete(layer);
      stop();
    };
    open.set(layer, disconnect);
  }
  return open.get(layer);
}

function settingsOf(options) {
  const defaults = { dataLayer: "dataLayer", itemId: gaItemId, events: {}, onError: warnings() };
  const settings = { ...defaults, ...check("page", OPTIONS, options) };
  for (const [name, kind] of Object.entries(settings.events)) {
    if (KINDS.includes(kind)) continue;
    const known = KINDS.join(", ");
    throw new MercerError("page/invalid", `\`events.${name}\` must be one of ${known}, not ${show(kind)}`);
  }
  return settings;
}

function layerOf(given) {
  if (Array.isArray(given)) return given;
  const layer = (globalThis[given] ??= []);
  if (Array.isArray(layer)) return layer;
  throw new MercerError("page/invalid", `\`${given}\` of this page must be an array, not ${show(layer)}`);
}

/** A function that takes an entry, tells the shop, and never throws. */
function teller(shop, settings, disconnect) {
  const reader = new Reader(settings);
  const failed = (error) => {
    // Nobody is there to be told any more.
    if (error?.code === "shop/freed") disconnect();
    else quietly(() => settings.onError(error));
  };
  const tell = (kind, details) => {
    try {
      // A shop in a worker answers with a promise.
      shop.observe(kind, details)?.then?.(undefined, failed);
    } catch (error) {
      failed(error);
    }
  };
  const seen = memo(told, shop, () => new WeakSet());
  return (entry, isNew) => {
    try {
      if (Object(entry) !== entry || (seen.has(entry) && !isNew)) return;
      seen.add(entry);
      for (const event of reader.read(entry)) tell(...event);
    } catch (error) {
      failed(error);
    }
  };
}

/** Gives `take` what is in the layer and what is pushed from now on; answers how to end that. */
function listen(layer, take) {
  for (const entry of Array.from(layer)) take(entry, false);
  const { push } = layer;
  const isOwn = hasOwn(layer, "push");
  let on = true;
  // Before the shop's own push: tags that it fires may push in their turn.
  const watched = function (...entries) {
    if (on) for (const entry of entries) take(entry, true);
    return push.apply(this, entries);
  };
  try {
    layer.push = watched;
  } catch (cause) {
    throw new MercerError("page/invalid", "this dataLayer is frozen and cannot be watched", { cause });
  }
  return () => {
    on = false;
    // Whoever wrapped it after us still calls us; then we only pass on.
    if (layer.push !== watched) return;
    if (isOwn) layer.push = push;
    else delete layer.push;
  };
}

/** Says every kind of mistake once. */
function warnings() {
  const said = new Set();
  return (error) => {
    const code = error?.code ?? "internal";
    if (said.has(code)) return;
    said.add(code);
    console.warn(`mercer: an event of the dataLayer was not understood: ${error?.message ?? error}`);
  };
}

function quietly(action) {
  try {
    action();
  } catch {}
}

function memo(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
