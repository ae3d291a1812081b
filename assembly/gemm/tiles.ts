/**
 * The register tiles: C[MR x 8] = sum over k of A[MR x k] B[k x 8], plus `base`, for MR = 4, 6 and 8.
 *
 * Contract: `b` is a panel, row k of it at b + k * bStride, 8 floats each. `c` and `base` have MR rows of 8 floats,
 * cStride and baseStride bytes apart; base = 0 means none, base = c accumulates. All entries are written. k >= 1.
 * Terms are added one after the other in the order of k, starting from zero; base is added last: every tile gives the same bits. No
 * alignment needed.
 *
 * Two vectors of B, one of A and 2 MR accumulators: 4 x 8 takes 11 of V8's 15 registers, 6 x 8 all of them, and loads less for each
 * multiply-add. 8 x 8 fits only where the engine fuses pairs of vectors into one of 256 bits; for its sake all of a row is
 * loaded before it is added, and stored back to back.
 *
 * The loops are not unrolled: V8 schedules an unrolled body into spills (Node 24: 37 GFLOP/s as it stands, 35 unrolled
 * twice, 30 four times, of 47).
 */
import { mulAdd } from '../simd';

/** A by rows: entry (r, k) at a + r * aStride + 4k. Rows from `height` on repeat the last one that exists. */
export function tile4Rows(
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
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
}

/** A by columns: entries (0..MR-1, k) at a + k * aStride, next to each other. */
export function tile4Columns(
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
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
}

export function tile6Rows(
  a: usize, aStride: usize, b: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  let a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01);
    x = v128.load32_splat(a1); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11);
    x = v128.load32_splat(a2); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21);
    x = v128.load32_splat(a3); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31);
    x = v128.load32_splat(a4); c40 = mulAdd(x, b0, c40); c41 = mulAdd(x, b1, c41);
    x = v128.load32_splat(a5); c50 = mulAdd(x, b0, c50); c51 = mulAdd(x, b1, c51);
    a += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c40, c41, c50, c51);
}

export function tile6Columns(
  a: usize, aStride: usize, b: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01);
    x = v128.load32_splat(a, 4); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11);
    x = v128.load32_splat(a, 8); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21);
    x = v128.load32_splat(a, 12); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31);
    x = v128.load32_splat(a, 16); c40 = mulAdd(x, b0, c40); c41 = mulAdd(x, b1, c41);
    x = v128.load32_splat(a, 20); c50 = mulAdd(x, b0, c50); c51 = mulAdd(x, b1, c51);
    a += aStride; b += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c40, c41, c50, c51);
}

export function tile8Columns(
  a: usize, aStride: usize, b: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01);
    x = v128.load32_splat(a, 4); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11);
    x = v128.load32_splat(a, 8); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21);
    x = v128.load32_splat(a, 12); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31);
    x = v128.load32_splat(a, 16); c40 = mulAdd(x, b0, c40); c41 = mulAdd(x, b1, c41);
    x = v128.load32_splat(a, 20); c50 = mulAdd(x, b0, c50); c51 = mulAdd(x, b1, c51);
    x = v128.load32_splat(a, 24); c60 = mulAdd(x, b0, c60); c61 = mulAdd(x, b1, c61);
    x = v128.load32_splat(a, 28); c70 = mulAdd(x, b0, c70); c71 = mulAdd(x, b1, c71);
    a += aStride; b += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c40, c41, c50, c51);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c60, c61, c70, c71);
}

/** Two rows of C. */
// @ts-ignore: decorator
@inline
function finish(
  c: usize, cStride: usize, base: usize, baseStride: usize, c00: v128, c01: v128, c10: v128, c11: v128,
): void {
  if (base) {
    const b00 = v128.load(base), b01 = v128.load(base, 16);
    const b10 = v128.load(base + baseStride), b11 = v128.load(base + baseStride, 16);
    c00 = f32x4.add(c00, b00); c01 = f32x4.add(c01, b01);
    c10 = f32x4.add(c10, b10); c11 = f32x4.add(c11, b11);
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c + cStride, c10); v128.store(c + cStride, c11, 16);
}
