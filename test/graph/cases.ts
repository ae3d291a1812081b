/**
 * A row for every operation of the graph: what its operands may hold, in which shapes it is tried, and which public function
 * builds it. That the rows are all is told in table.test.ts.
 */
import * as graph from 'wasmlp/graph';
import { type Node, ROWS, type Shape } from 'wasmlp/graph';
import { awayFromZero, between, type Draw } from '../support/numbers.js';

export interface Case {
  /** What each operand is drawn from. */
  readonly draws: readonly Draw[];
  /** Operands whose gradient is tested. */
  readonly differentiable: readonly number[];
  /** Shapes of the operands, one entry a trial. */
  readonly shapes: readonly (readonly Shape[])[];
  /** Shapes small enough for central differences. */
  readonly small: readonly (readonly Shape[])[];
}

/** Samples in a batch where a shape says ROWS. */
export const BATCH = 37;

/** Columns round the width of a vector, half a block (narrow or wide rows) and a block of MAP. */
const COLUMNS = [1, 3, 4, 5, 7, 8, 9, 17, 255, 256, 257, 511, 512, 513, 1100];

/** Ways in which two operands of a rows x c result are stretched. */
const PAIRINGS: readonly ((c: number) => [Shape, Shape])[] = [
  (c) => [
    [3, c],
    [3, c],
  ],
  (c) => [
    [3, c],
    [1, c],
  ],
  (c) => [
    [1, c],
    [3, c],
  ],
  (c) => [
    [3, c],
    [3, 1],
  ],
  (c) => [
    [3, 1],
    [3, c],
  ],
  (c) => [
    [3, c],
    [1, 1],
  ],
  (c) => [
    [1, 1],
    [3, c],
  ],
  (c) => [
    [1, c],
    [3, 1],
  ],
  (c) => [
    [ROWS, c],
    [1, c],
  ],
  (c) => [
    [ROWS, 1],
    [ROWS, c],
  ],
];

/** More rows than a block holds, so that blocks of whole rows follow each other. */
const TALL: readonly [Shape, Shape][] = [
  [
    [401, 3],
    [1, 3],
  ],
  [
    [401, 3],
    [401, 1],
  ],
  [
    [401, 1],
    [401, 1],
  ],
  [
    [401, 1],
    [1, 1],
  ],
  [
    [5, 200],
    [1, 200],
  ],
  [
    [5, 200],
    [5, 1],
  ],
];

const singles: Shape[][] = [
  ...COLUMNS.map((c): Shape[] => [[2, c]]),
  [[1, 1]],
  [[7, 1]],
  [[129, 5]],
  [[ROWS, 1]],
  [[ROWS, 300]],
];
/** Every pairing on both sides of each border, and some of them at every size. */
const pairs: Shape[][] = [
  ...[1, 5, 256, 513].flatMap((c) => PAIRINGS.map((pairing) => pairing(c))),
  ...COLUMNS.flatMap((c, i) => [i, i + 3, i + 6].map((j) => PAIRINGS[j % PAIRINGS.length]!(c))),
  ...TALL,
];
const triples: Shape[][] = [
  ...COLUMNS.map((c): Shape[] => [
    [3, c],
    [3, c],
    [3, c],
  ]),
  ...COLUMNS.map((c): Shape[] => [
    [1, c],
    [3, 1],
    [3, c],
  ]),
  [
    [ROWS, 5],
    [1, 5],
    [1, 1],
  ],
  [
    [ROWS, 1],
    [ROWS, 5],
    [1, 5],
  ],
  [
    [401, 3],
    [401, 1],
    [1, 3],
  ],
];
const smallSingles: Shape[][] = [[[1, 1]], [[2, 3]], [[1, 4]], [[4, 1]]];
const smallPairs: Shape[][] = PAIRINGS.slice(0, 8).map((pairing) => pairing(4));
const smallTriples: Shape[][] = [
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3],
    [1, 3],
    [1, 1],
  ],
  [
    [1, 3],
    [2, 1],
    [2, 3],
  ],
];

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

const products: Shape[][] = [
  [
    [1, 1],
    [1, 1],
  ],
  [
    [1, 5],
    [5, 1],
  ],
  [
    [3, 1],
    [1, 7],
  ],
  [
    [4, 8],
    [8, 8],
  ],
  [
    [5, 9],
    [9, 17],
  ],
  [
    [9, 300],
    [300, 10],
  ],
  [
    [65, 33],
    [33, 31],
  ],
  [
    [70, 257],
    [257, 8],
  ],
  [
    [ROWS, 20],
    [20, 9],
  ],
  [
    [3, ROWS],
    [ROWS, 5],
  ],
];

/** Probabilities that need not sum to 1. */
const targets = between(0, 0.25);
/** Where sigmoid(z) exceeds the targets: a sum of their differences would else be small against its terms. */
const logits = between(-1, 6);

export const cases: Readonly<Record<string, Case>> = {
  sumRows: unary(anywhere),
  sumColumns: unary(anywhere),
  sumAll: unary(between(0, 1)),
  broadcastTo: {
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
  transpose: unary(anywhere),

  maxColumns: unary(anywhere),
  argmaxColumns: { ...unary(anywhere), differentiable: [] },

  softmax: unary(anywhere),
  classCrossEntropy: {
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
  sigmoidCrossEntropy: binary(logits, targets),
};

type Build = (...operands: Node[]) => Node;

/** Functions that are not called what their operation is. */
const builders: Readonly<Record<string, Build>> = {
  sumRows: (x) => graph.sum(x!, 'rows'),
  sumColumns: (x) => graph.sum(x!, 'columns'),
  sumAll: (x) => graph.sum(x!),
  broadcastTo: (x) => graph.broadcastTo(x!, [3, x!.shape[1] === 1 ? 5 : x!.shape[1]]),
  argmaxColumns: graph.argmax,
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
