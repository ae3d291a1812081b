/**
 * Elementary functions on vectors. Above each: the method and the error, in units in the last place (ulp) of the
 * exact result. The bounds are asserted by test/assembly/math.test.ts over every float32 exponent.
 *
 * Polynomial coefficients: S. Moshier, Cephes single-precision library (expf, logf, tanhf).
 */
import { mulAdd, negMulAdd, select } from './simd';

// @ts-ignore: decorator
@inline
function constant(x: f32): v128 {
  return f32x4.splat(x);
}

/**
 * x = n ln 2 + r with |r| <= ln 2 / 2, then a polynomial for exp(r), scaled by 2^n in two halves so that results below
 * the normal range and up to the largest number come out right. exp(-inf) = 0, exp(inf) = inf, NaN stays NaN.
 * Error at most 1 ulp (0.99 found).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // pmin and pmax give their first operand back when it is NaN
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(89.5)), constant(-105));
  // adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits
  const magic = constant(12582912);
  const shifted = f32x4.add(f32x4.mul(bounded, constant(1.44269504088896341)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = negMulAdd(n, constant(0.693359375), bounded);
  r = negMulAdd(n, constant(-2.12194440e-4), r);
  let p = mulAdd(constant(1.9875691500e-4), r, constant(1.3981999507e-3));
  p = mulAdd(p, r, constant(8.3334519073e-3));
  p = mulAdd(p, r, constant(4.1665795894e-2));
  p = mulAdd(p, r, constant(1.6666665459e-1));
  p = mulAdd(p, r, constant(5.0000001201e-1));
  p = f32x4.add(mulAdd(p, f32x4.mul(r, r), r), constant(1));
  const whole = i32x4.sub(shifted, magic);
  const half = i32x4.shr_s(whole, 1);
  const bias = i32x4.splat(127);
  const scale1 = i32x4.shl(i32x4.add(half, bias), 23);
  const scale2 = i32x4.shl(i32x4.add(i32x4.sub(whole, half), bias), 23);
  return f32x4.mul(f32x4.mul(p, scale1), scale2);
}

/**
 * x = 2^e m with m in [sqrt(1/2), sqrt(2)), then a polynomial in m - 1. Subnormal numbers are scaled up first.
 * log(0) = -inf, log(x < 0) = NaN, log(inf) = inf. Error at most 1 ulp (0.83 found).
 */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const tiny = f32x4.lt(x, constant(1.17549435e-38));
  const scaled = select(tiny, f32x4.mul(x, constant(8388608)), x);
  const offset = i32x4.splat(0x3f3504f3);
  const e = i32x4.shr_s(i32x4.sub(scaled, offset), 23);
  const m = i32x4.sub(scaled, i32x4.shl(e, 23));
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(e, v128.and(tiny, i32x4.splat(23))));
  const f = f32x4.sub(m, constant(1));
  const square = f32x4.mul(f, f);
  let p = mulAdd(constant(7.0376836292e-2), f, constant(-1.1514610310e-1));
  p = mulAdd(p, f, constant(1.1676998740e-1));
  p = mulAdd(p, f, constant(-1.2420140846e-1));
  p = mulAdd(p, f, constant(1.4249322787e-1));
  p = mulAdd(p, f, constant(-1.6668057665e-1));
  p = mulAdd(p, f, constant(2.0000714765e-1));
  p = mulAdd(p, f, constant(-2.4999993993e-1));
  p = mulAdd(p, f, constant(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = mulAdd(exponent, constant(-2.12194440e-4), y);
  y = negMulAdd(constant(0.5), square, y);
  y = mulAdd(exponent, constant(0.693359375), f32x4.add(f, y));
  // 0 gives -inf; negative numbers and NaN give NaN; inf stays
  y = select(f32x4.eq(x, constant(0)), constant(-f32.POSITIVE_INFINITY), y);
  y = select(f32x4.eq(x, constant(f32.POSITIVE_INFINITY)), x, y);
  return select(f32x4.ge(x, constant(0)), y, constant(f32.NaN));
}

/** log(1 + x) for x >= 0: log of the rounded 1 + x, plus the first-order term of what rounding lost. */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const one = constant(1);
  const u = f32x4.add(one, x);
  const lost = f32x4.sub(x, f32x4.sub(u, one));
  return f32x4.add(log(u), f32x4.div(lost, u));
}

/**
 * Odd polynomial for |x| < 0.625, else 1 - 2 / (exp(2|x|) + 1) with the sign of x.
 * Error at most 1.5 ulp (1.33 found).
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = mulAdd(constant(-5.70498872745e-3), square, constant(2.06390887954e-2));
  p = mulAdd(p, square, constant(-5.37397155531e-2));
  p = mulAdd(p, square, constant(1.33314422036e-1));
  p = mulAdd(p, square, constant(-3.33332819422e-1));
  const near = mulAdd(f32x4.mul(p, square), size, size);
  const grown = exp(f32x4.add(size, size));
  const far = f32x4.sub(constant(1), f32x4.div(constant(2), f32x4.add(grown, constant(1))));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(select(f32x4.lt(size, constant(0.625)), near, far), sign);
}

/**
 * 1 / (1 + exp(-|x|)) for x >= 0, exp(-|x|) / (1 + exp(-|x|)) below: nothing overflows, nothing cancels.
 * Error at most 2.5 ulp (2.08 found, at x = -2.749).
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const one = constant(1);
  return f32x4.div(select(f32x4.ge(x, constant(0)), one, e), f32x4.add(one, e));
}

/** log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)). Error at most 2 ulp (1.99 found). */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  return f32x4.add(f32x4.pmax(x, constant(0)), log1p(e));
}
