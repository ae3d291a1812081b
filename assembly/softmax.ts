/**
 * SOFTMAX: probabilities of every row, and the cross-entropy of the row's logits z with a target y.
 *
 * Stable by subtracting the largest logit m: p = exp(z - m) / s with s = sum exp(z - m); the cross-entropy is
 * sum(y) log s - sum(y (z - m)), so neither overflows and no large numbers cancel. Rows of few columns are taken four at a time, one in
 * each lane: a row's bits do not depend on its neighbours.
 *
 * Contract: probabilities may overwrite the logits. A class number outside the columns traps nothing and reads nothing:
 * the door in TypeScript refuses it, here it gives NaN.
 */
import { Exp } from './functions';
import {
  SCRATCH_TILE, SOFTMAX_COLUMNS, SOFTMAX_IN, SOFTMAX_KIND, SOFTMAX_LOSS, SOFTMAX_OUT, SOFTMAX_ROWS,
  SOFTMAX_TARGET, TARGET_CLASS, VECTOR_BYTES, WORD_BYTES,
} from './isa';
import { pairs, unary } from './map';
import { expOfMinus, log } from './math';
import { dimension, word } from './operands';
import { sum } from './reduce';
import { WHOLE } from './scope';
import { firstLanes, mulAdd, select, storeFirst, storeLanes, sumLanes } from './simd';
import { partStart } from './team';

/** Rows of so many columns or fewer go four at a time: their exponentials then fit into the scratch of a tile. */
const FEW_COLUMNS: i32 = 16;

export function softmax(instruction: usize, stepRows: i32, scratch: usize, part: i32, parts: i32): void {
  const rows = dimension(instruction, SOFTMAX_ROWS, stepRows);
  const columns = dimension(instruction, SOFTMAX_COLUMNS, stepRows);
  const kind = word(instruction, SOFTMAX_KIND);
  const stride = <usize>columns << 2;
  const first = partStart(rows, 1, part, parts);
  const last = partStart(rows, 1, part + 1, parts);
  let from = <usize>word(instruction, SOFTMAX_IN) + <usize>first * stride;
  let to = <usize>word(instruction, SOFTMAX_OUT);
  let loss: usize = WHOLE ? word(instruction, SOFTMAX_LOSS) : 0;
  let target = <usize>word(instruction, SOFTMAX_TARGET) + <usize>first * (kind == TARGET_CLASS ? 4 : stride);
  if (to) to += <usize>first * stride;
  if (loss) loss += <usize>first << 2;
  if (columns <= FEW_COLUMNS) {
    for (let row = first; row < last; row += 4) {
      fourRows(min(4, last - row), columns, stride, from, to, loss, target, kind, scratch + SCRATCH_TILE);
      from += 4 * stride;
      if (to) to += 4 * stride;
      if (loss) loss += 16;
      target += 4 * (kind == TARGET_CLASS ? 4 : stride);
    }
    return;
  }
  for (let row = first; row < last; row++) {
    const largest = maximum(from, columns);
    if (!WHOLE || !loss) normalize(to, columns, exponentials(from, to, columns, largest));
    else if (kind == TARGET_CLASS) {
      const chosen = logitOf(from, columns, load<f32>(target)) - largest;
      const total = exponentials(from, to, columns, largest);
      store<f32>(loss, logOfOne(total) - chosen);
      normalize(to, columns, total);
      target += 4;
    } else {
      const weight = sum(target, columns);
      const chosen = expectation(from, columns, largest, target);
      const total = exponentials(from, to, columns, largest);
      store<f32>(loss, weight * logOfOne(total) - chosen);
      normalize(to, columns, total);
      target += stride;
    }
    if (loss) loss += 4;
    if (to) to += stride;
    from += stride;
  }
}

/** The first `count` rows from `from` on, one in each lane; the last one stands in for those that are missing. */
function fourRows(
  count: i32, columns: i32, stride: usize, from: usize, to: usize, loss: usize, target: usize, kind: i32, block: usize,
): void {
  let largest = f32x4.splat(-f32.POSITIVE_INFINITY);
  for (let j = 0; j < columns; j++) {
    const x = column(from, j, stride, count);
    largest = f32x4.pmax(largest, x);
    v128.store(block + (<usize>j << 4), x);
  }
  const byClass = WHOLE && loss != 0 && kind == TARGET_CLASS;
  const byDistribution = WHOLE && loss != 0 && kind != TARGET_CLASS;
  const labels = byClass ? column(target, 0, 4, count) : f32x4.splat(0);
  // a class number that names no column leaves NaN
  let chosen = f32x4.splat(byClass ? f32.NaN : 0);
  let weight = f32x4.splat(byClass ? 1 : 0);
  for (let j = 0; j < columns; j++) {
    const at = block + (<usize>j << 4);
    const z = f32x4.sub(v128.load(at), largest);
    if (byClass) chosen = select(f32x4.eq(labels, f32x4.splat(<f32>j)), z, chosen);
    if (byDistribution) {
      const y = column(target, j, stride, count);
      weight = f32x4.add(weight, y);
      chosen = mulAdd(y, z, chosen);
    }
    v128.store(at, z);
  }
  unary<Exp>(block, block, VECTOR_BYTES, pairs(4 * columns));
  let total = f32x4.splat(0);
  for (let j = 0; j < columns; j++) total = f32x4.add(total, v128.load(block + (<usize>j << 4)));
  if (WHOLE && loss) {
    const losses = f32x4.sub(f32x4.mul(weight, logOf(total)), chosen);
    storeFirst(loss, losses, count);
  }
  if (!to) return;
  const factor = f32x4.div(f32x4.splat(1), total);
  for (let j = 0; j < columns; j++) {
    putColumn(to + (<usize>j << 2), f32x4.mul(v128.load(block + (<usize>j << 4)), factor), stride, count);
  }
}

/** Entry j of `count` rows, in the first lanes; the others repeat the last row. */
// @ts-ignore: decorator
@inline
function column(from: usize, j: i32, stride: usize, count: i32): v128 {
  const at = from + (<usize>j << 2);
  const at1 = count > 1 ? at + stride : at;
  const at2 = count > 2 ? at1 + stride : at1;
  const at3 = count > 3 ? at2 + stride : at2;
  let x = v128.load_zero<f32>(at);
  x = v128.load_lane<f32>(at1, x, 1);
  x = v128.load_lane<f32>(at2, x, 2);
  return v128.load_lane<f32>(at3, x, 3);
}

// @ts-ignore: decorator
@inline
function putColumn(to: usize, x: v128, stride: usize, count: i32): void {
  v128.store_lane<f32>(to, x, 0);
  if (count > 1) v128.store_lane<f32>(to + stride, x, 1);
  if (count > 2) v128.store_lane<f32>(to + 2 * stride, x, 2);
  if (count > 3) v128.store_lane<f32>(to + 3 * stride, x, 3);
}

/** The largest of the numbers that are none of NaN, which does no harm: the exponential of a NaN is in the sum. */
function maximum(from: usize, count: i32): f32 {
  let best = f32x4.splat(-f32.POSITIVE_INFINITY);
  let other = best;
  for (; count >= 8; count -= 8) {
    best = f32x4.pmax(best, v128.load(from));
    other = f32x4.pmax(other, v128.load(from, VECTOR_BYTES));
    from += 2 * VECTOR_BYTES;
  }
  for (; count > 0; count--) {
    best = f32x4.pmax(best, v128.load32_splat(from));
    from += WORD_BYTES;
  }
  best = f32x4.pmax(best, other);
  best = f32x4.pmax(best, v128.shuffle<f32>(best, best, 2, 3, 0, 1));
  return max(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1));
}

/** Sum of exp(z - m); with `to`, the exponentials themselves go there. */
function exponentials(from: usize, to: usize, count: i32, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  let total = f32x4.splat(0);
  let other = total;
  // two vectors at a time share the constants of exp
  for (; count > 0; count -= 8) {
    let e = expOfMinus(f32x4.sub(v128.load(from), shift));
    let f = expOfMinus(f32x4.sub(v128.load(from, VECTOR_BYTES), shift));
    if (count < 8) {
      e = firstLanes(e, count);
      f = firstLanes(f, count - 4);
    }
    if (to) {
      storeFirst(to, e, count);
      storeFirst(to + VECTOR_BYTES, f, count - 4);
      to += 2 * VECTOR_BYTES;
    }
    total = f32x4.add(total, e);
    other = f32x4.add(other, f);
    from += 2 * VECTOR_BYTES;
  }
  return sumLanes(f32x4.add(total, other));
}

/** Divides a row by its sum. */
function normalize(row: usize, count: i32, total: f32): void {
  if (!row) return;
  const factor = f32x4.splat(<f32>1 / total);
  for (; count >= 4; count -= 4) {
    v128.store(row, f32x4.mul(v128.load(row), factor));
    row += 16;
  }
  if (count) storeLanes(row, f32x4.mul(v128.load(row), factor), count);
}

/** A function of its own, once in the module. */
function logOf(x: v128): v128 {
  return log(x);
}

// @ts-ignore: decorator
@inline
function logOfOne(x: f32): f32 {
  return f32x4.extract_lane(logOf(f32x4.splat(x)), 0);
}

function logitOf(from: usize, columns: i32, label: f32): f32 {
  const index = <i32>label;
  return index >= 0 && index < columns && <f32>index == label ? load<f32>(from + (<usize>index << 2)) : f32.NaN;
}

/** Sum of y (z - m). */
function expectation(from: usize, count: i32, largest: f32, target: usize): f32 {
  const shift = f32x4.splat(largest);
  let total = f32x4.splat(0);
  for (; count > 0; count -= 4) {
    const y = firstLanes(v128.load(target), count);
    const z = firstLanes(f32x4.sub(v128.load(from), shift), count);
    total = mulAdd(y, z, total);
    from += 16;
    target += 16;
  }
  return sumLanes(total);
}
