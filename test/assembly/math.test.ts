/**
 * The elementary functions over every float32 exponent, both signs: the largest error in units in the last place, as
 * assembly/math states it above each function, and exact values where mathematics gives them.
 */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { Random } from '../../src/random.js';
import { cos, erf, gelu, normalCdf, sin } from '../reference/functions.js';
import { builds, Machine } from './machine.js';

interface Case {
  readonly code: number;
  readonly exact: (x: number) => number;
  /** Largest error in ulp, over both builds. */
  readonly bound: number;
  /** What counts as an ulp at least, where the error is bounded absolutely. */
  readonly least?: (x: number) => number;
  /** Values with one right answer. */
  readonly values: readonly (readonly [number, number])[];
}

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
/** Up to here the reduced argument of sin and cos has no error of its own. */
const EXACT_REDUCTION = 1.6e6;
const farAway = (x: number) => (Math.abs(x) > EXACT_REDUCTION ? 2 ** -23 : 0);

const cases: Readonly<Record<string, Case>> = {
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
    values: [
      [0, 1],
      [-0, 1],
      [2 ** -149, 1],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
  },
};

const MANTISSAS = 512;
/** The first two mantissas and the last: of the least exponent these are 0, the least number and the largest subnormal one. */
const ENDS = [0, 1, 0x7fffff];

/** Numbers of every exponent, and the nearest ones to multiples of pi / 2, where a sine or cosine is almost 0. */
function numbers(): Float32Array {
  const every = everyExponent();
  const turns = Float32Array.from({ length: 4000 }, (_, i) => (i < 2000 ? i : i * 250) * (Math.PI / 2));
  const all = new Float32Array(every.length + turns.length);
  all.set(every);
  all.set(turns, every.length);
  return all;
}

/** Subnormal ones too, and both signs: the ends of the mantissa, and random ones between. */
function everyExponent(): Float32Array {
  const random = new Random(3, 'mantissas');
  const bits = new Uint32Array(2 * 255 * MANTISSAS);
  for (let i = 0; i < bits.length; i++) {
    const [sign, exponent, which] = [i & 1, (i >> 1) % 255, Math.floor(i / 510)];
    const mantissa = ENDS[which] ?? random.uint32() >>> 9;
    bits[i] = ((sign << 31) | (exponent << 23) | mantissa) >>> 0;
  }
  return new Float32Array(bits.buffer);
}

function apply(machine: Machine, code: number, x: ArrayLike<number>): Float32Array {
  machine.clear();
  const full = [machine.floats(x), machine.space(x.length)];
  machine.step([machine.map(x.length, 1, { full }, [[code, 1, 0]])]);
  return machine.read(full[1]!, x.length).slice();
}

const LARGEST = 2 ** 128 - 2 ** 104;

/** Distance of y from the exact result in units in its last place, or `least`; a result beyond the largest float32 counts as infinite. */
function ulps(y: number, exact: number, least = 0): number {
  if (Number.isNaN(exact)) return Number.isNaN(y) ? 0 : Infinity;
  if (y === exact) return 0;
  const size = Math.abs(exact);
  // halfway between the largest number and what would come next
  if (size >= LARGEST + 2 ** 103) return Math.abs(y) === Infinity || Math.abs(y) === LARGEST ? 0 : Infinity;
  const unit = size < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(size)) - 23);
  return Math.abs(y - exact) / Math.max(unit, least);
}

describe.each(builds)('elementary functions, $title', (build) => {
  const machine = new Machine(build);
  const x = numbers();

  it.each(Object.entries(cases))(
    '%s is as exact as assembly/math says',
    (name, { code, exact, bound, least }) => {
      const y = apply(machine, code, x);
      let worst = { error: 0, x: 0, y: 0, exact: 0 };
      x.forEach((value, i) => {
        const error = ulps(y[i]!, exact(value), least?.(value));
        if (!(error <= worst.error)) worst = { error, x: value, y: y[i]!, exact: exact(value) };
      });
      expect(worst.error, `${name}: ${JSON.stringify(worst)}`).toBeLessThanOrEqual(bound);
    },
  );

  it.each(Object.entries(cases))('%s at its ends', (_name, { code, values }) => {
    const y = apply(machine, code, [...values.map(([at]) => at), NaN]);
    // + 0: zeros of either sign are the same number
    expect(Array.from(y, (value) => value + 0)).toEqual([...values.map(([, value]) => value), NaN]);
  });
});
