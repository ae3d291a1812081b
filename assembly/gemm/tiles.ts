/**
 * The register tiles: C[4 x 8] = sum over k of A[4 x k] B[k x 8], plus `base`.
 *
 * Contract: `b` is a panel, row k of it at b + k * bStride, 8 floats each. `c` and `base` have 4 rows of 8 floats,
 * cStride and baseStride bytes apart; base = 0 means none, base = c accumulates. All 32 entries are written. k >= 1.
 * Terms are added one after the other in the order of k, starting from zero; base is added last. No alignment needed.
 *
 * The loops are not unrolled: V8 schedules an unrolled body into spills (Node 24: 37 GFLOP/s as it stands, 35 unrolled
 * twice, 30 four times, of 47). 8 accumulators hide a multiply-add latency of 4 at two a cycle; two vectors of B and one of A make 11 of 16 registers.
 */
import { mulAdd } from '../simd';

/** A by rows: entry (r, k) at a + r * aStride + 4k. Rows from `height` on repeat the last one that exists. */
export function tileRows(
  height: i32, a: usize, aStride: usize, b: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let a1 = height > 1 ? a + aStride : a;
  let a2 = height > 2 ? a1 + aStride : a1;
  let a3 = height > 3 ? a2 + aStride : a2;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01);
    x = v128.load32_splat(a1); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11);
    x = v128.load32_splat(a2); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21);
    x = v128.load32_splat(a3); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31);
    a += 4; a1 += 4; a2 += 4; a3 += 4; b += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11, c20, c21, c30, c31);
}

/** A by columns: entries (0..3, k) at a + k * aStride, next to each other. */
export function tileColumns(
  a: usize, aStride: usize, b: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01);
    x = v128.load32_splat(a, 4); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11);
    x = v128.load32_splat(a, 8); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21);
    x = v128.load32_splat(a, 12); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31);
    a += aStride; b += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11, c20, c21, c30, c31);
}

// @ts-ignore: decorator
@inline
function finish(
  c: usize, cStride: usize, base: usize, baseStride: usize,
  c00: v128, c01: v128, c10: v128, c11: v128, c20: v128, c21: v128, c30: v128, c31: v128,
): void {
  if (base) {
    c00 = f32x4.add(c00, v128.load(base)); c01 = f32x4.add(c01, v128.load(base, 16)); base += baseStride;
    c10 = f32x4.add(c10, v128.load(base)); c11 = f32x4.add(c11, v128.load(base, 16)); base += baseStride;
    c20 = f32x4.add(c20, v128.load(base)); c21 = f32x4.add(c21, v128.load(base, 16)); base += baseStride;
    c30 = f32x4.add(c30, v128.load(base)); c31 = f32x4.add(c31, v128.load(base, 16));
  }
  v128.store(c, c00); v128.store(c, c01, 16); c += cStride;
  v128.store(c, c10); v128.store(c, c11, 16); c += cStride;
  v128.store(c, c20); v128.store(c, c21, 16); c += cStride;
  v128.store(c, c30); v128.store(c, c31, 16);
}
