/** Layers that bring values to mean 0 and variance 1, then scale and shift them by what is learned. Formulas and constants are PyTorch's. */
import { checkNumber, checkOptions } from '../../errors.js';
import type { Axis } from '../../graph/broadcast.js';
import { add, div, maximum, mul, sqrt, square, sub } from '../../graph/elementwise.js';
import { rowCount } from '../../graph/leaves.js';
import type { Node } from '../../graph/node.js';
import { mean } from '../../graph/reduce.js';
import type { LayerContext, LayerKind } from './kind.js';

export interface BatchNormalizationLayer {
  readonly kind: 'batchNormalization';
  readonly momentum: number;
  readonly epsilon: number;
}

export interface BatchNormalizationOptions {
  /** Share of a new batch in the running statistics, default 0.1. */
  momentum?: number;
  /** Added to the variance, default 1e-5. */
  epsilon?: number;
}

/**
 * Batch normalization (Ioffe and Szegedy 2015). Training uses mean and variance of each column in the batch, and keeps running ones, 'runningMean' and
 * 'runningVariance' (unbiased), by which everything else is computed: predictions, evaluations, `gradients`. Learned: 'scale' and 'bias'.
 * A batch of one row has variance 0, so its outputs are the bias.
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): BatchNormalizationLayer {
  checkOptions('options', options, ['momentum', 'epsilon']);
  const { momentum = 0.1, epsilon = 1e-5 } = options;
  return {
    kind: 'batchNormalization',
    momentum: checkNumber('options.momentum', momentum, 0, 1),
    epsilon: checkEpsilon(epsilon),
  };
}

export const batchNormalizationKind: LayerKind<BatchNormalizationLayer> = {
  build({ momentum, epsilon }, x, width, context) {
    const { name, training, statistic, update } = context;
    const runningMean = statistic(`${name}.runningMean`, [1, width], { constant: 0 });
    const runningVariance = statistic(`${name}.runningVariance`, [1, width], { constant: 1 });
    if (!training) return normalized(x, runningMean, runningVariance, epsilon, width, context);
    const { centre, variance } = momentsOf(x, 'rows');
    const unbiased = mul(variance, div(rowCount(), maximum(sub(rowCount(), 1), 1)));
    const moved = (old: Node, now: Node) => add(mul(old, 1 - momentum), mul(now, momentum));
    update(runningMean, moved(runningMean, centre));
    update(runningVariance, moved(runningVariance, unbiased));
    return normalized(x, centre, variance, epsilon, width, context);
  },
  width: (_layer, width) => width,
  check: ({ momentum, epsilon }) => batchNormalization({ momentum, epsilon }),
};

export interface LayerNormalizationLayer {
  readonly kind: 'layerNormalization';
  readonly epsilon: number;
}

export interface LayerNormalizationOptions {
  /** Added to the variance, default 1e-5. */
  epsilon?: number;
}

/** Layer normalization (Ba et al. 2016): by mean and variance of each row, in training and after. Learned: 'scale' and 'bias'. */
export function layerNormalization(options: LayerNormalizationOptions = {}): LayerNormalizationLayer {
  checkOptions('options', options, ['epsilon']);
  const { epsilon = 1e-5 } = options;
  return { kind: 'layerNormalization', epsilon: checkEpsilon(epsilon) };
}

export const layerNormalizationKind: LayerKind<LayerNormalizationLayer> = {
  build({ epsilon }, x, width, context) {
    const { centre, variance } = momentsOf(x, 'columns');
    return normalized(x, centre, variance, epsilon, width, context);
  },
  width: (_layer, width) => width,
  check: ({ epsilon }) => layerNormalization({ epsilon }),
};

/** Mean, and mean squared distance from it. */
function momentsOf(x: Node, axis: Axis): { centre: Node; variance: Node } {
  const centre = mean(x, axis);
  return { centre, variance: mean(square(sub(x, centre)), axis) };
}

function normalized(
  x: Node,
  centre: Node,
  variance: Node,
  epsilon: number,
  width: number,
  { name, parameter }: LayerContext,
): Node {
  const scale = parameter(`${name}.scale`, [1, width], { constant: 1 });
  const bias = parameter(`${name}.bias`, [1, width], 'zeros');
  return add(mul(div(sub(x, centre), sqrt(add(variance, epsilon))), scale), bias);
}

function checkEpsilon(value: number): number {
  return checkNumber('options.epsilon', value, 1e-30, 1e30);
}
