/**
 * A row for every operation of the graph: what its operands may hold, in which shapes it is tried, and which public function
 * builds it. That the rows are all is told in table.test.ts.
 */

import * as graph from 'wasmlp/graph';
import { type Node, ROWS, type Shape } from 'wasmlp/graph';
import { awayFromZero, between, type Draw } from '../support/numbers.js';
import {
  bands,
  COLUMNS,
  pairs,
  products,
  singles,
  smallPairs,
  smallSingles,
  smallTriples,
  strips,
  tables,
  triples,
} from './shapes.js';

export interface Case {
  /** What each operand is drawn from. */
  readonly draws: readonly Draw[];
  /** Operands whose gradient is tested. */
  readonly differentiable: readonly number[];
  /** Shapes of the operands, one entry a trial. */
  readonly shapes: readonly (readonly Shape[])[];
  /** Shapes small enough for central differences. */
  readonly small: readonly (readonly Shape[])[];
  /** Values at the ends of float32 for every operand, where the operation is not elementwise (those get all of them). */
  readonly ends?: readonly (readonly number[])[];
}

/** Samples in a batch where a shape says ROWS. */
export const BATCH = 37;

const anywhere = between(-2, 2);
const positive = between(0.25, 3);
const mask: Draw = (random) => (random.uniform() < 0.5 ? 0 : 1);
/** Quarters: equal often enough. */
const coarse: Draw = (random) => random.integer(8) / 4;

const unary = (draw: Draw): Case => ({
  draws: [draw],
  differentiable: [0],
  shapes: singles,
  small: smallSingles,
});
const binary = (a: Draw, b: Draw): Case => ({
  draws: [a, b],
  differentiable: [0, 1],
  shapes: pairs,
  small: smallPairs,
});
const comparison: Case = { ...binary(coarse, coarse), differentiable: [] };

/** Probabilities that need not sum to 1. */
const targets = between(0, 0.25);
/** Where sigmoid(z) exceeds the targets: a sum of their differences would else be small against its terms. */
const logits = between(-1, 6);

/** Whatever is moved arrives as it was. */
const BITS = [0, -0, 2 ** -149, -1, (2 - 2 ** -23) * 2 ** 127, Infinity, -Infinity, Number.NaN];
/** Of one sign: their sum is the same in any order. */
const ADDABLE = [0, 2 ** -149, 1, 1e30, Infinity, Number.NaN];
const LOGITS = [1e4, -1e4, 0, 88];
const moved = (operand: Case, more: Partial<Case> = {}): Case => ({ ...operand, ends: [BITS], ...more });

export const cases: Readonly<Record<string, Case>> = {
  sumRows: { ...unary(anywhere), ends: [ADDABLE] },
  sumColumns: { ...unary(anywhere), ends: [ADDABLE] },
  sumAll: { ...unary(between(0, 1)), ends: [ADDABLE] },
  broadcastTo: {
    ends: [BITS],
    draws: [anywhere],
    differentiable: [0],
    shapes: COLUMNS.flatMap((c): Shape[][] => [[[1, c]], [[3, 1]], [[1, 1]]]),
    small: [[[1, 3]], [[3, 1]], [[1, 1]]],
  },

  neg: unary(anywhere),
  abs: unary(awayFromZero(0.01, 2)),
  square: unary(anywhere),
  sqrt: unary(positive),
  exp: unary(anywhere),
  expm1: unary(anywhere),
  log: unary(positive),
  log1p: unary(between(-0.75, 2)),
  tanh: unary(anywhere),
  sigmoid: unary(between(-6, 6)),
  softplus: unary(between(-6, 6)),
  sin: unary(between(-9, 9)),
  cos: unary(between(-9, 9)),
  erf: unary(anywhere),
  normalCdf: unary(between(-4, 4)),
  gelu: unary(between(-6, 6)),
  relu: unary(awayFromZero(0.01, 2)),
  step: { ...unary(anywhere), differentiable: [] },
  sign: { ...unary(anywhere), differentiable: [] },
  floor: { ...unary(awayFromZero(0.01, 4)), differentiable: [] },
  round: { ...unary(awayFromZero(0.01, 4)), differentiable: [] },

  leakyRelu: binary(awayFromZero(0.01, 2), between(0.1, 0.5)),
  add: binary(anywhere, anywhere),
  sub: binary(anywhere, anywhere),
  mul: binary(positive, positive),
  div: binary(positive, positive),
  maximum: binary(anywhere, anywhere),
  minimum: binary(anywhere, anywhere),
  equal: comparison,
  greater: comparison,
  greaterEqual: comparison,
  select: {
    draws: [mask, anywhere, anywhere],
    differentiable: [1, 2],
    shapes: triples,
    small: smallTriples,
  },

  matmul: {
    ends: [
      [0, 1, 1e30, 2 ** -149],
      [1, 1e5, Infinity, 0],
    ],
    draws: [anywhere, anywhere],
    differentiable: [0, 1],
    shapes: products,
    small: [
      [
        [1, 1],
        [1, 1],
      ],
      [
        [2, 3],
        [3, 4],
      ],
      [
        [4, 1],
        [1, 2],
      ],
    ],
  },
  transpose: moved(unary(anywhere)),

  slice: moved(unary(anywhere), { shapes: bands, small: [[[2, 4]], [[3, 1]]] }),
  pad: moved(unary(anywhere), { shapes: [...bands, [[1, 1]]] }),
  concat: {
    ends: [BITS, BITS, BITS],
    draws: [anywhere, anywhere, anywhere],
    differentiable: [0, 1, 2],
    shapes: strips,
    small: smallTriples.slice(0, 1),
  },
  reshape: moved(unary(anywhere), { shapes: [...singles.filter(([x]) => x![0] !== 1 || x![1] !== 1)] }),
  takeRows: {
    ends: [BITS, [0, 1, -1, 0.5, 3, Number.NaN, Infinity]],
    draws: [anywhere, (random) => random.integer(4)],
    differentiable: [0],
    shapes: tables,
    small: tables.slice(0, 2),
  },
  scatterRows: {
    ends: [ADDABLE, [0, 1, -1, 0.5, 4, Number.NaN, Infinity]],
    draws: [anywhere, (random) => random.integer(4)],
    differentiable: [0],
    shapes: [
      ...COLUMNS.map((c): Shape[] => [
        [9, c],
        [9, 1],
      ]),
      [
        [ROWS, 5],
        [ROWS, 1],
      ],
    ],
    small: [
      [
        [6, 2],
        [6, 1],
      ],
    ],
  },

  power: {
    ...binary(positive, anywhere),
    ends: [
      [0, 1, 1e-30, 1e30, -1, Infinity],
      [0.5, 1.5, 1, 2],
    ],
  },
  maxout: {
    ...unary(anywhere),
    ends: [BITS],
    shapes: [...COLUMNS.filter((c) => c !== 1 && c !== 257), 300].map((c): Shape[] => [[ROWS, c]]),
    small: [[[2, 4]], [[3, 9]], [[1, 5]]],
  },

  maxColumns: moved(unary(anywhere)),
  argmaxColumns: moved({ ...unary(anywhere), differentiable: [] }),

  softmax: { ...unary(anywhere), ends: [LOGITS] },
  logSoftmax: { ...unary(anywhere), ends: [LOGITS] },
  classCrossEntropy: {
    ends: [LOGITS, [0, 2]],
    draws: [between(-4, 4), (random) => random.integer(3)],
    differentiable: [0],
    shapes: COLUMNS.filter((c) => c > 1).map((c): Shape[] => [
      [9, c],
      [9, 1],
    ]),
    small: [
      [
        [1, 3],
        [1, 1],
      ],
      [
        [4, 5],
        [4, 1],
      ],
    ],
  },
  distributionCrossEntropy: {
    ends: [LOGITS, [0, 1, 0.5]],
    draws: [between(-4, 4), targets],
    differentiable: [0, 1],
    shapes: COLUMNS.map((c): Shape[] => [
      [9, c],
      [9, c],
    ]),
    small: [
      [
        [1, 3],
        [1, 3],
      ],
      [
        [4, 5],
        [4, 5],
      ],
    ],
  },
  sigmoidCrossEntropy: { ...binary(logits, targets), ends: [LOGITS, [0, 1, 0.5]] },
};

type Build = (...operands: Node[]) => Node;

const isColumn = (x: Node) => x.shape[1] === 1;

/** Functions that are not called what their operation is. */
const builders: Readonly<Record<string, Build>> = {
  sumRows: (x) => graph.sum(x!, 'rows'),
  sumColumns: (x) => graph.sum(x!, 'columns'),
  sumAll: (x) => graph.sum(x!),
  broadcastTo: (x) => graph.broadcastTo(x!, [3, x!.shape[1] === 1 ? 5 : x!.shape[1]]),
  argmaxColumns: graph.argmax,
  slice: (x) =>
    isColumn(x!)
      ? graph.slice(x!, 'rows', 1, Number(x!.shape[0]))
      : graph.slice(x!, 'columns', 1, Number(x!.shape[1]) - 1),
  pad: (x) =>
    isColumn(x!)
      ? graph.pad(x!, 'rows', 2, Number(x!.shape[0]) + 3)
      : graph.pad(x!, 'columns', 1, Number(x!.shape[1]) + 5),
  concat: (...parts) => graph.concat(parts, parts[0]!.shape[1] === parts[1]!.shape[1] ? 'rows' : 'columns'),
  reshape: (x) => graph.reshape(x!, [x!.shape[1], x!.shape[0]]),
  takeRows: (table, index) => graph.gather(table!, index!, 'rows'),
  // the gradient of taking rows, when what is taken weighs as much as x
  scatterRows: (x, index) => {
    const table = graph.input('table', [4, x!.shape[1]]);
    return graph.grad(graph.sum(graph.mul(graph.gather(table, index!, 'rows'), x!)), [table])[0]!;
  },
  maxout: (z) => graph.maxout(z!, [2, 3, 5, 7, 17].find((pieces) => Number(z!.shape[1]) % pieces === 0)!),
  classCrossEntropy: (z, target) => graph.softmaxCrossEntropy(z!, target!),
  distributionCrossEntropy: (z, target) => graph.softmaxCrossEntropy(z!, target!, 'distribution'),
};

/** An operation on symbols, as a user builds it. */
export function build(name: string, operands: readonly Node[]): Node {
  const call = builders[name] ?? (graph as unknown as Record<string, Build>)[name]!;
  return call(...operands);
}

/** Operations without operands: tested by their own suites, or leaves. */
export const withoutOperands = ['input', 'parameter', 'constant', 'rowCount', 'uniform'];

export function showCase(shapes: readonly Shape[]): string {
  return shapes.map((shape) => shape.join('x')).join(' ');
}
