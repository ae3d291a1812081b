/** What a cell says, and what a column is found to be. */
import { describe, expect, it } from 'vitest';
import { isFew, lookAt } from '../../src/data/columns.js';
import { isMissing, parseNumber } from '../../src/data/table.js';
import { DataError } from '../../src/errors.js';
import { cycle, tableOf } from './helpers.js';

function look(...values: (string | number)[]) {
  const table = tableOf({ x: values });
  return lookAt(table, table.columns[0]!);
}

describe('a cell', () => {
  it.each(['', 'NA', 'n/a', 'NULL', 'None', '?'])('%j is missing', (text) => {
    expect(isMissing(text)).toBe(true);
  });

  it.each(['0', '-', 'no', 'nan', 'NaN', 'nano', 'Nate', 'N', '??', 'n a'])('%j is not missing', (text) => {
    expect(isMissing(text)).toBe(false);
  });

  it.each([
    ['1', 1],
    ['-0.5', -0.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['2E+2', 200],
    ['inf', Infinity],
    ['NaN', Infinity],
    ['-Infinity', -Infinity],
    ['1e39', Infinity],
    ['-1e999', -Infinity],
  ])('%j says %d', (text, number) => {
    expect(parseNumber(text)).toBe(number);
  });

  it.each(['', '.', 'e5', '1e', '0x1F', '0b1', '1_000', '1,5', '1 2', '--1', 'infinite'])(
    '%j says no number',
    (text) => {
      expect(parseNumber(text)).toBeNaN();
    },
  );
});

describe('lookAt', () => {
  it('finds numbers and marks the missing ones', () => {
    expect(look('1', 'NA', '2.5')).toEqual({
      kind: 'numeric',
      missing: 1,
      numbers: Float64Array.of(1, Number.NaN, 2.5),
    });
  });

  it('finds categories, sorted, whatever their case', () => {
    expect(look(...cycle(12, 'b', 'B', 'a'))).toEqual({
      kind: 'categorical',
      missing: 0,
      categories: ['B', 'a', 'b'],
    });
    expect(look(...cycle(12, 'x', '', 'y'))).toEqual({
      kind: 'categorical',
      missing: 4,
      categories: ['x', 'y'],
    });
  });

  it('finds true and false in any case', () => {
    expect(look('True', 'false', '', 'TRUE')).toEqual({ kind: 'boolean', missing: 1 });
    expect(look(...cycle(8, 'True', 'maybe')).kind).toBe('categorical');
  });

  it('finds text where values are many', () => {
    expect(look('ann', 'bob', 'cy', '')).toEqual({ kind: 'text', missing: 1, distinct: 3 });
  });

  it('finds constant columns, of numbers or texts, but not where a cell is missing', () => {
    expect(look('7', '7.0', '7').kind).toBe('constant');
    expect(look('x', 'x').kind).toBe('constant');
    expect(look('7', '', '7').kind).toBe('numeric');
    expect(look('x', '', 'x').kind).toBe('categorical');
  });

  it('finds a column without any value empty', () => {
    expect(look('', 'NA', '?')).toEqual({ kind: 'empty', missing: 3 });
  });

  it('refuses one wrong value among many numbers instead of calling it a category', () => {
    const values = cycle<string>(40, '1', '2', '3');
    values[25] = '12x';
    expect(() => look(...values)).toThrow('row 26, column "x": expected a finite number, found "12x"');
    expect(look(...cycle(40, '1', '12x')).kind).toBe('categorical');
  });

  it.each(['inf', '-Infinity', '1e400'])('refuses %s with row and column', (text) => {
    expect(() => look('1', '2', text)).toThrow(DataError);
    expect(() => look('1', '2', text)).toThrow('row 3, column "x"');
  });

  it('names the line of the file where it is known', () => {
    const table = { ...tableOf({ x: ['1', 'inf'] }), lines: Uint32Array.of(2, 9) };
    expect(() => lookAt(table, table.columns[0]!)).toThrow('row at line 9, column "x"');
  });
});

it('isFew asks for four rows a category, a hundred categories at most, and lets two always pass', () => {
  expect([isFew(2, 2), isFew(3, 11), isFew(3, 12), isFew(100, 1e6), isFew(101, 1e6)]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
});
