/**
 * What a kind of layer must say: how it becomes graph, how wide its output is, and what of a description it takes. Descriptions are in the files
 * beside this one; the kinds that few networks have, in more/; all of them meet in table.ts.
 */
import type { Node } from '../../graph/node.js';
import type { Initializer } from '../initializers.js';
import type { Constraint, Regularizer } from '../regularizers.js';

/** What a layer needs of the network that it becomes part of. */
export interface LayerContext {
  /** Name of the layer: "layers.3". */
  readonly name: string;
  readonly seed: number;
  readonly training: boolean;
  /** The learned matrix of this name, made at its first mention. */
  parameter(
    name: string,
    shape: readonly [number, number],
    initializer: Initializer,
    bounds?: ParameterBounds,
  ): Node;
  /** A matrix that is saved with the parameters and not learned: it stays what it is, unless a step of training updates it. */
  statistic(name: string, shape: readonly [number, number], initializer: Initializer): Node;
  /** What a statistic becomes with each step of training. */
  update(statistic: Node, next: Node): void;
}

/** What a parameter is to penalties, and what else keeps it small. */
export interface ParameterBounds {
  /** What has none is not penalised: slopes, exponents, centres, scales. */
  readonly role?: 'weight' | 'bias';
  /** The layer's own; the network's comes on top. */
  readonly regularizer?: Regularizer | undefined;
  readonly constraint?: Constraint | undefined;
}

export interface LayerKind<L> {
  /** The layer's output for x of rows x width. */
  build(layer: L, x: Node, width: number, context: LayerContext): Node;
  /** Columns of the output; throws a RangeError for a width that the layer cannot take. */
  width(layer: L, width: number): number;
  /** The same layer through the door: refuses what a file or a caller got wrong. */
  check(layer: L): L;
}
