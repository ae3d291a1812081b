/**
 * Work whose bits are compared: products, every instruction, training runs. For suites of engines that must give what another one gives,
 * on public names alone.
 */
import { expect } from 'vitest';
import { adam, dense, dropout, type Engine, type Model, mlp, sgd } from 'wasmlp';
import {
  add,
  concat,
  cos,
  erf,
  exp,
  gather,
  gelu,
  grad,
  input,
  log,
  matmul,
  maxColumns,
  mul,
  type Node,
  pad,
  parameter,
  relu,
  reshape,
  sin,
  slice,
  softmax,
  softmaxCrossEntropy,
  softplus,
  square,
  sub,
  sum,
  tanh,
  transpose,
  uniform,
} from 'wasmlp/graph';
import { drawn, normal } from './numbers.js';
import { noise, type Problem } from './problems.js';

export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

export function expectSameBits(actual: Numbers, expected: Numbers): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    const bits = (numbers: ArrayLike<number>) => new Uint32Array(Float32Array.from(numbers).buffer);
    const [got, wanted] = [bits(actual[name]!), bits(values)];
    const different = got.findIndex((word, i) => word !== wanted[i]);
    expect([got.length, different], `${name}: length, first entry with other bits`).toEqual([
      wanted.length,
      -1,
    ]);
  }
}

export const SHAPES = [
  [1, 300, 520],
  [2, 257, 513],
  [3, 513, 1600],
  [7, 129, 640],
  [10, 64, 513],
  [33, 257, 520],
  [97, 520, 72],
  [130, 300, 1600],
  [301, 40, 9],
  [513, 1, 200],
] as const;

export const TRANSPOSITIONS = {
  'A B': (a: Node, b: Node) => matmul(a, b),
  'Aᵀ B': (a: Node, b: Node) => matmul(transpose(a), b),
  'A Bᵀ': (a: Node, b: Node) => matmul(a, transpose(b)),
  'Aᵀ Bᵀ': (a: Node, b: Node) => matmul(transpose(a), transpose(b)),
};

export function product(kind: keyof typeof TRANSPOSITIONS, m: number, k: number, n: number) {
  const a = parameter('a', kind.startsWith('Aᵀ') ? [k, m] : [m, k]);
  const b = parameter('b', kind.endsWith('Bᵀ') ? [n, k] : [k, n]);
  const bias = parameter('bias', [1, n]);
  const c = TRANSPOSITIONS[kind](a, b);
  return {
    outputs: { plain: c, fused: relu(add(c, bias)), both: mul(tanh(c), parameter('other', [m, n])) },
    feeds: {
      a: drawn('a', m * k, normal),
      b: drawn('b', k * n, normal),
      bias: drawn('bias', n, normal),
      other: drawn('other', m * n, normal),
    },
  };
}

const [ROWS, COLUMNS] = [203, 301];
export const x = parameter('x', [ROWS, COLUMNS]);
export const row = parameter('row', [1, COLUMNS]);
const column = parameter('column', [ROWS, 1]);
const narrow = parameter('narrow', [1001, 10]);
const list = parameter('list', [ROWS * COLUMNS, 1]);
const classes = input('classes', [1001, 1]);
const table = parameter('table', [10, 100]);
const wide = parameter('wide', [1001, 100]);

export const INSTRUCTIONS: Readonly<Record<string, Record<string, Node>>> = {
  'MAP of a matrix': { y: tanh(mul(x, 0.5)) },
  'MAP with a row and a column': { y: add(mul(tanh(x), row), column) },
  'MAP of narrow rows': { y: mul(tanh(narrow), parameter('narrowRow', [1, 10])) },
  'MAP of a list': { y: tanh(list) },
  'MAP of functions with tables': {
    gelu: gelu(mul(x, 2)),
    erf: erf(x),
    sines: add(sin(mul(x, 1e6)), cos(x)),
    logs: log(add(square(x), 0.01)),
    exps: add(exp(x), softplus(x)),
  },
  'REDUCE over rows': { y: sum(x, 'rows') },
  'REDUCE over columns': { y: sum(x, 'columns') },
  'REDUCE over all': { y: sum(tanh(x)) },
  'REDUCE to the largest': { y: maxColumns(x) },
  'SOFTMAX of few columns': { y: softmax(narrow) },
  'SOFTMAX of many columns': { y: softmax(x) },
  'SOFTMAX with classes': { y: softmaxCrossEntropy(narrow, classes) },
  'SOFTMAX with distributions': { y: softmaxCrossEntropy(x, softmax(tanh(x)), 'distribution') },
  RANDOM: { y: uniform([ROWS, COLUMNS], { seed: 3, stream: 4 }) },
  TRANSPOSE: { y: transpose(x) },
  'MOVE of a part': { y: slice(x, 'columns', 100, 290), z: slice(x, 'rows', 3, 200) },
  'MOVE among zeros': { y: pad(x, 'columns', 7, 400), z: pad(x, 'rows', 5, 300) },
  'MOVE of several': { y: concat([x, tanh(x), column], 'columns'), z: concat([x, row, x], 'rows') },
  'TAKE of rows': { y: gather(x, sub(mul(classes, 20), 1), 'rows') },
  'SCATTER to rows that come again': { y: grad(sum(mul(gather(table, classes, 'rows'), wide)), [table])[0]! },
  'a reshaped list': { y: tanh(reshape(tanh(x), [ROWS * COLUMNS, 1])) },
};

export const FEEDS = {
  x: drawn('x', ROWS * COLUMNS, normal),
  row: drawn('row', COLUMNS, normal),
  column: drawn('column', ROWS, normal),
  narrow: drawn('narrow', 10_010, normal),
  narrowRow: drawn('narrowRow', 10, normal),
  list: drawn('list', ROWS * COLUMNS, normal),
  table: drawn('table', 1000, normal),
  wide: drawn('wide', 100_100, normal),
  classes: Float32Array.from({ length: 1001 }, (_, i) => i % 10),
};

export const problem = noise(700, 64, 10);

export function network(engine: Engine): Promise<Model> {
  const layers = [dense(130, 'relu'), dropout(0.3), dense(65, 'tanh'), dense(10)];
  return mlp({ inputs: problem.columns, layers, loss: 'softmaxCrossEntropy', seed: 3, engine });
}

export const RUNS: Readonly<Record<string, (model: Model) => Promise<{ readonly loss: readonly number[] }>>> =
  {
    'SGD with momentum': (model) =>
      model.fit(problem.inputs, problem.labels, {
        epochs: 4,
        batchSize: 96,
        optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
        validation: { inputs: problem.inputs.subarray(0, 640), labels: problem.labels.slice(0, 10) },
      }),
    'Adam on pixels': (model) =>
      model.fit(
        Uint8Array.from(problem.inputs, (value) => Math.abs(value * 50)),
        problem.labels,
        {
          epochs: 3,
          batchSize: 128,
          optimizer: adam({ learningRate: 0.01 }),
        },
      ),
    'a stream': (model) =>
      model.fit(() => batches(problem, 100), {
        epochs: 3,
        batchSize: 100,
        optimizer: sgd({ learningRate: 0.1 }),
      }),
  };

function* batches({ inputs, labels, columns }: Problem, size: number) {
  for (let i = 0; i < labels.length; i += size)
    yield { inputs: inputs.subarray(i * columns, (i + size) * columns), labels: labels.slice(i, i + size) };
}

/** All that a model gives. */
export function everythingOf(model: Model): Numbers {
  const { loss, gradients, inputs } = model.gradients(problem.inputs, problem.labels);
  return {
    ...model.getParameters(),
    predictions: model.predict(problem.inputs),
    few: model.predict(problem.inputs.subarray(0, 192)),
    evaluation: [model.evaluate(problem.inputs, problem.labels).loss],
    loss: [loss],
    inputs,
    ...Object.fromEntries(Object.entries(gradients).map(([name, values]) => [`gradient of ${name}`, values])),
  };
}
