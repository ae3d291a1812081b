/**
 * Elementwise operations with broadcasting. Each is one row: the operation of the machine's MAP that computes it, and for
 * every operand its derivative times `dy`. Where the result `y` gives the derivative, `y` is used, so that the
 * operand need not be kept.
 */
import {
  F_ABS,
  F_ADD,
  F_COS,
  F_DIV,
  F_EQUAL,
  F_ERF,
  F_EXP,
  F_EXPM1,
  F_FLOOR,
  F_GELU,
  F_GREATER,
  F_GREATER_EQUAL,
  F_LEAKY_RELU,
  F_LOG,
  F_LOG1P,
  F_MAX,
  F_MIN,
  F_MUL,
  F_NEG,
  F_NORMAL_CDF,
  F_RELU,
  F_ROUND,
  F_SELECT,
  F_SIGMOID,
  F_SIGN,
  F_SIN,
  F_SOFTPLUS,
  F_SQRT,
  F_SQUARE,
  F_STEP,
  F_SUB,
  F_TANH,
} from '../../assembly/isa.js';
import { sumTo } from './broadcast.js';
import { apply, isConstant, type Operand, toNode } from './leaves.js';
import { ancestors, broadcast, type GradientRule, type Node, type Operation, sameShape } from './node.js';

type Derivative = (dy: Node, y: Node, ...operands: Node[]) => Node;

/** A row: name, MAP operation, derivative with respect to each operand (null: zero almost everywhere). */
function elementwise(name: string, code: number, ...derivatives: (Derivative | null)[]): Operation {
  const gradient = derivatives.map((derivative, i): GradientRule | null =>
    derivative ? (dy, y, ...operands) => sumTo(derivative(dy, y, ...operands), operands[i]!.shape) : null,
  );
  return {
    name,
    shape: (inputs) => broadcast(name, ...inputs.map((input) => input.shape)),
    gradient,
    lowering: { kind: 'map', code },
  };
}

export const elementwiseOperations = {
  neg: elementwise('neg', F_NEG, (dy) => neg(dy)),
  /** Subgradient 0 at 0. */
  abs: elementwise('abs', F_ABS, (dy, _y, x) => mul(dy, sign(x!))),
  square: elementwise('square', F_SQUARE, (dy, _y, x) => mul(dy, mul(x!, 2))),
  sqrt: elementwise('sqrt', F_SQRT, (dy, y) => div(dy, mul(y, 2))),
  exp: elementwise('exp', F_EXP, (dy, y) => mul(dy, y)),
  expm1: elementwise('expm1', F_EXPM1, (dy, y) => mul(dy, add(y, 1))),
  log: elementwise('log', F_LOG, (dy, _y, x) => div(dy, x!)),
  log1p: elementwise('log1p', F_LOG1P, (dy, _y, x) => div(dy, add(x!, 1))),
  tanh: elementwise('tanh', F_TANH, (dy, y) => mul(dy, sub(1, square(y)))),
  sigmoid: elementwise('sigmoid', F_SIGMOID, (dy, y) => mul(dy, mul(y, sub(1, y)))),
  softplus: elementwise('softplus', F_SOFTPLUS, (dy, _y, x) => mul(dy, sigmoid(x!))),
  sin: elementwise('sin', F_SIN, (dy, _y, x) => mul(dy, cos(x!))),
  cos: elementwise('cos', F_COS, (dy, _y, x) => neg(mul(dy, sin(x!)))),
  erf: elementwise('erf', F_ERF, (dy, _y, x) => mul(dy, mul(exp(neg(square(x!))), 2 / Math.sqrt(Math.PI)))),
  normalCdf: elementwise('normalCdf', F_NORMAL_CDF, (dy, _y, x) => mul(dy, normalDensity(x!))),
  gelu: elementwise('gelu', F_GELU, (dy, _y, x) => mul(dy, add(normalCdf(x!), mul(x!, normalDensity(x!))))),
  /** Subgradient 0 at 0. */
  relu: elementwise('relu', F_RELU, (dy, y) => mul(dy, step(y))),
  /** x where x > 0, else slope * x; subgradient `slope` at 0. */
  leakyRelu: elementwise(
    'leakyRelu',
    F_LEAKY_RELU,
    (dy, _y, x, slope) => select(step(x!), dy, mul(dy, slope!)),
    (dy, _y, x) => select(step(x!), 0, mul(dy, x!)),
  ),
  step: elementwise('step', F_STEP, null),
  sign: elementwise('sign', F_SIGN, null),
  floor: elementwise('floor', F_FLOOR, null),
  round: elementwise('round', F_ROUND, null),

  add: elementwise(
    'add',
    F_ADD,
    (dy) => dy,
    (dy) => dy,
  ),
  sub: elementwise(
    'sub',
    F_SUB,
    (dy) => dy,
    (dy) => neg(dy),
  ),
  mul: elementwise(
    'mul',
    F_MUL,
    (dy, _y, _a, b) => mul(dy, b!),
    (dy, _y, a) => mul(dy, a!),
  ),
  div: elementwise(
    'div',
    F_DIV,
    (dy, _y, _a, b) => div(dy, b!),
    (dy, y, _a, b) => neg(div(mul(dy, y), b!)),
  ),
  /** The gradient goes to the larger operand, to the first where they are equal. */
  maximum: elementwise(
    'maximum',
    F_MAX,
    (dy, _y, a, b) => mul(dy, greaterEqual(a!, b!)),
    (dy, _y, a, b) => mul(dy, greater(b!, a!)),
  ),
  minimum: elementwise(
    'minimum',
    F_MIN,
    (dy, _y, a, b) => mul(dy, greaterEqual(b!, a!)),
    (dy, _y, a, b) => mul(dy, greater(a!, b!)),
  ),
  equal: elementwise('equal', F_EQUAL, null, null),
  greater: elementwise('greater', F_GREATER, null, null),
  greaterEqual: elementwise('greaterEqual', F_GREATER_EQUAL, null, null),
  /** The second operand where the first is not 0, else the third. */
  select: elementwise(
    'select',
    F_SELECT,
    null,
    (dy, _y, mask) => select(mask!, dy, 0),
    (dy, _y, mask) => select(mask!, 0, dy),
  ),
} as const;

const ops = elementwiseOperations;

const unary =
  (operation: Operation) =>
  (x: Operand): Node =>
    apply(operation, [x]);
const binary =
  (operation: Operation) =>
  (a: Operand, b: Operand): Node =>
    apply(operation, [a, b]);

/** |x|, entry by entry. Derivative sign(x), and the subgradient 0 at 0. */
export const abs = unary(ops.abs);
/** x^2, entry by entry. Derivative 2 x. */
export const square = unary(ops.square);
/** The square root of each entry, NaN below 0. Derivative 1 / (2 sqrt(x)), infinite at 0. */
export const sqrt = unary(ops.sqrt);
/** e^x, entry by entry; infinite above 88.7. Derivative exp(x). */
export const exp = unary(ops.exp);
/** exp(x) - 1, with all its digits near 0. */
export const expm1 = unary(ops.expm1);
/** Natural logarithm of each entry: -Infinity at 0, NaN below. Derivative 1 / x. */
export const log = unary(ops.log);
/** log(1 + x), with all its digits near 0. */
export const log1p = unary(ops.log1p);
/** (e^x - e^-x) / (e^x + e^-x), entry by entry. Derivative 1 - tanh(x)^2. */
export const tanh = unary(ops.tanh);
/** 1 / (1 + e^-x), entry by entry. Derivative sigmoid(x) (1 - sigmoid(x)). */
export const sigmoid = unary(ops.sigmoid);
/** log(1 + e^x), entry by entry, finite for every finite x. Derivative sigmoid(x). */
export const softplus = unary(ops.softplus);
/** sin(x), x in radians; NaN for |x| > 2^30. Derivative cos(x). */
export const sin = unary(ops.sin);
/** cos(x), x in radians; NaN for |x| > 2^30. Derivative -sin(x). */
export const cos = unary(ops.cos);
/** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf = unary(ops.erf);
/** Distribution function of the standard normal distribution; its small values have all their digits too. */
export const normalCdf = unary(ops.normalCdf);
/** x times the standard normal distribution function of x. Exact, not the tanh approximation. */
export const gelu = unary(ops.gelu);
/** max(0, x), entry by entry. Derivative 1 above 0, else 0: the subgradient at 0 is 0. */
export const relu = unary(ops.relu);
/** 1 where x > 0, else 0. */
export const step = unary(ops.step);
/** -1, 0 or 1. */
export const sign = unary(ops.sign);
/** The largest integer that is not above x. Derivative 0. */
export const floor = unary(ops.floor);
/** The nearest integer, of two the even one. */
export const round = unary(ops.round);
/** The larger of a and b, entry by entry; dimensions of 1 stretch. The gradient goes to the larger one, to a where they are equal. */
export const maximum = binary(ops.maximum);
/** The smaller of a and b, entry by entry; dimensions of 1 stretch. The gradient goes to the smaller one, to a where they are equal. */
export const minimum = binary(ops.minimum);
/** 1 where a = b, else 0; dimensions of 1 stretch. Derivative 0. */
export const equal = binary(ops.equal);
/** 1 where a > b, else 0; dimensions of 1 stretch. Derivative 0. */
export const greater = binary(ops.greater);
/** 1 where a >= b, else 0; dimensions of 1 stretch. Derivative 0. */
export const greaterEqual = binary(ops.greaterEqual);

/** x where x > 0, else slope * x. */
export function leakyRelu(x: Operand, slope: Operand = 0.01): Node {
  return apply(ops.leakyRelu, [x, slope]);
}

/** `whereTrue` where the mask is not 0, else `whereFalse`, entry by entry; dimensions of 1 stretch. The gradient goes where the value came from; the mask has none. */
export function select(mask: Operand, whereTrue: Operand, whereFalse: Operand): Node {
  return apply(ops.select, [mask, whereTrue, whereFalse]);
}

/** Density of the standard normal distribution. */
function normalDensity(x: Node): Node {
  return mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}

// Building simplifies what differentiation writes all the time: times 1, plus 0, minus a minus, and stretched
// numbers, which the machine stretches by itself. Nothing here changes a value.

/** -x, entry by entry. Derivative -1. */
export function neg(x: Operand): Node {
  const node = toNode(x);
  return node.operation === ops.neg ? node.inputs[0]! : apply(ops.neg, [node]);
}

/** a + b, entry by entry; dimensions of 1 stretch: a bias of 1 x n is added to every row. Both get the gradient, summed where stretched. */
export function add(a: Operand, b: Operand): Node {
  const [x, y] = unstretched(a, b);
  if (isConstant(y, 0) && keepsShape(x, y)) return x;
  if (isConstant(x, 0) && keepsShape(y, x)) return y;
  return apply(ops.add, [x, y]);
}

/** a - b, entry by entry; dimensions of 1 stretch. Derivatives 1 and -1. */
export function sub(a: Operand, b: Operand): Node {
  const [x, y] = unstretched(a, b);
  return isConstant(y, 0) && keepsShape(x, y) ? x : apply(ops.sub, [x, y]);
}

/** a b, entry by entry, not the matrix product (`matmul`); dimensions of 1 stretch. Derivatives b and a. */
export function mul(a: Operand, b: Operand): Node {
  const [x, y] = unstretched(a, b);
  if (isConstant(y, 1) && keepsShape(x, y)) return x;
  if (isConstant(x, 1) && keepsShape(y, x)) return y;
  if (isReciprocal(y)) return div(x, y.inputs[1]!);
  if (isReciprocal(x)) return div(y, x.inputs[1]!);
  return apply(ops.mul, [x, y]);
}

/** a / b, entry by entry; dimensions of 1 stretch. Derivatives 1 / b and -a / b^2. */
export function div(a: Operand, b: Operand): Node {
  const [x, y] = unstretched(a, b);
  return isConstant(y, 1) && keepsShape(x, y) ? x : apply(ops.div, [x, y]);
}

/** True where broadcasting x with y leaves the shape of x. */
function keepsShape(x: Node, y: Node): boolean {
  return sameShape(broadcast('operands', x.shape, y.shape), x.shape);
}

/** 1 / n, where n is nothing that one differentiates by: such as the size of a batch. Other quotients stay, with a gradient of their own. */
function isReciprocal(x: Node): boolean {
  const [one, n] = x.inputs;
  return (
    x.operation === ops.div &&
    isConstant(one!, 1) &&
    keepsShape(n!, one!) &&
    ancestors([n!]).every(({ name }) => name === '')
  );
}

/** The operands, one of them as it was before it was stretched, where the other one stretches it as far. */
function unstretched(a: Operand, b: Operand): [Node, Node] {
  const x = toNode(a);
  const y = toNode(b);
  const shape = broadcast('operands', x.shape, y.shape);
  const needless = (stretched: Node, other: Node) =>
    stretched.operation.name === 'broadcastTo' &&
    sameShape(broadcast('operands', stretched.inputs[0]!.shape, other.shape), shape);
  if (needless(y, x)) return [x, y.inputs[0]!];
  return needless(x, y) ? [x.inputs[0]!, y] : [x, y];
}
