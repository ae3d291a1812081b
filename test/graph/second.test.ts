/** Gradients of gradients: what `grad` builds can be differentiated again. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { grad, input, matmul, mean, mul, type Node, ROWS, sum } from 'wasmlp/graph';
import { evaluate, referenceGradients } from '../reference/evaluate.js';
import { between, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const x = input('x', [4, 5]);
const other = input('other', [4, 5]);
const row = input('row', [1, 5]);
const wide = input('wide', [5, 3]);
const batch = input('batch', [ROWS, 5]);
const classes = input('classes', [4, 1]);
const feeds = {
  x: drawn('second x', 20, between(0.3, 1.7)),
  other: drawn('second other', 20, between(0.3, 1.7)),
  row: drawn('second row', 5, between(0.3, 1.7)),
  wide: drawn('second wide', 15),
  batch: drawn('second batch', 35, between(0.3, 1.7)),
  classes: [0, 4, 2, 2],
};

/** Scalars whose second derivative is not zero; each with what it is differentiated by, twice. */
const scalars: Readonly<Record<string, readonly [Node, Node, Node]>> = {
  'a cube': [sum(mul(graph.square(x), x)), x, x],
  'exp times a row': [sum(graph.exp(mul(x, row))), x, row],
  'log of a sum': [graph.log(sum(graph.square(x))), x, x],
  'tanh of a batch with a row': [sum(graph.tanh(mul(batch, row))), row, row],
  sigmoid: [sum(mul(graph.sigmoid(x), other)), x, other],
  softplus: [sum(graph.softplus(mul(x, row))), row, x],
  expm1: [sum(graph.expm1(mul(x, row))), x, row],
  log1p: [sum(graph.log1p(mul(x, row))), row, x],
  sin: [sum(graph.sin(mul(x, row))), x, x],
  cos: [sum(graph.cos(mul(x, other))), x, other],
  erf: [sum(graph.erf(mul(x, row))), row, row],
  'normal distribution': [sum(graph.normalCdf(mul(x, row))), x, row],
  gelu: [sum(graph.gelu(mul(x, other))), x, x],
  division: [sum(graph.div(x, other)), other, other],
  'square root': [sum(graph.sqrt(mul(x, other))), x, x],
  'a product of matrices': [sum(graph.square(matmul(x, wide))), wide, x],
  'a mean over a batch': [mean(graph.exp(matmul(batch, wide))), wide, wide],
  softmax: [sum(mul(graph.softmax(x), other)), x, x],
  'cross-entropy with classes': [mean(graph.softmaxCrossEntropy(x, classes)), x, x],
  'cross-entropy with distributions': [sum(graph.softmaxCrossEntropy(x, other, 'distribution')), x, other],
  'cross-entropy of sigmoids': [sum(graph.sigmoidCrossEntropy(mul(x, row), other)), row, row],
  'leaky relu': [sum(graph.square(graph.leakyRelu(graph.sub(x, 1), 0.1))), x, x],
  'the larger of two': [sum(graph.square(graph.maximum(x, other))), x, x],
};

describe.each(engines)('second derivatives on the $build build', ({ engine }) => {
  it.each(Object.entries(scalars))('%s', async (name, [y, first, second]) => {
    const [gradient] = grad(y, [first]);
    // a different weight on every entry of the gradient makes a scalar of it
    const weights = input('weights', gradient!.shape);
    const along = sum(mul(gradient!, weights));
    const [hessian] = grad(along, [second]);
    const length = evaluate([gradient!], feeds)[0]!.values.length;
    const all = { ...feeds, weights: drawn(`second ${name}`, length, between(0.5, 1.5)) };
    const [expected] = referenceGradients(along, [second], all);
    expect(Math.max(...expected!.values.map(Math.abs))).toBeGreaterThan(1e-3);
    const actual = await run(engine, { hessian: hessian! }, all);
    expect(relativeError(actual.hessian!, expected!.values)).toBeLessThanOrEqual(1e-5);
  });

  it('third and fourth derivatives of a polynomial and of tanh', async () => {
    const t = input('t', [1, 1]);
    const derivatives = (y: Node, times: number): Node =>
      times === 0 ? y : derivatives(grad(y, [t])[0]!, times - 1);
    const fourthPower = graph.square(graph.square(t));
    const outputs = {
      cubic: derivatives(fourthPower, 3),
      fixed: derivatives(fourthPower, 4),
      tanh: derivatives(graph.tanh(t), 3),
    };
    const at = 0.5;
    const { cubic, fixed, tanh } = await run(engine, outputs, { t: [at] });
    expect(cubic![0]).toBeCloseTo(24 * at, 5);
    expect(fixed![0]).toBeCloseTo(24, 5);
    const y = Math.tanh(at);
    expect(tanh![0]).toBeCloseTo((1 - y * y) * (6 * y * y - 2), 5);
  });
});
