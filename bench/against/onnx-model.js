/**
 * Just enough of ONNX to write a chain of dense layers or one product: a protocol-buffers encoder of two field kinds and the
 * messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), whose field numbers stand below. Not here:
 * reading, attributes, other operators.
 */

const FLOAT = 1; // TensorProto.DataType
const IR_VERSION = 8;
const OPSET = 17;

/** Base-128, least significant group first. */
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

/** One field: an integer, a string, bytes, or a message as the array of its fields. */
function field(number, value) {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

const node = (operator, inputs, output) => [
  ...inputs.map((name) => field(1, name)),
  field(2, output),
  field(4, operator),
];

const tensor = (name, dims, values) => [
  ...dims.map((size) => field(1, size)),
  field(2, FLOAT),
  field(8, name),
  field(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
];

const valueInfo = (name, dims) => [
  field(1, name),
  field(2, [
    field(1, [
      field(1, FLOAT),
      field(
        2,
        dims.map((size) => field(1, [field(1, size)])),
      ),
    ]),
  ]),
];

function model({ nodes, initializers = [], inputs, outputs }) {
  const graph = [
    ...nodes.map((message) => field(1, message)),
    field(2, 'bench'),
    ...initializers.map((message) => field(5, message)),
    ...inputs.map((message) => field(11, message)),
    ...outputs.map((message) => field(12, message)),
  ];
  return Uint8Array.from(Buffer.concat([field(1, IR_VERSION), field(7, graph), field(8, [field(2, OPSET)])]));
}

/** c = a b, with inputs a (m x k) and b (k x n). */
export const productModel = ({ m, n, k }) =>
  model({
    nodes: [node('MatMul', ['a', 'b'], 'c')],
    inputs: [valueInfo('a', [m, k]), valueInfo('b', [k, n])],
    outputs: [valueInfo('c', [m, n])],
  });

/**
 * Dense layers from input `x` to output `y`, ReLU between them, weights inside the model.
 *
 * @param {import('../shapes.js').InferProblem} problem
 */
export function networkModel({ sizes, batch, layers }) {
  const last = layers.length - 1;
  return model({
    nodes: layers.flatMap((_, i) => [
      node('Gemm', [i === 0 ? 'x' : `a${i - 1}`, `w${i}`, `b${i}`], i === last ? 'y' : `z${i}`),
      ...(i === last ? [] : [node('Relu', [`z${i}`], `a${i}`)]),
    ]),
    initializers: layers.flatMap(({ inputs, units, weight, bias }, i) => [
      tensor(`w${i}`, [inputs, units], weight),
      tensor(`b${i}`, [units], bias),
    ]),
    inputs: [valueInfo('x', [batch, sizes[0]])],
    outputs: [valueInfo('y', [batch, sizes.at(-1)])],
  });
}
