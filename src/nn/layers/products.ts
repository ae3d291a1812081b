/** Layers that multiply their inputs: pairs of them, powers of them, and all products up to a degree. */
import { checkInteger, checkNumber, checkOptions } from '../../errors.js';
import { checkInitializer, type Initializer } from '../initializers.js';
import { checkUnits } from './dense.js';

export interface PairProductsLayer {
  readonly kind: 'pairProducts';
}

/** Products y_i y_j of every two inputs, i < j: n (n - 1) / 2 outputs, in the order 01, 02, ..., 12, ... Nothing is learned. */
export function pairProducts(): PairProductsLayer {
  return { kind: 'pairProducts' };
}

export interface PolynomialLayer {
  readonly kind: 'polynomial';
  readonly degree: number;
}

/**
 * The feature map of a polynomial: every product of 1 to `degree` inputs, in the order x0, x1, x0², x0 x1, x1², x0³, ...; with a dense layer behind
 * it, linear in its weights. Nothing is learned.
 */
export function polynomial(degree: number): PolynomialLayer {
  return { kind: 'polynomial', degree: checkInteger('degree', degree, 1, 16) };
}

export interface PowerProductsLayer {
  readonly kind: 'powerProducts';
  readonly units: number;
  readonly epsilon: number;
  readonly weightInitializer: Initializer;
}

export interface PowerProductsOptions {
  /** What is added to the absolute values, so that they have a logarithm; default 1e-3. */
  epsilon?: number;
  /** Of the exponents; default glorotUniform, so that a unit begins near 1. */
  weightInitializer?: Initializer;
}

/**
 * Products of powers (Durbin and Rumelhart 1989): o_u = Π z_i^α with z = |x| + epsilon, whose exponents α are learned; 'weight' is inputs x units.
 * The sign of an input has no influence.
 */
export function powerProducts(units: number, options: PowerProductsOptions = {}): PowerProductsLayer {
  checkOptions('options', options, ['epsilon', 'weightInitializer']);
  const { epsilon = 1e-3, weightInitializer = 'glorotUniform' } = options;
  return {
    kind: 'powerProducts',
    units: checkUnits(units),
    epsilon: checkNumber('options.epsilon', epsilon, 1e-30, 1e30),
    weightInitializer: checkInitializer('options.weightInitializer', weightInitializer),
  };
}
