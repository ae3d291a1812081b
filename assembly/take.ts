/**
 * TAKE and SCATTER: rows of a table by their numbers, and back, where rows with the same number are summed in order. A number that is
 * no row of the table gives a row of NaN, and is passed over on the way back: nothing outside the table is read or written.
 */
import { TAKE_COLUMNS, TAKE_COUNT, TAKE_INDEX, TAKE_NAMED, TAKE_ROWS, TAKE_TABLE } from './isa';
import { copyFloats } from './move';
import { dimension, word } from './operands';
import { storeLanes } from './simd';
import { partStart } from './team';

/** A part is whole rows of those that are named. */
export function take(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const rows = dimension(instruction, TAKE_ROWS, stepRows);
  const columns = dimension(instruction, TAKE_COLUMNS, stepRows);
  const count = dimension(instruction, TAKE_COUNT, stepRows);
  const table = <usize>word(instruction, TAKE_TABLE);
  const index = <usize>word(instruction, TAKE_INDEX);
  const stride = <usize>columns << 2;
  const end = partStart(count, 1, part + 1, parts);
  for (let i = partStart(count, 1, part, parts); i < end; i++) {
    const to = <usize>word(instruction, TAKE_NAMED) + <usize>i * stride;
    const row = rowNumber(index, i, rows);
    if (row >= 0) copyFloats(to, table + <usize>row * stride, columns);
    else for (let at = to; at < to + stride; at += 4) store<f32>(at, NaN);
  }
}

/** A part is sixteen columns of the table, so that every sum is one thread's. */
export function scatter(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const rows = dimension(instruction, TAKE_ROWS, stepRows);
  const columns = dimension(instruction, TAKE_COLUMNS, stepRows);
  const count = dimension(instruction, TAKE_COUNT, stepRows);
  const first = partStart(columns, 16, part, parts);
  const width = partStart(columns, 16, part + 1, parts) - first;
  const stride = <usize>columns << 2;
  const table = <usize>word(instruction, TAKE_TABLE) + (<usize>first << 2);
  const index = <usize>word(instruction, TAKE_INDEX);
  let from = <usize>word(instruction, TAKE_NAMED) + (<usize>first << 2);
  for (let row = 0; row < rows; row++) memory.fill(table + <usize>row * stride, 0, <usize>width << 2);
  for (let i = 0; i < count; i++) {
    const row = rowNumber(index, i, rows);
    if (row >= 0) addFloats(table + <usize>row * stride, from, width);
    from += stride;
  }
}

/** Entry i of the index, or -1 where it is no row of the table. */
// @ts-ignore: decorator
@inline
function rowNumber(index: usize, i: i32, rows: i32): i32 {
  const value = load<f32>(index + (<usize>i << 2));
  return value >= 0 && value < <f32>rows && Mathf.floor(value) == value ? <i32>value : -1;
}

function addFloats(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>(count & ~3) << 2);
  for (; to < end; to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
  }
  if (count & 3) storeLanes(to, f32x4.add(v128.load(to), v128.load(from)), count & 3);
}
