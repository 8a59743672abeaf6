// Says which parts of the engine the module's bytes are: `node xtask/weigh.mjs [PATTERN]`, after
// `cargo xtask wasm`. A part weighs what the code, compressed by brotli, is smaller without it: what
// resembles something else weighs little, however long it is. With a pattern, it lists the functions
// whose names match.

import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const [pattern] = process.argv.slice(2);
const { code, names, n_imports } = sections(readFileSync("target/xtask/named.wasm"));
const functions = bodies(code).map((bytes, ix) => ({ bytes, name: plain(names.get(ix + n_imports)) }));
const chosen = functions.filter(({ name }) => !pattern || new RegExp(pattern).test(name));
const parts = new Map();
for (const member of chosen) parts.set(part(member), [...(parts.get(part(member)) ?? []), member]);
const heaviest = [...parts].map(([name, members]) => ({ name, members, raw: size(members) }));
heaviest.sort((a, b) => b.raw - a.raw);

const all = compressed(functions);
print("brotli", "raw", "functions", "part");
print(all, size(functions), functions.length, "all code");
const rows = heaviest.slice(0, 40).map((row) => ({ ...row, brotli: all - compressed(without(row.members)) }));
rows.sort((a, b) => b.brotli - a.brotli);
for (const { brotli, raw, members, name } of rows) print(brotli, raw, members.length, name);

/** The module's folder a function is from; a library's crate and module. */
function part({ name }) {
  const path = name.replace(/^[<&]+(mut )?/, "").split(/ as |[<> ]/)[0];
  return pattern ? name : path.split("::").slice(0, 2).join("::");
}

function without(members) {
  const left = new Set(members);
  return functions.filter((f) => !left.has(f));
}

function compressed(functions) {
  return brotliCompressSync(Buffer.concat(functions.map(({ bytes }) => bytes))).length;
}

function size(functions) {
  return functions.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** Names without the hashes in them. */
function plain(name = "?") {
  return name.replace(/\[[0-9a-f]{10,16}\]/g, "").replace(/::h[0-9a-f]{16}$/, "");
}

function print(...cells) {
  console.log(cells.map((cell, at) => (at < 3 ? String(cell).padStart(10) : `  ${cell}`)).join(""));
}

function sections(bytes) {
  const found = { code: null, names: new Map(), n_imports: 0 };
  const input = reader(bytes, 8);
  while (!input.ended()) {
    const [id, content] = [input.byte(), input.bytes()];
    const section = reader(content);
    if (id === 10) found.code = content;
    // wasm-bindgen's modules import functions and nothing else.
    if (id === 2) found.n_imports = section.number();
    if (id === 0 && section.text() === "name") found.names = functionNames(section);
  }
  return found;
}

function functionNames(section) {
  const names = new Map();
  while (!section.ended()) {
    const [kind, table] = [section.byte(), reader(section.bytes())];
    if (kind !== 1) continue;
    for (let left = table.number(); left > 0; left -= 1) names.set(table.number(), table.text());
  }
  return names;
}

function bodies(code) {
  const input = reader(code);
  return Array.from({ length: input.number() }, () => input.bytes());
}

function reader(bytes, at = 0) {
  const byte = () => bytes[at++];
  const number = () => {
    let [value, weight, next] = [0, 1, 0];
    do {
      next = byte();
      value += (next & 127) * weight;
      weight *= 128;
    } while (next & 128);
    return value;
  };
  const slice = () => {
    const length = number();
    return bytes.subarray(at, (at += length));
  };
  return { byte, number, bytes: slice, text: () => slice().toString(), ended: () => at >= bytes.length };
}
