/** Fitting to a table and applying to another: every kind of column by hand, every refusal by its message. */
import { describe, expect, it } from 'vitest';
import { applyPreprocessor, fitPreprocessor, type PreprocessOptions } from '../../src/data/preprocess.js';
import type { Table } from '../../src/data/table.js';
import { decodeTarget, type NumberTarget } from '../../src/data/target.js';
import { DataError } from '../../src/errors.js';
import { cycle, tableOf } from './helpers.js';

/** The inputs of all rows, one array a row. */
function rowsOf(table: Table, fitted = fitPreprocessor(table)): number[][] {
  const { inputs, rows, featureNames } = applyPreprocessor(fitted, table, { requireTarget: false });
  const width = featureNames.length;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(inputs.subarray(row * width, (row + 1) * width)),
  );
}
const namesOf = (table: Table, options?: PreprocessOptions) =>
  applyPreprocessor(fitPreprocessor(table, options), table, { requireTarget: false }).featureNames;

describe('inputs', () => {
  it('are standardised numbers', () => {
    expect(rowsOf(tableOf({ x: [1, 3, 1, 3], y: ['a', 'b', 'a', 'b'] }))).toEqual([[-1], [1], [-1], [1]]);
  });

  it('take the median and a mark where a number is missing', () => {
    const table = tableOf({ x: ['1', '', '3', '1', '3'], y: cycle(5, 'a', 'b') });
    expect(namesOf(table)).toEqual(['x', 'x missing']);
    expect(rowsOf(table)).toEqual([
      [-1, 0],
      [0, 1],
      [1, 0],
      [-1, 0],
      [1, 0],
    ]);
  });

  it('take the median without a mark where nothing was missing in training', () => {
    const fitted = fitPreprocessor(tableOf({ x: [1, 1, 3, 3], y: cycle(4, 'a', 'b') }));
    expect(rowsOf(tableOf({ x: ['NA', '3'] }), fitted)).toEqual([[0], [1]]);
  });

  it('are one column a category, all 0 for one never seen', () => {
    const train = tableOf({ c: cycle(12, 'red', 'blue', 'green'), y: cycle(12, 'a', 'b') });
    expect(namesOf(train)).toEqual(['c=blue', 'c=green', 'c=red']);
    const fitted = fitPreprocessor(train);
    expect(rowsOf(tableOf({ c: ['red', 'pink', '', 'blue'] }), fitted)).toEqual([
      [0, 0, 1],
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('have a category of its own for what was missing in training', () => {
    const table = tableOf({ c: cycle(9, 'u', 'v', ''), y: cycle(9, 'a', 'b') });
    expect(namesOf(table)).toEqual(['c=u', 'c=v', 'c missing']);
    expect(rowsOf(table).slice(0, 3)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('are one column for true and false, the commoner where missing', () => {
    const table = tableOf({ b: ['True', 'False', 'TRUE', ''], y: cycle(4, 'u', 'v') });
    expect(namesOf(table)).toEqual(['b', 'b missing']);
    expect(rowsOf(table)).toEqual([
      [1, 0],
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
  });

  it('leave out text, constant, empty and unwanted columns, and say so', () => {
    const table = tableOf({
      id: Array.from({ length: 12 }, (_, i) => `no. ${i}`),
      same: cycle(12, 4),
      none: cycle(12, ''),
      leak: cycle(12, 1, 2),
      x: cycle(12, 1, 2, 3),
      y: cycle(12, 'a', 'b'),
    });
    const fitted = fitPreprocessor(table, { drop: ['leak'] });
    expect(fitted.features.map((feature) => feature.name)).toEqual(['x']);
    expect(fitted.dropped).toEqual([
      { name: 'id', reason: 'text' },
      { name: 'same', reason: 'constant' },
      { name: 'none', reason: 'empty' },
      { name: 'leak', reason: 'asked' },
    ]);
  });

  it('do not depend on other columns of the table applied to, nor on their order', () => {
    const fitted = fitPreprocessor(tableOf({ a: [1, 3], b: [5, 1], y: ['u', 'v'] }));
    expect(rowsOf(tableOf({ more: ['?', 'x'], b: [5, 1], a: [1, 3] }), fitted)).toEqual([
      [-1, 1],
      [1, -1],
    ]);
  });
});

describe('the target', () => {
  const withTarget = (...y: (string | number)[]) => tableOf({ x: y.map((_, i) => i), y });
  const labelsOf = (table: Table, options?: PreprocessOptions) =>
    applyPreprocessor(fitPreprocessor(table, options), table, { requireTarget: true }).labels;

  it('is the last column that is not dropped, or the one named', () => {
    const table = tableOf({ a: cycle(8, 'u', 'v'), b: cycle(8, 'p', 'q'), c: cycle(8, 'r', 's') });
    expect(fitPreprocessor(table).target.name).toBe('c');
    expect(fitPreprocessor(table, { drop: ['c'] }).target.name).toBe('b');
    expect(fitPreprocessor(table, { target: 'a' }).target.name).toBe('a');
  });

  it('is a class where it is text, true or false, or few whole numbers, sorted by value', () => {
    expect(fitPreprocessor(withTarget(...cycle(6, 'b', 'a'))).target).toEqual({
      kind: 'classes',
      name: 'y',
      classes: ['a', 'b'],
    });
    expect(fitPreprocessor(withTarget('True', 'False')).target).toMatchObject({ classes: ['False', 'True'] });
    expect(fitPreprocessor(withTarget(...cycle(12, '10', '9.0', '9'))).target).toMatchObject({
      classes: ['9', '10'],
    });
    expect(labelsOf(withTarget(...cycle(3, '10', '9.0', '9')))).toEqual(Float32Array.of(1, 0, 0));
  });

  it('is a number where values are real or many, standardised', () => {
    expect(fitPreprocessor(withTarget(...cycle(20, 1.5, 2))).target.kind).toBe('number');
    expect(fitPreprocessor(withTarget(...Array.from({ length: 100 }, (_, i) => i))).target.kind).toBe(
      'number',
    );
    expect(labelsOf(withTarget(1.5, 2.5))).toEqual(Float32Array.of(-1, 1));
  });

  it('is told from few whole numbers by their share of the rows', () => {
    expect(fitPreprocessor(withTarget(1, 2, 3, 4, 1)).target.kind).toBe('number');
    expect(fitPreprocessor(withTarget(...cycle(16, 1, 2, 3, 4))).target.kind).toBe('classes');
  });

  it('is what the caller says', () => {
    expect(fitPreprocessor(withTarget(...cycle(6, 0, 1)), { task: 'regression' }).target.kind).toBe('number');
    expect(fitPreprocessor(withTarget(1.5, 2, 2), { task: 'classification' }).target).toMatchObject({
      classes: ['1.5', '2'],
    });
    expect(() => fitPreprocessor(withTarget('a', '1', 'b'), { task: 'regression' })).toThrow(
      'row 1, column "y": expected a finite number, found "a"',
    );
  });

  it('comes back in raw units, skewed or not', () => {
    for (const y of [[1.5, 2.5, 4], Array.from({ length: 30 }, (_, i) => 1.5 ** i)]) {
      const table = withTarget(...y);
      const target = fitPreprocessor(table).target as NumberTarget;
      const back = decodeTarget(target, labelsOf(table)!);
      // Labels are float32: what they lose is a share of the largest, not of each.
      y.forEach((raw, i) => {
        expect(Math.abs(back[i]! - raw)).toBeLessThan(1e-7 * Math.max(...y));
      });
    }
  });

  it('is needed only where it is asked for', () => {
    const fitted = fitPreprocessor(withTarget(...cycle(6, 'a', 'b')));
    const table = tableOf({ x: [1] });
    expect(applyPreprocessor(fitted, table, { requireTarget: false }).labels).toBeUndefined();
    expect(() => applyPreprocessor(fitted, table, { requireTarget: true })).toThrow(
      'column "y": expected in the table, found only x',
    );
  });
});

describe('a number far from all that were seen', () => {
  it('counts as eight standard deviations, on either side', () => {
    const seen = fitPreprocessor(tableOf({ x: [1, 3], y: ['u', 'v'] }));
    const { inputs } = applyPreprocessor(seen, tableOf({ x: ['1e30', '-1e30', '4'] }), {
      requireTarget: false,
    });
    expect([...inputs]).toEqual([8, -8, 2]);
  });
});

describe('refusals', () => {
  const train = tableOf({ x: cycle(8, 1, 2), b: cycle(8, 'true', 'false'), y: cycle(8, 'u', 'v') });
  const fitted = fitPreprocessor(train);
  const apply = (columns: Record<string, string[]>, requireTarget = false) => {
    applyPreprocessor(fitted, tableOf(columns), { requireTarget });
  };

  it.each<[string, () => void, string]>([
    ['a missing column', () => apply({ b: ['true'] }), 'column "x": expected in the table, found only b'],
    [
      'no number',
      () => apply({ x: ['1', 'abc'], b: ['true', 'true'] }),
      'row 2, column "x": expected a finite number, found "abc"',
    ],
    ['infinity', () => apply({ x: ['inf'], b: ['true'] }), 'row 1, column "x": expected a finite number'],
    [
      'neither true nor false',
      () => apply({ x: ['1'], b: ['yes'] }),
      'row 1, column "b": expected true or false',
    ],
    [
      'an unknown class',
      () => apply({ x: ['1'], b: ['true'], y: ['w'] }, true),
      'row 1, column "y": expected one of the classes u, v, found "w"',
    ],
    [
      'a missing label',
      () => apply({ x: ['1'], b: ['true'], y: [''] }, true),
      'row 1, column "y": expected a value, as this is the target, found a missing one (""); complete the row',
    ],
    [
      'a gap in the target',
      () => fitPreprocessor(tableOf({ x: [1, 2], y: ['u', 'NA'] })),
      'row 2, column "y": expected a value',
    ],
    [
      'a constant target',
      () => fitPreprocessor(tableOf({ x: [1, 2], y: ['u', 'u'] })),
      'target "y": expected at least two different values, found only "u"',
    ],
    [
      'a target of names',
      () => fitPreprocessor(tableOf({ x: [1, 2, 3], y: ['a', 'b', 'c'] })),
      'target "y": expected a number or few classes, found 3 different values',
    ],
    [
      'an unknown target',
      () => fitPreprocessor(train, { target: 'z' }),
      'column "z": expected in the table, found only x, b, y',
    ],
    [
      'an unknown column to drop',
      () => fitPreprocessor(train, { drop: ['z'] }),
      'column "z": expected in the table',
    ],
    [
      'a dropped target',
      () => fitPreprocessor(train, { target: 'x', drop: ['x'] }),
      'target "x": expected a column that is kept',
    ],
    [
      'nothing left to learn from',
      () => fitPreprocessor(train, { drop: ['x', 'b'] }),
      'expected at least one feature column',
    ],
  ])('%s', (_what, act, message) => {
    expect(act).toThrow(DataError);
    expect(act).toThrow(message);
  });

  it('a missing cell where missing is refused, in training and later', () => {
    const gap = tableOf({ x: ['1', '', '2'], y: ['u', 'v', 'u'] });
    expect(() => fitPreprocessor(gap, { missing: 'refuse' })).toThrow('row 2, column "x": expected a value');
    const strict = fitPreprocessor(tableOf({ x: [1, 2], y: ['u', 'v'] }), { missing: 'refuse' });
    expect(() => applyPreprocessor(strict, gap, { requireTarget: false })).toThrow(
      'row 2, column "x": expected a value',
    );
  });

  it('options that do not exist', () => {
    expect(() => fitPreprocessor(train, { task: 'ranking' as 'regression' })).toThrow(RangeError);
    expect(() => fitPreprocessor(train, { missing: 'guess' as 'fill' })).toThrow(RangeError);
    expect(() => fitPreprocessor(train, { targets: 'y' } as PreprocessOptions)).toThrow('options.targets');
  });
});
