/** GATHER, TRANSPOSE, COPY and MOVE: values change place or type, nothing is computed. */
import {
  COPY_COLUMNS, COPY_IN, COPY_OUT, COPY_ROWS, GATHER_COLUMNS, GATHER_DATA, GATHER_ORDER, GATHER_OUT, GATHER_SCALE,
  GATHER_TYPE, MOVE_CLEARS, MOVE_COLUMNS, MOVE_COUNT, MOVE_OUT, MOVE_RECTANGLES, MOVE_ROWS, RECTANGLE_COLUMNS,
  RECTANGLE_FROM_COLUMN, RECTANGLE_FROM_ROW, RECTANGLE_IN, RECTANGLE_IN_COLUMNS, RECTANGLE_ROWS, RECTANGLE_TO_COLUMN,
  RECTANGLE_TO_ROW, RECTANGLE_WORDS, TRANSPOSE_COLUMNS, TRANSPOSE_IN, TRANSPOSE_OUT, TRANSPOSE_ROWS, TYPE_UINT8, WORD_BYTES,
} from './isa';
import { dimension, word } from './operands';
import { WHOLE } from './scope';
import { storeLanes } from './simd';
import { partStart } from './team';

/** Row i of the output is row order[first + i] of the data, or row first + i without an order. */
export function gather(instruction: usize, rows: i32, first: i32, part: i32, parts: i32): void {
  const columns = word(instruction, GATHER_COLUMNS);
  const data = <usize>word(instruction, GATHER_DATA);
  const order: usize = WHOLE ? word(instruction, GATHER_ORDER) : 0;
  const bytes = !WHOLE || word(instruction, GATHER_TYPE) == TYPE_UINT8;
  const scale = reinterpret<f32>(word(instruction, GATHER_SCALE));
  const outStride = <usize>columns << 2;
  const dataStride = bytes ? <usize>columns : outStride;
  const begin = partStart(rows, 1, part, parts);
  const end = first + partStart(rows, 1, part + 1, parts);
  let out = <usize>word(instruction, GATHER_OUT) + <usize>begin * outStride;
  for (let i = first + begin; i < end; i++) {
    const row = order ? load<u32>(order + (<usize>i << 2)) : <u32>i;
    const from = data + <usize>row * dataStride;
    if (bytes) convertBytes(out, from, columns, scale);
    else copyFloats(out, from, columns);
    out += outStride;
  }
}

/** A loop, because memory.copy is a call out of the module: 20 ns, more than a short row takes. */
export function copyFloats(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>(count & ~3) << 2);
  for (; to < end; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  if (count & 3) storeLanes(to, v128.load(from), count & 3);
}

function convertBytes(to: usize, from: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (; count >= 8; count -= 8) {
    const words = v128.load_ext<u8>(from);
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)), factor));
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), factor), 16);
    from += 8;
    to += 32;
  }
  for (; count > 0; count--) {
    store<f32>(to, <f32>load<u8>(from) * scale);
    from += 1;
    to += 4;
  }
}

export function transpose(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const rows = dimension(instruction, TRANSPOSE_ROWS, stepRows);
  const columns = dimension(instruction, TRANSPOSE_COLUMNS, stepRows);
  const from = <usize>word(instruction, TRANSPOSE_IN);
  const to = <usize>word(instruction, TRANSPOSE_OUT);
  // blocks of 16 x 16 keep both sides in the first-level cache
  const end = partStart(rows, 16, part + 1, parts);
  for (let row = partStart(rows, 16, part, parts); row < end; row += 16) {
    for (let column = 0; column < columns; column += 16) {
      const lastRow = min(row + 16, end);
      const lastColumn = min(column + 16, columns);
      for (let i = row; i < lastRow; i++) {
        for (let j = column; j < lastColumn; j++) {
          store<f32>(to + (<usize>(j * rows + i) << 2), load<f32>(from + (<usize>(i * columns + j) << 2)));
        }
      }
    }
  }
}

export function copy(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const rows = dimension(instruction, COPY_ROWS, stepRows);
  const columns = dimension(instruction, COPY_COLUMNS, stepRows);
  const first = <usize>partStart(rows * columns, 16, part, parts) << 2;
  const last = <usize>partStart(rows * columns, 16, part + 1, parts) << 2;
  memory.copy(<usize>word(instruction, COPY_OUT) + first, <usize>word(instruction, COPY_IN) + first, last - first);
}

/** A part is whole rows of the output, cleared and covered by one thread. */
export function move(instruction: usize, stepRows: i32, part: i32, parts: i32): void {
  const rows = dimension(instruction, MOVE_ROWS, stepRows);
  const stride = <usize>dimension(instruction, MOVE_COLUMNS, stepRows) << 2;
  const out = <usize>word(instruction, MOVE_OUT);
  const first = partStart(rows, 1, part, parts);
  const last = partStart(rows, 1, part + 1, parts);
  if (word(instruction, MOVE_CLEARS)) memory.fill(out + <usize>first * stride, 0, <usize>(last - first) * stride);
  let rectangle = <usize>word(instruction, MOVE_RECTANGLES);
  for (let count = word(instruction, MOVE_COUNT); count > 0; count--) {
    putRectangle(rectangle, stepRows, out, stride, first, last);
    rectangle += RECTANGLE_WORDS * WORD_BYTES;
  }
}

/** As far as it lies in rows [first, last) of the output, whose rows are `stride` bytes apart. */
function putRectangle(rectangle: usize, stepRows: i32, out: usize, stride: usize, first: i32, last: i32): void {
  const toRow = word(rectangle, RECTANGLE_TO_ROW);
  const columns = dimension(rectangle, RECTANGLE_COLUMNS, stepRows);
  const inStride = <usize>dimension(rectangle, RECTANGLE_IN_COLUMNS, stepRows) << 2;
  const begin = max(first, toRow);
  const end = min(last, toRow + dimension(rectangle, RECTANGLE_ROWS, stepRows));
  let to = out + <usize>begin * stride + (<usize>word(rectangle, RECTANGLE_TO_COLUMN) << 2);
  let from = <usize>word(rectangle, RECTANGLE_IN) + (<usize>word(rectangle, RECTANGLE_FROM_COLUMN) << 2) +
    <usize>(begin - toRow + word(rectangle, RECTANGLE_FROM_ROW)) * inStride;
  for (let row = begin; row < end; row++) {
    copyFloats(to, from, columns);
    to += stride;
    from += inStride;
  }
}
