/** Adam and its kin: running means of the gradient and of its size, corrected for having begun at zero. */
import { checkBoolean, checkNumber, checkOptions } from '../../errors.js';
import { abs, add, div, maximum, mul, sqrt, square, sub } from '../../graph/elementwise.js';
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

interface MomentOptions extends RateOptions {
  /** Share that the mean keeps of itself; default 0.9. */
  beta1?: number;
  /** Share that the size keeps of itself; default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export interface AdamOptions extends MomentOptions {
  /** Divide by the largest variance so far (Reddi, Kale and Kumar 2018), default false. */
  amsgrad?: boolean;
}

export type AdamaxOptions = MomentOptions;

export interface NadamOptions extends MomentOptions {
  /** How fast beta1 comes into force; default 0.004. */
  momentumDecay?: number;
}

const MOMENT_OPTIONS = [...RATE_OPTIONS, 'beta1', 'beta2', 'epsilon'] as const;

function checkMoments({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: MomentOptions) {
  return {
    beta1: checkDecay('options.beta1', beta1),
    beta2: checkDecay('options.beta2', beta2),
    epsilon: checkNumber('options.epsilon', epsilon, 0),
  };
}

/** w := w - rate m^ / (sqrt(v^) + epsilon), with bias-corrected moments (Kingma and Ba 2015). Learning rate 0.001 by default. */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions('options', options, [...MOMENT_OPTIONS, 'amsgrad']);
  const { weightDecay, ...rate } = checkRate(options, 0.001);
  return adaptiveMoments('adam', options, rate, (parameter, gradient) => ({
    from: parameter,
    slope: decayed(gradient, parameter, weightDecay),
  }));
}

/**
 * Adam with decoupled decay: before each step w := w - rate weightDecay w (Loshchilov and Hutter 2019). Learning rate 0.001, weight decay 0.01
 * by default.
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  checkOptions('options', options, [...MOMENT_OPTIONS, 'amsgrad']);
  const { weightDecay = 0.01 } = options;
  const rate = checkRate({ ...options, weightDecay }, 0.001);
  const { scalars, writeScalars, ...rest } = adaptiveMoments(
    'adamW',
    options,
    rate,
    (parameter, slope, kept) => ({
      from: mul(parameter, kept!),
      slope,
    }),
  );
  return {
    ...rest,
    scalars: [...scalars, 'kept'],
    writeScalars(values, moment) {
      writeScalars(values, moment);
      values[2] = 1 - rate.at(moment) * weightDecay;
    },
  };
}

/** What `prepare` makes of parameter, gradient and further scalars: from where the step goes, and which slope it follows. */
function adaptiveMoments(
  name: string,
  { amsgrad = false, ...options }: AdamOptions,
  rate: Rate,
  prepare: (parameter: Node, gradient: Node, scalar?: Node) => { from: Node; slope: Node },
): Optimizer {
  const { beta1, beta2, epsilon } = checkMoments(options);
  checkBoolean('options.amsgrad', amsgrad);
  return {
    name,
    state: amsgrad ? ['mean', 'variance', 'largestVariance'] : ['mean', 'variance'],
    scalars: ['stepSize', 'rootCorrection'],
    followsLoss: rate.followsLoss,
    writeScalars(scalars, moment) {
      scalars[0] = rate.at(moment) / (1 - beta1 ** moment.step);
      scalars[1] = 1 / Math.sqrt(1 - beta2 ** moment.step);
    },
    update(parameter, gradient, [mean, variance, largest], [stepSize, rootCorrection, ...more]) {
      const { from, slope } = prepare(parameter, gradient, ...more);
      const nextMean = blended(mean!, slope, beta1);
      const nextVariance = blended(variance!, square(slope), beta2);
      const nextLargest = largest && maximum(largest, nextVariance);
      const root = add(mul(sqrt(nextLargest ?? nextVariance), rootCorrection!), epsilon);
      return {
        parameter: sub(from, div(mul(nextMean, stepSize!), root)),
        state: [nextMean, nextVariance, ...(nextLargest ? [nextLargest] : [])],
      };
    },
  };
}

/** Adam with the largest recent size instead of a mean of squares (Kingma and Ba 2015, section 7.1). Learning rate 0.002 by default. */
export function adamax(options: AdamaxOptions = {}): Optimizer {
  checkOptions('options', options, MOMENT_OPTIONS);
  const { beta1, beta2, epsilon } = checkMoments(options);
  const { weightDecay, ...rate } = checkRate(options, 0.002);
  return {
    name: 'adamax',
    state: ['mean', 'size'],
    scalars: ['stepSize'],
    followsLoss: rate.followsLoss,
    writeScalars(scalars, moment) {
      scalars[0] = rate.at(moment) / (1 - beta1 ** moment.step);
    },
    update(parameter, gradient, [mean, size], [stepSize]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const nextMean = blended(mean!, slope, beta1);
      const nextSize = maximum(mul(size!, beta2), add(abs(slope), epsilon));
      return {
        parameter: sub(parameter, div(mul(nextMean, stepSize!), nextSize)),
        state: [nextMean, nextSize],
      };
    },
  };
}

/** Adam with Nesterov's momentum (Dozat 2016). Learning rate 0.002 by default. */
export function nadam(options: NadamOptions = {}): Optimizer {
  checkOptions('options', options, [...MOMENT_OPTIONS, 'momentumDecay']);
  const { beta1, beta2, epsilon } = checkMoments(options);
  const { weightDecay, ...rate } = checkRate(options, 0.002);
  const { momentumDecay = 0.004 } = options;
  checkNumber('options.momentumDecay', momentumDecay, 0);
  const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
  const productTo = products(momentumAt);
  return {
    name: 'nadam',
    state: ['mean', 'variance'],
    scalars: ['slopeSize', 'meanSize', 'rootCorrection'],
    followsLoss: rate.followsLoss,
    writeScalars(scalars, moment) {
      const { step } = moment;
      const size = rate.at(moment);
      const product = productTo(step);
      const next = momentumAt(step + 1);
      scalars[0] = (size * (1 - momentumAt(step))) / (1 - product);
      scalars[1] = (size * next) / (1 - product * next);
      scalars[2] = 1 / Math.sqrt(1 - beta2 ** step);
    },
    update(parameter, gradient, [mean, variance], [slopeSize, meanSize, rootCorrection]) {
      const slope = decayed(gradient, parameter, weightDecay);
      const nextMean = blended(mean!, slope, beta1);
      const nextVariance = blended(variance!, square(slope), beta2);
      const root = add(mul(sqrt(nextVariance), rootCorrection!), epsilon);
      const direction = add(mul(slope, slopeSize!), mul(nextMean, meanSize!));
      return { parameter: sub(parameter, div(direction, root)), state: [nextMean, nextVariance] };
    },
  };
}

/** The product of f(1) ... f(n), each at most 1, as a function of n; kept until it is too small to change 1 - product. */
function products(f: (i: number) => number): (n: number) => number {
  const known = [1];
  return (n) => {
    while (known.length <= n && known.at(-1)! > 1e-17) known.push(known.at(-1)! * f(known.length));
    return known[n] ?? 0;
  };
}
