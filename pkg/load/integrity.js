// Whether a file is the one the shop meant.

import { MercerError } from "../check/errors.js";

const ALGORITHMS = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
// The length of each hash in base64.
const LENGTHS = { sha256: 44, sha384: 64, sha512: 88 };

/** For the option `integrity`: a hash as `integrity` of a `<script>` writes it, one alone. */
export const integrity = [
  'a hash as in "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="',
  (value) => {
    const [, name] = /^(sha256|sha384|sha512)-[A-Za-z0-9+/]+={0,2}$/.exec(value) ?? [];
    return name && value.length === name.length + 1 + LENGTHS[name] ? value : undefined;
  },
];

/**
 * Holds bytes against their hash. Where the hash cannot be computed they are refused.
 * @param {Uint8Array} bytes
 * @param {string} expected
 * @param {string} name of the file, in messages
 */
export async function verify(bytes, expected, name) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) {
    throw new MercerError(
      "load/insecure",
      `${name}: \`integrity\` cannot be checked here: browsers compute hashes on pages served ` +
        "over https (or from localhost) alone",
    );
  }
  const [algorithm] = expected.split("-", 1);
  const found = `${algorithm}-${base64(await subtle.digest(ALGORITHMS[algorithm], bytes))}`;
  if (found === expected) return;
  throw new MercerError(
    "load/integrity",
    `${name} is not the file that \`integrity\` names: its hash is ${found}, not ${expected}`,
  );
}

function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}
