/** Any directed acyclic graph: several consumers, skip connections, shared weights, many inputs and outputs, against float64 and differences. */
import { describe, expect, it } from 'vitest';
import {
  add,
  concat,
  gather,
  grad,
  input,
  matmul,
  maxout,
  mean,
  mul,
  type Node,
  parameter,
  ROWS,
  relu,
  reshape,
  sigmoid,
  slice,
  square,
  sub,
  sum,
  tanh,
  transpose,
} from 'wasmlp/graph';
import { centralDifferences, evaluate, referenceGradients } from '../reference/evaluate.js';
import { drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const BATCH = 6;
const x = input('x', [ROWS, 4]);
const other = input('other', [ROWS, 3]);
const words = input('words', [ROWS, 1]);
const w = parameter('w', [4, 4]);
const v = parameter('v', [4, 3]);
const table = parameter('table', [5, 3]);
const feeds = {
  x: drawn('shared x', BATCH * 4),
  other: drawn('shared other', BATCH * 3),
  words: drawn('shared words', BATCH, (random) => random.integer(5)),
  w: drawn('shared w', 16),
  v: drawn('shared v', 12),
  table: drawn('shared table', 15),
};

function residual(): Node {
  let value: Node = x;
  for (let i = 0; i < 4; i++) value = add(value, tanh(matmul(value, w)));
  return mean(square(matmul(value, v)));
}

function gated(): Node {
  const z = concat([matmul(x, v), other], 'columns');
  const [left, right] = [slice(z, 'columns', 0, 3), slice(z, 'columns', 3, 6)];
  return mean(square(sub(mul(left, sigmoid(right)), gather(table, words, 'rows'))));
}

/** Each with the leaves that it is differentiated by. */
const graphs: Readonly<Record<string, readonly [Node, readonly Node[]]>> = {
  'one weight in four layers, each with a skip connection': [residual(), [x, w, v]],
  'two inputs joined, cut and gated, against rows of a table': [gated(), [x, other, v, table]],
  'weights tied: a decoder that is the transposed encoder': [
    mean(square(sub(matmul(relu(matmul(x, v)), transpose(v)), x))),
    [x, v],
  ],
  'a value with five consumers': [
    (() => {
      const z = tanh(matmul(x, w));
      const parts = [z, sigmoid(z), square(z), mul(z, z), maxout(z, 2)].map((part) => mean(part));
      return parts.reduce((a, b) => add(a, b));
    })(),
    [x, w],
  ],
  'a matrix read as a list, and as a matrix': [
    add(sum(square(reshape(matmul(w, v), [1, 12]))), sum(tanh(matmul(w, v)))),
    [w, v],
  ],
};

describe.each(Object.entries(graphs))('%s', (_name, [loss, leaves]) => {
  const expected = referenceGradients(loss, leaves, feeds);

  it('the reference agrees with central differences', () => {
    leaves.forEach((leaf, i) => {
      const differences = centralDifferences(loss, leaf, feeds);
      expect(relativeError(differences.values, expected[i]!.values), leaf.name).toBeLessThanOrEqual(1e-7);
    });
  });

  it.each(engines)('the machine agrees with the reference on the $build build', async ({ engine }) => {
    const outputs = Object.fromEntries(grad(loss, leaves).map((node, i) => [leaves[i]!.name, node]));
    const actual = await run(engine, { loss, ...outputs }, feeds);
    expect(relativeError(actual.loss!, evaluate([loss], feeds)[0]!.values)).toBeLessThanOrEqual(5e-6);
    leaves.forEach((leaf, i) => {
      expect(relativeError(actual[leaf.name]!, expected[i]!.values), leaf.name).toBeLessThanOrEqual(5e-6);
    });
  });
});

it('many outputs of one graph are the outputs of each alone', async () => {
  const engine = engines[0]!.engine;
  const outputs = Object.fromEntries(Object.values(graphs).map(([loss], i) => [`loss ${i}`, loss]));
  const together = await run(engine, outputs, feeds);
  for (const [name, loss] of Object.entries(outputs))
    expect((await run(engine, { [name]: loss }, feeds))[name]).toEqual(together[name]);
});
