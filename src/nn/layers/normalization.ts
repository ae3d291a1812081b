/** Layers that bring values to mean 0 and variance 1, then scale and shift them by what is learned. Formulas and constants are PyTorch's. */
import { checkNumber, checkOptions } from '../../errors.js';

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

function checkEpsilon(value: number): number {
  return checkNumber('options.epsilon', value, 1e-30, 1e30);
}
