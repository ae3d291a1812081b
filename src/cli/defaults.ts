/**
 * Hyper-parameters for whoever names none: by the kind of data and its size. Each is here once, with its reason; the program's
 * help and documentation quote this file.
 *
 * They were chosen on splits of seeds 101 to 120, and their promises are measured on others.
 */
import type { ActivationName } from '../nn/activations.js';
import type { OptimizerName } from '../nn/optimizers.js';
import type { ScheduleName } from '../nn/schedules.js';
import type { ModelData } from './model-data.js';

export interface HyperParameters {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** Share of each hidden layer's outputs that training leaves out. */
  readonly dropout: number;
  readonly epochs: number;
  /** Samples a step. */
  readonly batch: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  /** Of sgd. */
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly schedule: ScheduleName;
}

const COMMON = {
  activation: 'relu',
  dropout: 0,
  optimizer: 'sgd',
  momentum: 0.9,
  nesterov: false,
  // Ends with small steps, so that the last epoch's parameters are good ones: nothing else picks among epochs.
  schedule: 'linear',
} as const;

/** Adam's rate is a step's length, not a factor of the gradient: it does not depend on the data's kind. */
const ADAM_RATE = 0.001;

/** A table learns this many steps, but sees every row at least and at most so many times. */
const TABLE_STEPS = 2000;
const TABLE_EPOCHS = { least: 20, most: 500 };

/**
 * L2 penalty of tables, over all rows: weights are believed to lie around 0 with a standard deviation of one half, 1 / 0.5^2,
 * and every row says as much as this belief once. A loss that is a mean over rows gets it divided by their number.
 */
const TABLE_PENALTY = 4;

const KINDS: Readonly<
  Record<ModelData['kind'], (rows: number) => Omit<HyperParameters, keyof typeof COMMON>>
> = {
  table(rows) {
    // Small batches for small tables; a large table has gradients to average.
    const batch = rows < 10_000 ? 32 : 128;
    const { least, most } = TABLE_EPOCHS;
    const epochs = Math.min(most, Math.max(least, Math.round((TABLE_STEPS * batch) / rows)));
    return { hidden: [64, 32], epochs, batch, learningRate: 0.03, weightDecay: TABLE_PENALTY / rows };
  },
  images: () => ({ hidden: [256, 128], epochs: 10, batch: 128, learningRate: 0.1, weightDecay: 0 }),
};

/** What training starts from unless `chosen` says otherwise. `rows` are those to train on. */
export function hyperParameters(
  kind: ModelData['kind'],
  rows: number,
  chosen: { readonly [K in keyof HyperParameters]?: HyperParameters[K] | undefined },
): HyperParameters {
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const adam = chosen.optimizer === 'adam' ? { learningRate: ADAM_RATE } : {};
  return { ...COMMON, ...KINDS[kind](rows), ...adam, ...given };
}
