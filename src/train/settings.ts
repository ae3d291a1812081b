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
import { adam } from '../nn/optimizers/adam.js';
import { checkOptimizer } from '../nn/optimizers/check.js';
import type { Lbfgs } from '../nn/optimizers/lbfgs.js';
import type { Optimizer } from '../nn/optimizers/optimizer.js';
import type { Labels, Rows } from './matrix.js';
import type { EpochReport } from './progress.js';
import type { StoppingOptions } from './stopping.js';
import { checkUpdateOptions, UPDATE_OPTIONS, type UpdateOptions } from './update.js';
import type { Weighting } from './weights.js';

export interface FitOptions extends UpdateOptions, StoppingOptions, Weighting {
  /** Passes over the data, default 10. */
  epochs?: number;
  /** Samples a step, default 32; the last batch of an epoch may be smaller. 1 learns row by row, 'all' from all rows at once. */
  batchSize?: number | 'all';
  /** New order in every epoch, default true. */
  shuffle?: boolean;
  /** Default adam(). Its state begins anew with every call of `fit`. */
  optimizer?: Optimizer | Lbfgs;
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

/** Those with a default. */
type Settled = 'epochs' | 'batchSize' | 'shuffle' | 'optimizer' | 'accuracy' | 'accumulate';

export type FitSettings = Omit<FitOptions, Settled> & Required<Pick<FitOptions, Settled>>;
/** With an optimizer that makes a step of every batch. */
export type DescentSettings = FitSettings & { optimizer: Optimizer };

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
  'tolerance',
  'earlyStopping',
  ...UPDATE_OPTIONS,
] as const satisfies (keyof FitOptions)[];

export function checkFitOptions(options: FitOptions): FitSettings {
  checkOptions('options', options, KNOWN);
  const { validation, validationSplit, onEpoch, signal } = options;
  const { epochs = 10, shuffle = true, accuracy = true, optimizer = adam() } = options;
  const { batchSize = isLbfgs(optimizer) ? 'all' : 32 } = options;
  if (validation !== undefined) checkOptions('options.validation', validation, ['inputs', 'labels']);
  if (validationSplit !== undefined) {
    checkNumber('options.validationSplit', validationSplit, 0, 1);
    if (validation)
      throw wrongRange('options.validationSplit', 'nothing where validation is given', validationSplit);
  }
  if (batchSize !== 'all' && typeof batchSize !== 'number')
    throw wrongType('options.batchSize', "an integer or 'all'", batchSize);
  if (onEpoch !== undefined) checkFunction('options.onEpoch', onEpoch);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw wrongType('options.signal', 'an AbortSignal', signal);
  return {
    ...options,
    ...checkUpdateOptions(options),
    epochs: checkInteger('options.epochs', epochs, 1, Number.MAX_SAFE_INTEGER),
    batchSize: batchSize === 'all' ? batchSize : checkInteger('options.batchSize', batchSize, 1, 2 ** 24),
    shuffle: checkBoolean('options.shuffle', shuffle),
    accuracy: checkBoolean('options.accuracy', accuracy),
    // L-BFGS and what stops early look at their own options, in chunks of their own
    optimizer: isLbfgs(optimizer) ? optimizer : checkOptimizer('options.optimizer', optimizer),
  };
}

function isLbfgs(optimizer: Optimizer | Lbfgs): optimizer is Lbfgs {
  return optimizer !== null && typeof optimizer === 'object' && 'kind' in optimizer;
}

/** Narrows the settings to those of descent, step by step. */
export function isDescent(settings: FitSettings): settings is DescentSettings {
  return !isLbfgs(settings.optimizer);
}
