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
  MAP_ROWS, MAP_SCALAR, MAP_TEMPORARIES, SCRATCH_BLOCKS, SCRATCH_TILE, VECTOR_BYTES, WORD_BYTES,
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
// @ts-ignore: decorator
@inline
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
  const columnOperands = WHOLE ? word(instruction, MAP_COLUMN) : 0;
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
  for (let i = full; i < count; i++) {
    setEntry(blocks, i, free, VECTOR_BYTES);
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
      for (let i = firstColumn; WHOLE && i < firstScalar; i++) repeatNumber(blocks, i, operand(operands, i) + (<usize>row << 2));
      for (let column = from; column < to; column += MAP_BLOCK) {
        point(blocks, operands, 0, full, row * columns + column);
        if (passing >= 0) point(blocks, operands, passing, passing + 1, row * columns + column - shifted);
        point(blocks, operands, full, firstColumn, column);
        evaluate(instruction, blocks, min(MAP_BLOCK, to - column));
      }
    }
  } else {
    // narrow: a block is several whole rows, so many that they are whole eights of numbers
    const most = MAP_BLOCK / columns;
    const unit = 8 / min(8, columns & -columns);
    const rowsPerBlock = min(most > unit ? most - most % unit : most, last - first);
    for (let i = full; i < firstColumn; i++) repeatRow(block(blocks, i), operand(operands, i), columns, rowsPerBlock);
    for (let row = first; row < last; row += rowsPerBlock) {
      const taken = min(rowsPerBlock, last - row);
      for (let i = firstColumn; WHOLE && i < firstScalar; i++) {
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
function step(blocks: usize, i: i32): usize {
  return load<u32>(blocks + <usize>i * ENTRY_BYTES, WORD_BYTES);
}

/** Address and step in one store. */
// @ts-ignore: decorator
@inline
function setEntry(blocks: usize, i: i32, address: usize, step: usize): void {
  store<u64>(blocks + <usize>i * ENTRY_BYTES, <u64>address | (<u64>step << 32));
}

/** Points the blocks of operands [from, to) into their arrays, at an element. */
// @ts-ignore: decorator
@inline
function point(blocks: usize, operands: usize, from: i32, to: i32, element: i32): void {
  for (let i = from; i < to; i++) setEntry(blocks, i, operand(operands, i) + (<usize>element << 2), VECTOR_BYTES);
}

/** The operand is the number at an address, again and again. */
// @ts-ignore: decorator
@inline
function repeatNumber(blocks: usize, i: i32, address: usize): void {
  const at = block(blocks, i);
  v128.store(at, v128.load32_splat(address));
  setEntry(blocks, i, at, 0);
}

// Two columns, as networks for two classes have, are made in whole vectors: of numbers that were stored one by one a vector can be read only when they have
// left the core's store queue, which a tiny network waits for, 2 % of 2-16-2's step.

function repeatRow(to: usize, row: usize, columns: i32, times: i32): void {
  if (columns == 2) {
    const x = v128.load64_splat(row);
    for (const end = to + (<usize>times << 3); to < end; to += VECTOR_BYTES) v128.store(to, x);
    return;
  }
  copyFloats(to, row, columns);
  // what is there is copied behind itself
  const count = columns * times;
  for (let done = columns; done < count; done <<= 1) copyFloats(to + (<usize>done << 2), to, min(done, count - done));
}

function repeatColumn(to: usize, values: usize, columns: i32, rows: i32): void {
  if (columns == 2) {
    for (const end = to + (<usize>rows << 3); to < end; to += VECTOR_BYTES) {
      const x = v128.load64_zero(values);
      v128.store(to, v128.shuffle<f32>(x, x, 0, 0, 1, 1));
      values += 8;
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    const value = load<f32>(values + (<usize>row << 2));
    for (let column = 0; column < columns; column++) {
      store<f32>(to, value);
      to += 4;
    }
  }
}

/**
 * Runs the expression once over a block of `count` elements. Temporaries have room for whole pairs of vectors. An output has not: what is left over
 * of eights is computed beside it, so that a function is one loop over pairs, without a second way for the last few.
 */
function evaluate(instruction: usize, blocks: usize, count: i32): void {
  const outputs = word(instruction, MAP_FULL);
  const aside = blocks + SCRATCH_TILE - SCRATCH_BLOCKS;
  const rest = count & 7;
  const all = pairs(count), whole = pairs(count - rest);
  let code = <usize>word(instruction, MAP_CODE);
  const end = code + <usize>word(instruction, MAP_CODE_COUNT) * MAP_CODE_WORDS * WORD_BYTES;
  for (; code < end; code += MAP_CODE_WORDS * WORD_BYTES) {
    const f = load<u16>(code), to = <i32>load<u16>(code, 2);
    const a = load<u8>(code, 4), b = load<u8>(code, 5), c = load<u8>(code, 6);
    const aAt = block(blocks, a), bAt = block(blocks, b), cAt = block(blocks, c);
    const aStep = step(blocks, a), bStep = step(blocks, b), cStep = step(blocks, c);
    const dst = block(blocks, to);
    if (!rest || to >= outputs) {
      apply(f, dst, aAt, aStep, bAt, bStep, cAt, cStep, all);
      continue;
    }
    if (whole) apply(f, dst, aAt, aStep, bAt, bStep, cAt, cStep, whole);
    apply(f, aside, aAt + whole * aStep, aStep, bAt + whole * bStep, bStep, cAt + whole * cStep, cStep, 2);
    storeFew(dst + whole * VECTOR_BYTES, aside, rest);
  }
}

/** Vectors of so many numbers, in whole pairs. */
// @ts-ignore: decorator
@inline
export function pairs(count: i32): usize {
  return (<usize>(count + 7) >> 3) << 1;
}

/** Up to seven numbers. */
// @ts-ignore: decorator
@inline
function storeFew(to: usize, from: usize, count: i32): void {
  if (count & 4) {
    v128.store(to, v128.load(from));
    to += VECTOR_BYTES;
    from += VECTOR_BYTES;
  }
  if (count & 3) storeLanes(to, v128.load(from), count & 3);
}

// The loops below are made once for each function, so that nothing is left to decide for each vector; they come in pairs.

export function unary<F>(dst: usize, a: usize, aStep: usize, vectors: usize): void {
  const f = changetype<F>(0);
  // two vectors at a time share the constants that a function reads
  for (const end = dst + vectors * VECTOR_BYTES; dst < end; dst += 2 * VECTOR_BYTES) {
    const first = f.of(v128.load(a));
    const second = f.of(v128.load(a + aStep));
    v128.store(dst, first);
    v128.store(dst, second, VECTOR_BYTES);
    a += 2 * aStep;
  }
}

/**
 * One vector at a time, for functions that few networks have: half the code, and 5 to 20 % slower. But gelu is 3 % faster so: its constants and two vectors
 * are more than there are registers, and where the stack that V8 then keeps constants on lies a multiple of 4 KiB away from what
 * is read, as in one process of twelve, it took 2.7 times as long.
 */
function single<F>(dst: usize, a: usize, aStep: usize, vectors: usize): void {
  const f = changetype<F>(0);
  for (const end = dst + vectors * VECTOR_BYTES; dst < end; dst += VECTOR_BYTES) {
    v128.store(dst, f.of(v128.load(a)));
    a += aStep;
  }
}

function binary<F>(dst: usize, a: usize, aStep: usize, b: usize, bStep: usize, vectors: usize): void {
  const f = changetype<F>(0);
  for (const end = dst + vectors * VECTOR_BYTES; dst < end; dst += VECTOR_BYTES) {
    v128.store(dst, f.of(v128.load(a), v128.load(b)));
    a += aStep;
    b += bStep;
  }
}

function ternary<F>(
  dst: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize, vectors: usize,
): void {
  const f = changetype<F>(0);
  for (const end = dst + vectors * VECTOR_BYTES; dst < end; dst += VECTOR_BYTES) {
    v128.store(dst, f.of(v128.load(a), v128.load(b), v128.load(c)));
    a += aStep;
    b += bStep;
    c += cStep;
  }
}

/** dst[i] = f(a[i], b[i], c[i]). */
function apply(
  f: i32, dst: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize, vectors: usize,
): void {
  switch (f) {
    case F_COPY: wholeOnly(); return unary<Copy>(dst, a, aStep, vectors);
    case F_NEG: return unary<Neg>(dst, a, aStep, vectors);
    case F_ABS: return unary<Abs>(dst, a, aStep, vectors);
    case F_SQUARE: return unary<Square>(dst, a, aStep, vectors);
    case F_SQRT: wholeOnly(); return unary<Sqrt>(dst, a, aStep, vectors);
    case F_EXP: return unary<Exp>(dst, a, aStep, vectors);
    case F_LOG: wholeOnly(); return unary<Log>(dst, a, aStep, vectors);
    case F_TANH: return unary<Tanh>(dst, a, aStep, vectors);
    case F_SIGMOID: return unary<Sigmoid>(dst, a, aStep, vectors);
    case F_SOFTPLUS: wholeOnly(); return unary<Softplus>(dst, a, aStep, vectors);
    case F_EXPM1: wholeOnly(); return unary<Expm1>(dst, a, aStep, vectors);
    case F_LOG1P: wholeOnly(); return single<Log1p>(dst, a, aStep, vectors);
    case F_SIN: wholeOnly(); return single<Sin>(dst, a, aStep, vectors);
    case F_COS: wholeOnly(); return single<Cos>(dst, a, aStep, vectors);
    case F_ERF: wholeOnly(); return single<Erf>(dst, a, aStep, vectors);
    case F_NORMAL_CDF: wholeOnly(); return single<NormalCdf>(dst, a, aStep, vectors);
    case F_GELU: wholeOnly(); return single<Gelu>(dst, a, aStep, vectors);
    case F_FLOOR: wholeOnly(); return unary<Floor>(dst, a, aStep, vectors);
    case F_ROUND: wholeOnly(); return unary<Round>(dst, a, aStep, vectors);
    case F_RELU: return unary<Relu>(dst, a, aStep, vectors);
    case F_STEP: wholeOnly(); return unary<Step>(dst, a, aStep, vectors);
    case F_SIGN: wholeOnly(); return unary<Sign>(dst, a, aStep, vectors);
    case F_ADD: return binary<Add>(dst, a, aStep, b, bStep, vectors);
    case F_SUB: return binary<Sub>(dst, a, aStep, b, bStep, vectors);
    case F_MUL: return binary<Mul>(dst, a, aStep, b, bStep, vectors);
    case F_DIV: return binary<Div>(dst, a, aStep, b, bStep, vectors);
    case F_MAX: return binary<Max>(dst, a, aStep, b, bStep, vectors);
    case F_MIN: return binary<Min>(dst, a, aStep, b, bStep, vectors);
    case F_EQUAL: wholeOnly(); return binary<Equal>(dst, a, aStep, b, bStep, vectors);
    case F_GREATER: wholeOnly(); return binary<Greater>(dst, a, aStep, b, bStep, vectors);
    case F_GREATER_EQUAL: wholeOnly(); return binary<GreaterEqual>(dst, a, aStep, b, bStep, vectors);
    case F_LEAKY_RELU: return binary<LeakyRelu>(dst, a, aStep, b, bStep, vectors);
    case F_MUL_ADD: return ternary<MulAdd>(dst, a, aStep, b, bStep, c, cStep, vectors);
    case F_NEG_MUL_ADD: return ternary<NegMulAdd>(dst, a, aStep, b, bStep, c, cStep, vectors);
    case F_SELECT: wholeOnly(); return ternary<Select>(dst, a, aStep, b, bStep, c, cStep, vectors);
    default: unreachable();
  }
}
