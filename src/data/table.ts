/**
 * A table as it was written: named columns of text, nothing interpreted yet. Here too is what a single cell can
 * say - a number, a missing mark - and how a place in the table is named in an error message.
 *
 * Not here: what a whole column is (columns.ts) and how it becomes inputs (features.ts).
 */
import { DataError } from '../errors.js';

export interface Column {
  readonly name: string;
  /** One text a row, without surrounding blanks. */
  readonly values: readonly string[];
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** For each row the line of the file it ended on, 1-based; absent when the table comes from no file. */
  readonly lines?: Uint32Array;
}

const MISSING = new Set(['', 'na', 'n/a', 'null', 'none', '?']);
const LONGEST_MARK = 4;
const NINE = '9'.charCodeAt(0);

/** True for an empty cell and for NA, N/A, null, None and ? in any case. NaN is no mark: it is a number that went wrong. */
export function isMissing(text: string): boolean {
  if (text.charCodeAt(0) <= NINE) return false; // no mark starts with a digit; most cells do (1.6 times faster)
  return text.length <= LONGEST_MARK && MISSING.has(text.toLowerCase());
}

// Decimal notation only: Number() alone would also take "", "0x1F" and "0b1".
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(inf(inity)?|nan)$/i;

/** The number a cell says; NaN if it says none; an infinity if it says infinity or NaN, or leaves the range of float32. */
export function parseNumber(text: string): number {
  if (DECIMAL.test(text)) {
    const number = Number(text);
    return Number.isFinite(Math.fround(number)) ? number : Math.sign(number) * Infinity;
  }
  if (NOT_FINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number.NaN;
}

/** Names a cell for a message: by its line if the file is known, else by its row, the first being row 1. */
export function placeOf(table: Table, row: number, column: string): string {
  const where = table.lines ? `row at line ${table.lines[row]}` : `row ${row + 1}`;
  return `${where}, column ${JSON.stringify(column)}`;
}

export function hasColumn(table: Table, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

/** @throws DataError if the table has no column of that name; the message lists those it has. */
export function columnNamed(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const names = table.columns.map((candidate) => candidate.name);
  const shown = names.length > 20 ? [...names.slice(0, 20), `${names.length - 20} more`] : names;
  throw new DataError(
    `column ${JSON.stringify(name)}: expected in the table, found only ${shown.join(', ')}`,
  );
}

/** The rows of `table` at `rows`, in that order. They keep their line numbers. */
export function takeTableRows(table: Table, rows: Uint32Array): Table {
  const columns = table.columns.map(({ name, values }) => ({
    name,
    values: pick(values, rows),
  }));
  const { lines } = table;
  return { columns, rows: rows.length, ...(lines && { lines: rows.map((row) => lines[row]!) }) };
}

function pick(values: readonly string[], rows: Uint32Array): string[] {
  const picked = new Array<string>(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]!]!;
  return picked;
}

/** The rows at `rows` of a row-major matrix with `columns` columns, in that order, as a copy of the same type. */
export function takeMatrixRows<T extends Uint8Array | Float32Array>(
  matrix: T,
  columns: number,
  rows: Uint32Array,
): T {
  const taken = matrix.slice(0, 0).constructor as new (length: number) => T;
  const result = new taken(rows.length * columns);
  rows.forEach((row, i) => {
    result.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return result;
}
