/**
 * Elementary functions on vectors. Above each: the method and the error, in units in the last place (ulp) of the
 * exact result. The bounds are asserted by test/assembly/math.test.ts over every float32 exponent; docs/numerics.md has
 * them in one table, with speeds. Not here: functions that are one instruction (functions.ts).
 */
export { exp, expm1, expOfMinus, sigmoid, softplus, tanh } from './exp';
export { log, log1p } from './log';
export { erf, gelu, normalCdf } from './normal';
export { cos, sin } from './sine';
