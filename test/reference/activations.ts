/**
 * What every activation computes and how it is differentiated, in float64, from its definition: rows of sums to rows of outputs. Shares
 * nothing with src/nn but the names. At a kink the derivative is the subgradient that the table promises.
 */
import { gelu, normalCdf } from './functions.js';

/** Numbers of a description, by name. */
export type Numbers = Readonly<Record<string, number>>;

export interface ActivationReference {
  value(z: readonly number[], numbers: Numbers): number[];
  /** dy times the Jacobian. */
  backward(z: readonly number[], dy: readonly number[], numbers: Numbers): number[];
  /** Sums at which value or derivative jumps. */
  kinks(numbers: Numbers): readonly number[];
}

type Scalar = (z: number, numbers: Numbers) => number;

function elementwise(f: Scalar, derivative: Scalar, ...kinks: number[]): ActivationReference {
  return {
    value: (z, numbers) => z.map((entry) => f(entry, numbers)),
    backward: (z, dy, numbers) => z.map((entry, i) => dy[i]! * derivative(entry, numbers)),
    kinks: () => kinks,
  };
}

const ramp = (slope: (numbers: Numbers) => number): ActivationReference =>
  elementwise(
    (z, numbers) => (z > 0 ? z : slope(numbers) * z),
    (z, numbers) => (z > 0 ? 1 : slope(numbers)),
    0,
  );
const between = (low: number, high: number, slope = 1, offset = 0): ActivationReference =>
  elementwise(
    (z) => Math.min(high, Math.max(low, slope * z + offset)),
    (z) => (slope * z + offset > low && slope * z + offset < high ? slope : 0),
    (low - offset) / slope,
    (high - offset) / slope,
  );
const exponential = (scale: number, alpha: (numbers: Numbers) => number): ActivationReference =>
  elementwise(
    (z, numbers) => scale * (z > 0 ? z : alpha(numbers) * Math.expm1(z)),
    (z, numbers) => scale * (z > 0 ? 1 : alpha(numbers) * Math.exp(z)),
    0,
  );

const sigmoid = (z: number) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
/** 1 - tanh(z)^2, with all digits where tanh is near 1. */
const sech2 = (z: number) => 1 / Math.cosh(z) ** 2;
/** sqrt(2 / pi) (z + 0.044715 z^3), and its derivative. */
const bent = (z: number) => Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3);
const bend = (z: number) => Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z);

function logSoftmax(z: readonly number[]): number[] {
  const largest = Math.max(...z);
  const total = Math.log(z.reduce((sum, entry) => sum + Math.exp(entry - largest), 0));
  return z.map((entry) => entry - largest - total);
}

export const activationReferences: Readonly<Record<string, ActivationReference>> = {
  identity: elementwise(
    (z) => z,
    () => 1,
  ),
  step: elementwise(
    (z) => (z > 0 ? 1 : 0),
    () => 0,
    0,
  ),
  sign: elementwise(Math.sign, () => 0, 0),
  clippedLinear: between(0, 1),
  sigmoid: elementwise(sigmoid, (z) => sigmoid(z) * sigmoid(-z)),
  hardSigmoid: between(0, 1, 1 / 6, 1 / 2),
  tanh: elementwise(Math.tanh, sech2),
  hardTanh: between(-1, 1),
  softsign: elementwise(
    (z) => z / (1 + Math.abs(z)),
    (z) => (1 + Math.abs(z)) ** -2,
  ),
  softplus: elementwise(softplus, sigmoid),
  relu: ramp(() => 0),
  relu6: between(0, 6),
  abs: elementwise(Math.abs, Math.sign, 0),
  leakyRelu: ramp(({ slope }) => slope!),
  prelu: ramp(({ slope }) => slope!),
  sharedPrelu: ramp(({ slope }) => slope!),
  randomizedLeakyRelu: ramp(({ lower, upper }) => (lower! + upper!) / 2),
  elu: exponential(1, ({ alpha }) => alpha!),
  selu: exponential(1.0507009873554805, () => 1.6732632423543772),
  gelu: elementwise(gelu, (z) => normalCdf(z) + z * density(z)),
  geluTanh: elementwise(
    (z) => z * sigmoid(2 * bent(z)),
    (z) => sigmoid(2 * bent(z)) + (z / 2) * sech2(bent(z)) * bend(z),
  ),
  swish: elementwise(
    (z) => z * sigmoid(z),
    (z) => sigmoid(z) * (1 + z * sigmoid(-z)),
  ),
  mish: elementwise(
    (z) => z * Math.tanh(softplus(z)),
    (z) => Math.tanh(softplus(z)) + z * sech2(softplus(z)) * sigmoid(z),
  ),
  sine: elementwise(Math.sin, Math.cos),
  gaussian: elementwise(
    (z) => Math.exp(-z * z),
    (z) => -2 * z * Math.exp(-z * z),
  ),
  softmax: {
    value: (z) => logSoftmax(z).map(Math.exp),
    backward: (z, dy) => {
      const p = logSoftmax(z).map(Math.exp);
      const mean = p.reduce((sum, share, i) => sum + share * dy[i]!, 0);
      return p.map((share, i) => share * (dy[i]! - mean));
    },
    kinks: () => [],
  },
  logSoftmax: {
    value: logSoftmax,
    backward: (z, dy) => {
      const total = dy.reduce((sum, entry) => sum + entry, 0);
      return logSoftmax(z).map((log, i) => dy[i]! - Math.exp(log) * total);
    },
    kinks: () => [],
  },
};
