/**
 * The elementary functions in float64, how far from that assembly/math may be, and their values where mathematics gives them. Not the machine:
 * test/assembly/math.test.ts asks it at every exponent, bench/numerics.js at every number.
 */
import * as isa from '../../assembly/isa.js';
import { cos, erf, gelu, normalCdf, sin } from './functions.js';

export interface Elementary {
  /** The machine's number for it. */
  readonly code: number;
  readonly exact: (x: number) => number;
  /** Largest error in ulp, over both builds. */
  readonly bound: number;
  /** What counts as an ulp at least, where the error is bounded absolutely. */
  readonly least?: (x: number) => number;
  /** Sizes of x between which the result is not just 0, 1, x, log x or infinite; from 2^-26 to 128 where it is not said. */
  readonly sizes?: readonly [number, number];
  /** Values with one right answer. */
  readonly values: readonly (readonly [number, number])[];
}

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
/** Up to here the reduced argument of sin and cos has no error of its own. */
const EXACT_REDUCTION = 1.6e6;
const farAway = (x: number) => (Math.abs(x) > EXACT_REDUCTION ? 2 ** -23 : 0);

export const elementary: Readonly<Record<string, Elementary>> = {
  exp: {
    code: isa.F_EXP,
    exact: Math.exp,
    bound: 1,
    values: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [88.8, Infinity],
      [1000, Infinity],
      [-104, 0],
      [-1000, 0],
      [2 ** -149, 1],
    ],
  },
  expm1: {
    code: isa.F_EXPM1,
    exact: Math.expm1,
    bound: 2,
    values: [
      [0, 0],
      [-0, 0],
      [Infinity, Infinity],
      [-Infinity, -1],
      [88.8, Infinity],
      [1e4, Infinity],
      [-88, -1],
      [-1e4, -1],
      [2 ** -149, 2 ** -149],
    ],
  },
  log: {
    code: isa.F_LOG,
    exact: Math.log,
    bound: 1,
    sizes: [0, Infinity],
    values: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [Infinity, Infinity],
      [-1, NaN],
      [-(2 ** -149), NaN],
      [-Infinity, NaN],
    ],
  },
  log1p: {
    code: isa.F_LOG1P,
    exact: Math.log1p,
    bound: 1.5,
    sizes: [2 ** -26, Infinity],
    values: [
      [0, 0],
      [-0, 0],
      [-1, -Infinity],
      [Infinity, Infinity],
      [-1.5, NaN],
      [-1e4, NaN],
      [-Infinity, NaN],
      [2 ** -149, 2 ** -149],
    ],
  },
  tanh: {
    code: isa.F_TANH,
    exact: Math.tanh,
    bound: 1.5,
    values: [
      [0, 0],
      [-0, 0],
      [Infinity, 1],
      [-Infinity, -1],
      [1e4, 1],
      [-1e4, -1],
      [2 ** -149, 2 ** -149],
    ],
  },
  sigmoid: {
    code: isa.F_SIGMOID,
    exact: sigmoid,
    bound: 2,
    values: [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [1e4, 1],
      [-1e4, 0],
    ],
  },
  softplus: {
    code: isa.F_SOFTPLUS,
    exact: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    bound: 2,
    values: [
      [Infinity, Infinity],
      [-Infinity, 0],
      [1e4, 1e4],
      [-1e4, 0],
    ],
  },
  erf: {
    code: isa.F_ERF,
    exact: erf,
    bound: 1.5,
    values: [
      [0, 0],
      [-0, 0],
      [Infinity, 1],
      [-Infinity, -1],
      [1e4, 1],
      [-1e4, -1],
      [2 ** -149, 2 ** -149],
    ],
  },
  normalCdf: {
    code: isa.F_NORMAL_CDF,
    exact: normalCdf,
    bound: 4,
    values: [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [1e4, 1],
      [-1e4, 0],
    ],
  },
  gelu: {
    code: isa.F_GELU,
    exact: gelu,
    bound: 4,
    values: [
      [0, 0],
      [-0, 0],
      [Infinity, Infinity],
      [-Infinity, 0],
      [1e4, 1e4],
      [-1e4, 0],
      [88, 88],
      [-88, 0],
    ],
  },
  sin: {
    code: isa.F_SIN,
    exact: sin,
    bound: 2,
    least: farAway,
    sizes: [2 ** -26, 2 ** 30],
    values: [
      [0, 0],
      [-0, 0],
      [2 ** -149, 2 ** -149],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
  },
  cos: {
    code: isa.F_COS,
    exact: cos,
    bound: 2,
    least: farAway,
    sizes: [2 ** -26, 2 ** 30],
    values: [
      [0, 1],
      [-0, 1],
      [2 ** -149, 1],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
  },
};

const LARGEST = 2 ** 128 - 2 ** 104;

/** Distance of y from the exact result in units in its last place, or `least`; a result beyond the largest float32 counts as infinite. */
export function ulps(y: number, exact: number, least = 0): number {
  if (Number.isNaN(exact)) return Number.isNaN(y) ? 0 : Infinity;
  if (y === exact) return 0;
  const size = Math.abs(exact);
  // halfway between the largest number and what would come next
  if (size >= LARGEST + 2 ** 103) return Math.abs(y) === Infinity || Math.abs(y) === LARGEST ? 0 : Infinity;
  const unit = size < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(size)) - 23);
  return Math.abs(y - exact) / Math.max(unit, least);
}
