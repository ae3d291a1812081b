/**
 * sin and cos: x = n pi / 2 + r with |r| <= pi / 4, then a polynomial in r for the sine and one for the cosine, chosen by n.
 *
 * r is found in float64, with pi / 2 in two parts. The first has 33 bits, so that its product with n is exact up to
 * |x| = 1.6e6 and the error is that of r, rounded to float32, and of the polynomial: at most 2 ulp. Further out |x| 2^-53 is added to
 * it, at most 2^-23 in all. Beyond 2^30, where neighbouring numbers lie 64 and more apart, the result is NaN.
 */
import { mulAdd, select } from '../simd';
import { constant, HALF, ONE, polynomial, SIGN_BIT } from './series';

const QUARTERS: usize = memory.data<f64>([0.63661977236758134], 8);
const QUARTER_HIGH: usize = memory.data<f64>([1.570796326734125614166259765625], 8);
const QUARTER_LOW: usize = memory.data<f64>([6.077100506506192e-11], 8);
/** 1.5 * 2^52: adding it rounds to an integer and leaves it in the low bits. */
const WHOLE: usize = memory.data<f64>([6755399441055744], 8);
const QUARTER_TURN: usize = memory.data<i32>([1], 4);
const FARTHEST: usize = memory.data<f32>([1073741824], 4);
/** (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2 / 2) / r^4, in r^2. */
const SINE: usize = memory.data<f32>([-0.1666665524, 0.008332191035, -0.0001951859886], 4);
const COSINE: usize = memory.data<f32>([0.04166664556, -0.001388730132, 2.443067024e-5], 4);

// @ts-ignore: decorator
@inline
function constant64(table: usize): v128 {
  return v128.load64_splat(table);
}

/** n as float64, plus WHOLE. */
// @ts-ignore: decorator
@inline
function quarters(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, constant64(QUARTERS)), constant64(WHOLE));
}

/** r as float32, in the lower two lanes. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, whole: v128): v128 {
  const n = f64x2.sub(whole, constant64(WHOLE));
  const r = f64x2.sub(x, f64x2.mul(n, constant64(QUARTER_HIGH)));
  return f32x4.demote_f64x2_zero(f64x2.sub(r, f64x2.mul(n, constant64(QUARTER_LOW))));
}

/** sin(x + shift pi / 2). */
// @ts-ignore: decorator
@inline
function sineOf(x: v128, shift: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  const wholeLow = quarters(low);
  const wholeHigh = quarters(high);
  const r = v128.shuffle<f64>(remainder(low, wholeLow), remainder(high, wholeHigh), 0, 2);
  const n = i32x4.add(v128.shuffle<i32>(wholeLow, wholeHigh, 0, 2, 4, 6), shift);
  const square = f32x4.mul(r, r);
  const fourth = f32x4.mul(square, square);
  const sine = mulAdd(f32x4.mul(r, square), polynomial(SINE, 2, square, fourth), r);
  const nearOne = f32x4.sub(constant(ONE), f32x4.mul(constant(HALF), square));
  const cosine = mulAdd(fourth, polynomial(COSINE, 2, square, fourth), nearOne);
  const odd = i32x4.shr_s(i32x4.shl(n, 31), 31);
  const sign = v128.and(i32x4.shl(n, 30), constant(SIGN_BIT));
  const tooFar = f32x4.gt(f32x4.abs(x), constant(FARTHEST));
  return v128.or(v128.xor(select(odd, cosine, sine), sign), tooFar);
}

// @ts-ignore: decorator
@inline
export function sin(x: v128): v128 {
  return sineOf(x, i32x4.splat(0));
}

// @ts-ignore: decorator
@inline
export function cos(x: v128): v128 {
  return sineOf(x, constant(QUARTER_TURN));
}
