/** The machine's elementwise functions in float64, by their code in the instruction set: one row each. */
import * as isa from '../../assembly/isa.js';

type ScalarFunction = (a: number, b: number, c: number) => number;

/** Terms of the series and steps of the fraction: 1e-15 where the two meet. */
const TERMS = 100;
const MEETING_POINT = 2.5;
/** Beyond it the machine's sine and cosine are NaN. */
const LAST_ANGLE = 2 ** 30;

const holds = (condition: boolean) => (condition ? 1 : 0);
const angle = (x: number) => (Math.abs(x) > LAST_ANGLE ? Number.NaN : x);

export const scalarFunctions: ReadonlyMap<number, ScalarFunction> = new Map<number, ScalarFunction>([
  [isa.F_COPY, (a) => a],
  [isa.F_NEG, (a) => -a],
  [isa.F_ABS, Math.abs],
  [isa.F_SQUARE, (a) => a * a],
  [isa.F_SQRT, Math.sqrt],
  [isa.F_EXP, Math.exp],
  [isa.F_EXPM1, Math.expm1],
  [isa.F_LOG, Math.log],
  [isa.F_LOG1P, Math.log1p],
  [isa.F_TANH, Math.tanh],
  [isa.F_SIGMOID, sigmoid],
  [isa.F_SOFTPLUS, (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))],
  [isa.F_SIN, (a) => Math.sin(angle(a))],
  [isa.F_COS, (a) => Math.cos(angle(a))],
  [isa.F_ERF, (a) => (a < 0 ? erfc(-a) - 1 : 1 - erfc(a))],
  [isa.F_NORMAL_CDF, normalCdf],
  [isa.F_GELU, (a) => (a === -Infinity ? 0 : a * normalCdf(a))],
  [isa.F_RELU, (a) => Math.max(a, 0)],
  [isa.F_LEAKY_RELU, (a, slope) => (a > 0 ? a : a * slope)],
  [isa.F_STEP, (a) => holds(a > 0)],
  [isa.F_SIGN, (a) => holds(a > 0) - holds(a < 0)],
  [isa.F_FLOOR, Math.floor],
  [isa.F_ROUND, round],
  [isa.F_ADD, (a, b) => a + b],
  [isa.F_SUB, (a, b) => a - b],
  [isa.F_MUL, (a, b) => a * b],
  [isa.F_DIV, (a, b) => a / b],
  [isa.F_MAX, (a, b) => Math.max(a, b)],
  [isa.F_MIN, (a, b) => Math.min(a, b)],
  [isa.F_EQUAL, (a, b) => holds(a === b)],
  [isa.F_GREATER, (a, b) => holds(a > b)],
  [isa.F_GREATER_EQUAL, (a, b) => holds(a >= b)],
  [isa.F_SELECT, (mask, a, b) => (mask !== 0 ? a : b)],
]);

function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

/** The nearest integer, of two the even one. */
function round(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

function normalCdf(x: number): number {
  const tail = erfc(Math.abs(x) / Math.SQRT2) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** 1 - erf(x) for x >= 0: by Maclaurin's series of erf, all of one sign after exp(-x²), or by the continued fraction of Laplace. */
function erfc(x: number): number {
  const bell = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < MEETING_POINT) {
    let term = 2 * x;
    let sum = term;
    for (let n = 1; n < TERMS; n++) {
      term *= (x * x) / (n + 0.5);
      sum += term;
    }
    return 1 - bell * sum;
  }
  let below = x;
  for (let n = TERMS; n > 0; n--) below = x + n / (2 * below);
  return bell / below;
}
