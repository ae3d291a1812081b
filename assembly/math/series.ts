/**
 * What the elementary functions are made of: constants, and polynomials over them.
 *
 * The coefficients in this folder are minimax fits of our own, relative to the function's value: linear programming on
 * Chebyshev points in high precision, where one coefficient after the other, from the lowest order up, is rounded to
 * float32 and the rest fitted again.
 *
 * Constants lie in memory: V8 makes three instructions of an immediate vector, one of a number that is read and spread
 * (exp 9.4 -> 5.4 ns for 4 elements).
 */
import { mulAdd } from '../simd';

export const ONE: usize = memory.data<f32>([1], 4);
export const HALF: usize = memory.data<f32>([0.5], 4);
export const SIGN_BIT: usize = memory.data<f32>([-0.0], 4);
/** ln 2 in two parts, after Cody and Waite: the first has 9 bits, so its product with an exponent is exact. */
export const LN2_HIGH: usize = memory.data<f32>([0.693359375], 4);
export const LN2_LOW: usize = memory.data<f32>([-2.12194440e-4], 4);

/** The i-th number (float32, or a word) of a table, on every lane. */
// @ts-ignore: decorator
@inline
export function constant(table: usize, i: usize = 0): v128 {
  return v128.load32_splat(table + (i << 2));
}

/** c[i] + c[i + 1] x. */
// @ts-ignore: decorator
@inline
function pair(c: usize, i: usize, x: v128): v128 {
  return mulAdd(constant(c, i + 1), x, constant(c, i));
}

/**
 * c[0] + c[1] x + ... + c[degree] x^degree with degree from 2 to 7, known at compile time: Horner's rule in x^2 over pairs of terms. As many
 * steps as over single terms, but half of them wait for nothing.
 */
// @ts-ignore: decorator
@inline
export function polynomial(c: usize, degree: usize, x: v128, square: v128): v128 {
  let p = degree & 1 ? pair(c, degree - 1, x) : constant(c, degree);
  if (degree > 5) p = mulAdd(p, square, pair(c, 4, x));
  if (degree > 3) p = mulAdd(p, square, pair(c, 2, x));
  return mulAdd(p, square, pair(c, 0, x));
}
