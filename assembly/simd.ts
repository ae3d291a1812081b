/**
 * The vector vocabulary: four float32 lanes, and the few operations the WebAssembly names do not say well.
 * Here the builds part: with relaxed SIMD a multiply-add is one instruction and rounds once.
 */

/** a * b + c. */
// @ts-ignore: decorator
@inline
export function mulAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a * b. */
// @ts-ignore: decorator
@inline
export function negMulAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** a where the mask's bits are 1, else b. */
// @ts-ignore: decorator
@inline
export function select(mask: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_laneselect(a, b, mask);
  return v128.bitselect(a, b, mask);
}

/** 1 where the mask holds, else 0. */
// @ts-ignore: decorator
@inline
export function oneWhere(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

/** The lanes below `count`, zero in the others. */
// @ts-ignore: decorator
@inline
export function firstLanes(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

/** Stores the first `count` (1 to 3) lanes; the bytes behind them stay untouched. */
// @ts-ignore: decorator
@inline
export function storeLanes(to: usize, value: v128, count: i32): void {
  v128.store_lane<f32>(to, value, 0);
  if (count > 1) v128.store_lane<f32>(to, value, 1, 4);
  if (count > 2) v128.store_lane<f32>(to, value, 2, 8);
}

/** Stores the first `count` lanes: all of them from 4 on, none from 0 down. */
// @ts-ignore: decorator
@inline
export function storeFirst(to: usize, x: v128, count: i32): void {
  if (count >= 4) v128.store(to, x);
  else if (count > 0) storeLanes(to, x, count);
}

/** (x0 + x2) + (x1 + x3). */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
