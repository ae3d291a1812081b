/**
 * The functions of MAP, one class each: adding one is adding a class here, its number in isa.ts and its line in map.ts. They are classes
 * without fields because AssemblyScript makes generic code for types only; nothing of them is left in the module.
 */
import { cos, erf, exp, expm1, gelu, log, log1p, normalCdf, sigmoid, sin, softplus, tanh } from './math';
import { mulAdd, negMulAdd, oneWhere, select } from './simd';

export class Copy {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return a; }
}

export class Neg {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.neg(a); }
}

export class Abs {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.abs(a); }
}

export class Square {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.mul(a, a); }
}

export class Sqrt {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.sqrt(a); }
}

export class Exp {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return exp(a); }
}

export class Log {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return log(a); }
}

export class Tanh {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return tanh(a); }
}

export class Sigmoid {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return sigmoid(a); }
}

export class Softplus {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return softplus(a); }
}

export class Expm1 {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return expm1(a); }
}

export class Log1p {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return log1p(a); }
}

export class Sin {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return sin(a); }
}

export class Cos {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return cos(a); }
}

export class Erf {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return erf(a); }
}

export class NormalCdf {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return normalCdf(a); }
}

export class Gelu {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return gelu(a); }
}

export class Floor {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.floor(a); }
}

export class Round {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.nearest(a); }
}

/** a < 0 ? 0 : a, so that NaN stays NaN. */
export class Relu {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.pmax(a, f32x4.splat(0)); }
}

export class Step {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return oneWhere(f32x4.gt(a, f32x4.splat(0))); }
}

export class Sign {
  // @ts-ignore: decorator
  @inline of(a: v128): v128 { return f32x4.sub(oneWhere(f32x4.gt(a, f32x4.splat(0))), oneWhere(f32x4.lt(a, f32x4.splat(0)))); }
}

export class Add {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return f32x4.add(a, b); }
}

export class Sub {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
}

export class Mul {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
}

export class Div {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return f32x4.div(a, b); }
}

export class Max {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return f32x4.max(a, b); }
}

export class Min {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return f32x4.min(a, b); }
}

export class Equal {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return oneWhere(f32x4.eq(a, b)); }
}

export class Greater {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return oneWhere(f32x4.gt(a, b)); }
}

export class GreaterEqual {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return oneWhere(f32x4.ge(a, b)); }
}

/** b is the slope below zero. */
export class LeakyRelu {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128): v128 { return select(f32x4.gt(a, f32x4.splat(0)), a, f32x4.mul(a, b)); }
}

export class MulAdd {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128, c: v128): v128 { return mulAdd(a, b, c); }
}

export class NegMulAdd {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128, c: v128): v128 { return negMulAdd(a, b, c); }
}

export class Select {
  // @ts-ignore: decorator
  @inline of(a: v128, b: v128, c: v128): v128 { return select(f32x4.ne(a, f32x4.splat(0)), b, c); }
}
