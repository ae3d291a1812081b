/** What happens when an epoch has ended, however it was trained: validation, the caller's report, and whether the run goes on. */
import type { Trainee, TrainingData } from './fit.js';
import type { Progress } from './progress.js';
import type { FitSettings } from './settings.js';
import { checkMonitor, Stopping } from './stopping.js';
import { rowsOf } from './validation.js';

export class EpochEnd {
  private readonly stopping: Stopping;
  /** Whether there is anything to do before the last epoch. */
  readonly wanted: boolean;

  constructor(
    private readonly trainee: Trainee,
    private readonly validation: TrainingData['validation'],
    private readonly settings: FitSettings,
  ) {
    const { earlyStopping, onEpoch, tolerance } = settings;
    this.wanted = onEpoch !== undefined || validation !== null || tolerance !== undefined;
    if (earlyStopping) checkMonitor(earlyStopping, validation && this.validate(validation, 1));
    this.stopping = new Stopping(trainee.store, settings);
  }

  /** Tells whether the run is over before its last epoch. */
  async report(progress: Progress): Promise<boolean> {
    if (this.validation) progress.validated(this.validate(this.validation));
    const over = this.stopping.ends(progress);
    if (this.settings.onEpoch) await this.settings.onEpoch(progress.report());
    return over;
  }

  /** After a run that came to its end. */
  restoreBest(): void {
    this.stopping.restoreBest();
  }

  private validate({ inputs, targets }: NonNullable<TrainingData['validation']>, rows = inputs.rows) {
    return this.trainee.evaluator.evaluate(rowsOf(inputs, 0, rows), rowsOf(targets, 0, rows));
  }
}
