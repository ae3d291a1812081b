/**
 * Optimizers: how a parameter and its gradient become the next parameter, as graph. The compiler makes one pass over all
 * parameters of it. Constants default to PyTorch's, and so do the formulas.
 *
 * What changes from step to step without depending on data (rates, bias corrections) is a scalar that `writeScalars` computes.
 */
import { checkBoolean, checkName, checkNumber, checkOptions, wrongRange } from '../errors.js';
import { add, div, mul, sqrt, square, sub } from '../graph/elementwise.js';
import type { Node } from '../graph/node.js';
import { type ScheduleName, schedules } from './schedules.js';

export interface Optimizer {
  readonly name: string;
  /** Arrays kept for every parameter, zero at the beginning. */
  readonly state: readonly string[];
  /** Numbers that every step brings. */
  readonly scalars: readonly string[];
  /**
   * Writes those numbers for step 1, 2, ...; `progress` is the share of the run that is done before it. Into an array, because it is
   * done for every step, and no step allocates.
   */
  writeScalars(scalars: Float64Array, step: number, progress: number): void;
  /** The next value of the parameter and of each array of its state. */
  update(
    parameter: Node,
    gradient: Node,
    state: readonly Node[],
    scalars: readonly Node[],
  ): { readonly parameter: Node; readonly state: readonly Node[] };
}

export interface SgdOptions {
  learningRate: number;
  /** Factor of the rate during the run, default 'constant'. */
  schedule?: ScheduleName;
  /** Default 0. */
  momentum?: number;
  /** Nesterov's momentum (needs momentum > 0), default false. */
  nesterov?: boolean;
  /** Added to the gradient as weightDecay times the parameter, biases included as in PyTorch; default 0. */
  weightDecay?: number;
}

/** Stochastic gradient descent. v := momentum v + g; w := w - rate v, or w - rate (g + momentum v) with Nesterov. */
export function sgd(options: SgdOptions): Optimizer {
  checkOptions('options', options, ['learningRate', 'schedule', 'momentum', 'nesterov', 'weightDecay']);
  const { learningRate, schedule, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  const rateAt = checkRate(learningRate, schedule);
  checkNumber('options.momentum', momentum, 0, 1);
  checkBoolean('options.nesterov', nesterov);
  checkNumber('options.weightDecay', weightDecay, 0);
  if (nesterov && momentum === 0) throw wrongRange('options.momentum', 'more than 0 with nesterov', momentum);
  return {
    name: 'sgd',
    state: momentum > 0 ? ['velocity'] : [],
    scalars: ['learningRate'],
    writeScalars(scalars, _step, progress) {
      scalars[0] = rateAt(progress);
    },
    update(parameter, gradient, [velocity], [rate]) {
      const slope = decayed(gradient, parameter, weightDecay);
      if (!velocity) return { parameter: sub(parameter, mul(rate!, slope)), state: [] };
      const next = add(mul(velocity, momentum), slope);
      const direction = nesterov ? add(mul(next, momentum), slope) : next;
      return { parameter: sub(parameter, mul(direction, rate!)), state: [next] };
    },
  };
}

export interface AdamOptions {
  /** Default 0.001. */
  learningRate?: number;
  /** Factor of the rate during the run, default 'constant'. */
  schedule?: ScheduleName;
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
  /** Added to the gradient as weightDecay times the parameter; default 0. */
  weightDecay?: number;
}

/** Adam (Kingma and Ba 2015), with bias-corrected moments: w := w - rate m^ / (sqrt(v^) + epsilon). */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions('options', options, ['learningRate', 'schedule', 'beta1', 'beta2', 'epsilon', 'weightDecay']);
  const { learningRate = 0.001, schedule, beta1 = 0.9, beta2 = 0.999 } = options;
  const { epsilon = 1e-8, weightDecay = 0 } = options;
  const rateAt = checkRate(learningRate, schedule);
  checkNumber('options.beta1', beta1, 0, 0.999999);
  checkNumber('options.beta2', beta2, 0, 0.999999);
  checkNumber('options.epsilon', epsilon, 0);
  checkNumber('options.weightDecay', weightDecay, 0);
  return {
    name: 'adam',
    state: ['mean', 'variance'],
    scalars: ['stepSize', 'rootCorrection'],
    writeScalars(scalars, step, progress) {
      scalars[0] = rateAt(progress) / (1 - beta1 ** step);
      scalars[1] = 1 / Math.sqrt(1 - beta2 ** step);
    },
    update(parameter, gradient, [mean, variance], [stepSize, rootCorrection]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const nextMean = add(mul(mean!, beta1), mul(slope, 1 - beta1));
      const nextVariance = add(mul(variance!, beta2), mul(square(slope), 1 - beta2));
      const root = add(mul(sqrt(nextVariance), rootCorrection!), epsilon);
      return {
        parameter: sub(parameter, div(mul(nextMean, stepSize!), root)),
        state: [nextMean, nextVariance],
      };
    },
  };
}

/** Optimizers that the program offers by name. */
export const optimizers = { sgd, adam } as const;
export type OptimizerName = keyof typeof optimizers;

/** The gradient of loss + weightDecay / 2 * parameter^2. */
function decayed(gradient: Node, parameter: Node, weightDecay: number): Node {
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
}

/** The learning rate as a function of progress. */
function checkRate(value: number, schedule: ScheduleName = 'constant'): (progress: number) => number {
  checkNumber('options.learningRate', value, 0);
  if (value === 0) throw wrongRange('options.learningRate', 'more than 0', value);
  const factor = schedules[checkName('options.schedule', schedule, schedules)];
  return (progress) => value * factor(progress);
}
