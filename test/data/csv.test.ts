/** CSV: the grammar's corners, round trips, and every broken promise with its line and column. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from '../../src/data/csv.js';
import type { Table } from '../../src/data/table.js';
import { DataError } from '../../src/errors.js';

const cells = (table: Table) => table.columns.map(({ name, values }) => [name, ...values]);

describe('what is no table', () => {
  it.each([5, null, undefined, ['a,b']])('is refused by name: %j', (value) => {
    expect(() => readCsv(value as never)).toThrow(/^content: expected a string or a Uint8Array, got/);
    expect(() => writeCsv(value as never)).toThrow(/^table: expected a table with columns, got/);
  });
});

describe('readCsv', () => {
  it('reads quotes, doubled quotes, commas and line ends inside quotes', () => {
    const table = readCsv('a,"b ""x"""\n"1,5","two\nlines"\n3,\n');
    expect(cells(table)).toEqual([
      ['a', '1,5', '3'],
      ['b "x"', 'two\nlines', ''],
    ]);
    expect(table.rows).toBe(2);
  });

  it.each(['\n', '\r\n', '\r'])('reads lines that end in %j, with and without the last', (end) => {
    const expected = [
      ['a', '1', '3'],
      ['b', '2', '4'],
    ];
    expect(cells(readCsv(['a,b', '1,2', '3,4'].join(end)))).toEqual(expected);
    expect(cells(readCsv(['a,b', '1,2', '3,4', ''].join(end)))).toEqual(expected);
  });

  it('takes bytes and text, with a byte order mark or not', () => {
    const expected = [['ä', '1']];
    for (const text of ['ä\n1', '\uFEFFä\n1']) {
      expect(cells(readCsv(text))).toEqual(expected);
      expect(cells(readCsv(new TextEncoder().encode(text)))).toEqual(expected);
    }
  });

  it('drops blank lines and blanks round values, and still knows each row by its line', () => {
    const table = readCsv('a , b\n\n 1, x y \n\n\n"2",z\n');
    expect(cells(table)).toEqual([
      ['a', '1', '2'],
      ['b', 'x y', 'z'],
    ]);
    expect(table.lines).toEqual(Uint32Array.of(3, 6));
  });

  it.each([
    ['semicolons', 'a;b, c;d\n1;2,5;3\n;;x y\n'],
    ['tabs', 'a\tb, c\td\n1\t2,5\t3\n\t\tx y\n'],
    ['commas', 'a,"b, c",d\n1,"2,5",3\n,,x y\n'],
    ['semicolons, with more commas in quotes', '"a";"b, c";"d"\n"1";"2,5";"3"\n;;x y'],
    ['tabs after blank lines, with a byte order mark', '\uFEFF\r\n \r\na\tb, c\td\r\n1\t2,5\t3\r\n\t\tx y'],
  ])('takes %s between values by looking at the header', (_what, text) => {
    expect(cells(readCsv(text))).toEqual([
      ['a', '1', ''],
      ['b, c', '2,5', ''],
      ['d', '3', 'x y'],
    ]);
  });

  it('keeps a row of tabs alone: its values are missing', () => {
    expect(cells(readCsv('a\tb\n1\t2\n\t\n'))).toEqual([
      ['a', '1', ''],
      ['b', '2', ''],
    ]);
  });

  it('takes a comma where the header has none of them, or as many of two', () => {
    expect(cells(readCsv('a\n1;2\n'))).toEqual([['a', '1;2']]);
    expect(cells(readCsv('a;b,c\n1;2,3\n'))).toEqual([
      ['a;b', '1;2'],
      ['c', '3'],
    ]);
  });

  it.each([
    ['nothing', '', 'f.csv: expected a header line and rows, found an empty file'],
    ['blank lines only', '\n\n', 'f.csv: expected a header line and rows, found an empty file'],
    ['a header only', 'a,b\n', 'f.csv: expected rows after the header, found none'],
    [
      'a short row',
      'a,b\n1,2\n3\n',
      'f.csv: row at line 3: expected 2 columns as in the header, found 1 (the separator is a comma)',
    ],
    [
      'a row of commas among semicolons',
      'a;b\n1;2\n3,4\n',
      'line 3: expected 2 columns as in the header, found 1 (the separator is a semicolon)',
    ],
    ['a long row', 'a,b\n\n1,2,3,4\n', 'f.csv: row at line 3: expected 2 columns as in the header, found 4'],
    ['a repeated name', 'a,b,a\n1,2,3', 'f.csv: columns 1 and 3: expected different names, both are "a"'],
    ['a column without name', 'a,,b\n1,2,3', 'f.csv: column 2: expected a name in the header, found none'],
    ['an open quote', 'a,b\n1,2\n3,"4', 'f.csv: row at line 3, column 2: expected a closing quote'],
    ['text after a quote', 'a,b\n1,"2"2', 'f.csv: row at line 2, column 2: expected a comma'],
    ['text after a quote, among tabs', 'a\tb\n1\t"2"2', 'line 2, column 2: expected a tab or the end'],
    ['a quote inside a value', 'a,b\n1,2"2', 'f.csv: row at line 2, column 2: expected no quote inside'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => readCsv(text, 'f.csv')).toThrow(DataError);
    expect(() => readCsv(text, 'f.csv')).toThrow(message);
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => readCsv(Uint8Array.of(0x61, 0x0a, 0xe4, 0x0a))).toThrow('expected UTF-8 text');
  });
});

describe('writeCsv', () => {
  it('quotes only where it must', () => {
    const columns = [{ name: 'a b', values: ['1,2', 'x', 'say "y"', ''] }];
    const misleading = [{ name: 'a;b\tc', values: ['1;2\t3'] }];
    expect(writeCsv({ columns: misleading, rows: 1 })).toBe('"a;b\tc"\n1;2\t3\n');
    expect(writeCsv({ columns, rows: 4 })).toBe('a b\n"1,2"\nx\n"say ""y"""\n""\n');
  });

  it('is undone by readCsv, whatever the names and values', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab ,"\n\r\t;\'ä', '\uFEFF', '😀') });
    const name = text.filter((value) => value !== '');
    const tables = fc
      .record({ width: fc.integer({ min: 1, max: 4 }), rows: fc.integer({ min: 1, max: 4 }) })
      .chain(({ width, rows }) =>
        fc.record({
          names: fc.uniqueArray(name, { minLength: width, maxLength: width }),
          values: fc.array(fc.array(text, { minLength: rows, maxLength: rows }), {
            minLength: width,
            maxLength: width,
          }),
          rows: fc.constant(rows),
        }),
      );
    fc.assert(
      fc.property(tables, ({ names, values, rows }) => {
        const columns = names.map((title, i) => ({ name: title, values: values[i]! }));
        const read = readCsv(writeCsv({ columns, rows }));
        expect(read.columns).toEqual(columns);
      }),
    );
  });
});
