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
  F_ABS, F_ADD, F_COPY, F_COS, F_DIV, F_EQUAL, F_ERF, F_EXP, F_EXPM1, F_FLOOR, F_GELU, F_GREATER, F_GREATER_EQUAL,
  F_LEAKY_RELU, F_LOG, F_LOG1P, F_MAX, F_MIN, F_MUL, F_MUL_ADD, F_NEG, F_NEG_MUL_ADD, F_NORMAL_CDF, F_RELU, F_ROUND,
  F_SELECT, F_SIGMOID, F_SIGN, F_SIN, F_SOFTPLUS, F_SQRT, F_SQUARE, F_STEP, F_SUB, F_TANH, MAP_BLOCK, MAP_CODE,
  MAP_CODE_COUNT, MAP_CODE_WORDS, MAP_COLUMN, MAP_COLUMNS, MAP_FULL, MAP_OPERANDS, MAP_OPERANDS_LIMIT, MAP_ROW,
  MAP_ROWS, MAP_SCALAR, MAP_TEMPORARIES, SCRATCH_BLOCKS, WORD_BYTES,
} from './isa';
import {
  Abs, Add, Copy, Cos, Div, Equal, Erf, Exp, Expm1, Floor, Gelu, Greater, GreaterEqual, LeakyRelu, Log, Log1p, Max, Min,
  Mul, MulAdd, Neg, NegMulAdd, NormalCdf, Relu, Round, Select, Sigmoid, Sign, Sin, Softplus, Sqrt, Square, Step, Sub, Tanh,
} from './functions';
import { copyFloats } from './move';
import { dimension, word } from './operands';
import { storeLanes } from './simd';
import { partStart } from './team';

// @ts-ignore: decorator
@inline
const BLOCK_BYTES: usize = MAP_BLOCK * WORD_BYTES;

/** Evaluates a part of the instruction's matrix: whole rows. */
export function mapPart(instruction: usize, stepRows: i32, scratch: usize, part: i32, parts: i32): void {
  const rows = dimension(instruction, MAP_ROWS, stepRows);
  // a list of numbers is one column: parts begin on a cache line
  const unit = dimension(instruction, MAP_COLUMNS, stepRows) == 1 ? 16 : 1;
  map(instruction, stepRows, partStart(rows, unit, part, parts), partStart(rows, unit, part + 1, parts), scratch);
}

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
  const blocks = scratch + SCRATCH_BLOCKS;
  let free = blocks + MAP_OPERANDS_LIMIT * WORD_BYTES;
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
    copyFloats(to, row, columns);
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

// The loops below are made once for each function, so that nothing is left to decide for each vector.

function unary<F>(dst: usize, a: usize, count: i32): void {
  const f = changetype<F>(0);
  // two vectors at a time share the constants that a function reads
  const pairs = dst + (<usize>(count & ~7) << 2);
  for (; dst < pairs; dst += 32) {
    const first = f.of(v128.load(a));
    const second = f.of(v128.load(a, 16));
    v128.store(dst, first);
    v128.store(dst, second, 16);
    a += 32;
  }
  for (count &= 7; count > 0; count -= 4) {
    const y = f.of(v128.load(a));
    if (count < 4) storeLanes(dst, y, count);
    else v128.store(dst, y);
    a += 16;
    dst += 16;
  }
}

function binary<F>(dst: usize, a: usize, b: usize, count: i32): void {
  const f = changetype<F>(0);
  const end = dst + (<usize>(count & ~3) << 2);
  for (; dst < end; dst += 16) {
    v128.store(dst, f.of(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  if (count & 3) storeLanes(dst, f.of(v128.load(a), v128.load(b)), count & 3);
}

function ternary<F>(dst: usize, a: usize, b: usize, c: usize, count: i32): void {
  const f = changetype<F>(0);
  const end = dst + (<usize>(count & ~3) << 2);
  for (; dst < end; dst += 16) {
    v128.store(dst, f.of(v128.load(a), v128.load(b), v128.load(c)));
    a += 16;
    b += 16;
    c += 16;
  }
  if (count & 3) storeLanes(dst, f.of(v128.load(a), v128.load(b), v128.load(c)), count & 3);
}

/** dst[i] = f(a[i], b[i], c[i]). Reads whole vectors, writes exactly `count` elements. */
function apply(f: i32, dst: usize, a: usize, b: usize, c: usize, count: i32): void {
  switch (f) {
    case F_COPY: return unary<Copy>(dst, a, count);
    case F_NEG: return unary<Neg>(dst, a, count);
    case F_ABS: return unary<Abs>(dst, a, count);
    case F_SQUARE: return unary<Square>(dst, a, count);
    case F_SQRT: return unary<Sqrt>(dst, a, count);
    case F_EXP: return unary<Exp>(dst, a, count);
    case F_LOG: return unary<Log>(dst, a, count);
    case F_TANH: return unary<Tanh>(dst, a, count);
    case F_SIGMOID: return unary<Sigmoid>(dst, a, count);
    case F_SOFTPLUS: return unary<Softplus>(dst, a, count);
    case F_EXPM1: return unary<Expm1>(dst, a, count);
    case F_LOG1P: return unary<Log1p>(dst, a, count);
    case F_SIN: return unary<Sin>(dst, a, count);
    case F_COS: return unary<Cos>(dst, a, count);
    case F_ERF: return unary<Erf>(dst, a, count);
    case F_NORMAL_CDF: return unary<NormalCdf>(dst, a, count);
    case F_GELU: return unary<Gelu>(dst, a, count);
    case F_FLOOR: return unary<Floor>(dst, a, count);
    case F_ROUND: return unary<Round>(dst, a, count);
    case F_RELU: return unary<Relu>(dst, a, count);
    case F_STEP: return unary<Step>(dst, a, count);
    case F_SIGN: return unary<Sign>(dst, a, count);
    case F_ADD: return binary<Add>(dst, a, b, count);
    case F_SUB: return binary<Sub>(dst, a, b, count);
    case F_MUL: return binary<Mul>(dst, a, b, count);
    case F_DIV: return binary<Div>(dst, a, b, count);
    case F_MAX: return binary<Max>(dst, a, b, count);
    case F_MIN: return binary<Min>(dst, a, b, count);
    case F_EQUAL: return binary<Equal>(dst, a, b, count);
    case F_GREATER: return binary<Greater>(dst, a, b, count);
    case F_GREATER_EQUAL: return binary<GreaterEqual>(dst, a, b, count);
    case F_LEAKY_RELU: return binary<LeakyRelu>(dst, a, b, count);
    case F_MUL_ADD: return ternary<MulAdd>(dst, a, b, c, count);
    case F_NEG_MUL_ADD: return ternary<NegMulAdd>(dst, a, b, c, count);
    case F_SELECT: return ternary<Select>(dst, a, b, c, count);
    default: unreachable();
  }
}
