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

/** Places that are taken before they are needed: growing number by number costs 25 ns each, a twentieth of a tiny network's step. */
const MOST_RESERVED = 1e6;

/**
 * Room for a number of every epoch. One number first, so that the array is one of numbers when it grows: one of objects is made anew when
 * it gets its first number, and touching memory for the first time is what costs, 20 ns an epoch for each copy.
 */
function numbersOf(epochs: number): number[] {
  const numbers = [0.5];
  numbers.length = Math.min(epochs, MOST_RESERVED);
  return numbers;
}

export class Progress {
  private readonly began = timestamp();
  private readonly losses: number[];
  private readonly accuracies: number[];
  private readonly validations: EvaluationReport[] = [];
  private readonly validationLosses: number[] = [];
  private trainingMilliseconds = 0;
  private samples = 0;
  private epochSamples = 0;
  private epochWeight = 0;
  private epochLoss = 0;
  private epochCorrect = 0;
  steps = 0;
  completedEpochs = 0;
  stopped: History['stopped'];
  bestEpoch: History['bestEpoch'];

  constructor(
    readonly epochs: number,
    private readonly counts: boolean,
  ) {
    this.losses = numbersOf(epochs);
    this.accuracies = numbersOf(counts ? epochs : 0);
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
    this.losses[this.completedEpochs] = this.epochLoss / (this.epochWeight || 1);
    if (this.counts) this.accuracies[this.completedEpochs] = this.epochCorrect / this.epochSamples;
    this.completedEpochs++;
    this.samples += this.epochSamples;
    this.epochSamples = this.epochWeight = this.epochLoss = this.epochCorrect = 0;
  }

  validated(report: EvaluationReport): void {
    this.validations.push(report);
    this.validationLosses.push(report.loss);
  }

  /** The loss of every completed epoch, on validation data where there is such: what a schedule may follow. */
  get followed(): readonly number[] {
    return this.validations.length > 0 ? this.validationLosses : this.losses.slice(0, this.completedEpochs);
  }

  trained(milliseconds: number): void {
    this.trainingMilliseconds += milliseconds;
  }

  report(): EpochReport {
    const validation = this.validations.at(-1);
    return {
      epoch: this.completedEpochs,
      epochs: this.epochs,
      loss: this.losses[this.completedEpochs - 1]!,
      ...(this.counts ? { accuracy: this.accuracies[this.completedEpochs - 1]! } : {}),
      ...(validation ? { validation } : {}),
      ...this.rates(),
    };
  }

  /** At the end of the run: what it returns is what was written into, without the places that were not needed. */
  history(): History {
    this.losses.length = this.completedEpochs;
    if (this.counts) this.accuracies.length = this.completedEpochs;
    return {
      loss: this.losses,
      ...(this.counts ? { accuracy: this.accuracies } : {}),
      ...(this.validations.length > 0 ? { validation: this.validations } : {}),
      epochs: this.completedEpochs,
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
