/** log and log1p: an exponent, and a polynomial of what is left of the mantissa. */
import { mulAdd, negMulAdd } from '../simd';
import { constant, HALF, LN2_HIGH, LN2_LOW, ONE, polynomial } from './series';

const INFINITE: usize = memory.data<f32>([f32.POSITIVE_INFINITY], 4);
const LEAST_NORMAL: usize = memory.data<f32>([1.17549435e-38], 4);
const LARGEST: usize = memory.data<f32>([3.40282347e38], 4);
/** Bits of sqrt(1/2), of a mantissa, and what 23 adds to an exponent. */
const ROOT_HALF_BITS: usize = memory.data<i32>([0x3f3504f3], 4);
const MANTISSA: usize = memory.data<i32>([0x7fffff], 4);
const TWENTY_THREE: usize = memory.data<i32>([23 << 23], 4);
/** (log(1 + f) - f + f^2 / 2) / f^3 for 1 + f from sqrt(1/2) to sqrt(2). */
const LOG: usize = memory.data<f32>(
  [
    0.3333333135, -0.2500081956, 0.2000124156, -0.1662341058, 0.1420158595, -0.1315959841, 0.1276214123,
    -0.07636359334,
  ], 4,
);

/** e ln 2 + log(1 + f). */
// @ts-ignore: decorator
@inline
function logOf(e: v128, f: v128): v128 {
  const square = f32x4.mul(f, f);
  let y = f32x4.mul(f32x4.mul(polynomial(LOG, 7, f, square), f), square);
  y = mulAdd(e, constant(LN2_LOW), y);
  y = negMulAdd(constant(HALF), square, y);
  return mulAdd(e, constant(LN2_HIGH), f32x4.add(f, y));
}

/** y for ordinary x; -inf where x = 0, NaN below, x itself where it is inf or NaN. `y` may hold anything finite there. */
// @ts-ignore: decorator
@inline
function withEnds(x: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const below = v128.or(v128.and(f32x4.le(x, zero), f32x4.neg(constant(INFINITE))), f32x4.lt(x, zero));
  // at most 0 for finite x, and then lost in the maximum
  const above = f32x4.sub(x, constant(LARGEST));
  return f32x4.add(f32x4.pmax(above, y), below);
}

/**
 * x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), then a polynomial in f. Subnormal numbers are scaled up first.
 * log(0) = -inf, log(x < 0) = NaN, log(inf) = inf. Error at most 1 ulp.
 */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const lift = v128.and(f32x4.lt(x, constant(LEAST_NORMAL)), constant(TWENTY_THREE));
  const one = constant(ONE);
  const scaled = f32x4.mul(x, i32x4.add(one, lift));
  const offset = constant(ROOT_HALF_BITS);
  const bits = i32x4.sub(scaled, offset);
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.sub(bits, lift), 23));
  const f = f32x4.sub(i32x4.add(v128.and(bits, constant(MANTISSA)), offset), one);
  return withEnds(x, logOf(e, f));
}

/**
 * log(1 + x): u = 1 + x = 2^e (1 + f), where what rounding took from u is given back to f. For small x this is the polynomial
 * in x itself. log1p(-1) = -inf, log1p(x < -1) = NaN, log1p(inf) = inf. Error at most 1.5 ulp.
 */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const one = constant(ONE);
  const u = f32x4.add(one, x);
  const lost = f32x4.sub(x, f32x4.sub(u, one));
  const offset = constant(ROOT_HALF_BITS);
  const bits = i32x4.sub(u, offset);
  const mantissa = v128.and(bits, constant(MANTISSA));
  // 2^-e, or 0 for the largest u, from which nothing was taken
  const scale = i32x4.max_s(i32x4.add(i32x4.sub(one, bits), mantissa), i32x4.splat(0));
  const f = mulAdd(lost, scale, f32x4.sub(i32x4.add(mantissa, offset), one));
  return withEnds(u, logOf(f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23)), f));
}
