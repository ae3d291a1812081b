/**
 * L-BFGS as a description: what is asked for. How it goes about it is src/train/lbfgs.ts, loaded by the `fit` that uses it, because its steps are
 * not graph: each looks at the loss several times.
 */
import { checkInteger, checkNumber, checkOptions } from '../../errors.js';

export interface Lbfgs {
  readonly kind: 'lbfgs';
  readonly memory: number;
  readonly tolerance: number;
}

export interface LbfgsOptions {
  /** Steps that the curvature is known from; default 10. */
  memory?: number;
  /** Ends the run when no entry of the gradient is larger; default 1e-5. */
  tolerance?: number;
}

/**
 * The limited-memory quasi-Newton method (Liu and Nocedal 1989) on all data at once, with a line search for the strong Wolfe conditions. An
 * epoch is an iteration. For networks without randomness and data in memory.
 */
export function lbfgs(options: LbfgsOptions = {}): Lbfgs {
  checkOptions('options', options, ['memory', 'tolerance']);
  const { memory = 10, tolerance = 1e-5 } = options;
  return {
    kind: 'lbfgs',
    memory: checkInteger('options.memory', memory, 1, 1000),
    tolerance: checkNumber('options.tolerance', tolerance, 0),
  };
}
