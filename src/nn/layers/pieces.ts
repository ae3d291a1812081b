/** Units with several weighted sums each: the largest of them (maxout), or one that lets the other through (gated linear units). */
import { checkInteger } from '../../errors.js';
import { checkUnits, checkWeights, type DenseOptions, type Weights } from './dense.js';

export interface MaxoutLayer extends Weights {
  readonly kind: 'maxout';
  readonly units: number;
  readonly pieces: number;
}

/**
 * Maxout (Goodfellow et al. 2013): each unit the largest of `pieces` weighted sums. 'weight' is inputs x (pieces * units), piece after piece: column
 * p * units + u is piece p of unit u. The gradient goes to the first of the largest.
 */
export function maxout(units: number, pieces: number, options: DenseOptions = {}): MaxoutLayer {
  return {
    kind: 'maxout',
    units: checkUnits(units),
    pieces: checkInteger('pieces', pieces, 1, 64),
    ...checkWeights(options, 'glorotUniform'),
  };
}

export interface GluLayer extends Weights {
  readonly kind: 'glu';
  readonly units: number;
}

/**
 * Gated linear units (Dauphin et al. 2017): a * sigmoid(b), where a and b are the left and the right half of the weighted sums; 'weight' is
 * inputs x (2 * units).
 */
export function glu(units: number, options: DenseOptions = {}): GluLayer {
  return { kind: 'glu', units: checkUnits(units), ...checkWeights(options, 'glorotUniform') };
}
