/**
 * Packing: operands copied into the order in which the tiles read them.
 *
 * A block of B becomes panels of NR columns, panel p holding rows 0..k-1 of columns 8p..8p+7 one after the other; columns beyond
 * n are zero. A, where it is packed, becomes tiles, in each tile the entries of k = 0, then those of k = 1, and so on. Entries
 * beyond the last row are whatever is there, and end in entries of C that are thrown away.
 */
import { NR } from '../isa';
import { copyFloats } from '../move';

// @ts-ignore: decorator
@inline
export const PANEL_ROW_BYTES: usize = NR * 4;

/**
 * Rows of the next tile, where tiles of `mr` rows are preferred and `remaining` rows are left: one that is filled to the last row,
 * where a mixture of 4 and 6 rows can be.
 */
export function tileHeight(remaining: i32, mr: i32): i32 {
  return mr == 4 || remaining <= 4 || remaining == 7 || remaining == 8 ? 4 : 6;
}

/** Packs b (k x n, by rows, `stride` bytes a row). */
export function packB(b: usize, stride: usize, k: i32, n: i32, panels: usize): void {
  const whole = n & ~(NR - 1);
  for (let column = 0; column < whole; column += NR) {
    let from = b + (<usize>column << 2);
    for (let row = 0; row < k; row++) {
      v128.store(panels, v128.load(from));
      v128.store(panels, v128.load(from, 16), 16);
      from += stride;
      panels += PANEL_ROW_BYTES;
    }
  }
  if (whole < n) {
    let from = b + (<usize>whole << 2);
    for (let row = 0; row < k; row++) {
      v128.store(panels, f32x4.splat(0));
      v128.store(panels, f32x4.splat(0), 16);
      copyFloats(panels, from, n - whole);
      from += stride;
      panels += PANEL_ROW_BYTES;
    }
  }
}

/** Packs the transpose of b (n x k, by rows, `stride` bytes a row). */
export function packTransposedB(b: usize, stride: usize, k: i32, n: i32, panels: usize): void {
  for (let column = 0; column < n; column += NR) {
    const columns = min(NR, n - column);
    const from = b + <usize>column * stride;
    if (columns == NR) {
      transposeFour(from, stride, k, panels, PANEL_ROW_BYTES);
      transposeFour(from + 4 * stride, stride, k, panels + 16, PANEL_ROW_BYTES);
    } else {
      memory.fill(panels, 0, <usize>k * PANEL_ROW_BYTES);
      for (let j = 0; j < columns; j++) scatterRow(from + <usize>j * stride, k, panels + (<usize>j << 2), PANEL_ROW_BYTES);
    }
    panels += <usize>k * PANEL_ROW_BYTES;
  }
}

/** Packs a (rows x k, by rows, `stride` bytes a row) as tiles of `mr` rows, and of 6 the last one or two of 4. */
export function packA(a: usize, stride: usize, k: i32, rows: i32, mr: i32, to: usize): void {
  for (let row = 0; row < rows; ) {
    const height = tileHeight(rows - row, mr);
    const tileBytes = <usize>height << 2;
    if (height > rows - row) for (let i = 0; i < rows - row; i++) scatterRow(a + <usize>i * stride, k, to + (<usize>i << 2), tileBytes);
    else {
      transposeFour(a, stride, k, to, tileBytes);
      // two of them once more
      if (height == 6) transposeFour(a + 2 * stride, stride, k, to + 8, tileBytes);
    }
    a += <usize>height * stride;
    to += <usize>k * tileBytes;
    row += height;
  }
}

/** Packs tiles from the transpose of a (k x rows, by rows, `stride` bytes a row). */
export function packTransposedA(a: usize, stride: usize, k: i32, rows: i32, mr: i32, to: usize): void {
  for (let row = 0; row < rows; ) {
    const height = tileHeight(rows - row, mr);
    let from = a;
    for (let i = 0; i < k; i++) {
      v128.store(to, v128.load(from));
      if (height == 6) v128.store_lane<i64>(to, v128.load_zero<i64>(from, 16), 0, 16);
      from += stride;
      to += <usize>height << 2;
    }
    a += <usize>height << 2;
    row += height;
  }
}

/** Four rows of `count` floats become columns: entry (r, i) goes to to + i * toStride + 4r. */
export function transposeFour(from: usize, stride: usize, count: i32, to: usize, toStride: usize): void {
  let r0 = from, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const x0 = v128.load(r0), x1 = v128.load(r1), x2 = v128.load(r2), x3 = v128.load(r3);
    const y0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const y1 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const y2 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const y3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(y0, y2, 0, 2)); to += toStride;
    v128.store(to, v128.shuffle<i64>(y0, y2, 1, 3)); to += toStride;
    v128.store(to, v128.shuffle<i64>(y1, y3, 0, 2)); to += toStride;
    v128.store(to, v128.shuffle<i64>(y1, y3, 1, 3)); to += toStride;
    r0 += 16; r1 += 16; r2 += 16; r3 += 16;
  }
  for (; i < count; i++) {
    // a vector, because that is how it is read next: numbers stored one by one have to leave the core's store queue first, 3 % of 2-16-2's step
    let x = v128.load_zero<f32>(r0);
    x = v128.load_lane<f32>(r1, x, 1);
    x = v128.load_lane<f32>(r2, x, 2);
    v128.store(to, v128.load_lane<f32>(r3, x, 3));
    r0 += 4; r1 += 4; r2 += 4; r3 += 4;
    to += toStride;
  }
}

/** A row becomes a column. */
export function scatterRow(from: usize, count: i32, to: usize, toStride: usize): void {
  for (let i = 0; i < count; i++) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += toStride;
  }
}
