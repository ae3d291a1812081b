/**
 * What a model learns to tell: a class, as its place in the sorted list of class names, or a number, standardised.
 * Which of both is decided by looking at the column, unless the caller says it.
 */
import { DataError, show } from '../errors.js';
import { nameField, namesField, stringField } from './checked.js';
import { type ColumnLook, isFew, lookAt, notANumber } from './columns.js';
import { checkStandard, fitStandard, type Standard } from './scaling.js';
import {
  type Column,
  columnNamed,
  isMissing,
  parseNumber,
  placeOf,
  type Table,
  takeTableRows,
} from './table.js';

export type Task = 'classification' | 'regression';

export interface ClassTarget {
  readonly kind: 'classes';
  readonly name: string;
  /** Sorted: numbers by value, texts by code unit. A label is an index into it. */
  readonly classes: readonly string[];
}
export interface NumberTarget extends Standard {
  readonly kind: 'number';
  readonly name: string;
}
export type Target = ClassTarget | NumberTarget;

/** More different whole numbers than this are a quantity, not classes. */
const MOST_NUMBERED_CLASSES = 20;
/** A caller who insists on classes may have this many. */
const MOST_CLASSES = 1000;

/**
 * Decides what column `name` of the training table is and fits it. Without `task`, texts, true/false and few different whole
 * numbers are classes, other numbers a number.
 * @throws DataError for a missing or constant target, or one that does not suit the task
 */
export function fitTarget(table: Table, name: string, task?: Task): Target {
  const column = columnNamed(table, name);
  const gap = column.values.findIndex(isMissing);
  if (gap >= 0) throw missingTarget(table, column, gap);
  const look = lookAt(table, column);
  if (look.kind === 'constant')
    throw new DataError(
      `target ${show(name)}: expected at least two different values, found only ${show(column.values[0])}`,
    );
  if ((task ?? guessTask(look, table.rows)) === 'classification')
    return { kind: 'classes', name, classes: classesOf(table, column, look, task) };
  if (look.kind !== 'numeric')
    throw notANumber(
      table,
      column,
      column.values.findIndex((text) => Number.isNaN(parseNumber(text))),
    );
  return { kind: 'number', name, ...fitStandard(look.numbers) };
}

/**
 * One label a row: class indices, or standardised numbers.
 * @throws DataError naming row and column for a missing target, an unknown class or no number
 */
export function encodeTarget(target: Target, table: Table): Float32Array {
  const column = columnNamed(table, target.name);
  const encode =
    target.kind === 'classes' ? classEncoder(target, table, column) : numberEncoder(target, table, column);
  return Float32Array.from(column.values, (text, row) => {
    if (isMissing(text)) throw missingTarget(table, column, row);
    return encode(text, row);
  });
}

/** The rows that have a value in the target column `name`. @throws DataError if none has */
export function rowsWithTarget(table: Table, name: string): Table {
  const { values } = columnNamed(table, name);
  const rows = Uint32Array.from(values.keys()).filter((row) => !isMissing(values[row]!));
  if (rows.length === 0)
    throw new DataError(`target ${show(name)}: expected a value in some row, found all missing`);
  return takeTableRows(table, rows);
}

function missingTarget(table: Table, column: Column, row: number): DataError {
  return new DataError(
    `${placeOf(table, row, column.name)}: expected a value, as this is the target, found a missing one ` +
      `(${show(column.values[row])}); complete the row, or leave out all such rows with --missing-target drop`,
  );
}

/** Standardised numbers, as a network gives them, in raw units. */
export function decodeTarget(target: NumberTarget, values: Float32Array): Float64Array {
  return Float64Array.from(values, (z) => z * target.scale + target.mean);
}

/** A target read from a file. @throws FormatError */
export function checkTarget(value: unknown, where: string): Target {
  const kind = nameField(value, 'kind', where, ['classes', 'number'] as const);
  const name = stringField(value, 'name', where);
  return kind === 'classes'
    ? { kind, name, classes: namesField(value, 'classes', where, 2) }
    : { kind, name, ...checkStandard(value, where) };
}

function guessTask(look: ColumnLook, rows: number): Task {
  if (look.kind !== 'numeric') return 'classification';
  if (!look.numbers.every(Number.isInteger)) return 'regression';
  const distinct = new Set(look.numbers).size;
  return distinct <= MOST_NUMBERED_CLASSES && isFew(distinct, rows) ? 'classification' : 'regression';
}

function classesOf(table: Table, column: Column, look: ColumnLook, task?: Task): string[] {
  const classes =
    look.kind === 'numeric'
      ? [...new Set(look.numbers.slice().sort())].map(String)
      : [...new Set(column.values)].sort();
  if (classes.length > MOST_CLASSES || (task === undefined && look.kind === 'text'))
    throw new DataError(
      `target ${show(column.name)}: expected a number or few classes, found ${classes.length} different values in ` +
        `${table.rows} rows; name another target column${task ? '' : ', or ask for classification'}`,
    );
  return classes;
}

function classEncoder(target: ClassTarget, table: Table, column: Column) {
  const labels = new Map(target.classes.map((name, label) => [name, label]));
  return (text: string, row: number): number => {
    // A class that is a number is found however it is written: 1, 1.0, +1.
    const label = labels.get(text) ?? labels.get(String(parseNumber(text)));
    if (label !== undefined) return label;
    const known = target.classes.slice(0, 20).join(', ') + (target.classes.length > 20 ? ', ...' : '');
    throw new DataError(
      `${placeOf(table, row, column.name)}: expected one of the classes ${known}, found ${show(text)}`,
    );
  };
}

function numberEncoder(target: NumberTarget, table: Table, column: Column) {
  return (text: string, row: number): number => {
    const label = Math.fround((parseNumber(text) - target.mean) / target.scale);
    if (!Number.isFinite(label)) throw notANumber(table, column, row);
    return label;
  };
}
