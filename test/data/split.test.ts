/** Splits: complete, seeded, fair to every class. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRows, splitTable } from '../../src/data/split.js';
import { takeMatrixRows, takeTableRows } from '../../src/data/table.js';
import { DataError } from '../../src/errors.js';
import { cycle, tableOf } from './helpers.js';

const upTo = (rows: number) => Array.from({ length: rows }, (_, row) => row);

describe('splitRows', () => {
  it('puts each row on one side, as many on the test side as asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, fraction) => {
          const { train, test } = splitRows(rows, fraction, 1);
          expect([...train, ...test].sort((a, b) => a - b)).toEqual(upTo(rows));
          expect(test.length).toBe(Math.min(rows - 1, Math.max(1, Math.round(rows * fraction))));
        },
      ),
    );
  });

  it('keeps each class in proportion to within three rows, and always one of it to train on', () => {
    const labels = fc.array(fc.nat(4), { minLength: 10, maxLength: 200 });
    fc.assert(
      fc.property(labels, fc.nat(1000), (classes, seed) => {
        const { test } = splitRows(classes.length, 0.25, seed, classes);
        for (const label of new Set(classes)) {
          const all = classes.filter((other) => other === label).length;
          const tested = test.filter((row) => classes[row] === label).length;
          expect(tested).toBeLessThan(all);
          expect(Math.abs(tested - all * 0.25)).toBeLessThan(3);
        }
      }),
    );
  });

  it('repeats with the seed and changes with it', () => {
    expect(splitRows(100, 0.2, 5)).toEqual(splitRows(100, 0.2, 5));
    expect(splitRows(100, 0.2, 5)).not.toEqual(splitRows(100, 0.2, 6));
  });

  it('draws rows from everywhere, not from one end', () => {
    const { test } = splitRows(1000, 0.2, 1);
    expect(test.filter((row) => row < 500).length).toBeGreaterThan(75);
    expect(test.filter((row) => row >= 500).length).toBeGreaterThan(75);
  });

  it('refuses a single row, a fraction that is none, and classes of one row each', () => {
    expect(() => splitRows(1, 0.5, 1)).toThrow('rows: expected an integer from 2');
    expect(() => splitRows(10, 1.5, 1)).toThrow('fraction: expected a finite number from 0 to 1');
    expect(() => splitRows(10, 0.2, -1)).toThrow('seed');
    expect(() => splitRows(3, 0.5, 1, [0, 1, 2])).toThrow(DataError);
  });
});

describe('splitTable', () => {
  const table = tableOf({ x: upTo(40), kind: cycle(40, 'a', 'a', 'a', 'b') });

  it('splits by class and says how it decided', () => {
    const { train, test, options } = splitTable(table, 0.2, 1, { drop: [] });
    expect(options).toEqual({ drop: [], target: 'kind', task: 'classification' });
    expect(test.columns[1]!.values.filter((name) => name === 'b')).toHaveLength(2);
    expect(train.rows + test.rows).toBe(40);
  });

  it('keeps the line of each row', () => {
    const lines = Uint32Array.from(upTo(40), (row) => row + 2);
    const { test } = splitTable({ ...table, lines }, 0.2, 1);
    expect(Array.from(test.lines!)).toEqual(test.columns[0]!.values.map((x) => Number(x) + 2));
  });
});

describe('taking rows', () => {
  it('of a table, in the order asked', () => {
    const taken = takeTableRows(tableOf({ a: [1, 2, 3], b: ['x', 'y', 'z'] }), Uint32Array.of(2, 0, 2));
    expect(taken).toEqual(tableOf({ a: [3, 1, 3], b: ['z', 'x', 'z'] }));
  });

  it('of a matrix, as the same type', () => {
    expect(takeMatrixRows(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, Uint32Array.of(2, 0))).toEqual(
      Uint8Array.of(5, 6, 1, 2),
    );
    expect(takeMatrixRows(Float32Array.of(1.5, 2), 1, Uint32Array.of(1))).toEqual(Float32Array.of(2));
  });
});
