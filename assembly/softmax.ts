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
import { mulAdd, storeLanes, sumLanes } from './simd';

export function softmax(instruction: usize, stepRows: i32): void {
  const rows = dimension(instruction, SOFTMAX_ROWS, stepRows);
  const columns = dimension(instruction, SOFTMAX_COLUMNS, stepRows);
  const kind = word(instruction, SOFTMAX_KIND);
  const stride = <usize>columns << 2;
  let from = <usize>word(instruction, SOFTMAX_IN);
  let to = <usize>word(instruction, SOFTMAX_OUT);
  let loss = <usize>word(instruction, SOFTMAX_LOSS);
  let target = <usize>word(instruction, SOFTMAX_TARGET);
  for (let row = 0; row < rows; row++) {
    const largest = maximum(from, columns);
    const total = sumOfExponentials(from, columns, largest);
    if (loss) {
      const entropy = kind == TARGET_CLASS
        ? classLoss(from, columns, largest, total, load<f32>(target))
        : distributionLoss(from, columns, largest, total, target);
      store<f32>(loss, entropy);
      loss += 4;
      target += kind == TARGET_CLASS ? 4 : stride;
    }
    if (to) {
      probabilities(from, to, columns, largest, <f32>1 / total);
      to += stride;
    }
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

function sumOfExponentials(from: usize, count: i32, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  let total = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    total = f32x4.add(total, shiftedExp(from, shift));
    from += 16;
  }
  if (count) total = f32x4.add(total, firstLanes(shiftedExp(from, shift), count));
  return sumLanes(total);
}

function probabilities(from: usize, to: usize, count: i32, largest: f32, scale: f32): void {
  const shift = f32x4.splat(largest);
  const factor = f32x4.splat(scale);
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.mul(shiftedExp(from, shift), factor));
    from += 16;
    to += 16;
  }
  if (count) storeLanes(to, f32x4.mul(shiftedExp(from, shift), factor), count);
}

/** log of one number, by the same code as the vectors. */
function logOf(x: f32): f32 {
  return f32x4.extract_lane(log(f32x4.splat(x)), 0);
}

function classLoss(from: usize, columns: i32, largest: f32, total: f32, label: f32): f32 {
  const index = <i32>label;
  if (index < 0 || index >= columns || <f32>index != label) return f32.NaN;
  return logOf(total) - (load<f32>(from + (<usize>index << 2)) - largest);
}

function distributionLoss(from: usize, count: i32, largest: f32, total: f32, target: usize): f32 {
  const shift = f32x4.splat(largest);
  let weighted = f32x4.splat(0);
  let weights = f32x4.splat(0);
  for (; count > 0; count -= 4) {
    const y = firstLanes(v128.load(target), count);
    const z = firstLanes(f32x4.sub(v128.load(from), shift), count);
    weighted = mulAdd(y, z, weighted);
    weights = f32x4.add(weights, y);
    from += 16;
    target += 16;
  }
  return sumLanes(weights) * logOf(total) - sumLanes(weighted);
}
