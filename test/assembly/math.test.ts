/**
 * The elementary functions over every float32 exponent, both signs: the largest error in units in the last place, as
 * assembly/math states it above each function, and exact values where mathematics gives them.
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/random.js';
import { elementary, ulps } from '../reference/elementary.js';
import { builds, Machine } from './machine.js';

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

describe.each(builds)('elementary functions, $title', (build) => {
  const machine = new Machine(build);
  const x = numbers();

  it.each(Object.entries(elementary))(
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

  it.each(Object.entries(elementary))('%s at its ends', (_name, { code, values }) => {
    const y = apply(machine, code, [...values.map(([at]) => at), NaN]);
    // + 0: zeros of either sign are the same number
    expect(Array.from(y, (value) => value + 0)).toEqual([...values.map(([, value]) => value), NaN]);
  });
});
