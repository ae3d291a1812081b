/** GATHER, TRANSPOSE and COPY: values change place or type, nothing is computed. */
import {
  COPY_COLUMNS, COPY_IN, COPY_OUT, COPY_ROWS, GATHER_COLUMNS, GATHER_DATA, GATHER_ORDER, GATHER_OUT, GATHER_SCALE,
  GATHER_TYPE, TRANSPOSE_COLUMNS, TRANSPOSE_IN, TRANSPOSE_OUT, TRANSPOSE_ROWS, TYPE_UINT8,
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
