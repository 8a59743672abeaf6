// A model file: read, held against its hash and its signature, opened.

import { MercerError } from "../check/errors.js";
import { verify } from "./integrity.js";
import { aborted, bytesOf, nameOf, open } from "./read.js";
import { signed } from "./signature.js";

/**
 * The bytes of a model.
 * @param {unknown} source
 * @param {{ fetch?: Function, signal?: AbortSignal, readFile?: Function, integrity?: string,
 *   publicKey?: string, signature?: unknown, onProgress?: Function }} how
 */
export async function readModel(source, how) {
  const name = nameOf(source);
  const attest = signed(source, how);
  const opened = await open(source, how);
  const read = await bytesOf(opened, name, how);
  const type = opened.headers?.get("content-type");
  // The bytes decide: a server may call a good model anything.
  if (read[0] !== 0x89 && (type?.startsWith("text/html") || firstSign(read) === "<")) {
    throw new MercerError(
      "load/html",
      `${name}: this is an HTML page, not a model. Is the file on the server? Many servers ` +
        "answer an unknown path with their start page",
    );
  }
  if (how.integrity === undefined && attest === undefined) return read;
  // The caller's own bytes could change between the check and the use.
  const bytes = read === opened ? read.slice() : read;
  if (how.integrity !== undefined) await verify(bytes, how.integrity, name);
  await attest?.(bytes);
  return bytes;
}

/** A recommender for the bytes of a model, and what the model is. */
export function openModel(engine, bytes, name) {
  const recommender = engine.open(bytes, `${name}: `);
  try {
    return { recommender, info: describe(engine, recommender, name) };
  } catch (error) {
    if (!engine.stopped) recommender.free();
    throw error;
  }
}

/** What `promise` gives, unless `signal` is faster. */
export async function untilAborted(promise, signal, name) {
  if (!signal) return promise;
  let stop;
  const stopped = new Promise((_, reject) => {
    stop = () => reject(aborted(signal, name));
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function firstSign(bytes) {
  return new TextDecoder().decode(bytes.subarray(0, 64)).trimStart()[0];
}

function describe(engine, recommender, name) {
  const info = engine.call(() => recommender.info());
  try {
    return Object.freeze({ ...info, about: JSON.parse(info.about) });
  } catch (cause) {
    const message = `${name}: what the model says of itself is no JSON`;
    throw new MercerError("model/corrupt", message, { cause });
  }
}
