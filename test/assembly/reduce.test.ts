/** REDUCE: sums against float64, maxima and their places exactly. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { drawn, normal, relativeError } from '../support/numbers.js';
import { builds, instruction, Machine } from './machine.js';

const SIZES = [1, 2, 3, 4, 5, 7, 8, 17, 63, 64, 65, 129, 255, 256, 257, 260, 513];
const SHAPES = SIZES.flatMap((rows, i) => [
  [rows, SIZES[(5 * i + 3) % SIZES.length]!] as const,
  [rows, 1] as const,
  [1, rows] as const,
]);

function reduce(
  machine: Machine,
  kind: number,
  x: Float32Array,
  rows: number,
  columns: number,
  length: number,
) {
  machine.clear();
  const out = machine.space(length);
  const words = instruction(isa.REDUCE, {
    [isa.REDUCE_IN]: machine.floats(x),
    [isa.REDUCE_OUT]: out,
    [isa.REDUCE_ROWS]: isa.ROWS >>> 0,
    [isa.REDUCE_COLUMNS]: columns,
    [isa.REDUCE_KIND]: kind,
  });
  machine.step([words], { rows });
  return machine.read(out, length).slice();
}

describe.each(builds)('REDUCE, $title', (build) => {
  const machine = new Machine(build);

  it('sums rows, columns and everything', () => {
    for (const [rows, columns] of SHAPES) {
      // around 1: a sum that cancels has no relative error to speak of
      const x = drawn(`reduce ${rows} ${columns}`, rows * columns, (random) => 1 + normal(random) / 2);
      const byRow = new Float64Array(rows);
      const byColumn = new Float64Array(columns);
      x.forEach((value, i) => {
        byRow[Math.floor(i / columns)]! += value;
        byColumn[i % columns]! += value;
      });
      const all = [byRow.reduce((sum, value) => sum + value, 0)];
      const shape = `${rows} x ${columns}`;
      expect(
        relativeError(reduce(machine, isa.SUM_ROWS, x, rows, columns, columns), byColumn),
        shape,
      ).toBeLessThan(1e-6);
      expect(
        relativeError(reduce(machine, isa.SUM_COLUMNS, x, rows, columns, rows), byRow),
        shape,
      ).toBeLessThan(1e-6);
      expect(relativeError(reduce(machine, isa.SUM_ALL, x, rows, columns, 1), all), shape).toBeLessThan(1e-6);
    }
  });

  it('loses little over many numbers: a sum of 200,000 is as good as one of a block', () => {
    const x = new Float32Array(200_000).fill(0.1);
    const [sum] = reduce(machine, isa.SUM_ALL, x, 200, 1000, 1);
    expect(relativeError([sum!], [200_000 * Math.fround(0.1)])).toBeLessThan(1e-5);
  });

  it('finds the largest entry of every row and where it first stands', () => {
    for (const [rows, columns] of SHAPES) {
      // few different values: ties
      const x = drawn(`argmax ${rows} ${columns}`, rows * columns, (random) => random.integer(6) - 3);
      const places = Array.from({ length: rows }, (_, i) => {
        const row = Array.from(x.subarray(i * columns, (i + 1) * columns));
        return row.indexOf(Math.max(...row));
      });
      const largest = places.map((place, i) => x[i * columns + place]!);
      expect(Array.from(reduce(machine, isa.ARGMAX_COLUMNS, x, rows, columns, rows))).toEqual(places);
      expect(Array.from(reduce(machine, isa.MAX_COLUMNS, x, rows, columns, rows))).toEqual(largest);
    }
  });

  it.each([
    ['of infinities', [-Infinity, 3, Infinity, Infinity], 2, Infinity],
    ['of nothing but -infinity', [-Infinity, -Infinity, -Infinity, -Infinity], 0, -Infinity],
    ['after NaN', [1, NaN, 5, NaN], 1, NaN],
    ['after NaN at the beginning', [NaN, 7, 8, 9], 0, NaN],
  ])('the largest %s', (_what, row, place, value) => {
    const x = Float32Array.from(row);
    expect(Array.from(reduce(machine, isa.ARGMAX_COLUMNS, x, 1, 4, 1))).toEqual([place]);
    expect(Array.from(reduce(machine, isa.MAX_COLUMNS, x, 1, 4, 1))).toEqual([value]);
  });

  it('gives the same bits every time', () => {
    const x = drawn('reduce bits', 5000, normal);
    const sums = [0, 1].map(() => reduce(machine, isa.SUM_ALL, x, 50, 100, 1)[0]);
    expect(sums[0]).toBe(sums[1]);
  });
});
