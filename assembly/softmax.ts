/**
 * SOFTMAX: probabilities of every row, and the cross-entropy of the row's logits z with a target y.
 *
 * Stable by subtracting the largest logit m: p = exp(z - m) / s with s = sum exp(z - m); the cross-entropy is
 * sum(y) log s - sum(y (z - m)), so neither overflows and no large numbers cancel.
 *
 * Contract: probabilities may overwrite the logits. A class number outside the columns traps nothing and reads nothing:
 * the door in TypeScript refuses it, here it gives NaN.
 */
import {
  SOFTMAX_COLUMNS, SOFTMAX_IN, SOFTMAX_KIND, SOFTMAX_LOSS, SOFTMAX_OUT, SOFTMAX_ROWS, SOFTMAX_TARGET, TARGET_CLASS,
} from './isa';
import { exp, log } from './math';
import { dimension, word } from './operands';
import { sum } from './reduce';
import { mulAdd, storeLanes, sumLanes } from './simd';
import { partStart } from './team';

export function softmax(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const rows = dimension(instruction, SOFTMAX_ROWS, stepRows);
  const columns = dimension(instruction, SOFTMAX_COLUMNS, stepRows);
  const kind = word(instruction, SOFTMAX_KIND);
  const stride = <usize>columns << 2;
  const first = partStart(rows, 1, part, parts);
  const last = partStart(rows, 1, part + 1, parts);
  let from = <usize>word(instruction, SOFTMAX_IN) + <usize>first * stride;
  let to = <usize>word(instruction, SOFTMAX_OUT);
  let loss = <usize>word(instruction, SOFTMAX_LOSS);
  let target = <usize>word(instruction, SOFTMAX_TARGET) + <usize>first * (kind == TARGET_CLASS ? 4 : stride);
  if (to) to += <usize>first * stride;
  if (loss) loss += <usize>first << 2;
  for (let row = first; row < last; row++) {
    const largest = maximum(from, columns);
    if (!loss) normalize(to, columns, exponentials(from, to, columns, largest));
    else if (kind == TARGET_CLASS) {
      const chosen = logitOf(from, columns, load<f32>(target)) - largest;
      const total = exponentials(from, to, columns, largest);
      store<f32>(loss, logOf(total) - chosen);
      normalize(to, columns, total);
      target += 4;
    } else {
      const weight = sum(target, columns);
      const chosen = expectation(from, columns, largest, target);
      const total = exponentials(from, to, columns, largest);
      store<f32>(loss, weight * logOf(total) - chosen);
      normalize(to, columns, total);
      target += stride;
    }
    if (loss) loss += 4;
    if (to) to += stride;
    from += stride;
  }
}

function maximum(from: usize, count: i32): f32 {
  let best = load<f32>(from);
  for (let i = 1; i < count; i++) best = max(best, load<f32>(from + (<usize>i << 2)));
  return best;
}

/** Lanes of exp(z - m) for the vector at `at`. */
// @ts-ignore: decorator
@inline
function shiftedExp(at: usize, largest: v128): v128 {
  return exp(f32x4.sub(v128.load(at), largest));
}

/** The lanes below `count`, zero in the others. */
// @ts-ignore: decorator
@inline
function firstLanes(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

/** Sum of exp(z - m); with `to`, the exponentials themselves go there. */
function exponentials(from: usize, to: usize, count: i32, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  let total = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    const e = shiftedExp(from, shift);
    total = f32x4.add(total, e);
    if (to) {
      v128.store(to, e);
      to += 16;
    }
    from += 16;
  }
  if (count) {
    const e = shiftedExp(from, shift);
    total = f32x4.add(total, firstLanes(e, count));
    if (to) storeLanes(to, e, count);
  }
  return sumLanes(total);
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

/** log of one number, by the same code as the vectors. */
function logOf(x: f32): f32 {
  return f32x4.extract_lane(log(f32x4.splat(x)), 0);
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
