/** Every optimizer of the table: how it is made, what its options refuse, and what holds it to its formula. */
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  nadam,
  type Optimizer,
  quickprop,
  rmsprop,
  rprop,
  type Schedule,
  sgd,
} from 'wasmlp';

type Options = Record<string, unknown>;

export interface OptimizerCase {
  readonly make: (options?: Options) => Optimizer;
  /** What cannot be left out. */
  readonly required: Options;
  /** Numeric options, each with those of the table of wrong values that are right for it. */
  readonly numbers: Readonly<Record<string, readonly string[]>>;
  readonly booleans: readonly string[];
  readonly schedules: readonly string[];
  /** What ten steps are compared with: PyTorch's run in vectors/, or the formula of the paper in reference/. */
  readonly truth: 'pytorch' | 'paper';
}

const SHARE = ['undefined', '0.5'];
const ANY = ['undefined', '0.5', 'a huge number'];
const RATE = { learningRate: ANY, weightDecay: ANY };
const MOMENTS = { ...RATE, beta1: SHARE, beta2: SHARE, epsilon: ANY };

function optional<O>(
  make: (options?: O) => Optimizer,
  numbers: OptimizerCase['numbers'],
  booleans: readonly string[] = [],
): OptimizerCase {
  const used = make as unknown as OptimizerCase['make'];
  return { make: used, required: {}, numbers, booleans, schedules: ['schedule'], truth: 'pytorch' };
}

const required = { learningRate: 0.1 };
const must = { learningRate: ['0.5', 'a huge number'], weightDecay: ANY };

export const optimizerCases: Readonly<Record<string, OptimizerCase>> = {
  sgd: {
    make: sgd as unknown as OptimizerCase['make'],
    required,
    numbers: { ...must, momentum: SHARE },
    booleans: ['nesterov'],
    schedules: ['schedule', 'momentumSchedule'],
    truth: 'pytorch',
  },
  rprop: {
    ...optional(rprop, {
      learningRate: ANY,
      decrease: SHARE,
      increase: ['undefined', 'a huge number'],
      minStep: ['undefined', '0.5'],
      maxStep: ANY,
    }),
    schedules: [],
  },
  quickprop: {
    make: quickprop as unknown as OptimizerCase['make'],
    required,
    numbers: { ...must, maxGrowth: ANY },
    booleans: [],
    schedules: ['schedule'],
    truth: 'paper',
  },
  adagrad: optional(adagrad, { ...RATE, initialSum: ANY, epsilon: ANY }),
  adadelta: optional(adadelta, { ...RATE, rho: SHARE, epsilon: ANY }),
  rmsprop: optional(rmsprop, { ...RATE, alpha: SHARE, momentum: SHARE, epsilon: ANY }, ['centered']),
  adam: optional(adam, MOMENTS, ['amsgrad']),
  adamW: optional(adamW, MOMENTS, ['amsgrad']),
  adamax: optional(adamax, MOMENTS),
  nadam: optional(nadam, { ...MOMENTS, momentumDecay: ANY }),
};

/** An optimizer of the table by its name. */
export function optimizerOf(name: string, options: Options = {}): Optimizer {
  const { make, required } = optimizerCases[name]!;
  return make({ ...required, ...options });
}

/** One description for each schedule of the table, with all of its options. */
export const scheduleCases: Readonly<Record<string, Exclude<Schedule, string>>> = {
  constant: { name: 'constant' },
  linear: { name: 'linear' },
  cosine: { name: 'cosine' },
  polynomial: { name: 'polynomial', power: 2 },
  step: { name: 'step', every: 30, factor: 0.3, per: 'step' },
  exponential: { name: 'exponential', factor: 0.97, per: 'step' },
  inverse: { name: 'inverse', scale: 0.1, power: 0.5, per: 'step' },
  ramp: { name: 'ramp', from: 0.2, to: 0.8, over: 40, per: 'step' },
  warmup: { name: 'warmup', over: 20, from: 0.25, next: 'cosine', per: 'step' },
  oneCycle: { name: 'oneCycle', peak: 0.3, start: 0.04, end: 4e-6 },
  plateau: { name: 'plateau', factor: 0.5, patience: 2, threshold: 0.01 },
};
