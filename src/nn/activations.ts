/**
 * Activations by name: what a layer does to its weighted sums z, and which initial weights keep its signals in scale. Each row says its
 * value, and at a kink its subgradient. Derivatives are not here; they follow from the operations.
 */
import {
  abs,
  add,
  div,
  exp,
  expm1,
  gelu,
  leakyRelu,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  select,
  sigmoid,
  sign,
  sin,
  softplus,
  square,
  step,
  sub,
  tanh,
} from '../graph/elementwise.js';
import type { Operand } from '../graph/leaves.js';
import { logSoftmax, softmax } from '../graph/likelihood.js';
import type { Node } from '../graph/node.js';
import { type RandomKey, uniform } from '../graph/stochastic.js';
import { type Choice, checkChoice, nameOf, numbersOf, type Settings } from './choice.js';
import type { Initializer, InitializerName } from './initializers.js';

/** How a unit is used: what it computes may be random in training. */
interface Circumstances {
  readonly training: boolean;
  readonly key: RandomKey;
}

export interface ActivationRow {
  readonly build: (z: Node, settings: Readonly<Record<string, Operand>>, now: Circumstances) => Node;
  /** Used for the layer's weights unless another is named. */
  readonly initializer: InitializerName;
  readonly settings?: Settings;
}

export const activations = {
  identity: { build: (z) => z, initializer: 'glorotUniform' },

  /** 1 where z > 0, else 0. Nothing is learned through it: its derivative is 0. */
  step: { build: step, initializer: 'glorotUniform' },
  /** -1, 0 or 1. Nothing is learned through it: its derivative is 0. */
  sign: { build: sign, initializer: 'glorotUniform' },
  /** max(0, min(1, z)); subgradient 0 at 0 and 1. */
  clippedLinear: { build: (z) => clip(z, 0, 1), initializer: 'glorotUniform' },

  /** 1 / (1 + exp(-z)). */
  sigmoid: { build: sigmoid, initializer: 'glorotUniform' },
  /** z / 6 + 1 / 2 between 0 and 1; subgradient 0 at -3 and 3. */
  hardSigmoid: { build: (z) => div(clip(add(z, 3), 0, 6), 6), initializer: 'glorotUniform' },
  tanh: { build: tanh, initializer: 'glorotUniform' },
  /** z between -1 and 1; subgradient 0 there. */
  hardTanh: { build: (z) => clip(z, -1, 1), initializer: 'glorotUniform' },
  /** z / (1 + |z|). */
  softsign: { build: (z) => div(z, add(abs(z), 1)), initializer: 'glorotUniform' },
  /** log(1 + exp(z)). */
  softplus: { build: softplus, initializer: 'heNormal' },

  /** max(0, z); subgradient 0 at 0. */
  relu: { build: relu, initializer: 'heNormal' },
  /** max(0, min(6, z)); subgradient 0 at 0 and 6. */
  relu6: { build: (z) => clip(z, 0, 6), initializer: 'heNormal' },
  /** |z|; subgradient 0 at 0. Keeps the second moment of its sums. */
  abs: { build: abs, initializer: 'lecunNormal' },
  /** z where z > 0, else slope z; subgradient `slope` at 0. */
  leakyRelu: {
    build: (z, { slope }) => leakyRelu(z, slope),
    initializer: 'heNormal',
    settings: { slope: { standard: 0.01 } },
  },
  /** Leaky ReLU whose slope every unit learns, beginning with `slope` (He et al. 2015). */
  prelu: {
    build: (z, { slope }) => leakyRelu(z, slope),
    initializer: 'heNormal',
    settings: { slope: { standard: 0.25, learned: 'unit' } },
  },
  /** The same with one slope for all units of the layer. */
  sharedPrelu: {
    build: (z, { slope }) => leakyRelu(z, slope),
    initializer: 'heNormal',
    settings: { slope: { standard: 0.25, learned: 'layer' } },
  },
  /**
   * Leaky ReLU whose slope is drawn in training, for every sum anew, between `lower` and `upper`; in prediction it is their mean
   * (Xu et al. 2015). Subgradient at 0: the slope.
   */
  randomizedLeakyRelu: {
    build: (z, { lower, upper }, { training, key }) => {
      if (!training) return select(step(z), z, mul(add(mul(z, lower!), mul(z, upper!)), 0.5));
      const share = uniform(z.shape, key);
      return leakyRelu(z, add(mul(sub(1, share), lower!), mul(share, upper!)));
    },
    initializer: 'heNormal',
    settings: { lower: { standard: 1 / 8 }, upper: { standard: 1 / 3 } },
  },
  /** z where z > 0, else alpha (exp(z) - 1); subgradient alpha at 0. */
  elu: {
    build: (z, { alpha }) => elu(z, alpha!),
    initializer: 'heNormal',
    settings: { alpha: { standard: 1 } },
  },
  /**
   * ELU with the scale and the alpha that make mean 0 and variance 1 a fixed point (Klambauer et al. 2017); subgradient
   * scale alpha at 0.
   */
  selu: {
    build: (z) => mul(elu(z, 1.6732632423543772), 1.0507009873554805),
    initializer: 'lecunNormal',
  },

  /** z times the standard normal distribution function of z. */
  gelu: { build: gelu, initializer: 'heNormal' },
  /** z (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (z + 0.044715 z^3), written as z sigmoid(2 u): nothing cancels. */
  geluTanh: {
    build: (z) => mul(z, sigmoid(mul(mul(z, add(mul(square(z), 0.044715), 1)), 2 * Math.sqrt(2 / Math.PI)))),
    initializer: 'heNormal',
  },
  /** z sigmoid(z), also known as SiLU. */
  swish: { build: (z) => mul(z, sigmoid(z)), initializer: 'heNormal' },

  /** z tanh(softplus(z)) (Misra 2019). */
  mish: { build: (z) => mul(z, tanh(softplus(z))), initializer: 'heNormal' },

  /** sin(z), z in radians. */
  sine: { build: sin, initializer: 'glorotUniform' },
  /** exp(-z^2). */
  gaussian: { build: (z) => exp(neg(square(z))), initializer: 'glorotUniform' },

  /** Every row as probabilities. */
  softmax: { build: softmax, initializer: 'glorotUniform' },
  /** Their logarithms. */
  logSoftmax: { build: logSoftmax, initializer: 'glorotUniform' },
} as const satisfies Record<string, ActivationRow>;

export type ActivationName = keyof typeof activations;
const rows: Readonly<Record<ActivationName, ActivationRow>> = activations;

/** A name, or a name with numbers in place of those of the table. */
export type Activation =
  | ActivationName
  | { readonly name: 'leakyRelu' | 'prelu' | 'sharedPrelu'; readonly slope?: number }
  | { readonly name: 'randomizedLeakyRelu'; readonly lower?: number; readonly upper?: number }
  | { readonly name: 'elu'; readonly alpha?: number };

/** What an activation needs of the layer that it ends. */
export interface Unit extends Circumstances {
  /** Columns of z. */
  readonly units: number;
  /** The layer's learned row or number of this name, made at its first mention. */
  learned(name: string, shape: readonly [number, number], initializer: Initializer): Node;
}

export function checkActivation(argument: string, value: unknown): Activation {
  return checkChoice<Choice & Activation>(argument, value, rows);
}

export function activationRow(activation: Activation): ActivationRow {
  return rows[nameOf(activation)];
}

export function activate(activation: Activation, z: Node, unit: Unit): Node {
  const { build, settings = {} } = activationRow(activation);
  const operands = Object.entries(numbersOf(activation, settings)).map(([name, number]) => {
    const { learned } = settings[name]!;
    const shape = [1, learned === 'unit' ? unit.units : 1] as const;
    return [name, learned ? unit.learned(name, shape, { constant: number }) : number] as const;
  });
  return build(z, Object.fromEntries(operands), unit);
}

/** z between two numbers; subgradient 0 at both, because the gradient goes to them. */
function clip(z: Node, low: number, high: number): Node {
  return minimum(high, maximum(low, z));
}

/** A sum of two parts, one of which is 0: the exponential of a large z is never formed. */
function elu(z: Node, alpha: Operand): Node {
  return add(relu(z), mul(expm1(minimum(z, 0)), alpha));
}
