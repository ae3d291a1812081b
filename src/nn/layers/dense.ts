/** Fully connected layers, and the weighted sums that other families begin with. */
import { checkBoolean, checkInteger, checkOptions } from '../../errors.js';
import { add } from '../../graph/elementwise.js';
import { matmul } from '../../graph/linear.js';
import type { Node } from '../../graph/node.js';
import { streamOf } from '../../random.js';
import { type Activation, activate, activationRow, checkActivation } from '../activations.js';
import { checkInitializer, type Initializer } from '../initializers.js';
import { type Constraint, checkConstraint, checkRegularizer, type Regularizer } from '../regularizers.js';
import type { LayerContext, LayerKind } from './kind.js';

/** Weights of a layer with sums x W + b. */
export interface Weights {
  readonly bias: boolean;
  readonly weightInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly weightRegularizer?: Regularizer;
  readonly weightConstraint?: Constraint;
}

export interface DenseLayer extends Weights {
  readonly kind: 'dense';
  readonly units: number;
  readonly activation: Activation;
}

export interface DenseOptions {
  /** A row of learned offsets, default true. */
  bias?: boolean;
  /** Default: what the activation asks for. */
  weightInitializer?: Initializer;
  /** Default zeros. */
  biasInitializer?: Initializer;
  /** A penalty that the loss contains, such as l2(0.001); of the weights, and of the biases where it says so. Default none. */
  weightRegularizer?: Regularizer;
  /** What every update of the weights ends with, such as maxNorm(3). Default none. */
  weightConstraint?: Constraint;
}

const OPTIONS = [
  'bias',
  'weightInitializer',
  'biasInitializer',
  'weightRegularizer',
  'weightConstraint',
] as const satisfies (keyof DenseOptions)[];

/** Fully connected: activation(x W + b), with W inputs x units. */
export function dense(
  units: number,
  activation: Activation = 'identity',
  options: DenseOptions = {},
): DenseLayer {
  const chosen = checkActivation('activation', activation);
  return {
    kind: 'dense',
    units: checkUnits(units),
    activation: chosen,
    ...checkWeights(options, activationRow(chosen).initializer),
  };
}

export const denseKind: LayerKind<DenseLayer> = {
  build(layer, x, width, context) {
    const { name, seed, training, parameter } = context;
    return activate(layer.activation, weightedSums(layer, x, width, layer.units, context), {
      units: layer.units,
      training,
      key: { seed, stream: streamOf(`${name}.activation`) },
      learned: (member, shape, initializer) => parameter(`${name}.${member}`, shape, initializer),
    });
  },
  width: (layer) => layer.units,
  check: ({ units, activation, ...weights }) => dense(units, activation, weightsOf(weights)),
};

/** x W + b, with W width x columns. */
export function weightedSums(
  layer: Weights,
  x: Node,
  width: number,
  columns: number,
  { name, parameter }: LayerContext,
): Node {
  const { weightRegularizer: regularizer, weightConstraint: constraint } = layer;
  const ofWeight = { role: 'weight', regularizer, constraint } as const;
  const product = matmul(x, parameter(`${name}.weight`, [width, columns], layer.weightInitializer, ofWeight));
  if (!layer.bias) return product;
  const ofBias = { role: 'bias', regularizer } as const;
  return add(product, parameter(`${name}.bias`, [1, columns], layer.biasInitializer, ofBias));
}

export function checkWeights(options: DenseOptions, initializer: Initializer): Weights {
  checkOptions('options', options, OPTIONS);
  const { bias = true, weightInitializer = initializer, biasInitializer = 'zeros' } = options;
  const { weightRegularizer, weightConstraint } = options;
  return {
    bias: checkBoolean('options.bias', bias),
    weightInitializer: checkInitializer('options.weightInitializer', weightInitializer),
    biasInitializer: checkInitializer('options.biasInitializer', biasInitializer),
    ...(weightRegularizer !== undefined && {
      weightRegularizer: checkRegularizer('options.weightRegularizer', weightRegularizer),
    }),
    ...(weightConstraint !== undefined && {
      weightConstraint: checkConstraint('options.weightConstraint', weightConstraint),
    }),
  };
}

/** The options that a description has come from, without what else stands in it. */
export function weightsOf(layer: Weights): DenseOptions {
  return Object.fromEntries(
    OPTIONS.filter((option) => layer[option] !== undefined).map((option) => [option, layer[option]]),
  );
}

export function checkUnits(units: number): number {
  return checkInteger('units', units, 1, 2 ** 20);
}
