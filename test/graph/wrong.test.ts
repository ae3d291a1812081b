/** Every function that builds symbols, tried with wrong values in every place. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { type Argument, expectRefusals } from '../support/wrong.js';

const x = graph.input('x', [graph.ROWS, 3]);
const classes = graph.input('classes', [graph.ROWS, 1]);
const row = graph.input('row', [1, 2]);
const key = { seed: 1, stream: 2 };

/** Numbers stand for constants, whatever they are. */
const numbers = ['NaN', 'Infinity', '-1', '0.5', 'a huge number'] as const;

/** Operands: what is neither symbol nor numbers is refused as the constant that it cannot become. */
const operand = (use: Argument['use']): Argument => ({ name: 'constant', use, fine: numbers });

const { abs, argmax, exp, leakyRelu, log, logSoftmax, maxColumns, mean, neg, relu, sigmoid } = graph;
const { sign, softmax, softplus, sqrt, square, step, sum, tanh, transpose } = graph;
const { cos, erf, expm1, floor, gelu, log1p, normalCdf, round, sin } = graph;
const { add, div, equal, greater, greaterEqual, maximum, minimum, mul, sub } = graph;
const unary = { abs, argmax, exp, log, logSoftmax, maxColumns, mean, neg, relu, sigmoid };
const moreUnary = { sign, softmax, softplus, sqrt, square, step, sum, tanh, transpose };
const functions = { cos, erf, expm1, floor, gelu, log1p, normalCdf, round, sin };
const binary = { add, div, equal, greater, greaterEqual, maximum, minimum, mul, sub };

const operands: readonly (Argument & { readonly title: string })[] = [
  ...Object.entries({ ...unary, ...moreUnary, ...functions }).map(([title, f]) => ({
    title,
    ...operand((value) => f(value)),
  })),
  ...Object.entries(binary).flatMap(([title, f]) => [
    { title: `${title}, left`, ...operand((value) => f(value, x)) },
    { title: `${title}, right`, ...operand((value) => f(x, value)) },
  ]),
  { title: 'leakyRelu', ...operand((value) => leakyRelu(value)) },
  { title: 'leakyRelu, slope', ...operand((value) => leakyRelu(x, value)), fine: ['undefined', ...numbers] },
  { title: 'select, mask', ...operand((value) => graph.select(value, x, x)) },
  { title: 'select, then', ...operand((value) => graph.select(x, value, x)) },
  { title: 'select, else', ...operand((value) => graph.select(x, x, value)) },
  { title: 'matmul, left', ...operand((value) => graph.matmul(value, graph.input('row', [1, 2]))) },
  { title: 'matmul, right', ...operand((value) => graph.matmul(classes, value)) },
  { title: 'sigmoidCrossEntropy, logits', ...operand((value) => graph.sigmoidCrossEntropy(value, x)) },
  { title: 'sigmoidCrossEntropy, target', ...operand((value) => graph.sigmoidCrossEntropy(x, value)) },
  { title: 'oneHot', ...operand((value) => graph.oneHot(value, 3)) },
  { title: 'broadcastTo', ...operand((value) => graph.broadcastTo(value, [2, 3])) },
  { title: 'dropout', ...operand((value) => graph.dropout(value, 0.5, key)) },
  { title: 'slice', ...operand((value) => graph.slice(value, 'columns', 0, 1)) },
  { title: 'pad', ...operand((value) => graph.pad(value, 'columns', 0, 5)) },
  { title: 'concat', ...operand((value) => graph.concat([1, value], 'rows')) },
  { title: 'reshape', ...operand((value) => graph.reshape(value, [1, 1])) },
  { title: 'gather', ...operand((value) => graph.gather(value, [0], 'rows')) },
  { title: 'gather, index', ...operand((value) => graph.gather(x, value, 'rows')) },
  { title: 'power', ...operand((value) => graph.power(value, 2)) },
  { title: 'power, exponent', ...operand((value) => graph.power(x, value)) },
  { title: 'maxout', ...operand((value) => graph.maxout(value, 1)) },
  { title: 'pairProducts', ...operand((value) => graph.pairProducts(graph.concat([value, 1], 'columns'))) },
  { title: 'polynomial', ...operand((value) => graph.polynomial(value, 2)) },
  { title: 'constant', ...operand((value) => graph.constant(value)) },
  { title: 'constant, a list', ...operand((value) => graph.constant([1, value])) },
  { title: 'constant, a row', name: 'constant', use: (value) => graph.constant([[1], value]) },
];

const others: readonly (Argument & { readonly of: string })[] = [
  { of: 'input', name: 'name', use: (name) => graph.input(name, [1, 1]), fine: ['a string'] },
  { of: 'input', name: 'input a shape', use: (shape) => graph.input('a', shape) },
  { of: 'input', name: 'input a shape', use: (rows) => graph.input('a', [rows, 1]) },
  { of: 'parameter', name: 'name', use: (name) => graph.parameter(name, [1, 1]), fine: ['a string'] },
  { of: 'parameter', name: 'parameter a shape', use: (shape) => graph.parameter('a', shape) },
  { of: 'parameter', name: 'parameter a shape', use: (columns) => graph.parameter('a', [1, columns]) },
  { of: 'sum', name: 'axis', use: (axis) => graph.sum(x, axis), fine: ['undefined'] },
  { of: 'mean', name: 'axis', use: (axis) => graph.mean(x, axis), fine: ['undefined'] },
  { of: 'broadcastTo', name: 'broadcastTo shape', use: (shape) => graph.broadcastTo(1, shape) },
  { of: 'broadcastTo', name: 'broadcastTo shape', use: (columns) => graph.broadcastTo(1, [1, columns]) },
  { of: 'oneHot', name: 'classes', use: (value) => graph.oneHot(classes, value) },
  {
    of: 'softmaxCrossEntropy',
    name: 'kind',
    use: (kind) => graph.softmaxCrossEntropy(x, classes, kind),
    fine: ['undefined'],
  },
  { of: 'uniform', name: 'uniform shape', use: (shape) => graph.uniform(shape, key) },
  { of: 'uniform', name: 'uniform shape', use: (columns) => graph.uniform([1, columns], key) },
  { of: 'uniform', name: 'key', use: (value) => graph.uniform([1, 1], value) },
  { of: 'uniform', name: 'key.seed', use: (seed) => graph.uniform([1, 1], { ...key, seed }) },
  { of: 'uniform', name: 'key.stream', use: (stream) => graph.uniform([1, 1], { ...key, stream }) },
  { of: 'normal', name: 'uniform shape', use: (shape) => graph.normal(shape, key) },
  { of: 'normal', name: 'key', use: (value) => graph.normal([1, 1], value) },
  { of: 'normal', name: 'key.seed', use: (seed) => graph.normal([1, 1], { ...key, seed }) },
  { of: 'normal', name: 'key.stream', use: (stream) => graph.normal([1, 1], { ...key, stream }) },
  { of: 'dropout', name: 'rate', use: (rate) => graph.dropout(x, rate, key), fine: ['0.5'] },
  { of: 'dropout', name: 'key', use: (value) => graph.dropout(x, 0.5, value) },
  { of: 'grad', name: 'y', use: (value) => graph.grad(value, [x]) },
  { of: 'grad', name: 'targets', use: (value) => graph.grad(graph.sum(x), value), fine: ['an array'] },
  { of: 'grad', name: 'target', use: (value) => graph.grad(graph.sum(x), [value]) },
  { of: 'jacobian', name: 'y', use: (value) => graph.jacobian(value, row) },
  { of: 'jacobian', name: 'x', use: (value) => graph.jacobian(row, value) },
  { of: 'hessian', name: 'y', use: (value) => graph.hessian(value, row) },
  { of: 'hessian', name: 'x', use: (value) => graph.hessian(graph.sum(row), value) },
  { of: 'saliency', name: 'score', use: (value) => graph.saliency(value, x) },
  { of: 'saliency', name: 'x', use: (value) => graph.saliency(classes, value) },
  { of: 'hessianVectorProduct', name: 'y', use: (y) => graph.hessianVectorProduct(y, [x], [1]) },
  {
    of: 'hessianVectorProduct',
    name: 'targets',
    use: (targets) => graph.hessianVectorProduct(graph.sum(row), targets, []),
    fine: ['an array'],
  },
  {
    of: 'hessianVectorProduct',
    name: 'vectors',
    use: (vectors) => graph.hessianVectorProduct(graph.sum(row), [row], vectors),
  },
  { of: 'slice', name: 'axis', use: (axis) => graph.slice(x, axis, 0, 1) },
  { of: 'slice', name: 'from', use: (from) => graph.slice(x, 'columns', from, 3) },
  { of: 'slice', name: 'to', use: (to) => graph.slice(x, 'columns', 0, to) },
  { of: 'pad', name: 'axis', use: (axis) => graph.pad(x, axis, 0, 5) },
  { of: 'pad', name: 'before', use: (before) => graph.pad(x, 'columns', before, 5) },
  { of: 'pad', name: 'size', use: (size) => graph.pad(x, 'columns', 0, size) },
  { of: 'concat', name: 'parts', use: (parts) => graph.concat(parts, 'columns') },
  { of: 'concat', name: 'axis', use: (axis) => graph.concat([x, x], axis) },
  { of: 'reshape', name: 'reshape shape', use: (shape) => graph.reshape(classes, shape) },
  { of: 'gather', name: 'axis', use: (axis) => graph.gather(x, [0], axis) },
  { of: 'maxout', name: 'pieces', use: (pieces) => graph.maxout(x, pieces) },
  { of: 'polynomial', name: 'degree', use: (degree) => graph.polynomial(x, degree) },
];

it('every function that builds symbols is tried here', () => {
  const tried = new Set([...operands.map(({ title }) => title.split(',')[0]), ...others.map(({ of }) => of)]);
  const elsewhere = ['compile', 'createEngine', 'rowCount'];
  const built = Object.entries(graph).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect(built.filter((name) => !tried.has(name) && !elsewhere.includes(name))).toEqual([]);
});

describe('operands that are neither symbols nor numbers are refused', () => {
  it.each(operands)('$title', expectRefusals);
});

describe('other arguments are refused by name', () => {
  it.each(others.map((door, i) => ({ ...door, title: `${door.of}: ${door.name} (${i + 1})` })))(
    '$title',
    expectRefusals,
  );
});

/** Each has all members of a symbol, and was made by nobody who checked them. */
const forged: readonly (readonly [string, unknown])[] = [
  ['a copy', { ...x }],
  ['a copy with another shape', { ...graph.sum(x), shape: [7, 7] }],
  ['what inherits from a symbol', Object.create(x)],
  ['what was read from JSON', JSON.parse(JSON.stringify(x))],
  ['a stand-in', new Proxy(x, {})],
];

describe.each(forged)('%s of a symbol', (_what, value) => {
  const symbol = value as graph.Node;

  it('is refused wherever symbols are', async () => {
    const uses: readonly (() => unknown)[] = [
      ...Object.values({ ...unary, ...moreUnary }).map((f) => () => f(symbol)),
      ...Object.values(binary).flatMap((f) => [() => f(symbol, x), () => f(x, symbol)]),
      () => graph.matmul(symbol, [[1], [2], [3]]),
      () => graph.grad(symbol, [x]),
      () => graph.grad(graph.sum(x), [symbol]),
    ];
    for (const use of uses) expect(use).toThrow(TypeError);
    await expect(graph.compile({ y: symbol })).rejects.toThrow(
      /^outputs\.y: expected a symbol of the graph, got/,
    );
  });
});
