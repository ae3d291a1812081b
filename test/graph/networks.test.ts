/** Small networks: every activation with every loss, values and all gradients, against float64 and central differences. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { add, grad, input, matmul, mean, type Node, parameter, ROWS, sub } from 'wasmlp/graph';
import { centralDifferences, evaluate, referenceGradients } from '../reference/evaluate.js';
import { between, drawn, normal, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const activations: Readonly<Record<string, (z: Node) => Node>> = {
  linear: (z) => z,
  relu: graph.relu,
  leakyRelu: (z) => graph.leakyRelu(z, 0.1),
  tanh: graph.tanh,
  sigmoid: graph.sigmoid,
  softplus: graph.softplus,
  softmax: graph.softmax,
  maxout: (z) => graph.maximum(z, graph.neg(z)),
  dropout: (z) => graph.dropout(graph.relu(z), 0.4, { seed: 7, stream: 3 }),
};

const classes = input('classes', [ROWS, 1]);
const targets = input('targets', [ROWS, 4]);
const losses: Readonly<Record<string, (z: Node) => Node>> = {
  softmaxCrossEntropy: (z) => mean(graph.softmaxCrossEntropy(z, classes)),
  distributionCrossEntropy: (z) => mean(graph.softmaxCrossEntropy(z, targets, 'distribution')),
  sigmoidCrossEntropy: (z) => mean(graph.sigmoidCrossEntropy(z, targets)),
  squaredError: (z) => mean(graph.square(sub(z, targets))),
  absoluteError: (z) => mean(graph.abs(sub(z, targets))),
};

const BATCH = 13;
const x = input('x', [ROWS, 6]);
const w1 = parameter('w1', [6, 9]);
const b1 = parameter('b1', [1, 9]);
const w2 = parameter('w2', [9, 4]);
const b2 = parameter('b2', [1, 4]);
const feeds = {
  x: drawn('network x', BATCH * 6, normal),
  w1: drawn('network w1', 54, normal),
  b1: drawn('network b1', 9, normal),
  w2: drawn('network w2', 36, normal),
  b2: drawn('network b2', 4, normal),
  classes: drawn('network classes', BATCH, (random) => random.integer(4)),
  targets: drawn('network targets', BATCH * 4, between(0, 1)),
};

const pairings = Object.entries(activations).flatMap(([activation, f]) =>
  Object.entries(losses).map(([loss, g]) => ({ activation, loss, f, g })),
);

describe.each(pairings)('$activation with $loss', ({ f, g }) => {
  const loss = g(add(matmul(f(add(matmul(x, w1), b1)), w2), b2));
  const leaves = [x, w1, b1, w2, b2];
  const expected = referenceGradients(loss, leaves, feeds);

  it('central differences agree with the reference', () => {
    for (const [i, leaf] of leaves.entries()) {
      const differences = centralDifferences(loss, leaf, feeds);
      expect(relativeError(differences.values, expected[i]!.values), leaf.name).toBeLessThanOrEqual(1e-7);
    }
  });

  it.each(engines)('the machine agrees with the reference on the $build build', async ({ engine }) => {
    const gradients = grad(loss, leaves);
    const outputs = Object.fromEntries(leaves.map((leaf, i) => [leaf.name, gradients[i]!]));
    const actual = await run(engine, { loss, ...outputs }, feeds);
    expect(relativeError(actual.loss!, evaluate([loss], feeds)[0]!.values)).toBeLessThanOrEqual(5e-6);
    for (const [i, leaf] of leaves.entries())
      expect(relativeError(actual[leaf.name]!, expected[i]!.values), leaf.name).toBeLessThanOrEqual(5e-6);
  });
});
