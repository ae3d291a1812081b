/**
 * Products that are too small, or too narrow, for packing and large tiles to pay: tiles of 4 rows and 8 or 4 columns, or of 8 rows and one or two, on
 * operands as they lie in memory.
 *
 * Contract: as gemm.ts. Sums are taken from zero in the order of k, whole, then the bias is added; that is gemm.ts's order as long as
 * k <= KC, which the caller sees to. A transposed B is laid out in the panels, k x n floats of them, so n <= NC.
 */
import { mulAdd, storeLanes } from '../simd';
import { scatterRow, transposeFour } from './pack';

/** A's entry (i, t) is at a + i * aRow + t * aTerm; B (k x n) has bStride bytes a row. */
export function small(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aTerm: usize, b: usize, bStride: usize, c: usize, bias: usize,
): void {
  const cStride = <usize>n << 2;
  let row = 0;
  // such as the gradient of the weights of one or two outputs: in tiles of four rows half of the lanes would idle, or more
  if (n <= 2 && aRow == 4) {
    for (; row + 8 <= m; row += 8) {
      tallTile(n, k, a, aTerm, b, bStride, c, bias);
      a += 8 * aRow;
      c += 8 * cStride;
    }
  }
  for (; row < m; row += 4) {
    const height = min(4, m - row);
    let column = 0;
    for (; column + 8 <= n; column += 8) {
      const at = <usize>column << 2;
      wideTile(height, k, a, aRow, aTerm, b + at, bStride, c + at, cStride, bias ? bias + at : 0);
    }
    for (; column < n; column += 4) {
      const at = <usize>column << 2;
      tile(height, min(4, n - column), k, a, aRow, aTerm, b + at, bStride, c + at, cStride, bias ? bias + at : 0);
    }
    a += 4 * aRow;
    c += 4 * cStride;
  }
}

/** The transpose of b (n x k, by rows) with 4n bytes a row. */
export function transposeSmall(b: usize, k: i32, n: i32, to: usize): void {
  const stride = <usize>k << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) transposeFour(b + <usize>j * stride, stride, k, to + (<usize>j << 2), <usize>n << 2);
  for (; j < n; j++) scatterRow(b + <usize>j * stride, k, to + (<usize>j << 2), <usize>n << 2);
}

/** 8 x n entries of C, n being 1 or 2, where A lies by columns, so that rows are lanes. A second column that does not exist is computed of whatever lies there. */
// @ts-ignore: decorator
@inline
function tallTile(n: i32, k: i32, a: usize, aTerm: usize, b: usize, bStride: usize, c: usize, bias: usize): void {
  let c00 = f32x4.splat(0), c10 = c00, c01 = c00, c11 = c00;
  for (; k > 0; k--) {
    const a0 = v128.load(a), a1 = v128.load(a, 16);
    const x = v128.load32_splat(b), y = v128.load32_splat(b, 4);
    c00 = mulAdd(a0, x, c00); c01 = mulAdd(a0, y, c01);
    c10 = mulAdd(a1, x, c10); c11 = mulAdd(a1, y, c11);
    a += aTerm;
    b += bStride;
  }
  if (bias) {
    const x = v128.load32_splat(bias), y = v128.load32_splat(bias, 4);
    c00 = f32x4.add(c00, x); c01 = f32x4.add(c01, y);
    c10 = f32x4.add(c10, x); c11 = f32x4.add(c11, y);
  }
  if (n == 1) {
    v128.store(c, c00); v128.store(c, c10, 16);
    return;
  }
  v128.store(c, v128.shuffle<f32>(c00, c01, 0, 4, 1, 5));
  v128.store(c, v128.shuffle<f32>(c00, c01, 2, 6, 3, 7), 16);
  v128.store(c, v128.shuffle<f32>(c10, c11, 0, 4, 1, 5), 32);
  v128.store(c, v128.shuffle<f32>(c10, c11, 2, 6, 3, 7), 48);
}

/** 4 x 8 entries of C, of which `height` rows exist; other rows repeat the last one and are not written. */
// @ts-ignore: decorator
@inline
function wideTile(
  height: i32, k: i32, a: usize, aRow: usize, aTerm: usize, b: usize, bStride: usize, c: usize, cStride: usize, bias: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let a1 = height > 1 ? a + aRow : a;
  let a2 = height > 2 ? a1 + aRow : a1;
  let a3 = height > 3 ? a2 + aRow : a2;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01);
    x = v128.load32_splat(a1); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11);
    x = v128.load32_splat(a2); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21);
    x = v128.load32_splat(a3); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31);
    a += aTerm; a1 += aTerm; a2 += aTerm; a3 += aTerm;
    b += bStride;
  }
  if (bias) {
    const x = v128.load(bias), y = v128.load(bias, 16);
    c00 = f32x4.add(c00, x); c10 = f32x4.add(c10, x); c20 = f32x4.add(c20, x); c30 = f32x4.add(c30, x);
    c01 = f32x4.add(c01, y); c11 = f32x4.add(c11, y); c21 = f32x4.add(c21, y); c31 = f32x4.add(c31, y);
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  if (height > 1) { c += cStride; v128.store(c, c10); v128.store(c, c11, 16); }
  if (height > 2) { c += cStride; v128.store(c, c20); v128.store(c, c21, 16); }
  if (height > 3) { c += cStride; v128.store(c, c30); v128.store(c, c31, 16); }
}

/** 4 x 4 entries of C, of which `height` rows and `width` columns exist. */
// @ts-ignore: decorator
@inline
function tile(
  height: i32, width: i32, k: i32, a: usize, aRow: usize, aTerm: usize, b: usize, bStride: usize,
  c: usize, cStride: usize, bias: usize,
): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  let a1 = height > 1 ? a + aRow : a;
  let a2 = height > 2 ? a1 + aRow : a1;
  let a3 = height > 3 ? a2 + aRow : a2;
  for (; k > 0; k--) {
    const x = v128.load(b);
    c0 = mulAdd(v128.load32_splat(a), x, c0);
    c1 = mulAdd(v128.load32_splat(a1), x, c1);
    c2 = mulAdd(v128.load32_splat(a2), x, c2);
    c3 = mulAdd(v128.load32_splat(a3), x, c3);
    a += aTerm; a1 += aTerm; a2 += aTerm; a3 += aTerm;
    b += bStride;
  }
  if (bias) {
    const x = v128.load(bias);
    c0 = f32x4.add(c0, x); c1 = f32x4.add(c1, x); c2 = f32x4.add(c2, x); c3 = f32x4.add(c3, x);
  }
  put(c, c0, width);
  if (height > 1) put(c + cStride, c1, width);
  if (height > 2) put(c + 2 * cStride, c2, width);
  if (height > 3) put(c + 3 * cStride, c3, width);
}

// @ts-ignore: decorator
@inline
function put(to: usize, x: v128, width: i32): void {
  if (width == 4) v128.store(to, x);
  else storeLanes(to, x, width);
}
