/** Radial basis units: each answers to what lies near its centre. */
import { checkBoolean, checkNumber, checkOptions } from '../../errors.js';
import { checkInitializer, type Initializer } from '../initializers.js';
import { checkUnits } from './dense.js';

export interface RbfLayer {
  readonly kind: 'rbf';
  readonly units: number;
  readonly epsilon: number;
  readonly learned: boolean;
  readonly centreInitializer: Initializer;
}

export interface RbfOptions {
  /** Inverse width of the bells, default 1. */
  epsilon?: number;
  /** Whether the centres are learned, default true. Fixed ones are set with `setParameters`, or stay where they were drawn. */
  learned?: boolean;
  /** Default { normal: 1 }: among inputs of mean 0 and variance 1. */
  centreInitializer?: Initializer;
}

/**
 * exp(-(epsilon ‖x - c‖)²) for each unit's centre c; 'centres' is units x inputs. All distances come from one product, measured from the middle of the
 * centres: the square of one is wrong by about 1e-7 (‖x - m‖² + ‖c - m‖²), m being their mean to half a width (1 / epsilon). Where inputs and centres
 * stand is all the same; centres hundreds of widths apart want a smaller epsilon or scaled inputs. No bell is higher than 1.
 */
export function rbf(units: number, options: RbfOptions = {}): RbfLayer {
  checkOptions('options', options, ['epsilon', 'learned', 'centreInitializer']);
  const { epsilon = 1, learned = true, centreInitializer = { normal: 1 } } = options;
  return {
    kind: 'rbf',
    units: checkUnits(units),
    epsilon: checkNumber('options.epsilon', epsilon, 1e-15, 1e15),
    learned: checkBoolean('options.learned', learned),
    centreInitializer: checkInitializer('options.centreInitializer', centreInitializer),
  };
}
