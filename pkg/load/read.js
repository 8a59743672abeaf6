// Bytes from wherever they are: memory, a response, the network, a file.

import { guarded, show } from "../check/check.js";
import { MercerError } from "../check/errors.js";

/**
 * Opens a source: bytes in memory become a Uint8Array, everything else a Response (or a
 * Blob), good but unread. `platform.readFile` answers `undefined` for what is no file.
 */
export async function open(source, { fetch = globalThis.fetch, signal, readFile } = {}) {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  if (is("ArrayBuffer", source)) return new Uint8Array(source);
  if (typeof source?.arrayBuffer === "function") return good(source);
  if (!isUrl(source)) {
    throw new MercerError(
      "load/invalid",
      `the source must be a URL, bytes or a Response, not ${show(source)}`,
    );
  }
  const url = `${source}`;
  if (url === "") throw new MercerError("load/invalid", "the source is an empty URL");
  const file = await readFile?.(url, signal);
  return file ?? good(await asked(url, () => fetch(url, { signal }), signal), url);
}

/**
 * All bytes of what `open` gave. `onProgress` hears how many have come, and at the end that these
 * are all.
 */
export async function bytesOf(opened, name, { signal, onProgress } = {}) {
  const tell = (progress) => guarded("load/invalid", "`onProgress`", () => onProgress?.(progress));
  const bytes = ArrayBuffer.isView(opened) ? opened : await arrived(opened, name, signal, onProgress && tell);
  tell({ loaded: bytes.length, total: bytes.length });
  return bytes;
}

async function arrived(response, name, signal, tell) {
  if (response.bodyUsed) {
    throw new MercerError("load/invalid", `${name}: the Response was already read; pass its clone()`);
  }
  const body = tell && response.body;
  const all = body ? () => pieces(body, totalOf(response), tell) : () => response.arrayBuffer();
  return new Uint8Array(await asked(name, all, signal));
}

async function pieces(body, total, tell) {
  const reader = body.getReader();
  const parts = [];
  let loaded = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      loaded += next.value.length;
      // A total that was wrong is none: what another origin compressed does not say so.
      tell(loaded <= total ? { loaded, total } : { loaded });
    }
  } catch (cause) {
    reader.cancel(cause).catch(() => {});
    throw cause;
  }
  return new Blob(parts).arrayBuffer();
}

// Compressed, the length is that of what was sent, and not of what arrives here.
function totalOf({ headers }) {
  if (headers?.get("content-encoding")) return undefined;
  return Number(headers?.get("content-length") ?? NaN);
}

/** What a source is called in messages. */
export function nameOf(source) {
  return isUrl(source) ? `${source}` : source?.url || "the given bytes";
}

/** The error for a load its caller gave up. */
export function aborted(signal, name) {
  return new MercerError("load/aborted", `${name}: the load was aborted`, { cause: signal.reason });
}

/** Whether a value is of a built-in class; one of another frame or test sandbox is, too. */
export function is(name, value) {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

function isUrl(source) {
  return typeof source === "string" || is("URL", source);
}

async function asked(name, ask, signal) {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof MercerError) throw cause;
    if (signal?.aborted) throw aborted(signal, name);
    const why = cause?.cause?.message ?? cause?.message ?? cause;
    throw new MercerError(
      "load/network",
      `${name} could not be fetched (${why}): is the server up, and does it allow this page (CORS)?`,
      { cause },
    );
  }
}

function good(response, url = response.url) {
  if (response.ok !== false) return response;
  throw new MercerError(
    "load/http",
    `${url || "the response"} answered ${response.status} ${response.statusText}`.trimEnd(),
  );
}
