/** exp, and the functions that are exp and a few operations more. */
import { mulAdd, negMulAdd, select } from '../simd';
import { constant, LN2_HIGH, LN2_LOW, ONE, polynomial, SIGN_BIT } from './series';

const LOG2_E: usize = memory.data<f32>([1.44269504088896341], 4);
/** 1.5 * 2^23: adding it rounds to an integer n and leaves n in the low bits; and 2 * 127, for the bias of two exponents. */
const WHOLE: usize = memory.data<f32>([12583166], 4);
const EXP_HIGHEST: usize = memory.data<f32>([89.5], 4);
const EXP_LOWEST: usize = memory.data<f32>([-105], 4);
/** (exp(r) - 1 - r) / r^2 for |r| <= ln 2 / 2. */
const EXP: usize = memory.data<f32>([0.4999999404, 0.1666652113, 0.04166829214, 0.008368715644, 0.001381869661], 4);

/** n of x = n ln 2 + r, plus WHOLE. */
// @ts-ignore: decorator
@inline
export function exponent(x: v128): v128 {
  return mulAdd(x, constant(LOG2_E), constant(WHOLE));
}

/** r of x = n ln 2 + r; |r| <= ln 2 / 2. */
// @ts-ignore: decorator
@inline
export function remainder(x: v128, whole: v128): v128 {
  const n = f32x4.sub(whole, constant(WHOLE));
  return negMulAdd(n, constant(LN2_LOW), negMulAdd(n, constant(LN2_HIGH), x));
}

/** 2^h with h = n / 2, rounded down, of x = n ln 2 + r. Powers come in two factors, so that both are normal numbers. */
// @ts-ignore: decorator
@inline
export function lowerPower(whole: v128): v128 {
  return i32x4.shl(i32x4.shr_u(whole, 1), 23);
}

/** 2^(n - h). */
// @ts-ignore: decorator
@inline
export function upperPower(whole: v128): v128 {
  return i32x4.shl(i32x4.sub(whole, i32x4.shr_u(whole, 1)), 23);
}

/** factor exp(r) power, rounded once where it is subnormal or too large. */
// @ts-ignore: decorator
@inline
export function scaledExp(r: v128, factor: v128, power: v128): v128 {
  const square = f32x4.mul(r, r);
  const p = mulAdd(polynomial(EXP, 4, r, square), square, r);
  return f32x4.mul(mulAdd(p, factor, factor), power);
}

/** exp(x) for x from -105 to 89.5. */
// @ts-ignore: decorator
@inline
export function expWithin(x: v128): v128 {
  const whole = exponent(x);
  return scaledExp(remainder(x, whole), lowerPower(whole), upperPower(whole));
}

/** exp(-|x|). */
// @ts-ignore: decorator
@inline
function expOfMinus(x: v128): v128 {
  return expWithin(f32x4.pmax(v128.or(x, constant(SIGN_BIT)), constant(EXP_LOWEST)));
}

/**
 * x = n ln 2 + r with |r| <= ln 2 / 2, then a polynomial for exp(r), times 2^n in two factors.
 * exp(-inf) = 0, exp(inf) = inf, NaN stays NaN. Error at most 1 ulp.
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // pmin and pmax give their first operand back when it is NaN
  return expWithin(f32x4.pmax(f32x4.pmin(x, constant(EXP_HIGHEST)), constant(EXP_LOWEST)));
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
  const whole = exponent(bounded);
  const r = remainder(bounded, whole);
  const square = f32x4.mul(r, r);
  const p = mulAdd(polynomial(EXPM1, 4, r, square), square, r);
  const s = lowerPower(whole);
  const t = upperPower(whole);
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
const SOFTPLUS: usize = memory.data<f32>([-0.4999993145, 0.3333046436], 4);
const SOFTPLUS_HIGHER: usize = memory.data<f32>(
  [-0.2495801896, 0.1969210207, -0.1534488201, 0.106611371, -0.0574574247, 0.02008642256, -0.003290530061], 4,
);

/**
 * log(1 + exp(x)) = max(x, 0) + log(1 + e) with e = exp(-|x|), a polynomial in e whose weightiest terms come one after the other and
 * last. Error at most 2 ulp.
 */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  const e = expOfMinus(x);
  const square = f32x4.mul(e, e);
  let q = polynomial(SOFTPLUS_HIGHER, 6, e, square);
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
