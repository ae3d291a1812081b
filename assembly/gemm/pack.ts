/**
 * Packing: operands copied into the order in which the tiles read them.
 *
 * B becomes panels of NR columns, panel p holding rows 0..k-1 of columns 8p..8p+7 one after the other; columns beyond
 * n are zero. A stored k x m becomes panels of MR entries for each k, one panel for each row tile; entries beyond
 * the last row repeat what lies behind them in memory and end in entries of C that are thrown away.
 */
import { NR } from '../isa';

// @ts-ignore: decorator
@inline
export const PANEL_ROW_BYTES: usize = NR * 4;

/** Packs b (k x n, by rows). */
export function packB(b: usize, k: i32, n: i32, panels: usize): void {
  const stride = <usize>n << 2;
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
    const bytes = <usize>(n - whole) << 2;
    let from = b + (<usize>whole << 2);
    for (let row = 0; row < k; row++) {
      memory.fill(panels, 0, PANEL_ROW_BYTES);
      memory.copy(panels, from, bytes);
      from += stride;
      panels += PANEL_ROW_BYTES;
    }
  }
}

/** Packs the transpose of b (n x k, by rows). */
export function packTransposedB(b: usize, k: i32, n: i32, panels: usize): void {
  const stride = <usize>k << 2;
  for (let column = 0; column < n; column += NR) {
    const columns = min(NR, n - column);
    const from = b + <usize>column * stride;
    if (columns == NR) {
      transposeHalf(from, stride, k, panels);
      transposeHalf(from + 4 * stride, stride, k, panels + 16);
    } else {
      memory.fill(panels, 0, <usize>k * PANEL_ROW_BYTES);
      for (let j = 0; j < columns; j++) scatterRow(from + <usize>j * stride, k, panels + (<usize>j << 2), PANEL_ROW_BYTES);
    }
    panels += <usize>k * PANEL_ROW_BYTES;
  }
}

/** Four rows of `count` floats become columns: entry (i, r) goes to to + i * 32 + 4r. */
function transposeHalf(from: usize, stride: usize, count: i32, to: usize): void {
  let r0 = from, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const x0 = v128.load(r0), x1 = v128.load(r1), x2 = v128.load(r2), x3 = v128.load(r3);
    const y0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const y1 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const y2 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const y3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(y0, y2, 0, 2));
    v128.store(to, v128.shuffle<i64>(y0, y2, 1, 3), 32);
    v128.store(to, v128.shuffle<i64>(y1, y3, 0, 2), 64);
    v128.store(to, v128.shuffle<i64>(y1, y3, 1, 3), 96);
    r0 += 16; r1 += 16; r2 += 16; r3 += 16;
    to += 4 * PANEL_ROW_BYTES;
  }
  for (; i < count; i++) {
    store<f32>(to, load<f32>(r0));
    store<f32>(to, load<f32>(r1), 4);
    store<f32>(to, load<f32>(r2), 8);
    store<f32>(to, load<f32>(r3), 12);
    r0 += 4; r1 += 4; r2 += 4; r3 += 4;
    to += PANEL_ROW_BYTES;
  }
}

function scatterRow(from: usize, count: i32, to: usize, toStride: usize): void {
  for (let i = 0; i < count; i++) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += toStride;
  }
}

/** Packs `tiles` row tiles of 4 from a (k x m, by rows, `stride` bytes a row): tile after tile, k after k. */
export function packTransposedA(a: usize, stride: usize, k: i32, tiles: i32, to: usize): void {
  const tileBytes = <usize>k << 4;
  for (let row = 0; row < k; row++) {
    let from = a;
    let at = to;
    for (let tile = 0; tile < tiles; tile++) {
      v128.store(at, v128.load(from));
      from += 16;
      at += tileBytes;
    }
    a += stride;
    to += 16;
  }
}
