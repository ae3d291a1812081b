/**
 * Activations by name: what a layer does to its weighted sums, and which initial weights keep its signals in scale. Derivatives
 * are not here; they follow from the operations.
 */
import { leakyRelu, relu, sigmoid, softplus, tanh } from '../graph/elementwise.js';
import type { Node } from '../graph/node.js';
import type { InitializerName } from './initializers.js';

interface Activation {
  readonly build: (z: Node) => Node;
  /** Used for the layer's weights unless another is named. */
  readonly initializer: InitializerName;
}

export const activations = {
  identity: { build: (z) => z, initializer: 'glorotUniform' },
  sigmoid: { build: sigmoid, initializer: 'glorotUniform' },
  tanh: { build: tanh, initializer: 'glorotUniform' },
  softplus: { build: softplus, initializer: 'heNormal' },
  relu: { build: relu, initializer: 'heNormal' },
  /** Slope 0.01 below zero. */
  leakyRelu: { build: (z) => leakyRelu(z, 0.01), initializer: 'heNormal' },
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;
