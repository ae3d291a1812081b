/**
 * The register tiles: C[MR x 8] = sum over k of A[MR x k] B[k x 8], plus `base`, for MR = 4 and 6; wide ones have 16 columns.
 *
 * Contract: `b` is a panel, row k of it at b + k * bStride, 8 floats each, and `d` the next one. `c` and `base` have MR rows of 8 or 16 floats,
 * cStride and baseStride bytes apart; base = 0 means none, base = c accumulates. All entries are written. k >= 1.
 * Terms are added one after the other in the order of k, starting from zero; base is added last: every tile gives the same bits. No
 * alignment needed.
 *
 * Two vectors of B, one of A and 2 MR accumulators: 4 x 8 takes 11 of V8's 15 registers, 6 x 8 all of them, and loads less for each
 * multiply-add. Wide ones fit only where the engine fuses pairs of vectors into one of 256 bits, 6 x 16 then in the same 15 registers (1024³: 85 GFLOP/s,
 * where 8 x 8, which loads more than it multiplies, made 72); for its sake all of a row is loaded before it is added, and stored back to back.
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

/** A by columns: entries (0..MR-1, k) at a + k * aStride, next to each other. Inlined: 128 x 784 x 256 takes 1.61 ms of 1.80 (Node 20). */
// @ts-ignore: decorator
@inline
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

export function tile4Wide(
  a: usize, aStride: usize, b: usize, d: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00, c20 = c00, c21 = c00, c22 = c00, c23 = c00, c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01); c02 = mulAdd(x, d0, c02); c03 = mulAdd(x, d1, c03);
    x = v128.load32_splat(a, 4); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11); c12 = mulAdd(x, d0, c12); c13 = mulAdd(x, d1, c13);
    x = v128.load32_splat(a, 8); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21); c22 = mulAdd(x, d0, c22); c23 = mulAdd(x, d1, c23);
    x = v128.load32_splat(a, 12); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31); c32 = mulAdd(x, d0, c32); c33 = mulAdd(x, d1, c33);
    a += aStride; b += bStride; d += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  finish(c + 32, cStride, base ? base + 32 : 0, baseStride, c02, c03, c12, c13);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
  finish(c + 32, cStride, base ? base + 32 : 0, baseStride, c22, c23, c32, c33);
}

export function tile6Wide(
  a: usize, aStride: usize, b: usize, d: usize, bStride: usize, k: i32,
  c: usize, cStride: usize, base: usize, baseStride: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00, c20 = c00, c21 = c00, c22 = c00, c23 = c00, c30 = c00, c31 = c00, c32 = c00, c33 = c00, c40 = c00, c41 = c00, c42 = c00, c43 = c00, c50 = c00, c51 = c00, c52 = c00, c53 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
    let x: v128;
    x = v128.load32_splat(a); c00 = mulAdd(x, b0, c00); c01 = mulAdd(x, b1, c01); c02 = mulAdd(x, d0, c02); c03 = mulAdd(x, d1, c03);
    x = v128.load32_splat(a, 4); c10 = mulAdd(x, b0, c10); c11 = mulAdd(x, b1, c11); c12 = mulAdd(x, d0, c12); c13 = mulAdd(x, d1, c13);
    x = v128.load32_splat(a, 8); c20 = mulAdd(x, b0, c20); c21 = mulAdd(x, b1, c21); c22 = mulAdd(x, d0, c22); c23 = mulAdd(x, d1, c23);
    x = v128.load32_splat(a, 12); c30 = mulAdd(x, b0, c30); c31 = mulAdd(x, b1, c31); c32 = mulAdd(x, d0, c32); c33 = mulAdd(x, d1, c33);
    x = v128.load32_splat(a, 16); c40 = mulAdd(x, b0, c40); c41 = mulAdd(x, b1, c41); c42 = mulAdd(x, d0, c42); c43 = mulAdd(x, d1, c43);
    x = v128.load32_splat(a, 20); c50 = mulAdd(x, b0, c50); c51 = mulAdd(x, b1, c51); c52 = mulAdd(x, d0, c52); c53 = mulAdd(x, d1, c53);
    a += aStride; b += bStride; d += bStride;
  }
  finish(c, cStride, base, baseStride, c00, c01, c10, c11);
  finish(c + 32, cStride, base ? base + 32 : 0, baseStride, c02, c03, c12, c13);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c20, c21, c30, c31);
  finish(c + 32, cStride, base ? base + 32 : 0, baseStride, c22, c23, c32, c33);
  c += 2 * cStride; base += base ? 2 * baseStride : 0;
  finish(c, cStride, base, baseStride, c40, c41, c50, c51);
  finish(c + 32, cStride, base ? base + 32 : 0, baseStride, c42, c43, c52, c53);
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
