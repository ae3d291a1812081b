/**
 * When a run ends before its last epoch, and with which parameters: the loss does not change any more, or what is monitored does not improve any
 * more. Decides; fit.ts and its kin do what it says. In a chunk of its own, loaded by the runs that ask for it.
 */
import { checkBoolean, checkInteger, checkName, checkNumber, checkOptions, wrongRange } from '../errors.js';
import type { EvaluationReport } from './evaluate.js';
import type { EpochReport, Progress } from './progress.js';
import type { ParameterStore } from './store.js';

export interface EarlyStopping {
  /** Epochs in a row without improvement after which the run ends. */
  patience: number;
  /** By how much a value must be better than the best so far; default 0. */
  minDelta?: number;
  /** A number of the validation report, default 'loss'. Smaller is better for losses and errors, larger for all else. */
  monitor?: string;
  /** Whether the model gets back the parameters of its best epoch when the run has ended, early or not; default true. */
  restoreBest?: boolean;
}

export interface StoppingOptions {
  /** Ends the run when the loss of an epoch differs from that of the one before by no more than this. */
  tolerance?: number;
  /** Ends the run when validation stops to improve. Needs `validation` or `validationSplit`. */
  earlyStopping?: EarlyStopping;
}

const SMALLER_IS_BETTER = /(loss|error)$/i;

export class Stopping {
  private best: { readonly value: number; readonly epoch: number; readonly parameters: Uint8Array } | null =
    null;
  private lossBefore = Infinity;

  constructor(
    private readonly store: ParameterStore,
    private readonly options: StoppingOptions,
    report: EvaluationReport | null,
  ) {
    checkStopping(options, report);
  }

  /** After an epoch: whether the run is over. */
  ends(progress: Progress): boolean {
    const { tolerance } = this.options;
    const report = progress.report();
    const { loss } = report;
    if (tolerance !== undefined && Math.abs(loss - this.lossBefore) <= tolerance)
      progress.stopped = 'tolerance';
    this.lossBefore = loss;
    if (this.options.earlyStopping && this.waitedTooLong(this.options.earlyStopping, report, progress))
      progress.stopped = 'earlyStopping';
    return progress.stopped !== undefined;
  }

  /** After the last epoch. */
  restoreBest(): void {
    if (!this.best || this.options.earlyStopping?.restoreBest === false) return;
    const { engine, address, bytes } = this.store;
    engine.bytes(address, bytes).set(this.best.parameters);
  }

  private waitedTooLong(
    { patience, minDelta = 0, monitor = 'loss' }: EarlyStopping,
    { epoch, validation }: EpochReport,
    progress: Progress,
  ): boolean {
    const measured = (validation as unknown as Record<string, number>)[monitor]!;
    const value = SMALLER_IS_BETTER.test(monitor) ? measured : -measured;
    if (!this.best || value < this.best.value - minDelta) {
      const { engine, address, bytes } = this.store;
      this.best = { value, epoch, parameters: engine.bytes(address, bytes).slice() };
      progress.bestEpoch = epoch;
    }
    return epoch - this.best.epoch >= patience;
  }
}

/** `report` is one on validation data, if there are any: what it does not hold cannot be monitored. */
function checkStopping({ tolerance, earlyStopping }: StoppingOptions, report: EvaluationReport | null): void {
  if (tolerance !== undefined) checkNumber('options.tolerance', tolerance, 0);
  if (earlyStopping === undefined) return;
  const name = 'options.earlyStopping';
  checkOptions(name, earlyStopping, ['patience', 'minDelta', 'monitor', 'restoreBest']);
  const { patience, minDelta = 0, monitor = 'loss', restoreBest = true } = earlyStopping;
  checkInteger(`${name}.patience`, patience, 1, Number.MAX_SAFE_INTEGER);
  checkNumber(`${name}.minDelta`, minDelta, 0);
  checkBoolean(`${name}.restoreBest`, restoreBest);
  if (report === null) throw wrongRange(name, 'validation data beside it', 'none');
  const numbers = Object.entries(report).filter(([, value]) => typeof value === 'number');
  checkName(`${name}.monitor`, monitor, Object.fromEntries(numbers));
}
