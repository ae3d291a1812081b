/** Random symbols. What they draw depends on key, step and place alone, so both passes of a step see the same numbers. */
import { checkInteger, checkNumber, wrongType } from '../errors.js';
import { cos, greaterEqual, log, mul, sqrt, sub } from './elementwise.js';
import { apply, checkShape, type Operand, toNode } from './leaves.js';
import type { Node, Operation, Shape } from './node.js';

export const stochasticOperations = {
  uniform: {
    name: 'uniform',
    shape: (_inputs, { rows, columns }) => [rows, columns] as unknown as Shape,
    gradient: [],
    lowering: { kind: 'random' },
  },
} as const satisfies Record<string, Operation>;

/** The key of a random symbol: two 32-bit words, a seed and the number of a stream under it. */
export interface RandomKey {
  readonly seed: number;
  readonly stream: number;
}

/** Uniform numbers in [0, 1), new ones at every step. */
export function uniform(shape: Shape, key: RandomKey): Node {
  const [rows, columns] = checkShape('uniform', shape);
  if (key === null || typeof key !== 'object') throw wrongType('key', '{ seed, stream }', key);
  const seed = checkInteger('key.seed', key.seed, 0, 0xffffffff);
  const stream = checkInteger('key.stream', key.stream, 0, 0xffffffff);
  return apply(stochasticOperations.uniform, [], { rows, columns, seed, stream });
}

/** The second of two streams that a normal number is made of: as far as numbers of 32 bits can be from the first. */
const OTHER_STREAM = 0x80000000;

/** Numbers of the standard normal distribution, new ones at every step (Box and Muller 1958). */
export function normal(shape: Shape, key: RandomKey): Node {
  // 1 - u is never 0
  const radius = sqrt(mul(log(sub(1, uniform(shape, key))), -2));
  const other = { ...key, stream: (key.stream ^ OTHER_STREAM) >>> 0 };
  return mul(radius, cos(mul(uniform(shape, other), 2 * Math.PI)));
}

/** Zeroes entries with probability `rate` and divides the others by 1 - rate (inverted dropout). */
export function dropout(x: Operand, rate: number, key: RandomKey): Node {
  checkNumber('rate', rate, 0, 1 - 2 ** -24);
  const node = toNode(x);
  if (rate === 0) return node;
  return mul(node, mul(greaterEqual(uniform(node.shape, key), rate), 1 / (1 - rate)));
}
