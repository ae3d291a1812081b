/**
 * Layers: plain descriptions, and one table that says how each kind becomes graph. A description is what a model file keeps, so it
 * holds nothing but numbers, names and truth values.
 */
import { checkBoolean, checkInteger, checkName, checkNumber, checkOptions, wrongType } from '../errors.js';
import { add } from '../graph/elementwise.js';
import { matmul } from '../graph/linear.js';
import type { Node } from '../graph/node.js';
import { dropout as dropoutOf } from '../graph/stochastic.js';
import { streamOf } from '../random.js';
import { type ActivationName, activations } from './activations.js';
import { checkInitializer, type Initializer } from './initializers.js';

export interface DenseLayer {
  readonly kind: 'dense';
  readonly units: number;
  readonly activation: ActivationName;
  readonly bias: boolean;
  readonly weightInitializer: Initializer;
  readonly biasInitializer: Initializer;
}

export interface DropoutLayer {
  readonly kind: 'dropout';
  readonly rate: number;
}

export type Layer = DenseLayer | DropoutLayer;

export interface DenseOptions {
  /** A row of learned offsets, default true. */
  bias?: boolean;
  /** Default: what the activation asks for. */
  weightInitializer?: Initializer;
  /** Default zeros. */
  biasInitializer?: Initializer;
}

/** Fully connected: activation(x W + b), with W inputs x units. */
export function dense(
  units: number,
  activation: ActivationName = 'identity',
  options: DenseOptions = {},
): DenseLayer {
  checkOptions('options', options, ['bias', 'weightInitializer', 'biasInitializer']);
  const name = checkName('activation', activation, activations);
  const {
    bias = true,
    weightInitializer = activations[name].initializer,
    biasInitializer = 'zeros',
  } = options;
  return {
    kind: 'dense',
    units: checkInteger('units', units, 1, 2 ** 20),
    activation: name,
    bias: checkBoolean('options.bias', bias),
    weightInitializer: checkInitializer('options.weightInitializer', weightInitializer),
    biasInitializer: checkInitializer('options.biasInitializer', biasInitializer),
  };
}

/** In training, zeroes each input with probability `rate` and scales the rest by 1 / (1 - rate); else does nothing. */
export function dropout(rate: number): DropoutLayer {
  return { kind: 'dropout', rate: checkNumber('rate', rate, 0, 0.999) };
}

/** What a layer needs of the network that it becomes part of. */
export interface LayerContext {
  /** Name of the layer: "layers.3". */
  readonly name: string;
  readonly seed: number;
  readonly training: boolean;
  /** The learned matrix of this name, made at its first mention. */
  parameter(name: string, shape: readonly [number, number], initializer: Initializer): Node;
}

interface LayerKind<L> {
  /** The layer's output for x of rows x width. */
  build(layer: L, x: Node, width: number, context: LayerContext): Node;
  /** Columns of the output. */
  width(layer: L, width: number): number;
  /** The same layer through the door: refuses what a file or a caller got wrong. */
  check(layer: L): L;
}

export const layerKinds: { readonly [K in Layer['kind']]: LayerKind<Extract<Layer, { kind: K }>> } = {
  dense: {
    build(layer, x, width, { name, parameter }) {
      const weight = parameter(`${name}.weight`, [width, layer.units], layer.weightInitializer);
      const product = matmul(x, weight);
      const z = layer.bias
        ? add(product, parameter(`${name}.bias`, [1, layer.units], layer.biasInitializer))
        : product;
      return activations[layer.activation].build(z);
    },
    width: (layer) => layer.units,
    check: ({ units, activation, bias, weightInitializer, biasInitializer }) =>
      dense(units, activation, { bias, weightInitializer, biasInitializer }),
  },
  dropout: {
    build: (layer, x, _width, { name, seed, training }) =>
      training ? dropoutOf(x, layer.rate, { seed, stream: streamOf(`${name}.dropout`) }) : x,
    width: (_layer, width) => width,
    check: ({ rate }) => dropout(rate),
  },
};

/** The table's row for a layer. The one cast: a layer and the row of its kind belong together. */
function kindOf<L extends Layer>(layer: L): LayerKind<L> {
  return layerKinds[layer.kind] as unknown as LayerKind<L>;
}

export function checkLayer(name: string, value: unknown): Layer {
  if (value === null || typeof value !== 'object' || !('kind' in value))
    throw wrongType(name, 'a layer, such as dense(10)', value);
  checkName(`${name}.kind`, value.kind, layerKinds);
  return kindOf(value as Layer).check(value as Layer);
}

export function buildLayer(layer: Layer, x: Node, width: number, context: LayerContext): Node {
  return kindOf(layer).build(layer, x, width, context);
}

export function layerWidth(layer: Layer, width: number): number {
  return kindOf(layer).width(layer, width);
}
