// Whether a model was signed with the shop's key: Ed25519 over the bytes of the file.

import { MercerError } from "../check/errors.js";
import { bytesOf, nameOf, open } from "./read.js";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
// Answers that mean that no such file is there.
const MISSING = ["HTTP 404", "HTTP 410", "ENOENT"];

/** For the option `publicKey`. */
export const publicKey = [
  "the public key that `mercer keygen` printed: 32 bytes in base64",
  (value) => (decoded(value, KEY_BYTES) ? value : undefined),
];

/**
 * Asks for the signature of a model at once, so that it comes while the model does.
 * @param {unknown} source of the model
 * @param {{ publicKey?: string, signature?: unknown, fetch?: Function, signal?: AbortSignal,
 *   readFile?: Function }} how
 * @returns {((bytes: Uint8Array) => Promise<void>) | undefined} refuses bytes that are not what was
 *   signed; `undefined` where the shop pins no key
 */
export function signed(source, how) {
  if (how.publicKey === undefined) {
    if (how.signature === undefined) return undefined;
    throw new MercerError("load/invalid", "`signature` says nothing without `publicKey`");
  }
  const name = nameOf(source);
  const signature = signatureOf(source, name, how);
  // Whoever waits for it hears of the failure; nobody may yet.
  signature.catch(() => {});
  return async (bytes) => verify(bytes, await signature, how.publicKey, name);
}

async function signatureOf(source, name, how) {
  const place = how.signature ?? beside(name);
  if (place === undefined) {
    throw unsigned(name, "say where its signature is: load(model, { publicKey, signature })");
  }
  const { fetch, signal, readFile } = how;
  let bytes;
  try {
    const opened = await open(place, { fetch, signal, readFile });
    bytes = await bytesOf(opened, nameOf(place), { signal });
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw unsigned(name, `${nameOf(place)} is not there; \`mercer sign\` makes it`, cause);
  }
  if (bytes.length === SIGNATURE_BYTES) return bytes;
  const text = bytes.length < 1000 ? new TextDecoder().decode(bytes).trim() : "";
  const signature = decoded(text, SIGNATURE_BYTES);
  if (signature) return signature;
  throw new MercerError("load/signature", `${nameOf(place)} is no signature: 64 bytes in base64`);
}

/** `shop.mercer?v=3` → `shop.mercer.sig?v=3`; nothing beside what has no address. */
function beside(name) {
  if (name === "the given bytes" || /^(data|blob):/i.test(name)) return undefined;
  const [, path, query] = /^([^?#]*)(\?[^#]*)?/.exec(name);
  return `${path}.sig${query ?? ""}`;
}

async function verify(bytes, signature, key, name) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) {
    throw insecure(name, "browsers check signatures on pages served over https (or from localhost) alone");
  }
  let verified;
  try {
    const imported = await subtle.importKey("raw", decoded(key, KEY_BYTES), "Ed25519", false, ["verify"]);
    verified = await subtle.verify("Ed25519", imported, signature, bytes);
  } catch (cause) {
    throw insecure(name, "this browser knows no Ed25519", cause);
  }
  if (!verified) throw mismatch(name);
}

function mismatch(name) {
  const why = "it was changed, or signed with another key";
  return new MercerError("load/signature", `${name} is not what \`publicKey\` signed: ${why}`);
}

function unsigned(name, how, cause) {
  return new MercerError("load/unsigned", `${name} comes without a signature: ${how}`, { cause });
}

function insecure(name, why, cause) {
  return new MercerError("load/insecure", `${name}: its signature cannot be checked here: ${why}`, { cause });
}

function isMissing(error) {
  const said = error.code === "load/http" ? /answered (\d+)/.exec(error.message)?.[1] : undefined;
  return MISSING.includes(`HTTP ${said}`) || MISSING.includes(error.cause?.code);
}

/** So many bytes out of base64, or `undefined`. */
function decoded(text, length) {
  if (typeof text !== "string" || text.length !== 4 * Math.ceil(length / 3)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}
