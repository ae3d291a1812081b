/**
 * Data at the door: whatever a caller calls rows becomes one row-major array, or is refused with row and column.
 *
 * A Uint8Array or Uint8ClampedArray of inputs is pixels: byte b means b / 255, in training and prediction alike.
 */
import { wrongRange, wrongType } from '../errors.js';
import type { TargetKind } from '../nn/losses/loss.js';
import type { Network } from '../nn/network.js';

/** Rows of numbers: row-major in a typed array, or a list of rows. */
export type Rows =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | readonly ArrayLike<number>[];
/** Class numbers, one for each row; or rows of numbers. */
export type Labels = Rows | Int32Array | Uint32Array | Uint16Array | readonly number[];

/** rows x columns numbers; bytes stay bytes. */
export interface Matrix {
  readonly values: Float32Array | Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

export interface Targets extends Matrix {
  readonly values: Float32Array;
  readonly kind: TargetKind;
  /** How much each row counts; null where all count alike. */
  readonly weights: Float32Array | null;
}

export const PIXEL_SCALE = 1 / 255;

export function toInputs(name: string, value: unknown, columns: number): Matrix {
  const values = toInputValues(name, value, columns);
  checkFinite(name, values, columns);
  return { values, rows: countRows(name, values, columns), columns };
}

/** The numbers alone, which may not be finite yet; a Float32Array or Uint8Array is given back as it is. */
export function toInputValues(name: string, value: unknown, columns: number): Float32Array | Uint8Array {
  if (value instanceof Uint8ClampedArray) return new Uint8Array(value.buffer, value.byteOffset, value.length);
  if (value instanceof Uint8Array) return value;
  return flatten(name, value, columns);
}

/** Targets for `rows` samples. A class number each, or one number for each output, as the loss has it. */
export function toTargets(name: string, value: unknown, rows: number, network: Network): Targets {
  const { loss, outputs, targetColumns } = network;
  const flat = flatten(name, value, null);
  const columnsOf = (kind: TargetKind) => (kind === 'class' ? 1 : targetColumns);
  const kind = loss.targets.find((candidate) => flat.length === rows * columnsOf(candidate));
  const isListOfRows = Array.isArray(value) && typeof value[0] === 'object';
  if (!kind || (isListOfRows && value.length !== rows)) {
    const forms = loss.targets.map((form) =>
      form === 'class' ? `${rows} class numbers` : `${rows} x ${targetColumns} numbers`,
    );
    throw wrongRange(name, `${forms.join(' or ')}, one row for each row of inputs`, value);
  }
  if (kind === 'class') checkClasses(name, flat, outputs);
  else checkValues(name, flat, network);
  return { values: flat, rows, columns: columnsOf(kind), kind, weights: null };
}

/** One array of float32; a Float32Array is not copied. `columns` is checked row by row where it is known. */
function flatten(name: string, value: unknown, columns: number | null): Float32Array {
  if (value instanceof Float32Array) return value;
  if (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array || value instanceof BigUint64Array)
  )
    return Float32Array.from(value as Float64Array);
  if (!Array.isArray(value)) throw wrongType(name, 'a typed array or a list of rows', value);
  const width = columns ?? (typeof value[0] === 'object' ? (value[0]?.length ?? 0) : 1);
  const expected = width === 1 ? 'a number' : `a row of ${width} numbers`;
  const flat = new Float32Array(value.length * width);
  // not forEach, which would pass over holes
  for (const [i, row] of (value as unknown[]).entries()) {
    if (width === 1 && typeof row === 'number') {
      flat[i] = row;
      continue;
    }
    if (row === null || typeof row !== 'object' || !('length' in row))
      throw wrongType(`${name}[${i}]`, expected, row);
    if (row.length !== width) throw wrongRange(`${name}[${i}]`, expected, row);
    for (let j = 0; j < width; j++) {
      const entry = (row as ArrayLike<unknown>)[j];
      if (typeof entry !== 'number') throw wrongType(`${name}[${i}][${j}]`, 'a number', entry);
      flat[i * width + j] = entry;
    }
  }
  return flat;
}

/** Whole rows, one at least. */
export function countRows(name: string, values: ArrayLike<number>, columns: number): number {
  const rows = values.length / columns;
  if (!Number.isInteger(rows) || rows === 0)
    throw wrongRange(name, `rows of ${columns} numbers, at least one`, values);
  return rows;
}

/** Bytes always are. */
export function checkFinite(name: string, values: Float32Array | Uint8Array, columns: number): void {
  if (values instanceof Uint8Array || allFinite(values)) return;
  const place = values.findIndex((value) => !Number.isFinite(value));
  throw wrongRange(at(name, place, columns), 'a finite number', values[place]);
}

/** Sums of 0 * x, which is NaN where x is not finite. Four of them: this sees every number of a data set, and one waits for its last addition. */
export function allFinite(values: Float32Array): boolean {
  const whole = values.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += 0 * values[i]!;
    b += 0 * values[i + 1]!;
    c += 0 * values[i + 2]!;
    d += 0 * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += 0 * values[i]!;
  return a + b + c + d === 0;
}

function checkClasses(name: string, values: Float32Array, classes: number): void {
  const place = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= classes);
  if (place >= 0)
    throw wrongRange(`${name}[${place}]`, `a class number from 0 to ${classes - 1}`, values[place]);
}

function checkValues(name: string, values: Float32Array, { loss, targetColumns: columns }: Network): void {
  checkFinite(name, values, columns);
  const [low, high] = loss.range;
  const place = values.findIndex((value) => value < low || value > high);
  if (place >= 0)
    throw wrongRange(at(name, place, columns), `a number from ${low} to ${high}`, values[place]);
  if (!loss.distribution) return;
  for (let row = 0; row < values.length / columns; row++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += values[row * columns + j]!;
    if (Math.abs(sum - 1) > 1e-4) throw wrongRange(`${name}[${row}]`, 'probabilities that sum to 1', sum);
  }
}

function at(name: string, place: number, columns: number): string {
  return `${name}[${Math.floor(place / columns)}][${place % columns}]`;
}
