/** Every function that builds symbols, tried with wrong values in every place. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { type Argument, expectRefusals } from '../support/wrong.js';

const x = graph.input('x', [graph.ROWS, 3]);
const classes = graph.input('classes', [graph.ROWS, 1]);
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
  { title: 'constant', ...operand((value) => graph.constant(value)) },
  { title: 'constant, a list', ...operand((value) => graph.constant([1, value])) },
  { title: 'constant, a row', name: 'constant', use: (value) => graph.constant([[1], value]) },
];

const others: readonly Argument[] = [
  { name: 'name', use: (name) => graph.input(name, [1, 1]), fine: ['a string'] },
  { name: 'input a shape', use: (shape) => graph.input('a', shape) },
  { name: 'input a shape', use: (rows) => graph.input('a', [rows, 1]) },
  { name: 'name', use: (name) => graph.parameter(name, [1, 1]), fine: ['a string'] },
  { name: 'parameter a shape', use: (shape) => graph.parameter('a', shape) },
  { name: 'parameter a shape', use: (columns) => graph.parameter('a', [1, columns]) },
  { name: 'axis', use: (axis) => graph.sum(x, axis), fine: ['undefined'] },
  { name: 'axis', use: (axis) => graph.mean(x, axis), fine: ['undefined'] },
  { name: 'broadcastTo shape', use: (shape) => graph.broadcastTo(1, shape) },
  { name: 'broadcastTo shape', use: (columns) => graph.broadcastTo(1, [1, columns]) },
  { name: 'classes', use: (value) => graph.oneHot(classes, value) },
  { name: 'kind', use: (kind) => graph.softmaxCrossEntropy(x, classes, kind), fine: ['undefined'] },
  { name: 'uniform shape', use: (shape) => graph.uniform(shape, key) },
  { name: 'uniform shape', use: (columns) => graph.uniform([1, columns], key) },
  { name: 'key', use: (value) => graph.uniform([1, 1], value) },
  { name: 'key.seed', use: (seed) => graph.uniform([1, 1], { ...key, seed }) },
  { name: 'key.stream', use: (stream) => graph.uniform([1, 1], { ...key, stream }) },
  { name: 'rate', use: (rate) => graph.dropout(x, rate, key), fine: ['0.5'] },
  { name: 'key', use: (value) => graph.dropout(x, 0.5, value) },
  { name: 'y', use: (value) => graph.grad(value, [x]) },
  { name: 'targets', use: (value) => graph.grad(graph.sum(x), value), fine: ['an array'] },
  { name: 'target', use: (value) => graph.grad(graph.sum(x), [value]) },
];

describe('operands that are neither symbols nor numbers are refused', () => {
  it.each(operands)('$title', expectRefusals);
});

describe('other arguments are refused by name', () => {
  it.each(others.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', expectRefusals);
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
