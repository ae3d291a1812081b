/** What every way of training is given: a model to train, and data to train it on. Types only; fit.ts, stream.ts and lbfgs.ts do it. */
import type { Random } from '../random.js';
import type { Evaluator } from './evaluate.js';
import type { Matrix, Targets } from './matrix.js';
import type { ParameterStore } from './store.js';

/** What training needs of the model it trains. */
export interface Trainee {
  readonly store: ParameterStore;
  readonly evaluator: Evaluator;
  /** Order of the samples. */
  readonly random: Random;
  /** Steps since the model was made. */
  steps: number;
}

export interface TrainingData {
  readonly inputs: Matrix;
  readonly targets: Targets;
  readonly validation: { readonly inputs: Matrix; readonly targets: Targets } | null;
}
