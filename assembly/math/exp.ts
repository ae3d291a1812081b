/** exp, and the functions that are exp and a few operations more. */
import { mulAdd, negMulAdd, select } from '../simd';
import { constant, LN2_HIGH, LN2_LOW, ONE, polynomial, SIGN_BIT } from './series';

const LOG2_E: usize = memory.data<f32>([1.44269504088896341], 4);
/**
 * 1.5 * 2^23: adding it rounds to an integer n and leaves n in the low bits. With 127, the bias of an exponent, added beforehand these are
 * the bits of 2^n once they are shifted to their place. Where n runs below -126, they are those of 2^(n + 32), or of two factors.
 */
const WHOLE: usize = memory.data<f32>([12582912 + 127], 4);
export const WHOLE_LIFTED: usize = memory.data<f32>([12582912 + 127 + 32], 4);
const WHOLE_TWICE: usize = memory.data<f32>([12582912 + 2 * 127], 4);
const LOWER: usize = memory.data<f32>([1 / 4294967296], 4);
const EXP_HIGHEST: usize = memory.data<f32>([89.5], 4);
const EXP_LOWEST: usize = memory.data<f32>([-105], 4);
/** (exp(r) - 1 - r) / r^2 for |r| <= ln 2 / 2. */
const EXP: usize = memory.data<f32>([0.5, 0.1666650474, 0.04166767374, 0.008369953372, 0.001381869428], 4);

/** n of x = n ln 2 + r, plus one of the numbers above. */
// @ts-ignore: decorator
@inline
export function exponent(x: v128, whole: usize): v128 {
  return mulAdd(x, constant(LOG2_E), constant(whole));
}

/** r of x = n ln 2 + r; |r| <= ln 2 / 2. */
// @ts-ignore: decorator
@inline
export function remainder(x: v128, n: v128, whole: usize): v128 {
  n = f32x4.sub(n, constant(whole));
  return negMulAdd(n, constant(LN2_LOW), negMulAdd(n, constant(LN2_HIGH), x));
}

/** The power of 2 whose biased exponent stands in the low bits. */
// @ts-ignore: decorator
@inline
export function power(n: v128): v128 {
  return i32x4.shl(n, 23);
}

/** factor exp(r). */
// @ts-ignore: decorator
@inline
export function scaledExp(r: v128, factor: v128): v128 {
  const square = f32x4.mul(r, r);
  const p = mulAdd(polynomial(EXP, 4, r, square), square, r);
  return mulAdd(p, factor, factor);
}

/** exp(x) for |x| < 87. */
// @ts-ignore: decorator
@inline
export function expWithin(x: v128): v128 {
  const n = exponent(x, WHOLE);
  return scaledExp(remainder(x, n, WHOLE), power(n));
}

/** exp(-|x|). */
// @ts-ignore: decorator
@inline
export function expOfMinus(x: v128): v128 {
  const bounded = f32x4.pmax(v128.or(x, constant(SIGN_BIT)), constant(EXP_LOWEST));
  const n = exponent(bounded, WHOLE_LIFTED);
  return f32x4.mul(scaledExp(remainder(bounded, n, WHOLE_LIFTED), power(n)), constant(LOWER));
}

/**
 * x = n ln 2 + r with |r| <= ln 2 / 2, then a polynomial for exp(r), times 2^n in two factors.
 * exp(-inf) = 0, exp(inf) = inf, NaN stays NaN. Error at most 1 ulp, 1.01 at a few numbers.
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // pmin and pmax give their first operand back when it is NaN
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(EXP_HIGHEST)), constant(EXP_LOWEST));
  const n = exponent(bounded, WHOLE_TWICE);
  const half = i32x4.shr_u(n, 1);
  return f32x4.mul(scaledExp(remainder(bounded, n, WHOLE_TWICE), power(half)), power(i32x4.sub(n, half)));
}

const EXPM1_LOWEST: usize = memory.data<f32>([-30], 4);
/** (exp(r) - 1 - r) / r^2 for |r| <= ln 2 / 2, relative to exp(r) - 1. */
const EXPM1: usize = memory.data<f32>([0.4999999702, 0.1666654497, 0.04166744649, 0.008366451599, 0.001386967837], 4);
/** Twice the bias of an exponent, at its place: minus the bits of 2^k these are the bits of 2^-k. */
const TWICE_BIAS: usize = memory.data<i32>([254 << 23], 4);

/**
 * exp(x) - 1 without cancellation: with x = n ln 2 + r, p = exp(r) - 1 and 2^n = s t, it is (p s + (s - 1 / t)) t.
 * expm1(-inf) = -1, expm1(inf) = inf. Error at most 2 ulp.
 */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(EXP_HIGHEST)), constant(EXPM1_LOWEST));
  const n = exponent(bounded, WHOLE_TWICE);
  const r = remainder(bounded, n, WHOLE_TWICE);
  const square = f32x4.mul(r, r);
  const p = mulAdd(polynomial(EXPM1, 4, r, square), square, r);
  const half = i32x4.shr_u(n, 1);
  const s = power(half);
  const t = power(i32x4.sub(n, half));
  const inverse = i32x4.sub(constant(TWICE_BIAS), t);
  return f32x4.mul(mulAdd(p, s, f32x4.sub(s, inverse)), t);
}

/**
 * With e = exp(-|x|) and q = e / (1 + e), it is 1 - q for x >= 0 and e - e q below: nothing overflows, and an error of q weighs
 * little. Error at most 2 ulp.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const e = expOfMinus(x);
  const one = constant(ONE);
  const most = select(f32x4.ge(x, f32x4.splat(0)), one, e);
  return negMulAdd(most, f32x4.div(e, f32x4.add(one, e)), most);
}

/** (log(1 + e) - e) / e^2 for e from 0 to 1: the first two coefficients, and the others. */
const SOFTPLUS: usize = memory.data<f32>([-0.4999998808, 0.3333271444], 4);
const SOFTPLUS_HIGHER: usize = memory.data<f32>(
  [
    -0.2498886436, 0.1989962161, -0.1613515764, 0.124794811, -0.08323805034, 0.04211390764, -0.0136911869,
    0.002084440086,
  ], 4,
);

/**
 * log(1 + exp(x)) = max(x, 0) + log(1 + e) with e = exp(-|x|), a polynomial in e whose weightiest terms come one after the other and
 * last. Error at most 2 ulp, 2.09 at a few numbers of the plain build.
 */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  const e = expOfMinus(x);
  const square = f32x4.mul(e, e);
  let q = polynomial(SOFTPLUS_HIGHER, 7, e, square);
  q = mulAdd(q, e, constant(SOFTPLUS, 1));
  q = mulAdd(q, e, constant(SOFTPLUS));
  return f32x4.add(mulAdd(q, square, f32x4.pmax(x, f32x4.splat(0))), e);
}

const TWO: usize = memory.data<f32>([2], 4);
const TANH_NEAR: usize = memory.data<f32>([0.625], 4);
/** From here on tanh(x) rounds to 1. */
const TANH_FARTHEST: usize = memory.data<f32>([10], 4);
/** (tanh(x) / x - 1) / x^2 in x^2, for |x| < 0.625. */
const TANH: usize = memory.data<f32>(
  [-0.3333328068, 0.1333140582, -0.05373651534, 0.02062816732, -0.005692296196], 4,
);

/**
 * Odd polynomial for |x| < 0.625, else 1 - 2 / (exp(2|x|) + 1) with the sign of x.
 * Error at most 1.5 ulp.
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  const near = mulAdd(f32x4.mul(polynomial(TANH, 4, square, f32x4.mul(square, square)), square), size, size);
  const bounded = f32x4.pmin(size, constant(TANH_FARTHEST));
  const grown = expWithin(f32x4.add(bounded, bounded));
  const one = constant(ONE);
  const far = f32x4.sub(one, f32x4.div(constant(TWO), f32x4.add(grown, one)));
  return v128.or(select(f32x4.lt(size, constant(TANH_NEAR)), near, far), v128.and(x, constant(SIGN_BIT)));
}
