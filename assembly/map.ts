/**
 * MAP: a fused elementwise expression over any number of operands, evaluated block by block so that intermediate
 * results never leave the first-level cache.
 *
 * Broadcasting is settled before a block is evaluated: what repeats is laid out once in a block of its own, so every
 * operation is the same plain loop dst[i] = f(a[i], b[i], c[i]).
 *
 * Contract: an output may be the same array as an operand of the same shape. It may not overlap one otherwise.
 */
import {
  F_ABS, F_ADD, F_COPY, F_DIV, F_EQUAL, F_EXP, F_GREATER, F_GREATER_EQUAL, F_LEAKY_RELU, F_LOG, F_MAX, F_MIN, F_MUL,
  F_MUL_ADD, F_NEG, F_NEG_MUL_ADD, F_RELU, F_SELECT, F_SIGMOID, F_SIGN, F_SOFTPLUS, F_SQRT, F_SQUARE, F_STEP, F_SUB,
  F_TANH, MAP_BLOCK, MAP_CODE, MAP_CODE_COUNT, MAP_CODE_WORDS, MAP_COLUMN, MAP_COLUMNS, MAP_FULL, MAP_OPERANDS,
  MAP_OPERANDS_LIMIT, MAP_ROW, MAP_SCALAR, MAP_TEMPORARIES, WORD_BYTES,
} from './isa';
import { exp, log, sigmoid, softplus, tanh } from './math';
import { dimension, word } from './operands';
import { mulAdd, negMulAdd, oneWhere, select, storeLanes } from './simd';

// @ts-ignore: decorator
@inline
const BLOCK_BYTES: usize = MAP_BLOCK * WORD_BYTES;

/** Evaluates rows [first, last) of the instruction's matrix. */
export function map(instruction: usize, rows: i32, first: i32, last: i32, scratch: usize): void {
  const columns = dimension(instruction, MAP_COLUMNS, rows);
  const rowOperands = word(instruction, MAP_ROW);
  const columnOperands = word(instruction, MAP_COLUMN);
  const full = word(instruction, MAP_FULL);
  const scalars = word(instruction, MAP_SCALAR);
  const operands = <usize>word(instruction, MAP_OPERANDS);
  const elements = (last - first) * columns;
  if (elements <= 0) return;

  // blocks[i] is where operand i stands for the block at hand
  const blocks = scratch;
  let free = scratch + MAP_OPERANDS_LIMIT * WORD_BYTES;
  const firstColumn = full + rowOperands;
  const firstScalar = firstColumn + columnOperands;
  const firstTemporary = firstScalar + scalars;
  const count = firstTemporary + word(instruction, MAP_TEMPORARIES);
  for (let i = full; i < count; i++) {
    store<u32>(blocks + (i << 2), <u32>free);
    free += BLOCK_BYTES;
  }
  const longest = min(elements, MAP_BLOCK);
  for (let i = firstScalar; i < firstTemporary; i++) {
    fill(load<u32>(blocks + (i << 2)), f32x4.splat(load<f32>(load<u32>(operands + (i << 2)))), longest);
  }

  if (rowOperands + columnOperands == 0) {
    const end = last * columns;
    for (let at = first * columns; at < end; at += MAP_BLOCK) {
      point(blocks, operands, 0, full, at);
      evaluate(instruction, blocks, min(MAP_BLOCK, end - at));
    }
  } else if (columns > MAP_BLOCK >> 1) {
    // wide: a block lies within one row
    for (let row = first; row < last; row++) {
      for (let i = firstColumn; i < firstScalar; i++) {
        const value = load<f32>(<usize>load<u32>(operands + (i << 2)) + (<usize>row << 2));
        fill(load<u32>(blocks + (i << 2)), f32x4.splat(value), min(columns, MAP_BLOCK));
      }
      for (let column = 0; column < columns; column += MAP_BLOCK) {
        point(blocks, operands, 0, full, row * columns + column);
        point(blocks, operands, full, firstColumn, column);
        evaluate(instruction, blocks, min(MAP_BLOCK, columns - column));
      }
    }
  } else {
    // narrow: a block is several whole rows
    const rowsPerBlock = min(MAP_BLOCK / columns, last - first);
    for (let i = full; i < firstColumn; i++) {
      repeatRow(load<u32>(blocks + (i << 2)), load<u32>(operands + (i << 2)), columns, rowsPerBlock);
    }
    for (let row = first; row < last; row += rowsPerBlock) {
      const taken = min(rowsPerBlock, last - row);
      for (let i = firstColumn; i < firstScalar; i++) {
        const from = <usize>load<u32>(operands + (i << 2)) + (<usize>row << 2);
        repeatColumn(load<u32>(blocks + (i << 2)), from, columns, taken);
      }
      point(blocks, operands, 0, full, row * columns);
      evaluate(instruction, blocks, taken * columns);
    }
  }
}

/** Points the blocks of operands [from, to) into their arrays, at an element. */
// @ts-ignore: decorator
@inline
function point(blocks: usize, operands: usize, from: i32, to: i32, element: i32): void {
  for (let i = from; i < to; i++) {
    store<u32>(blocks + (i << 2), load<u32>(operands + (i << 2)) + (<u32>element << 2));
  }
}

// whole vectors: a block has room for them
function fill(to: usize, value: v128, count: i32): void {
  const end = to + (<usize>count << 2);
  for (; to < end; to += 16) v128.store(to, value);
}

function repeatRow(to: usize, row: usize, columns: i32, times: i32): void {
  const bytes = <usize>columns << 2;
  for (let i = 0; i < times; i++) {
    memory.copy(to, row, bytes);
    to += bytes;
  }
}

function repeatColumn(to: usize, values: usize, columns: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    const value = load<f32>(values + (<usize>row << 2));
    for (let column = 0; column < columns; column++) {
      store<f32>(to, value);
      to += 4;
    }
  }
}

/** Runs the expression once over a block of `count` elements. */
function evaluate(instruction: usize, blocks: usize, count: i32): void {
  let code = <usize>word(instruction, MAP_CODE);
  const end = code + <usize>word(instruction, MAP_CODE_COUNT) * MAP_CODE_WORDS * WORD_BYTES;
  for (; code < end; code += MAP_CODE_WORDS * WORD_BYTES) {
    const head = load<u32>(code);
    const from = load<u32>(code, 4);
    apply(
      head & 0xffff,
      load<u32>(blocks + ((head >> 16) << 2)),
      load<u32>(blocks + ((from & 0xff) << 2)),
      load<u32>(blocks + (((from >> 8) & 0xff) << 2)),
      load<u32>(blocks + (((from >> 16) & 0xff) << 2)),
      count,
    );
  }
}

/** One operation on vectors. `f` is a constant wherever this is inlined, so one branch remains. */
// @ts-ignore: decorator
@inline
function operation(f: i32, a: v128, b: v128, c: v128): v128 {
  if (f == F_NEG) return f32x4.neg(a);
  if (f == F_ABS) return f32x4.abs(a);
  if (f == F_SQUARE) return f32x4.mul(a, a);
  if (f == F_SQRT) return f32x4.sqrt(a);
  if (f == F_EXP) return exp(a);
  if (f == F_LOG) return log(a);
  if (f == F_TANH) return tanh(a);
  if (f == F_SIGMOID) return sigmoid(a);
  if (f == F_SOFTPLUS) return softplus(a);
  // x < 0 ? 0 : x, so that NaN stays NaN
  if (f == F_RELU) return f32x4.pmax(a, f32x4.splat(0));
  if (f == F_STEP) return oneWhere(f32x4.gt(a, f32x4.splat(0)));
  if (f == F_SIGN) {
    return f32x4.sub(oneWhere(f32x4.gt(a, f32x4.splat(0))), oneWhere(f32x4.lt(a, f32x4.splat(0))));
  }
  if (f == F_ADD) return f32x4.add(a, b);
  if (f == F_SUB) return f32x4.sub(a, b);
  if (f == F_MUL) return f32x4.mul(a, b);
  if (f == F_DIV) return f32x4.div(a, b);
  if (f == F_MAX) return f32x4.max(a, b);
  if (f == F_MIN) return f32x4.min(a, b);
  if (f == F_EQUAL) return oneWhere(f32x4.eq(a, b));
  if (f == F_GREATER) return oneWhere(f32x4.gt(a, b));
  if (f == F_GREATER_EQUAL) return oneWhere(f32x4.ge(a, b));
  if (f == F_LEAKY_RELU) return select(f32x4.gt(a, f32x4.splat(0)), a, f32x4.mul(a, b));
  if (f == F_MUL_ADD) return mulAdd(a, b, c);
  if (f == F_NEG_MUL_ADD) return negMulAdd(a, b, c);
  if (f == F_SELECT) return select(f32x4.ne(a, f32x4.splat(0)), b, c);
  return a;
}

/** dst[i] = f(a[i], b[i], c[i]). Reads whole vectors, writes exactly `count` elements. */
// @ts-ignore: decorator
@inline
function loop(f: i32, dst: usize, a: usize, b: usize, c: usize, count: i32): void {
  const binary = f >= F_ADD;
  const ternary = f >= F_MUL_ADD;
  const zero = f32x4.splat(0);
  const end = dst + (<usize>(count & ~3) << 2);
  while (dst < end) {
    v128.store(dst, operation(f, v128.load(a), binary ? v128.load(b) : zero, ternary ? v128.load(c) : zero));
    dst += 16;
    a += 16;
    b += 16;
    c += 16;
  }
  const rest = count & 3;
  if (rest) {
    const last = operation(f, v128.load(a), binary ? v128.load(b) : zero, ternary ? v128.load(c) : zero);
    storeLanes(dst, last, rest);
  }
}

function apply(f: i32, dst: usize, a: usize, b: usize, c: usize, count: i32): void {
  switch (f) {
    case F_COPY: return loop(F_COPY, dst, a, b, c, count);
    case F_NEG: return loop(F_NEG, dst, a, b, c, count);
    case F_ABS: return loop(F_ABS, dst, a, b, c, count);
    case F_SQUARE: return loop(F_SQUARE, dst, a, b, c, count);
    case F_SQRT: return loop(F_SQRT, dst, a, b, c, count);
    case F_EXP: return loop(F_EXP, dst, a, b, c, count);
    case F_LOG: return loop(F_LOG, dst, a, b, c, count);
    case F_TANH: return loop(F_TANH, dst, a, b, c, count);
    case F_SIGMOID: return loop(F_SIGMOID, dst, a, b, c, count);
    case F_SOFTPLUS: return loop(F_SOFTPLUS, dst, a, b, c, count);
    case F_RELU: return loop(F_RELU, dst, a, b, c, count);
    case F_STEP: return loop(F_STEP, dst, a, b, c, count);
    case F_SIGN: return loop(F_SIGN, dst, a, b, c, count);
    case F_ADD: return loop(F_ADD, dst, a, b, c, count);
    case F_SUB: return loop(F_SUB, dst, a, b, c, count);
    case F_MUL: return loop(F_MUL, dst, a, b, c, count);
    case F_DIV: return loop(F_DIV, dst, a, b, c, count);
    case F_MAX: return loop(F_MAX, dst, a, b, c, count);
    case F_MIN: return loop(F_MIN, dst, a, b, c, count);
    case F_EQUAL: return loop(F_EQUAL, dst, a, b, c, count);
    case F_GREATER: return loop(F_GREATER, dst, a, b, c, count);
    case F_GREATER_EQUAL: return loop(F_GREATER_EQUAL, dst, a, b, c, count);
    case F_LEAKY_RELU: return loop(F_LEAKY_RELU, dst, a, b, c, count);
    case F_MUL_ADD: return loop(F_MUL_ADD, dst, a, b, c, count);
    case F_NEG_MUL_ADD: return loop(F_NEG_MUL_ADD, dst, a, b, c, count);
    case F_SELECT: return loop(F_SELECT, dst, a, b, c, count);
    default: unreachable();
  }
}
