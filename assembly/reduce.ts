/**
 * REDUCE: sums, largest entries and their places, along rows, columns or over everything.
 *
 * The order of summation is fixed by the shape alone. SUM_ROWS adds blocks of SUM_BLOCK rows, each from zero, in order.
 * SUM_COLUMNS and SUM_ALL add blocks of 16 * SUM_BLOCK numbers, each in sixteen lanes, in order.
 */
import {
  ARGMAX_COLUMNS, MAX_COLUMNS, REDUCE_COLUMNS, REDUCE_IN, REDUCE_KIND, REDUCE_OUT, REDUCE_ROWS, SUM_ALL, SUM_COLUMNS,
  SUM_ROWS,
} from './isa';
import { dimension, word } from './operands';
import { firstLanes, storeLanes, sumLanes } from './simd';
import { partStart } from './team';

const SUM_BLOCK: i32 = 64;

export function reduce(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const from = <usize>word(instruction, REDUCE_IN);
  const to = <usize>word(instruction, REDUCE_OUT);
  const rows = dimension(instruction, REDUCE_ROWS, stepRows);
  const columns = dimension(instruction, REDUCE_COLUMNS, stepRows);
  const stride = <usize>columns << 2;
  const kind = word(instruction, REDUCE_KIND);
  const firstRow = partStart(rows, 1, part, parts);
  const lastRow = partStart(rows, 1, part + 1, parts);
  switch (kind) {
    case SUM_ROWS:
      sumRows(from, to, stride, rows, partStart(columns, 16, part, parts), partStart(columns, 16, part + 1, parts));
      break;
    case SUM_COLUMNS:
      for (let row = firstRow; row < lastRow; row++) store<f32>(to + (<usize>row << 2), sum(from + <usize>row * stride, columns));
      break;
    case SUM_ALL:
      if (part == 0) store<f32>(to, sum(from, rows * columns));
      break;
    case MAX_COLUMNS:
      for (let row = firstRow; row < lastRow; row++) {
        const at = from + <usize>row * stride;
        store<f32>(to + (<usize>row << 2), load<f32>(at + (<usize>argmax(at, columns) << 2)));
      }
      break;
    case ARGMAX_COLUMNS:
      for (let row = firstRow; row < lastRow; row++) {
        store<f32>(to + (<usize>row << 2), <f32>argmax(from + <usize>row * stride, columns));
      }
      break;
    default: unreachable();
  }
}

/** Sums of columns [first, last): a cache line of every row is read once. */
function sumRows(from: usize, to: usize, stride: usize, rows: i32, first: i32, last: i32): void {
  let column = first;
  for (; column + 16 <= last; column += 16) sumLinesDown(from + (<usize>column << 2), stride, rows, to + (<usize>column << 2));
  for (; column < last; column += 4) {
    const sums = sumDown(from + (<usize>column << 2), stride, rows);
    if (last - column >= 4) v128.store(to + (<usize>column << 2), sums);
    else storeLanes(to + (<usize>column << 2), sums, last - column);
  }
}

/** Sums of sixteen neighbouring columns. */
function sumLinesDown(from: usize, stride: usize, rows: i32, to: usize): void {
  let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
  for (let row = 0; row < rows; ) {
    const end = min(rows, row + SUM_BLOCK);
    let b0 = f32x4.splat(0), b1 = b0, b2 = b0, b3 = b0;
    for (; row < end; row++) {
      b0 = f32x4.add(b0, v128.load(from));
      b1 = f32x4.add(b1, v128.load(from, 16));
      b2 = f32x4.add(b2, v128.load(from, 32));
      b3 = f32x4.add(b3, v128.load(from, 48));
      from += stride;
    }
    t0 = f32x4.add(t0, b0); t1 = f32x4.add(t1, b1); t2 = f32x4.add(t2, b2); t3 = f32x4.add(t3, b3);
  }
  v128.store(to, t0); v128.store(to, t1, 16); v128.store(to, t2, 32); v128.store(to, t3, 48);
}

/** Sums of four neighbouring columns. */
function sumDown(from: usize, stride: usize, rows: i32): v128 {
  let total = f32x4.splat(0);
  for (let row = 0; row < rows; ) {
    const end = min(rows, row + SUM_BLOCK);
    let block = f32x4.splat(0);
    for (; row < end; row++) {
      block = f32x4.add(block, v128.load(from));
      from += stride;
    }
    total = f32x4.add(total, block);
  }
  return total;
}

/** Sum of `count` numbers that lie next to each other: blocks of 16 * SUM_BLOCK, each in sixteen lanes, in order. */
export function sum(from: usize, count: i32): f32 {
  let total: f32 = 0;
  while (count >= 16) {
    const lines = min(count >> 4, SUM_BLOCK);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let i = 0; i < lines; i++) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
      from += 64;
    }
    total += sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    count -= lines << 4;
  }
  let rest = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    rest = f32x4.add(rest, v128.load(from));
    from += 16;
  }
  if (count) rest = f32x4.add(rest, firstLanes(v128.load(from), count));
  return total + sumLanes(rest);
}

/** Place of the first of the largest numbers; of the first NaN, where there is one. count >= 1. */
function argmax(from: usize, count: i32): i32 {
  let best = load<f32>(from);
  let place = 0;
  for (let i = 1; i < count && best == best; i++) {
    const value = load<f32>(from + (<usize>i << 2));
    if (value > best || value != value) {
      best = value;
      place = i;
    }
  }
  return place;
}
