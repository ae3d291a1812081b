/** RANDOM against src/random.ts, bit for bit, and src/random.ts against the generator's published answers. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { threefry } from '../../src/random.js';
import { builds, instruction, Machine } from './machine.js';

const KEYS = [
  [0, 0],
  [1, 2],
  [0xffffffff, 0x80000000],
  [0x13198a2e, 0x03707344],
] as const;

describe('threefry', () => {
  // Random123, examples/kat_vectors, threefry2x32 with 20 rounds: counter, key, result
  it.each([
    [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
  ])('of counter %i %i under key %i %i is what Random123 publishes', (c0, c1, k0, k1, first, second) => {
    const out = new Uint32Array(2);
    threefry(k0, k1, c0, c1, out);
    expect(Array.from(out)).toEqual([first, second]);
  });
});

describe.each(builds)('RANDOM, $title', (build) => {
  const machine = new Machine(build);

  const draw = (rows: number, columns: number, [low, high]: readonly [number, number], counter: number) => {
    machine.clear();
    const out = machine.space(rows * columns);
    const words = instruction(isa.RANDOM, {
      [isa.RANDOM_OUT]: out,
      [isa.RANDOM_ROWS]: isa.ROWS >>> 0,
      [isa.RANDOM_COLUMNS]: columns,
      [isa.RANDOM_KEY_LOW]: low,
      [isa.RANDOM_KEY_HIGH]: high,
    });
    machine.step([words], { rows, counter });
    return Array.from(machine.read(out, rows * columns));
  };

  it.each(KEYS)('under key %i %i is the same function, at every length', (low, high) => {
    const block = new Uint32Array(2);
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 1001]) {
      for (const counter of [0, 1, 77, 0xfffffffe]) {
        const expected = Array.from({ length: count }, (_, i) => {
          threefry(low, high, i >>> 1, counter, block);
          return (block[i & 1]! >>> 8) / 2 ** 24;
        });
        expect(draw(1, count, [low, high], counter)).toEqual(expected);
      }
    }
  });

  it('does not depend on the shape, only on place, step and key', () => {
    const numbers = draw(6, 7, [1, 2], 5);
    expect(draw(7, 6, [1, 2], 5)).toEqual(numbers);
    expect(draw(2, 7, [1, 2], 5)).toEqual(numbers.slice(0, 14));
    expect(draw(6, 7, [1, 2], 6)).not.toEqual(numbers);
    expect(draw(6, 7, [2, 1], 5)).not.toEqual(numbers);
  });

  it('is uniform in [0, 1): ten bins, mean and neighbours', () => {
    const numbers = draw(100, 1000, [9, 9], 0);
    expect(Math.min(...numbers.slice(0, 50_000), 1)).toBeGreaterThanOrEqual(0);
    expect(numbers.every((value) => value < 1)).toBe(true);
    const bins = new Array(10).fill(0);
    for (const value of numbers) bins[Math.floor(value * 10)]++;
    // 9 degrees of freedom: 27.9 is exceeded once in a thousand; the numbers are always the same ones
    expect(bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(numbers) - 0.5)).toBeLessThan(0.004);
    const products = numbers.slice(1).map((value, i) => (value - 0.5) * (numbers[i]! - 0.5));
    expect(Math.abs(mean(products))).toBeLessThan(0.001);
  });
});
