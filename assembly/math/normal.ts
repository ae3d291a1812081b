/** The error function and the normal distribution: exp of a square, times or under a polynomial. */
import { mulAdd, negMulAdd, select } from '../simd';
import { exponent, expWithin, power, remainder, scaledExp, WHOLE_LIFTED } from './exp';
import { constant, ONE, polynomial, SIGN_BIT } from './series';

const ERF_NEAR: usize = memory.data<f32>([0.9], 4);
/** From here on erf(x) rounds to 1. */
const ERF_FARTHEST: usize = memory.data<f32>([3.95], 4);
/** erf(x) / x - 1 in x^2, for |x| < 0.9. */
const ERF: usize = memory.data<f32>(
  [0.1283791512, -0.3761250377, 0.1128192171, -0.02677049302, 0.004998959135, -0.0006020799628], 4,
);
/** log(1 - erf(x)) for x from 0.9 to 3.95, where an error matters less the nearer erf(x) is to 1. */
const ERFC_LOG: usize = memory.data<f32>(
  [-0.0001664547017, -1.127797246, -0.6369760036, -0.1041138321, 0.02231533639, -0.003065535566, 0.00019822584], 4,
);

/** Odd polynomial for |x| < 0.9, else 1 - exp(a polynomial in |x|), with the sign of x. Error at most 1.5 ulp. */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  const near = mulAdd(polynomial(ERF, 5, square, f32x4.mul(square, square)), size, size);
  const bounded = f32x4.pmin(size, constant(ERF_FARTHEST));
  const logarithm = polynomial(ERFC_LOG, 6, bounded, f32x4.mul(bounded, bounded));
  const far = f32x4.sub(constant(ONE), expWithin(logarithm));
  return v128.or(select(f32x4.lt(size, constant(ERF_NEAR)), near, far), v128.and(x, constant(SIGN_BIT)));
}

/** From here on, below zero, the normal distribution function rounds to 0. */
const NORMAL_FARTHEST: usize = memory.data<f32>([14.5], 4);
/** The upper 12 of a number's 24 significant bits. */
const UPPER_BITS: usize = memory.data<i32>([-4096], 4);
const MINUS_HALF: usize = memory.data<f32>([-0.5], 4);
/**
 * exp(t^2 / 2) Phi(-t) = p / (sqrt(2 pi) t p + q) for t from 0: p and q, of which q dies away and takes its errors along. q and sqrt(2 pi) stand here
 * multiplied by 2^32: the quotient brings the exponential down from where it is lifted to.
 */
const TAIL_P: usize = memory.data<f32>([1.700000405, 1.54456985, 0.6634956002, 0.1518592387, 0.01604141854], 4);
const TAIL_Q: usize = memory.data<f32>(
  [
    3.400000811 * 4294967296, 1.540681243 * 4294967296, 0.3845863044 * 4294967296, 0.0399989076 * 4294967296,
    4.849521247e-6 * 4294967296,
  ], 4,
);
const ROOT_TWO_PI: usize = memory.data<f32>([2.5066282749 * 4294967296], 4);

/**
 * Phi(-t), or t Phi(-t), for t from 0: exp(-t^2 / 2) times a rational function. t^2 is taken as h^2 + (t - h) (t + h), where h are the upper bits of t
 * and h^2 is exact, so that even far out, where Phi is small, its digits are right. What is multiplied before the division need not wait for it.
 */
// @ts-ignore: decorator
@inline
function normalTail(t: v128, timesT: bool): v128 {
  const h = v128.and(t, constant(UPPER_BITS));
  const minusHalf = constant(MINUS_HALF);
  const minusHalfH = f32x4.mul(h, minusHalf);
  const main = f32x4.mul(h, minusHalfH);
  const n = exponent(main, WHOLE_LIFTED);
  const r = mulAdd(f32x4.sub(t, h), mulAdd(t, minusHalf, minusHalfH), remainder(main, n, WHOLE_LIFTED));
  const square = f32x4.mul(t, t);
  const p = polynomial(TAIL_P, 4, t, square);
  const tp = f32x4.mul(t, p);
  const denominator = mulAdd(tp, constant(ROOT_TWO_PI), polynomial(TAIL_Q, 4, t, square));
  return scaledExp(r, f32x4.div(f32x4.mul(timesT ? tp : p, power(n)), denominator));
}

// @ts-ignore: decorator
@inline
function normalDistance(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), constant(NORMAL_FARTHEST));
}

/**
 * Phi(x), the distribution function of the standard normal distribution: the tail below 0, 1 minus the tail above. Error at most 4 ulp, 4.3 at a few numbers,
 * also where Phi(x) is as small as float32 has it.
 */
// @ts-ignore: decorator
@inline
export function normalCdf(x: v128): v128 {
  const tail = normalTail(normalDistance(x), false);
  return select(f32x4.lt(x, f32x4.splat(0)), tail, f32x4.sub(constant(ONE), tail));
}

/** x Phi(x) = max(x, 0) - |x| Phi(-|x|), and so 0 at -inf. Error at most 4 ulp, 4.1 at a few numbers. */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  const t = normalDistance(x);
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), normalTail(t, true));
}
