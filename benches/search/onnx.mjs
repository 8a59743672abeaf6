// ONNX models written by hand: `scores = query · itemsᵀ`, then the best k; and the session encoder
// before that. The items are an initializer, as a shop would ship them. Fields by number: onnx.proto
// of opset 13.

const FLOAT = 1;
const INT64 = 7;

/** The model file for items `[n, dim]`. */
export function topKModel(rows, dim, k) {
  const nodes = [node("MatMul", ["query", "items"], ["scores"]), best("scores")];
  const inputs = [value("query", FLOAT, [1, dim])];
  return model({ nodes, constants: constants(rows, dim, k), inputs, k });
}

/**
 * The same behind a session encoder: `a = softmax(weights + e₁ᵀ·A·e_t)`, `h = unit(Σ a_t·e_t)`,
 * scores `temperature · h·e_i + bias_i`, for `steps` items, newest first.
 */
export function encoderModel(rows, dim, k, { attention, temperature, steps }) {
  const n = rows.length / dim;
  const nodes = [
    // Items lie in columns: [dim, steps] of them.
    node("Gather", ["items", "steps"], ["seen"], integer("axis", 1)),
    node("Gather", ["seen", "first"], ["newest"], integer("axis", 1)),
    node("Transpose", ["newest"], ["asking"]),
    node("MatMul", ["asking", "attention"], ["asked"]),
    node("MatMul", ["asked", "seen"], ["met"]),
    node("Add", ["met", "weights"], ["logits"]),
    node("Softmax", ["logits"], ["shares"]),
    node("Transpose", ["seen"], ["rows"]),
    node("MatMul", ["shares", "rows"], ["sum"]),
    node("ReduceL2", ["sum"], ["length"]),
    node("Div", ["sum", "length"], ["unit"]),
    node("Mul", ["unit", "temperature"], ["query"]),
    node("MatMul", ["query", "items"], ["likeness"]),
    node("Add", ["likeness", "biases"], ["scores"]),
    best("scores"),
  ];
  const own = [
    tensor("first", INT64, [1], BigInt64Array.of(0n)),
    tensor("attention", FLOAT, [dim, dim], attention),
    tensor("temperature", FLOAT, [1], Float32Array.of(temperature)),
    tensor("biases", FLOAT, [1, n], new Float32Array(n)),
  ];
  const inputs = [value("steps", INT64, [steps]), value("weights", FLOAT, [1, steps])];
  return model({ nodes, constants: [...constants(rows, dim, k), ...own], inputs, k });
}

function best(scores) {
  return node("TopK", [scores, "k"], ["values", "best"]);
}

/** The items in columns, `[dim, n]`, and how many are wanted. */
function constants(rows, dim, k) {
  const n = rows.length / dim;
  const columns = new Float32Array(rows.length);
  for (let item = 0; item < n; item += 1) {
    for (let i = 0; i < dim; i += 1) columns[i * n + item] = rows[item * dim + i];
  }
  return [
    tensor("items", FLOAT, [dim, n], columns),
    tensor("k", INT64, [1], BigInt64Array.of(BigInt(k))),
  ];
}

function model({ nodes, constants, inputs, k }) {
  const graph = message(
    ...nodes.map((node) => bytes(1, node)),
    text(2, "top"),
    ...constants.map((tensor) => bytes(5, tensor)),
    ...inputs.map((input) => bytes(11, input)),
    bytes(12, value("best", INT64, [1, k])),
  );
  const opset = message(text(1, ""), number(2, 13));
  return message(number(1, 8), bytes(7, graph), bytes(8, opset));
}

function node(kind, inputs, outputs, ...attributes) {
  const names = (field, list) => list.map((name) => text(field, name));
  const own = attributes.map((attribute) => bytes(5, attribute));
  return message(...names(1, inputs), ...names(2, outputs), text(4, kind), ...own);
}

/** An attribute that is a whole number (type 2). */
function integer(name, its) {
  return message(text(1, name), number(3, its), number(20, 2));
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
