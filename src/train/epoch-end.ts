/** What happens when an epoch has ended, however it was trained: validation, the caller's report, and whether the run goes on. */

import type { Progress } from './progress.js';
import type { FitSettings } from './settings.js';
import type { Stopping } from './stopping.js';
import type { Trainee, TrainingData } from './trainee.js';
import { rowsOf } from './validation.js';

export class EpochEnd {
  private stopping: Stopping | null = null;

  private constructor(
    private readonly trainee: Trainee,
    private readonly validation: TrainingData['validation'],
    private readonly settings: FitSettings,
  ) {}

  /** Refuses options of stopping that are wrong, or that ask for validation data where there are none. */
  static async of(
    trainee: Trainee,
    validation: TrainingData['validation'],
    settings: FitSettings,
  ): Promise<EpochEnd> {
    const epochEnd = new EpochEnd(trainee, validation, settings);
    if (settings.tolerance === undefined && settings.earlyStopping === undefined) return epochEnd;
    const { Stopping } = await import('./stopping.js');
    epochEnd.stopping = new Stopping(trainee.store, settings, validation && epochEnd.validate(validation, 1));
    return epochEnd;
  }

  /** Whether there is anything to do before the last epoch. */
  get wanted(): boolean {
    return this.settings.onEpoch !== undefined || this.validation !== null || this.stopping !== null;
  }

  /** Tells whether the run is over before its last epoch. */
  async report(progress: Progress): Promise<boolean> {
    if (this.validation) progress.validated(this.validate(this.validation));
    const over = this.stopping?.ends(progress) ?? false;
    if (this.settings.onEpoch) await this.settings.onEpoch(progress.report());
    return over;
  }

  /** After a run that came to its end. */
  restoreBest(): void {
    this.stopping?.restoreBest();
  }

  private validate({ inputs, targets }: NonNullable<TrainingData['validation']>, rows = inputs.rows) {
    return this.trainee.evaluator.evaluate(rowsOf(inputs, 0, rows), rowsOf(targets, 0, rows));
  }
}
