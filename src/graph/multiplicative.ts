/**
 * Units that do more than weigh and add: powers, products of pairs, polynomials, and the largest of several pieces. Only two have rows
 * of their own; the others are made of what there is.
 */
import { checkInteger, wrongRange } from '../errors.js';
import { concat, sizeAlong, slice } from './arrange.js';
import { broadcastTo, sumTo } from './broadcast.js';
import { div, equal, exp, log, maximum, mul, sqrt, square, sub } from './elementwise.js';
import { gather } from './gather.js';
import { apply, constant, type Operand, toNode } from './leaves.js';
import { transpose } from './linear.js';
import { broadcast, isScalar, type Node, type Operation } from './node.js';

export const multiplicativeOperations = {
  /** exp(a log x), for x > 0. */
  power: {
    name: 'power',
    shape: ([x, a]) => broadcast('power', x!.shape, a!.shape),
    gradient: [
      (dy, _y, x, a) => sumTo(mul(dy, mul(power(x!, lessOne(a!)), a!)), x!.shape),
      (dy, y, x, a) => sumTo(mul(dy, mul(y, log(x!))), a!.shape),
    ],
    lowering: { kind: 'expand', expand: ([x, a]) => exp(mul(log(x!), a!)) },
  },

  maxout: {
    name: 'maxout',
    shape: ([z], { pieces }) => [z!.shape[0], sizeAlong(z!, 'columns') / Number(pieces)],
    gradient: [
      (dy, y, z) => {
        // all that is not taken yet goes to the first piece that equals the largest
        let left: Node = broadcastTo(1, y.shape);
        const parts = piecesOf(z!, Number(y.attributes.pieces)).map((piece) => {
          const here = mul(equal(piece, y), left);
          left = sub(left, here);
          return mul(dy, here);
        });
        return concat(parts, 'columns');
      },
    ],
    lowering: {
      kind: 'expand',
      expand: ([z], { pieces }) => piecesOf(z!, Number(pieces)).reduce((a, b) => maximum(a, b)),
    },
  },
} as const satisfies Record<string, Operation>;

/**
 * x to the power of a, elementwise. A whole number a is done by multiplications, for any x, with an error of about |a| / 2 units in the last place;
 * 0.5 by the root. Every other a, and a symbol, is exp(a log x): x must be positive (at 0 the value is that of a > 0 at best, below NaN), and
 * the relative error is about 1e-7 (1 + |a log x|): 2e-6 for results between 1e-8 and 1e8.
 */
export function power(x: Operand, a: Operand): Node {
  const [base, exponent] = [toNode(x), toNode(a)];
  const number = isScalar(exponent.shape) ? exponent.values?.[0] : undefined;
  if (number === 0.5) return sqrt(base);
  if (number === undefined || !Number.isInteger(number))
    return apply(multiplicativeOperations.power, [base, exponent]);
  if (number < 0) return div(1, wholePower(base, -number));
  return number === 0 ? broadcastTo(1, base.shape) : wholePower(base, number);
}

/**
 * Maxout (Goodfellow et al. 2013): of rows x (pieces * units), piece after piece, the largest of a unit's pieces, rows x units. Entry u of a row is the largest
 * of columns u, u + units, u + 2 units, ... The gradient goes to the first of the largest.
 */
export function maxout(z: Operand, pieces: number): Node {
  const node = toNode(z);
  const columns = sizeAlong(node, 'columns');
  checkInteger('pieces', pieces, 1, columns);
  if (columns % pieces !== 0) throw wrongRange('pieces', `a divisor of ${columns} columns`, pieces);
  return pieces === 1 ? node : apply(multiplicativeOperations.maxout, [node], { pieces });
}

/** Products of every two columns, x_i x_j with i < j: rows x n (n - 1) / 2, in the order 01, 02, ..., 12, ... */
export function pairProducts(x: Operand): Node {
  const node = toNode(x);
  const columns = sizeAlong(node, 'columns');
  pairs(columns);
  const factors = Array.from({ length: columns }, (_, i) => i).flatMap((i) =>
    Array.from({ length: columns - i - 1 }, (_, j) => [i, i + 1 + j] as const),
  );
  const rows = transpose(node);
  const factor = (which: 0 | 1) =>
    gather(
      rows,
      factors.map((pair) => [pair[which]]),
      'rows',
    );
  return transpose(mul(factor(0), factor(1)));
}

/** How many pairs so many columns have. */
export function pairs(columns: number): number {
  return (checkInteger('columns', columns, 2, MOST_FACTORS) * (columns - 1)) / 2;
}

/** So many columns become half a million products. */
const MOST_FACTORS = 1024;
const MOST_MONOMIALS = 2 ** 16;

/**
 * The feature map of a polynomial: every product of 1 to `degree` columns, in the order x0, x1, x0², x0 x1, x1², x0³, ... (as scikit-learn's
 * PolynomialFeatures has it, without the 1).
 */
export function polynomial(x: Operand, degree: number): Node {
  const node = toNode(x);
  const columns = sizeAlong(node, 'columns');
  monomials(columns, degree);
  const rows = transpose(node);
  let last = Array.from({ length: columns }, (_, i) => i);
  let level = rows;
  const levels = [level];
  for (let k = 2; k <= degree; k++) {
    // each product of the level before, times its last factor and those after it
    const products = last.flatMap((least, prefix) =>
      Array.from({ length: columns - least }, (_, i) => [prefix, least + i] as const),
    );
    level = mul(
      gather(
        level,
        products.map(([prefix]) => [prefix]),
        'rows',
      ),
      gather(
        rows,
        products.map(([, factor]) => [factor]),
        'rows',
      ),
    );
    levels.push(level);
    last = products.map(([, factor]) => factor);
  }
  return transpose(concat(levels, 'rows'));
}

const MOST_DEGREE = 16;

/** How many products of 1 to `degree` of so many columns there are: (columns + degree over degree) - 1. */
export function monomials(columns: number, degree: number): number {
  checkInteger('degree', degree, 1, MOST_DEGREE);
  let count = 1;
  for (let k = 1; k <= degree; k++) count = (count * (columns + k)) / k;
  if (count > MOST_MONOMIALS)
    throw wrongRange('degree', `at most ${MOST_MONOMIALS} products of ${columns} columns`, degree);
  return count - 1;
}

function piecesOf(z: Node, pieces: number): Node[] {
  const units = sizeAlong(z, 'columns') / pieces;
  return Array.from({ length: pieces }, (_, p) => slice(z, 'columns', p * units, (p + 1) * units));
}

/** a - 1, as a number where it is one. */
function lessOne(a: Node): Node {
  return isScalar(a.shape) && a.values ? constant(a.values[0]! - 1) : sub(a, 1);
}

/** By squaring: x^5 = x (x²)². */
function wholePower(x: Node, n: number): Node {
  if (n === 1) return x;
  const half = wholePower(square(x), Math.floor(n / 2));
  return n % 2 === 1 ? mul(x, half) : half;
}
