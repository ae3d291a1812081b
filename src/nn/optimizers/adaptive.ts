/** A rate of its own for every weight, by the size of the gradients it has seen. */
import { checkBoolean, checkNumber, checkOptions } from '../../errors.js';
import { add, div, maximum, mul, sqrt, square, sub } from '../../graph/elementwise.js';
import type { Node } from '../../graph/node.js';
import {
  blended,
  checkDecay,
  checkRate,
  decayed,
  type Optimizer,
  RATE_OPTIONS,
  type Rate,
  type RateOptions,
} from './optimizer.js';

/** One scalar: the rate. */
function byRate({ at, followsLoss }: Rate): Pick<Optimizer, 'scalars' | 'followsLoss' | 'writeScalars'> {
  return {
    scalars: ['learningRate'],
    followsLoss,
    writeScalars(scalars, moment) {
      scalars[0] = at(moment);
    },
  };
}

export interface AdagradOptions extends RateOptions {
  /** What the sums of squares begin with; default 0. */
  initialSum?: number;
  /** Default 1e-10. */
  epsilon?: number;
}

/** s := s + g^2; w := w - rate g / (sqrt(s) + epsilon) (Duchi, Hazan and Singer 2011). Learning rate 0.01 by default. */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  checkOptions('options', options, [...RATE_OPTIONS, 'initialSum', 'epsilon']);
  const { initialSum = 0, epsilon = 1e-10 } = options;
  const { weightDecay, ...rate } = checkRate(options, 0.01);
  checkNumber('options.initialSum', initialSum, 0);
  checkNumber('options.epsilon', epsilon, 0);
  return {
    name: 'adagrad',
    state: ['sum'],
    start: { sum: initialSum },
    ...byRate(rate),
    update(parameter, gradient, [sum], [learningRate]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const next = add(sum!, square(slope));
      return {
        parameter: sub(parameter, div(mul(slope, learningRate!), add(sqrt(next), epsilon))),
        state: [next],
      };
    },
  };
}

export interface AdadeltaOptions extends RateOptions {
  /** Share that the means keep of themselves; default 0.9. */
  rho?: number;
  /** Default 1e-6. */
  epsilon?: number;
}

/**
 * Steps in the size of recent steps: d := g sqrt(u + epsilon) / sqrt(v + epsilon), with u and v the running means of d^2 and g^2; w := w - rate d
 * (Zeiler 2012). Learning rate 1 by default.
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  checkOptions('options', options, [...RATE_OPTIONS, 'rho', 'epsilon']);
  const { rho = 0.9, epsilon = 1e-6 } = options;
  const { weightDecay, ...rate } = checkRate(options, 1);
  checkDecay('options.rho', rho);
  checkNumber('options.epsilon', epsilon, 0);
  const root = (mean: Node) => sqrt(add(mean, epsilon));
  return {
    name: 'adadelta',
    state: ['variance', 'steps'],
    ...byRate(rate),
    update(parameter, gradient, [variance, steps], [learningRate]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const nextVariance = blended(variance!, square(slope), rho);
      const step = mul(div(root(steps!), root(nextVariance)), slope);
      return {
        parameter: sub(parameter, mul(step, learningRate!)),
        state: [nextVariance, blended(steps!, square(step), rho)],
      };
    },
  };
}

export interface RmspropOptions extends RateOptions {
  /** Share that the means keep of themselves; default 0.99. */
  alpha?: number;
  /** Default 0. */
  momentum?: number;
  /** Divide by the deviation from the mean gradient instead of the size, default false. */
  centered?: boolean;
  /** Default 1e-8. */
  epsilon?: number;
}

/** v := alpha v + (1 - alpha) g^2; w := w - rate g / (sqrt(v) + epsilon) (Tieleman and Hinton 2012). Learning rate 0.01 by default. */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkOptions('options', options, [...RATE_OPTIONS, 'alpha', 'momentum', 'centered', 'epsilon']);
  const { alpha = 0.99, momentum = 0, centered = false, epsilon = 1e-8 } = options;
  const { weightDecay, ...rate } = checkRate(options, 0.01);
  checkDecay('options.alpha', alpha);
  checkNumber('options.momentum', momentum, 0, 1);
  checkBoolean('options.centered', centered);
  checkNumber('options.epsilon', epsilon, 0);
  return {
    name: 'rmsprop',
    state: ['variance', ...(centered ? ['mean'] : []), ...(momentum > 0 ? ['velocity'] : [])],
    ...byRate(rate),
    update(parameter, gradient, [variance, ...more], [learningRate]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const nextVariance = blended(variance!, square(slope), alpha);
      const means = centered ? [blended(more[0]!, slope, alpha)] : [];
      // rounding must not take the root of less than nothing
      const spread = means.reduce((whole, mean) => maximum(sub(whole, square(mean)), 0), nextVariance);
      const direction = div(slope, add(sqrt(spread), epsilon));
      const velocity = momentum > 0 ? [add(mul(more.at(-1)!, momentum), direction)] : [];
      return {
        parameter: sub(parameter, mul(velocity[0] ?? direction, learningRate!)),
        state: [nextVariance, ...means, ...velocity],
      };
    },
  };
}
