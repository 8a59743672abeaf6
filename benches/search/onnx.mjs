// An ONNX model of two nodes, written by hand: `scores = query · itemsᵀ`, then the best k. The
// items are an initializer, as a shop would ship them. Fields by number: onnx.proto of opset 13.

const FLOAT = 1;
const INT64 = 7;

/** The model file for items `[n, dim]`. */
export function topKModel(rows, dim, k) {
  const n = rows.length / dim;
  const columns = new Float32Array(rows.length);
  for (let item = 0; item < n; item += 1) {
    for (let i = 0; i < dim; i += 1) columns[i * n + item] = rows[item * dim + i];
  }
  const graph = message(
    bytes(1, node("MatMul", ["query", "items"], ["scores"])),
    bytes(1, node("TopK", ["scores", "k"], ["values", "best"])),
    text(2, "top"),
    bytes(5, tensor("items", FLOAT, [dim, n], columns)),
    bytes(5, tensor("k", INT64, [1], BigInt64Array.of(BigInt(k)))),
    bytes(11, value("query", FLOAT, [1, dim])),
    bytes(12, value("best", INT64, [1, k])),
  );
  const opset = message(text(1, ""), number(2, 13));
  return message(number(1, 8), bytes(7, graph), bytes(8, opset));
}

function node(kind, inputs, outputs) {
  const names = (field, list) => list.map((name) => text(field, name));
  return message(...names(1, inputs), ...names(2, outputs), text(4, kind));
}

function tensor(name, type, shape, values) {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(...shape.map((size) => number(1, size)), number(2, type), text(8, name), bytes(9, raw));
}

function value(name, type, shape) {
  const sizes = message(...shape.map((size) => bytes(1, message(number(1, size)))));
  const kind = message(number(1, type), bytes(2, sizes));
  return message(text(1, name), bytes(2, message(bytes(1, kind))));
}

// Protocol buffers: each field is a tag, and a number or a length with so many bytes.

function number(field, value) {
  return [varint(field << 3), varint(value)];
}

function text(field, value) {
  return bytes(field, new TextEncoder().encode(value));
}

function bytes(field, value) {
  return [varint((field << 3) | 2), varint(value.length), value];
}

function message(...fields) {
  const parts = fields.flat();
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value) {
  const out = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...out, rest]);
    out.push((rest % 128) | 128);
  }
}
