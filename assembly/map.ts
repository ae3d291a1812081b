/**
 * MAP: a fused elementwise expression over any number of operands, evaluated block by block so that intermediate
 * results never leave the first-level cache.
 *
 * Broadcasting is settled before a block is evaluated: one number is a vector that is read again and again (a step of 0), what else repeats
 * is laid out in a block of its own. So every operation is the same plain loop dst[i] = f(a[i], b[i], c[i]).
 *
 * Contract: an output may be the same array as an operand of the same shape. It may not overlap one otherwise.
 */
import {
  F_ABS, F_ADD, F_COPY, F_COS, F_DIV, F_EQUAL, F_ERF, F_EXP, F_EXPM1, F_FLOOR, F_GELU, F_GREATER, F_GREATER_EQUAL,
  F_LEAKY_RELU, F_LOG, F_LOG1P, F_MAX, F_MIN, F_MUL, F_MUL_ADD, F_NEG, F_NEG_MUL_ADD, F_NORMAL_CDF, F_RELU, F_ROUND,
  F_SELECT, F_SIGMOID, F_SIGN, F_SIN, F_SOFTPLUS, F_SQRT, F_SQUARE, F_STEP, F_SUB, F_TANH, MAP_BLOCK, MAP_CODE,
  MAP_CODE_COUNT, MAP_CODE_WORDS, MAP_COLUMN, MAP_COLUMNS, MAP_FULL, MAP_OPERANDS, MAP_OPERANDS_LIMIT, MAP_PASSING, MAP_ROW,
  MAP_ROWS, MAP_SCALAR, MAP_TEMPORARIES, SCRATCH_BLOCKS, VECTOR_BYTES, WORD_BYTES,
} from './isa';
import {
  Abs, Add, Copy, Cos, Div, Equal, Erf, Exp, Expm1, Floor, Gelu, Greater, GreaterEqual, LeakyRelu, Log, Log1p, Max, Min,
  Mul, MulAdd, Neg, NegMulAdd, NormalCdf, Relu, Round, Select, Sigmoid, Sign, Sin, Softplus, Sqrt, Square, Step, Sub, Tanh,
} from './functions';
import { copyFloats } from './move';
import { dimension, word } from './operands';
import { WHOLE, wholeOnly } from './scope';
import { storeLanes } from './simd';
import { partStart } from './team';

// @ts-ignore: decorator
@inline
const BLOCK_BYTES: usize = MAP_BLOCK * WORD_BYTES;
/** Where an operand stands for the block at hand, and bytes from one vector of it to the next. */
// @ts-ignore: decorator
@inline
const ENTRY_BYTES: usize = 2 * WORD_BYTES;

/** Evaluates a part of the instruction's matrix: whole rows. */
export function mapPart(instruction: usize, stepRows: i32, scratch: usize, part: i32, parts: i32): void {
  const rows = dimension(instruction, MAP_ROWS, stepRows);
  // a list of numbers is one column: parts begin on a cache line
  const unit = dimension(instruction, MAP_COLUMNS, stepRows) == 1 ? 16 : 1;
  map(instruction, stepRows, partStart(rows, unit, part, parts), partStart(rows, unit, part + 1, parts), scratch);
}

/** Evaluates rows [first, last) of the instruction's matrix. */
export function map(instruction: usize, rows: i32, first: i32, last: i32, scratch: usize): void {
  mapWindow(instruction, rows, first, last, 0, dimension(instruction, MAP_COLUMNS, rows), 0, scratch);
}

/** Evaluates columns [from, to) of rows [first, last). The operand that passes (MAP_PASSING) stands `shift` rows further up. */
export function mapWindow(
  instruction: usize, rows: i32, first: i32, last: i32, from: i32, to: i32, shift: i32, scratch: usize,
): void {
  const columns = dimension(instruction, MAP_COLUMNS, rows);
  const window = to - from != columns;
  const rowOperands = word(instruction, MAP_ROW);
  const columnOperands = word(instruction, MAP_COLUMN);
  const full = word(instruction, MAP_FULL);
  const scalars = word(instruction, MAP_SCALAR);
  const operands = <usize>word(instruction, MAP_OPERANDS);
  if (last <= first || to <= from) return;

  const blocks = scratch + SCRATCH_BLOCKS;
  let free = blocks + <usize>MAP_OPERANDS_LIMIT * ENTRY_BYTES;
  const firstColumn = full + rowOperands;
  const firstScalar = firstColumn + columnOperands;
  const firstTemporary = firstScalar + scalars;
  const count = firstTemporary + word(instruction, MAP_TEMPORARIES);
  for (let i = 0; i < full; i++) setStep(blocks, i, VECTOR_BYTES);
  for (let i = full; i < count; i++) {
    setBlock(blocks, i, free);
    setStep(blocks, i, VECTOR_BYTES);
    free += BLOCK_BYTES;
  }
  for (let i = firstScalar; i < firstTemporary; i++) repeatNumber(blocks, i, operand(operands, i));

  const passing = WHOLE && shift ? word(instruction, MAP_PASSING) : -1;
  const shifted = shift * columns;
  if (rowOperands + columnOperands == 0 && !window) {
    const end = last * columns;
    for (let at = first * columns; at < end; at += MAP_BLOCK) {
      point(blocks, operands, 0, full, at);
      if (passing >= 0) point(blocks, operands, passing, passing + 1, at - shifted);
      evaluate(instruction, blocks, min(MAP_BLOCK, end - at));
    }
  } else if (window || columns > MAP_BLOCK >> 1) {
    // wide: a block lies within one row
    for (let row = first; row < last; row++) {
      for (let i = firstColumn; i < firstScalar; i++) repeatNumber(blocks, i, operand(operands, i) + (<usize>row << 2));
      for (let column = from; column < to; column += MAP_BLOCK) {
        point(blocks, operands, 0, full, row * columns + column);
        if (passing >= 0) point(blocks, operands, passing, passing + 1, row * columns + column - shifted);
        point(blocks, operands, full, firstColumn, column);
        evaluate(instruction, blocks, min(MAP_BLOCK, to - column));
      }
    }
  } else {
    // narrow: a block is several whole rows
    const rowsPerBlock = min(MAP_BLOCK / columns, last - first);
    for (let i = full; i < firstColumn; i++) repeatRow(block(blocks, i), operand(operands, i), columns, rowsPerBlock);
    for (let row = first; row < last; row += rowsPerBlock) {
      const taken = min(rowsPerBlock, last - row);
      for (let i = firstColumn; i < firstScalar; i++) {
        repeatColumn(block(blocks, i), operand(operands, i) + (<usize>row << 2), columns, taken);
      }
      point(blocks, operands, 0, full, row * columns);
      if (passing >= 0) point(blocks, operands, passing, passing + 1, row * columns - shifted);
      evaluate(instruction, blocks, taken * columns);
    }
  }
}

// @ts-ignore: decorator
@inline
function operand(operands: usize, i: i32): usize {
  return load<u32>(operands + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function block(blocks: usize, i: i32): usize {
  return load<u32>(blocks + <usize>i * ENTRY_BYTES);
}

// @ts-ignore: decorator
@inline
function setBlock(blocks: usize, i: i32, address: usize): void {
  store<u32>(blocks + <usize>i * ENTRY_BYTES, <u32>address);
}

// @ts-ignore: decorator
@inline
function step(blocks: usize, i: i32): usize {
  return load<u32>(blocks + <usize>i * ENTRY_BYTES, WORD_BYTES);
}

// @ts-ignore: decorator
@inline
function setStep(blocks: usize, i: i32, bytes: u32): void {
  store<u32>(blocks + <usize>i * ENTRY_BYTES, bytes, WORD_BYTES);
}

/** Points the blocks of operands [from, to) into their arrays, at an element. */
// @ts-ignore: decorator
@inline
function point(blocks: usize, operands: usize, from: i32, to: i32, element: i32): void {
  for (let i = from; i < to; i++) setBlock(blocks, i, operand(operands, i) + (<usize>element << 2));
}

/** The operand is the number at an address, again and again. */
// @ts-ignore: decorator
@inline
function repeatNumber(blocks: usize, i: i32, address: usize): void {
  v128.store(block(blocks, i), v128.load32_splat(address));
  setStep(blocks, i, 0);
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
    const a = from & 0xff, b = (from >> 8) & 0xff, c = (from >> 16) & 0xff;
    apply(
      head & 0xffff, block(blocks, head >> 16), block(blocks, a), step(blocks, a), block(blocks, b), step(blocks, b),
      block(blocks, c), step(blocks, c), count,
    );
  }
}

// The loops below are made once for each function, so that nothing is left to decide for each vector.

function unary<F>(dst: usize, a: usize, aStep: usize, count: i32): void {
  const f = changetype<F>(0);
  // two vectors at a time share the constants that a function reads
  const pairs = dst + (<usize>(count & ~7) << 2);
  for (; dst < pairs; dst += 32) {
    const first = f.of(v128.load(a));
    const second = f.of(v128.load(a + aStep));
    v128.store(dst, first);
    v128.store(dst, second, 16);
    a += 2 * aStep;
  }
  for (count &= 7; count > 0; count -= 4) {
    const y = f.of(v128.load(a));
    if (count < 4) storeLanes(dst, y, count);
    else v128.store(dst, y);
    a += aStep;
    dst += 16;
  }
}

function binary<F>(dst: usize, a: usize, aStep: usize, b: usize, bStep: usize, count: i32): void {
  const f = changetype<F>(0);
  const end = dst + (<usize>(count & ~3) << 2);
  for (; dst < end; dst += 16) {
    v128.store(dst, f.of(v128.load(a), v128.load(b)));
    a += aStep;
    b += bStep;
  }
  if (count & 3) storeLanes(dst, f.of(v128.load(a), v128.load(b)), count & 3);
}

function ternary<F>(
  dst: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize, count: i32,
): void {
  const f = changetype<F>(0);
  const end = dst + (<usize>(count & ~3) << 2);
  for (; dst < end; dst += 16) {
    v128.store(dst, f.of(v128.load(a), v128.load(b), v128.load(c)));
    a += aStep;
    b += bStep;
    c += cStep;
  }
  if (count & 3) storeLanes(dst, f.of(v128.load(a), v128.load(b), v128.load(c)), count & 3);
}

/** dst[i] = f(a[i], b[i], c[i]). Reads whole vectors, writes exactly `count` elements. */
function apply(
  f: i32, dst: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize, count: i32,
): void {
  switch (f) {
    case F_COPY: wholeOnly(); return unary<Copy>(dst, a, aStep, count);
    case F_NEG: return unary<Neg>(dst, a, aStep, count);
    case F_ABS: return unary<Abs>(dst, a, aStep, count);
    case F_SQUARE: return unary<Square>(dst, a, aStep, count);
    case F_SQRT: wholeOnly(); return unary<Sqrt>(dst, a, aStep, count);
    case F_EXP: return unary<Exp>(dst, a, aStep, count);
    case F_LOG: wholeOnly(); return unary<Log>(dst, a, aStep, count);
    case F_TANH: return unary<Tanh>(dst, a, aStep, count);
    case F_SIGMOID: return unary<Sigmoid>(dst, a, aStep, count);
    case F_SOFTPLUS: return unary<Softplus>(dst, a, aStep, count);
    case F_EXPM1: wholeOnly(); return unary<Expm1>(dst, a, aStep, count);
    case F_LOG1P: wholeOnly(); return unary<Log1p>(dst, a, aStep, count);
    case F_SIN: wholeOnly(); return unary<Sin>(dst, a, aStep, count);
    case F_COS: wholeOnly(); return unary<Cos>(dst, a, aStep, count);
    case F_ERF: wholeOnly(); return unary<Erf>(dst, a, aStep, count);
    case F_NORMAL_CDF: wholeOnly(); return unary<NormalCdf>(dst, a, aStep, count);
    case F_GELU: wholeOnly(); return unary<Gelu>(dst, a, aStep, count);
    case F_FLOOR: wholeOnly(); return unary<Floor>(dst, a, aStep, count);
    case F_ROUND: wholeOnly(); return unary<Round>(dst, a, aStep, count);
    case F_RELU: return unary<Relu>(dst, a, aStep, count);
    case F_STEP: wholeOnly(); return unary<Step>(dst, a, aStep, count);
    case F_SIGN: wholeOnly(); return unary<Sign>(dst, a, aStep, count);
    case F_ADD: return binary<Add>(dst, a, aStep, b, bStep, count);
    case F_SUB: return binary<Sub>(dst, a, aStep, b, bStep, count);
    case F_MUL: return binary<Mul>(dst, a, aStep, b, bStep, count);
    case F_DIV: return binary<Div>(dst, a, aStep, b, bStep, count);
    case F_MAX: return binary<Max>(dst, a, aStep, b, bStep, count);
    case F_MIN: return binary<Min>(dst, a, aStep, b, bStep, count);
    case F_EQUAL: wholeOnly(); return binary<Equal>(dst, a, aStep, b, bStep, count);
    case F_GREATER: wholeOnly(); return binary<Greater>(dst, a, aStep, b, bStep, count);
    case F_GREATER_EQUAL: wholeOnly(); return binary<GreaterEqual>(dst, a, aStep, b, bStep, count);
    case F_LEAKY_RELU: return binary<LeakyRelu>(dst, a, aStep, b, bStep, count);
    case F_MUL_ADD: return ternary<MulAdd>(dst, a, aStep, b, bStep, c, cStep, count);
    case F_NEG_MUL_ADD: return ternary<NegMulAdd>(dst, a, aStep, b, bStep, c, cStep, count);
    case F_SELECT: wholeOnly(); return ternary<Select>(dst, a, aStep, b, bStep, c, cStep, count);
    default: unreachable();
  }
}
