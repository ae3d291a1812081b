/** What a training run tells: the report after each epoch, and the history at the end. Counts; decides nothing. */

import { timestamp } from '../node.js';
import type { EvaluationReport } from './evaluate.js';

/** What `onEpoch` is told. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the epoch's samples, each taken before the step that learned from it, with what regularizers add. */
  readonly loss: number;
  /** Likewise; where the loss has a notion of being correct and `accuracy` is on. */
  readonly accuracy?: number;
  /** On the validation data, after the epoch. */
  readonly validation?: EvaluationReport;
  /** Since the beginning of `fit`. */
  readonly seconds: number;
  /** Of training, validation not counted. */
  readonly samplesPerSecond: number;
}

/** What `fit` resolves to: one entry for every completed epoch. */
export interface History {
  readonly loss: readonly number[];
  readonly accuracy?: readonly number[];
  readonly validation?: readonly EvaluationReport[];
  readonly epochs: number;
  /** Batches learned from. */
  readonly steps: number;
  /** What ended the run before its last epoch. */
  readonly stopped?: 'tolerance' | 'earlyStopping';
  /** With `earlyStopping`: the epoch, from 1, in which what is monitored was best. */
  readonly bestEpoch?: number;
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

export class Progress {
  private readonly began = timestamp();
  private readonly losses: number[] = [];
  private readonly accuracies: number[] = [];
  private readonly validations: EvaluationReport[] = [];
  private readonly validationLosses: number[] = [];
  private trainingMilliseconds = 0;
  private samples = 0;
  private epochSamples = 0;
  private epochWeight = 0;
  private epochLoss = 0;
  private epochCorrect = 0;
  steps = 0;
  stopped: History['stopped'];
  bestEpoch: History['bestEpoch'];

  constructor(
    readonly epochs: number,
    private readonly counts: boolean,
  ) {}

  get completedEpochs(): number {
    return this.losses.length;
  }

  /** A step over `rows` samples with this mean loss; `weight` is the sum of theirs. */
  step(rows: number, loss: number, correct: number, weight: number): void {
    this.steps++;
    this.epochSamples += rows;
    this.epochWeight += weight;
    this.epochLoss += loss * weight;
    this.epochCorrect += correct;
  }

  endEpoch(): void {
    this.losses.push(this.epochLoss / (this.epochWeight || 1));
    if (this.counts) this.accuracies.push(this.epochCorrect / this.epochSamples);
    this.samples += this.epochSamples;
    this.epochSamples = this.epochWeight = this.epochLoss = this.epochCorrect = 0;
  }

  validated(report: EvaluationReport): void {
    this.validations.push(report);
    this.validationLosses.push(report.loss);
  }

  /** The loss of every completed epoch, on validation data where there is such: what a schedule may follow. */
  get followed(): readonly number[] {
    return this.validations.length > 0 ? this.validationLosses : this.losses;
  }

  /** By how much the last epoch's loss differs from the one before. */
  get lossChange(): number {
    const [before, last] = this.losses.slice(-2);
    return last === undefined ? Infinity : Math.abs(last - before!);
  }

  trained(milliseconds: number): void {
    this.trainingMilliseconds += milliseconds;
  }

  report(): EpochReport {
    const validation = this.validations.at(-1);
    return {
      epoch: this.losses.length,
      epochs: this.epochs,
      loss: this.losses.at(-1)!,
      ...(this.counts ? { accuracy: this.accuracies.at(-1)! } : {}),
      ...(validation ? { validation } : {}),
      ...this.rates(),
    };
  }

  history(): History {
    return {
      loss: this.losses,
      ...(this.counts ? { accuracy: this.accuracies } : {}),
      ...(this.validations.length > 0 ? { validation: this.validations } : {}),
      epochs: this.losses.length,
      steps: this.steps,
      ...(this.stopped ? { stopped: this.stopped } : {}),
      ...(this.bestEpoch ? { bestEpoch: this.bestEpoch } : {}),
      ...this.rates(),
    };
  }

  private rates(): { seconds: number; samplesPerSecond: number } {
    return {
      seconds: (timestamp() - this.began) / 1000,
      samplesPerSecond: (1000 * this.samples) / Math.max(this.trainingMilliseconds, 1e-3),
    };
  }
}
