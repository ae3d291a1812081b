/** Where functions have a kink, an end or no value: the documented subgradient, an exact limit, or NaN; never a surprise. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { grad, input, type Node, sum } from 'wasmlp/graph';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const x = input('x', [1, 3]);
const a = input('a', [1, 3]);
const b = input('b', [1, 3]);

/** Gradients of sum(y), as plain numbers. -0 is 0 here. */
async function gradients(engine: graph.Engine, y: Node, targets: Node[], feeds: Record<string, number[]>) {
  const nodes = grad(sum(y), targets);
  const outputs = Object.fromEntries(nodes.map((node, i) => [String(i), node]));
  return Object.values(await run(engine, outputs, feeds)).map((values) => Array.from(values, (v) => v + 0));
}

async function values(engine: graph.Engine, y: Node, feeds: Record<string, ArrayLike<number>>) {
  return Array.from((await run(engine, { y }, feeds)).y!, (v) => v + 0);
}

describe.each(engines)('kinks on the $build build', ({ engine }) => {
  const atKink = { x: [0, -0, 1] };
  const ties = { a: [1, 2, 3], b: [1, 3, 2] };

  it.each([
    ['relu', graph.relu(x), [0, 0, 1]],
    ['abs', graph.abs(x), [0, 0, 1]],
    ['leakyRelu', graph.leakyRelu(x, 0.25), [0.25, 0.25, 1]],
    ['step', graph.step(x), [0, 0, 0]],
    ['sign', graph.sign(x), [0, 0, 0]],
    ['floor', graph.floor(x), [0, 0, 0]],
    ['round', graph.round(x), [0, 0, 0]],
  ])('%s has the documented subgradient at 0', async (_name, y, expected) => {
    expect(await gradients(engine, y, [x], atKink)).toEqual([expected]);
  });

  it('a learned slope gets nothing at 0', async () => {
    const y = graph.leakyRelu(x, a);
    expect(await gradients(engine, y, [a], { x: [0, -2, 1], a: [0.1, 0.1, 0.1] })).toEqual([[0, -2, 0]]);
  });

  it('of equal operands the first of maximum and minimum gets the gradient', async () => {
    expect(await gradients(engine, graph.maximum(a, b), [a, b], ties)).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(await gradients(engine, graph.minimum(a, b), [a, b], ties)).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('of equal largest entries the first gets the gradient of maxColumns', async () => {
    const rows = input('rows', [3, 4]);
    const feeds = { rows: [5, 5, 1, 5, -1, -2, -1, -1, 0, 0, 0, 0.5] };
    const expected = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1];
    expect(await gradients(engine, graph.maxColumns(rows), [rows], feeds)).toEqual([expected]);
    expect(await values(engine, graph.argmax(rows), feeds)).toEqual([0, 0, 3]);
  });
});

describe.each(engines)('ends on the $build build', ({ engine }) => {
  const far = { x: [1e4, -1e4, 0] };

  it.each([
    ['tanh', graph.tanh(x), [1, -1, 0], [0, 0, 1]],
    ['sigmoid', graph.sigmoid(x), [1, 0, 0.5], [0, 0, 0.25]],
    ['softplus', graph.softplus(x), [1e4, 0, Math.fround(Math.LN2)], [1, 0, 0.5]],
    ['erf', graph.erf(x), [1, -1, 0], [0, 0, Math.fround(2 / Math.sqrt(Math.PI))]],
    ['normalCdf', graph.normalCdf(x), [1, 0, 0.5], [0, 0, Math.fround(1 / Math.sqrt(2 * Math.PI))]],
    ['gelu', graph.gelu(x), [1e4, 0, 0], [1, 0, 0.5]],
    ['expm1', graph.expm1(graph.minimum(x, 0)), [0, -1, 0], [0, 0, 1]],
    ['softmax', graph.softmax(x), [1, 0, 0], [0, 0, 0]],
    ['logSoftmax', graph.logSoftmax(x), [0, -2e4, -1e4], [-2, 1, 1]],
  ])('%s of +-1e4 is exact, and so is its gradient', async (_name, y, expected, gradient) => {
    expect(await values(engine, y, far)).toEqual(expected);
    expect(await gradients(engine, y, [x], far)).toEqual([gradient]);
  });

  it.each([
    [0, 0, [0, 0, 0]],
    [1, 2e4, [1, -1, 0]],
    [2, 1e4, [1, 0, -1]],
  ])('cross-entropy of logits +-1e4 with class %i is %d', async (label, loss, gradient) => {
    const y = graph.softmaxCrossEntropy(x, [label]);
    expect(await values(engine, y, far)).toEqual([loss]);
    expect(await gradients(engine, y, [x], far)).toEqual([gradient]);
    const oneHot = [0, 1, 2].map((j) => (j === label ? 1 : 0));
    const distribution = graph.softmaxCrossEntropy(x, oneHot, 'distribution');
    expect(await values(engine, distribution, far)).toEqual([loss]);
    expect(await gradients(engine, distribution, [x], far)).toEqual([gradient]);
  });

  it.each([
    [0, [1e4, 0, Math.fround(Math.LN2)], [1, 0, 0.5]],
    [1, [0, 1e4, Math.fround(Math.LN2)], [0, -1, -0.5]],
    [0.5, [5e3, 5e3, Math.fround(Math.LN2)], [0.5, -0.5, 0]],
  ])('sigmoid cross-entropy of logits +-1e4 with target %d', async (target, loss, gradient) => {
    const y = graph.sigmoidCrossEntropy(x, target);
    expect(await values(engine, y, far)).toEqual(loss);
    expect(await gradients(engine, y, [x], far)).toEqual([gradient]);
  });

  it('a class number outside the columns gives NaN and reads nothing', async () => {
    const classes = input('classes', [4, 1]);
    const logits = input('logits', [4, 3]);
    const feeds = { classes: [3, -1, 0.5, 2], logits: Array.from({ length: 12 }, () => 1) };
    const losses = await values(engine, graph.softmaxCrossEntropy(logits, classes), feeds);
    expect(losses.slice(0, 3)).toEqual([NaN, NaN, NaN]);
    expect(losses[3]).toBeCloseTo(Math.log(3), 6);
  });

  it.each([
    ['exp', graph.exp(x), [1000, -1000, 0], [Infinity, 0, 1]],
    ['log', graph.log(x), [0, -1, Infinity], [-Infinity, NaN, Infinity]],
    ['expm1', graph.expm1(x), [1000, -1000, 0], [Infinity, -1, 0]],
    ['log1p', graph.log1p(x), [-1, -2, Infinity], [-Infinity, NaN, Infinity]],
    ['sin', graph.sin(x), [0, 2 ** 31, Infinity], [0, NaN, NaN]],
    ['cos', graph.cos(x), [0, 2 ** 31, Infinity], [1, NaN, NaN]],
    ['erf', graph.erf(x), [-Infinity, 0, Infinity], [-1, 0, 1]],
    ['normalCdf', graph.normalCdf(x), [-Infinity, 0, Infinity], [0, 0.5, 1]],
    ['gelu', graph.gelu(x), [-Infinity, 0, Infinity], [0, 0, Infinity]],
    ['floor', graph.floor(x), [-0.5, 1e10, -Infinity], [-1, 1e10, -Infinity]],
    ['round', graph.round(x), [0.5, 1.5, -2.5], [0, 2, -2]],
    ['sqrt', graph.sqrt(x), [0, -1, Infinity], [0, NaN, Infinity]],
    ['div', graph.div(x, [[0, 0, Infinity]]), [1, -1, 1], [Infinity, -Infinity, 0]],
  ])('%s at the ends of its domain', async (_name, y, at, expected) => {
    expect(await values(engine, y, { x: at })).toEqual(expected);
  });
});

describe.each(engines)('NaN on the $build build', ({ engine }) => {
  const some = { x: [1, NaN, 2] };
  const { abs, square, sqrt, exp, log, tanh, sigmoid, softplus, relu, leakyRelu } = graph;
  const { cos, erf, expm1, floor, gelu, log1p, normalCdf, round, sin } = graph;
  const neg = (z: Node) => graph.sub(0, z);
  const functions = { cos, erf, expm1, floor, gelu, log1p, normalCdf, round, sin };
  const all = { neg, abs, square, sqrt, exp, log, tanh, sigmoid, softplus, relu, leakyRelu, ...functions };

  it.each(Object.entries(all))('%s passes it on, at its place only', async (_name, f) => {
    expect((await values(engine, f(x), some)).map(Number.isNaN)).toEqual([false, true, false]);
  });

  it.each(
    Object.entries({
      add: graph.add,
      sub: graph.sub,
      mul: graph.mul,
      div: graph.div,
      maximum: graph.maximum,
      minimum: graph.minimum,
    }),
  )('%s passes it on from either side', async (_name, f) => {
    expect((await values(engine, f(x, 1), some)).map(Number.isNaN)).toEqual([false, true, false]);
    expect((await values(engine, f(1, x), some)).map(Number.isNaN)).toEqual([false, true, false]);
  });

  it('comparisons with it do not hold', async () => {
    for (const y of [graph.equal(x, x), graph.greater(x, 0), graph.greaterEqual(x, x), graph.step(x)])
      expect(await values(engine, y, some)).toEqual([1, 0, 1]);
  });

  it('sums, means, products, maxima, softmax and losses carry it to what depends on it', async () => {
    const rows = input('rows', [2, 3]);
    const feeds = { rows: [1, NaN, 2, 3, 4, 5] };
    const isNaNOf = async (y: Node) => (await values(engine, y, feeds)).map(Number.isNaN);
    expect(await isNaNOf(sum(rows))).toEqual([true]);
    expect(await isNaNOf(graph.mean(rows, 'rows'))).toEqual([false, true, false]);
    expect(await isNaNOf(sum(rows, 'columns'))).toEqual([true, false]);
    expect(await isNaNOf(graph.maxColumns(rows))).toEqual([true, false]);
    expect(await isNaNOf(graph.matmul(rows, [[1], [1], [1]]))).toEqual([true, false]);
    expect(await isNaNOf(graph.softmax(rows))).toEqual([true, true, true, false, false, false]);
    expect(await isNaNOf(graph.softmaxCrossEntropy(rows, [[0], [0]]))).toEqual([true, false]);
  });
});
