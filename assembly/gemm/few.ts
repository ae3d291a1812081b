/**
 * Products with a matrix that is read only once, where what counts is how fast memory gives it: up to three rows of C (a prediction for
 * one sample), and a single term (the gradient of weights for one sample).
 *
 * Contract: as gemm.ts, for A B and A of one term. For A Bᵀ with few rows a block of k is summed in sixteen lanes, term t in lane t mod 16,
 * and the lanes are added pairwise.
 */
import { NR } from '../isa';
import { PANEL_ROW_BYTES } from './pack';
import { firstLanes, mulAdd, storeLanes, sumLanes } from '../simd';

/** Columns of C that are worked on at a time: their sums stay in the first-level cache, in scratch. */
export const FEW_COLUMNS: i32 = 2048;

/** sums[0..columns) = terms of a (aTerm bytes apart) times the rows of b (bStride bytes apart). Reads and writes whole vectors. */
export function rowTimes(a: usize, aTerm: usize, b: usize, bStride: usize, terms: i32, columns: i32, sums: usize): void {
  const end = sums + (<usize>((columns + 15) & ~15) << 2);
  for (let at = sums; at < end; at += 16) v128.store(at, f32x4.splat(0));
  for (; terms >= 4; terms -= 4) {
    const x0 = v128.load32_splat(a), x1 = v128.load32_splat(a + aTerm);
    const x2 = v128.load32_splat(a + 2 * aTerm), x3 = v128.load32_splat(a + 3 * aTerm);
    let b0 = b, b1 = b0 + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
    for (let at = sums; at < end; at += 64) {
      let s0 = v128.load(at), s1 = v128.load(at, 16), s2 = v128.load(at, 32), s3 = v128.load(at, 48);
      s0 = mulAdd(x0, v128.load(b0), s0); s1 = mulAdd(x0, v128.load(b0, 16), s1);
      s2 = mulAdd(x0, v128.load(b0, 32), s2); s3 = mulAdd(x0, v128.load(b0, 48), s3);
      s0 = mulAdd(x1, v128.load(b1), s0); s1 = mulAdd(x1, v128.load(b1, 16), s1);
      s2 = mulAdd(x1, v128.load(b1, 32), s2); s3 = mulAdd(x1, v128.load(b1, 48), s3);
      s0 = mulAdd(x2, v128.load(b2), s0); s1 = mulAdd(x2, v128.load(b2, 16), s1);
      s2 = mulAdd(x2, v128.load(b2, 32), s2); s3 = mulAdd(x2, v128.load(b2, 48), s3);
      s0 = mulAdd(x3, v128.load(b3), s0); s1 = mulAdd(x3, v128.load(b3, 16), s1);
      s2 = mulAdd(x3, v128.load(b3, 32), s2); s3 = mulAdd(x3, v128.load(b3, 48), s3);
      v128.store(at, s0); v128.store(at, s1, 16); v128.store(at, s2, 32); v128.store(at, s3, 48);
      b0 += 64; b1 += 64; b2 += 64; b3 += 64;
    }
    a += 4 * aTerm;
    b += 4 * bStride;
  }
  for (; terms > 0; terms--) {
    const x = v128.load32_splat(a);
    let from = b;
    for (let at = sums; at < end; at += 16) {
      v128.store(at, mulAdd(x, v128.load(from), v128.load(at)));
      from += 16;
    }
    a += aTerm;
    b += bStride;
  }
}

/** sums[0..columns) = terms of a times B in panels, `panelStride` bytes apart. Writes whole panels. */
export function rowTimesPanels(
  a: usize, aTerm: usize, b: usize, panelStride: usize, terms: i32, columns: i32, sums: usize,
): void {
  for (; columns > 3 * NR; columns -= 4 * NR) {
    fourPanels(a, aTerm, b, panelStride, terms, sums);
    b += 4 * panelStride;
    sums += 4 * PANEL_ROW_BYTES;
  }
  for (; columns > 0; columns -= NR) {
    onePanel(a, aTerm, b, terms, sums);
    b += panelStride;
    sums += PANEL_ROW_BYTES;
  }
}

/** Sums stay in registers, and four streams of B keep memory busy. */
function fourPanels(a: usize, aTerm: usize, b: usize, panelStride: usize, terms: i32, sums: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  let b1 = b + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
  for (; terms > 0; terms--) {
    const x = v128.load32_splat(a);
    s0 = mulAdd(x, v128.load(b), s0); s1 = mulAdd(x, v128.load(b, 16), s1);
    s2 = mulAdd(x, v128.load(b1), s2); s3 = mulAdd(x, v128.load(b1, 16), s3);
    s4 = mulAdd(x, v128.load(b2), s4); s5 = mulAdd(x, v128.load(b2, 16), s5);
    s6 = mulAdd(x, v128.load(b3), s6); s7 = mulAdd(x, v128.load(b3, 16), s7);
    a += aTerm; b += PANEL_ROW_BYTES; b1 += PANEL_ROW_BYTES; b2 += PANEL_ROW_BYTES; b3 += PANEL_ROW_BYTES;
  }
  v128.store(sums, s0);  v128.store(sums, s1, 16);  v128.store(sums, s2, 32);  v128.store(sums, s3, 48);
  v128.store(sums, s4, 64);  v128.store(sums, s5, 80);  v128.store(sums, s6, 96);  v128.store(sums, s7, 112);
}

function onePanel(a: usize, aTerm: usize, b: usize, terms: i32, sums: usize): void {
  let s0 = f32x4.splat(0), s1 = s0;
  for (; terms > 0; terms--) {
    const x = v128.load32_splat(a);
    s0 = mulAdd(x, v128.load(b), s0);
    s1 = mulAdd(x, v128.load(b, 16), s1);
    a += aTerm; b += PANEL_ROW_BYTES;
  }
  v128.store(sums, s0); v128.store(sums, s1, 16);
}

/** to[0..count) = sums + base; base = 0 means none. */
export function addRow(sums: usize, base: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, base ? f32x4.add(v128.load(sums), v128.load(base)) : v128.load(sums));
    sums += 16; to += 16;
    if (base) base += 16;
  }
  if (count) storeLanes(to, base ? f32x4.add(v128.load(sums), v128.load(base)) : v128.load(sums), count);
}

/** sums[0..columns) = a times the rows of b (bStride bytes apart), each a sum of `terms` products. */
export function dots(a: usize, b: usize, bStride: usize, terms: i32, columns: i32, sums: usize): void {
  for (let column = 0; column < columns; column++) {
    store<f32>(sums, dot(a, b, terms));
    sums += 4;
    b += bStride;
  }
}

/** Sum of `terms` products of neighbouring numbers. */
function dot(a: usize, b: usize, terms: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (; terms >= 16; terms -= 16) {
    s0 = mulAdd(v128.load(a), v128.load(b), s0);
    s1 = mulAdd(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = mulAdd(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = mulAdd(v128.load(a, 48), v128.load(b, 48), s3);
    a += 64; b += 64;
  }
  if (terms >= 4) { s0 = mulAdd(v128.load(a), v128.load(b), s0); a += 16; b += 16; terms -= 4; }
  if (terms >= 4) { s1 = mulAdd(v128.load(a), v128.load(b), s1); a += 16; b += 16; terms -= 4; }
  if (terms >= 4) { s2 = mulAdd(v128.load(a), v128.load(b), s2); a += 16; b += 16; terms -= 4; }
  if (terms > 0) s3 = mulAdd(firstLanes(v128.load(a), terms), firstLanes(v128.load(b), terms), s3);
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** Rows [first, last) of the outer product of a column and a row, plus the bias. */
export function outer(a: usize, b: usize, n: i32, bias: usize, c: usize, first: i32, last: i32): void {
  const whole = n & ~3;
  c += <usize>(first * n) << 2;
  for (let row = first; row < last; row++) {
    const x = v128.load32_splat(a + (<usize>row << 2));
    for (let at: usize = 0, end = <usize>whole << 2; at < end; at += 16) {
      const y = f32x4.mul(x, v128.load(b + at));
      v128.store(c + at, bias ? f32x4.add(y, v128.load(bias + at)) : y);
    }
    if (whole < n) {
      const at = <usize>whole << 2;
      const y = f32x4.mul(x, v128.load(b + at));
      storeLanes(c + at, bias ? f32x4.add(y, v128.load(bias + at)) : y, n - whole);
    }
    c += <usize>n << 2;
  }
}
