/**
 * A step of its own for every weight, from how the sign or the size of its slope changed since the last one. Both compare one gradient with the
 * next, so both want the gradient of all data: `batchSize: 'all'`.
 */
import { checkNumber, checkOptions, wrongRange } from '../../errors.js';
import {
  abs,
  add,
  div,
  equal,
  greater,
  maximum,
  minimum,
  mul,
  select,
  sign,
  sub,
} from '../../graph/elementwise.js';
import { checkRate, decayed, type Optimizer, RATE_OPTIONS, type RateOptions } from './optimizer.js';

export interface RpropOptions {
  /** The first step of every weight; default 0.01. */
  learningRate?: number;
  /** What a step is multiplied with after the slope changed its sign; default 0.5. */
  decrease?: number;
  /** And after it kept it; default 1.2. */
  increase?: number;
  /** Bounds of a step; default 1e-6 and 50. */
  minStep?: number;
  maxStep?: number;
}

/**
 * Resilient backpropagation: only the sign of a slope counts (Riedmiller and Braun 1993; after a change of sign the weight waits for one
 * step, as in PyTorch).
 */
export function rprop(options: RpropOptions = {}): Optimizer {
  checkOptions('options', options, ['learningRate', 'decrease', 'increase', 'minStep', 'maxStep']);
  const { learningRate = 0.01, decrease = 0.5, increase = 1.2, minStep = 1e-6, maxStep = 50 } = options;
  checkRate({ learningRate });
  checkNumber('options.decrease', decrease, 0, 1);
  checkNumber('options.increase', increase, 1);
  checkNumber('options.minStep', minStep, 0);
  checkNumber('options.maxStep', maxStep, 0);
  if (minStep > maxStep) throw wrongRange('options.minStep', `at most maxStep, ${maxStep}`, minStep);
  return {
    name: 'rprop',
    state: ['direction', 'step'],
    start: { step: learningRate },
    scalars: [],
    writeScalars() {},
    update(parameter, gradient, [direction, step]) {
      const agreement = mul(sign(gradient), direction!);
      const factor = select(greater(agreement, 0), increase, select(greater(0, agreement), decrease, 1));
      const nextStep = minimum(maximum(mul(step!, factor), minStep), maxStep);
      const next = select(greater(0, agreement), 0, sign(gradient));
      return { parameter: sub(parameter, mul(next, nextStep)), state: [next, nextStep] };
    },
  };
}

export interface QuickpropOptions extends RateOptions {
  learningRate: number;
  /** Largest ratio of a step to the one before; default 1.75. */
  maxGrowth?: number;
}

/**
 * Towards the minimum of the parabola through the last two slopes: d := d s / (s' - s), no larger than maxGrowth times the last d and never
 * uphill; minus rate s unless the slope changed its sign (Fahlman 1988, "An empirical study of learning speed in back-propagation networks").
 */
export function quickprop(options: QuickpropOptions): Optimizer {
  checkOptions('options', options, [...RATE_OPTIONS, 'maxGrowth']);
  const { maxGrowth = 1.75 } = options;
  const { weightDecay, ...rate } = checkRate(options);
  checkNumber('options.maxGrowth', maxGrowth, 0);
  return {
    name: 'quickprop',
    state: ['slope', 'step'],
    scalars: ['learningRate'],
    followsLoss: rate.followsLoss,
    writeScalars(scalars, moment) {
      scalars[0] = rate.at(moment);
    },
    update(parameter, gradient, [before, step], [learningRate]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const ratio = div(slope, sub(before!, slope));
      const uphill = greater(mul(mul(sign(ratio), sign(step!)), sign(slope)), 0);
      const tooFar = maximum(maximum(uphill, greater(abs(ratio), maxGrowth)), equal(slope, before!));
      const quadratic = mul(step!, select(tooFar, maxGrowth, ratio));
      const turned = greater(0, mul(sign(slope), sign(before!)));
      const next = sub(quadratic, select(turned, 0, mul(slope, learningRate!)));
      return { parameter: add(parameter, next), state: [slope, next] };
    },
  };
}
