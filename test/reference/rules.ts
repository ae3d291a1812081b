/**
 * What every operation computes and how it is differentiated, in float64 and naive loops: the definition that the machine
 * is held against. Written from the mathematics; shares nothing with src/graph but the operations' names.
 *
 * A backward rule gives, for every operand, the gradient of a scalar, from the gradient `dy` with respect to the result
 * `y`; null where it is zero almost everywhere.
 */
import type { Attributes } from '../../src/graph/node.js';
import { threefry } from '../../src/random.js';
import { arrangements } from './arrangements.js';
import { cos, erf, gelu, normalCdf, roundToEven, sin } from './functions.js';
import { at, eachEntry, type Matrix, matrix, sumLike, zeros } from './matrix.js';

export interface Circumstances {
  /** Samples in the batch. */
  readonly rows: number;
  /** Number of the step: random numbers follow it. */
  readonly counter: number;
}

export interface Rule {
  /** `size` is the result's [rows, columns]. */
  forward(
    operands: readonly Matrix[],
    size: readonly [number, number],
    attributes: Attributes,
    now: Circumstances,
  ): Matrix;
  backward(dy: Matrix, y: Matrix, operands: readonly Matrix[], attributes: Attributes): (Matrix | null)[];
}

type Scalars = [a: number, b: number, c: number];

/** f entry by entry, and its partial derivatives. */
function elementwise(
  f: (...x: Scalars) => number,
  ...partials: (((...x: Scalars) => number) | null)[]
): Rule {
  const scalars = (operands: readonly Matrix[], i: number, j: number): Scalars => [
    at(operands[0]!, i, j),
    operands[1] ? at(operands[1], i, j) : 0,
    operands[2] ? at(operands[2], i, j) : 0,
  ];
  return {
    forward: (operands, [rows, columns]) => matrix(rows, columns, (i, j) => f(...scalars(operands, i, j))),
    backward: (dy, _y, operands) =>
      operands.map((operand, which) => {
        const partial = partials[which];
        if (!partial) return null;
        const whole = matrix(
          dy.rows,
          dy.columns,
          (i, j) => at(dy, i, j) * partial(...scalars(operands, i, j)),
        );
        return sumLike(whole, operand);
      }),
  };
}

const reduction: Rule = {
  forward: ([x], [rows, columns]) =>
    sumLike(
      x!,
      matrix(rows, columns, () => 0),
    ),
  backward: (dy, _y, [x]) => [matrix(x!.rows, x!.columns, (i, j) => at(dy, i, j))],
};

const stretching: Rule = {
  forward: ([x], [rows, columns]) => matrix(rows, columns, (i, j) => at(x!, i, j)),
  backward: (dy, _y, [x]) => [sumLike(dy, x!)],
};

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const normalDensity = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const holds = (condition: boolean) => (condition ? 1 : 0);

/** The place of the first of the largest of row i. */
function argmax(x: Matrix, i: number): number {
  let best = 0;
  for (let j = 1; j < x.columns; j++) if (at(x, i, j) > at(x, i, best)) best = j;
  return best;
}

function logSoftmax(z: Matrix): Matrix {
  const total = matrix(z.rows, 1, (i) => {
    const largest = at(z, i, argmax(z, i));
    let sum = 0;
    for (let j = 0; j < z.columns; j++) sum += Math.exp(at(z, i, j) - largest);
    return largest + Math.log(sum);
  });
  return matrix(z.rows, z.columns, (i, j) => at(z, i, j) - at(total, i, 0));
}

function probabilities(z: Matrix): Matrix {
  const logs = logSoftmax(z);
  return matrix(z.rows, z.columns, (i, j) => Math.exp(at(logs, i, j)));
}

function product(a: Matrix, b: Matrix): Matrix {
  return matrix(a.rows, b.columns, (i, j) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += at(a, i, k) * at(b, k, j);
    return sum;
  });
}

function transposed(x: Matrix): Matrix {
  return matrix(x.columns, x.rows, (i, j) => at(x, j, i));
}

export const rules: Readonly<Record<string, Rule>> = {
  ...arrangements,

  rowCount: {
    forward: (_operands, _size, _attributes, { rows }) => matrix(1, 1, () => rows),
    backward: () => [],
  },

  sumRows: reduction,
  sumColumns: reduction,
  sumAll: reduction,
  broadcastTo: stretching,

  neg: elementwise(
    (a) => -a,
    () => -1,
  ),
  abs: elementwise(Math.abs, Math.sign),
  square: elementwise(
    (a) => a * a,
    (a) => 2 * a,
  ),
  sqrt: elementwise(Math.sqrt, (a) => 0.5 / Math.sqrt(a)),
  exp: elementwise(Math.exp, Math.exp),
  expm1: elementwise(Math.expm1, Math.exp),
  log: elementwise(Math.log, (a) => 1 / a),
  log1p: elementwise(Math.log1p, (a) => 1 / (1 + a)),
  sin: elementwise(sin, cos),
  cos: elementwise(cos, (a) => -sin(a)),
  erf: elementwise(erf, (a) => (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a)),
  normalCdf: elementwise(normalCdf, normalDensity),
  gelu: elementwise(gelu, (a) => normalCdf(a) + a * normalDensity(a)),
  tanh: elementwise(Math.tanh, (a) => 1 / Math.cosh(a) ** 2),
  sigmoid: elementwise(sigmoid, (a) => sigmoid(a) * sigmoid(-a)),
  softplus: elementwise(softplus, sigmoid),
  relu: elementwise(
    (a) => Math.max(a, 0),
    (a) => holds(a > 0),
  ),
  leakyRelu: elementwise(
    (a, slope) => (a > 0 ? a : a * slope),
    (a, slope) => (a > 0 ? 1 : slope),
    (a) => Math.min(a, 0),
  ),
  step: elementwise((a) => holds(a > 0), null),
  sign: elementwise((a) => holds(a > 0) - holds(a < 0), null),
  floor: elementwise(Math.floor, null),
  round: elementwise(roundToEven, null),
  add: elementwise(
    (a, b) => a + b,
    () => 1,
    () => 1,
  ),
  sub: elementwise(
    (a, b) => a - b,
    () => 1,
    () => -1,
  ),
  mul: elementwise(
    (a, b) => a * b,
    (_a, b) => b,
    (a) => a,
  ),
  div: elementwise(
    (a, b) => a / b,
    (_a, b) => 1 / b,
    (a, b) => -a / (b * b),
  ),
  maximum: elementwise(
    (a, b) => Math.max(a, b),
    (a, b) => holds(a >= b),
    (a, b) => holds(b > a),
  ),
  minimum: elementwise(
    (a, b) => Math.min(a, b),
    (a, b) => holds(a <= b),
    (a, b) => holds(b < a),
  ),
  equal: elementwise((a, b) => holds(a === b), null, null),
  greater: elementwise((a, b) => holds(a > b), null, null),
  greaterEqual: elementwise((a, b) => holds(a >= b), null, null),
  select: elementwise(
    (mask, a, b) => (mask !== 0 ? a : b),
    null,
    (mask) => holds(mask !== 0),
    (mask) => holds(mask === 0),
  ),

  matmul: {
    forward: ([a, b]) => product(a!, b!),
    backward: (dy, _y, [a, b]) => [product(dy, transposed(b!)), product(transposed(a!), dy)],
  },
  transpose: { forward: ([x]) => transposed(x!), backward: (dy) => [transposed(dy)] },

  maxColumns: {
    forward: ([x]) => matrix(x!.rows, 1, (i) => at(x!, i, argmax(x!, i))),
    backward: (dy, _y, [x]) => [
      matrix(x!.rows, x!.columns, (i, j) => (j === argmax(x!, i) ? at(dy, i, 0) : 0)),
    ],
  },
  argmaxColumns: { forward: ([x]) => matrix(x!.rows, 1, (i) => argmax(x!, i)), backward: () => [null] },

  softmax: {
    forward: ([z]) => probabilities(z!),
    backward: (dy, y) => {
      const inner = zeros(matrix(y.rows, 1, () => 0));
      eachEntry(y, (i, j) => {
        inner.values[i]! += at(dy, i, j) * at(y, i, j);
      });
      return [matrix(y.rows, y.columns, (i, j) => at(y, i, j) * (at(dy, i, j) - at(inner, i, 0)))];
    },
  },
  logSoftmax: {
    forward: ([z]) => logSoftmax(z!),
    backward: (dy, y) => {
      const total = sumLike(
        dy,
        matrix(y.rows, 1, () => 0),
      );
      return [matrix(y.rows, y.columns, (i, j) => at(dy, i, j) - Math.exp(at(y, i, j)) * at(total, i, 0))];
    },
  },
  classCrossEntropy: {
    forward: ([z, target]) => {
      const logs = logSoftmax(z!);
      return matrix(z!.rows, 1, (i) => -at(logs, i, at(target!, i, 0)));
    },
    backward: (dy, _y, [z, target]) => {
      const p = probabilities(z!);
      const entry = (i: number, j: number) => at(dy, i, 0) * (at(p, i, j) - holds(j === at(target!, i, 0)));
      return [matrix(z!.rows, z!.columns, entry), null];
    },
  },
  distributionCrossEntropy: {
    forward: ([z, target]) => {
      const logs = logSoftmax(z!);
      return sumLike(
        matrix(z!.rows, z!.columns, (i, j) =>
          at(target!, i, j) === 0 ? 0 : -at(target!, i, j) * at(logs, i, j),
        ),
        matrix(z!.rows, 1, () => 0),
      );
    },
    backward: (dy, _y, [z, target]) => {
      const logs = logSoftmax(z!);
      const p = probabilities(z!);
      const weight = sumLike(
        target!,
        matrix(z!.rows, 1, () => 0),
      );
      return [
        matrix(
          z!.rows,
          z!.columns,
          (i, j) => at(dy, i, 0) * (at(weight, i, 0) * at(p, i, j) - at(target!, i, j)),
        ),
        matrix(z!.rows, z!.columns, (i, j) => -at(dy, i, 0) * at(logs, i, j)),
      ];
    },
  },
  power: elementwise(
    (a, b) => (a < 0 ? Number.NaN : a ** b),
    (a, b) => b * a ** (b - 1),
    (a, b) => a ** b * Math.log(a),
  ),
  sigmoidCrossEntropy: elementwise(
    (z, t) => softplus(z) - t * z,
    (z, t) => sigmoid(z) - t,
    (z) => -z,
  ),

  // elements 2i and 2i + 1 are the words of the block with counter (i, step), their 24 high bits
  uniform: {
    forward: (_operands, [rows, columns], { seed, stream }, { counter }) => {
      const block = new Uint32Array(2);
      return matrix(rows, columns, (i, j) => {
        const place = i * columns + j;
        threefry(Number(seed), Number(stream), place >>> 1, counter, block);
        return (block[place & 1]! >>> 8) / 2 ** 24;
      });
    },
    backward: () => [],
  },
};
