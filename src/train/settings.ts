/** The options of `fit`, through the door: every one checked, none ignored, defaults filled in. */
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOptions,
  wrongRange,
  wrongType,
} from '../errors.js';
import { checkOptimizer } from '../nn/check-optimizer.js';
import { adam, type Optimizer } from '../nn/optimizers.js';
import type { Labels, Rows } from './matrix.js';
import type { EpochReport } from './progress.js';
import type { Weighting } from './weights.js';

export interface FitOptions extends Weighting {
  /** Passes over the data, default 10. */
  epochs?: number;
  /** Samples a step, default 32; the last batch of an epoch may be smaller. */
  batchSize?: number;
  /** New order in every epoch, default true. */
  shuffle?: boolean;
  /** Default adam(). Its state begins anew with every call of `fit`. */
  optimizer?: Optimizer;
  /** Evaluated after every epoch. */
  validation?: { inputs: Rows; labels: Labels };
  /** Instead of `validation`: this share of the rows, the last ones, is kept out of training. */
  validationSplit?: number;
  /** Count correct predictions while training, default true. */
  accuracy?: boolean;
  /** Called after every epoch; a promise is waited for. What it throws ends training. */
  onEpoch?: (report: EpochReport) => unknown;
  /** Aborting rejects `fit` with the signal's reason, even while it waits for a batch; the model keeps what it has learned. */
  signal?: AbortSignal;
}

export type FitSettings = Required<
  Omit<FitOptions, 'validation' | 'validationSplit' | 'onEpoch' | 'signal' | keyof Weighting>
> &
  Pick<FitOptions, 'validation' | 'validationSplit' | 'onEpoch' | 'signal' | keyof Weighting>;

const KNOWN = [
  'epochs',
  'batchSize',
  'shuffle',
  'optimizer',
  'validation',
  'validationSplit',
  'accuracy',
  'classWeights',
  'sampleWeights',
  'onEpoch',
  'signal',
] as const satisfies (keyof FitOptions)[];

export function checkFitOptions(options: FitOptions): FitSettings {
  checkOptions('options', options, KNOWN);
  const { validation, validationSplit, onEpoch, signal } = options;
  const { epochs = 10, batchSize = 32, shuffle = true, accuracy = true, optimizer = adam() } = options;
  if (validation !== undefined) checkOptions('options.validation', validation, ['inputs', 'labels']);
  if (validationSplit !== undefined) {
    checkNumber('options.validationSplit', validationSplit, 0, 1);
    if (validation)
      throw wrongRange('options.validationSplit', 'nothing where validation is given', validationSplit);
  }
  if (onEpoch !== undefined) checkFunction('options.onEpoch', onEpoch);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw wrongType('options.signal', 'an AbortSignal', signal);
  return {
    ...options,
    epochs: checkInteger('options.epochs', epochs, 1, Number.MAX_SAFE_INTEGER),
    batchSize: checkInteger('options.batchSize', batchSize, 1, 2 ** 24),
    shuffle: checkBoolean('options.shuffle', shuffle),
    accuracy: checkBoolean('options.accuracy', accuracy),
    optimizer: checkOptimizer('options.optimizer', optimizer),
  };
}
