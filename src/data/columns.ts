/**
 * Tells what a column is by looking at it: the table below says which kinds there are and how they are told apart.
 *
 * Looked at in this order, missing cells left out:
 *   empty        nothing is left
 *   numeric      every value is a finite number
 *   constant     one value, and nothing missing; a number or a text
 *   boolean      true and false, in any case
 *   categorical  few different values (see `isFew`)
 *   text         many different values: names, notes, identifiers, dates
 */
import { DataError, show } from '../errors.js';
import { type Column, isMissing, parseNumber, placeOf, type Table } from './table.js';

export type ColumnLook =
  | { kind: 'empty' | 'constant' | 'boolean'; missing: number }
  /** One number a row, NaN where it is missing. */
  | { kind: 'numeric'; missing: number; numbers: Float64Array }
  /** Sorted by code unit, so that no locale has a say. */
  | { kind: 'categorical'; missing: number; categories: string[] }
  | { kind: 'text'; missing: number; distinct: number };

const MOST_CATEGORIES = 100;
const FEWEST_ROWS_A_CATEGORY = 4;

/** With more than this share of numbers, the other values are taken for mistakes and refused, not read as a category. */
const NUMERIC_SHARE = 0.95;

/** @throws DataError, naming row and column, for an infinite number or one wrong value among numbers */
export function lookAt(table: Table, column: Column): ColumnLook {
  const { numbers, missing, parsed, firstText } = parseColumn(column);
  const present = table.rows - missing;
  if (present === 0) return { kind: 'empty', missing };
  if (parsed > NUMERIC_SHARE * present) {
    if (firstText >= 0) throw notANumber(table, column, firstText);
    const infinite = numbers.findIndex((x) => x === Infinity || x === -Infinity);
    if (infinite >= 0) throw notANumber(table, column, infinite);
    return isConstant(numbers) ? { kind: 'constant', missing } : { kind: 'numeric', missing, numbers };
  }
  return lookAtTexts(column, missing);
}

/** True if `distinct` values among `present` are few enough to stand for classes or categories. */
export function isFew(distinct: number, present: number): boolean {
  return distinct <= 2 || distinct <= Math.min(MOST_CATEGORIES, present / FEWEST_ROWS_A_CATEGORY);
}

/** True or false as 1 or 0; undefined for anything else. */
export function parseBoolean(text: string): 0 | 1 | undefined {
  if (text.length > 5) return undefined;
  const lower = text.toLowerCase();
  return lower === 'true' ? 1 : lower === 'false' ? 0 : undefined;
}

/** The refusal of a cell that should have said a finite number. */
export function notANumber(table: Table, column: Column, row: number): DataError {
  const found = show(column.values[row]);
  return new DataError(`${placeOf(table, row, column.name)}: expected a finite number, found ${found}`);
}

function parseColumn(column: Column) {
  const numbers = new Float64Array(column.values.length).fill(Number.NaN);
  let missing = 0;
  let parsed = 0;
  let firstText = -1;
  column.values.forEach((text, row) => {
    if (isMissing(text)) {
      missing++;
      return;
    }
    const number = parseNumber(text);
    numbers[row] = number;
    if (!Number.isNaN(number)) parsed++;
    else if (firstText < 0) firstText = row;
  });
  return { numbers, missing, parsed, firstText };
}

/** With a missing cell it is not constant: which cells are missing may tell something. */
function isConstant(numbers: Float64Array): boolean {
  return numbers.every((x) => x === numbers[0]);
}

function lookAtTexts(column: Column, missing: number): ColumnLook {
  const distinct = new Set(column.values);
  for (const text of distinct) if (isMissing(text)) distinct.delete(text);
  if (distinct.size === 1 && missing === 0) return { kind: 'constant', missing };
  const texts = [...distinct];
  if (texts.every((text) => parseBoolean(text) !== undefined)) return { kind: 'boolean', missing };
  return isFew(distinct.size, column.values.length - missing)
    ? { kind: 'categorical', missing, categories: texts.sort() }
    : { kind: 'text', missing, distinct: distinct.size };
}
