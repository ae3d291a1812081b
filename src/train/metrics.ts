/** How good predictions are, in float64: one table, keyed by what the loss predicts. */
import type { LossName } from '../nn/losses.js';
import type { Targets } from './matrix.js';

type Metric = (predictions: Float32Array, targets: Targets) => number;

/** The share of rows whose most probable class is the target's. */
const accuracy: Metric = (predictions, targets) => {
  const classes = predictions.length / targets.rows;
  let correct = 0;
  for (let row = 0; row < targets.rows; row++) {
    const predicted = largest(predictions, row * classes, classes);
    const expected =
      targets.kind === 'class' ? targets.values[row] : largest(targets.values, row * classes, classes);
    if (predicted === expected) correct++;
  }
  return correct / targets.rows;
};

/** The share of outputs on the right side of one half. */
const binaryAccuracy: Metric = (predictions, targets) => {
  let correct = 0;
  for (let i = 0; i < predictions.length; i++)
    if (predictions[i]! > 0.5 === targets.values[i]! > 0.5) correct++;
  return correct / predictions.length;
};

/** Coefficient of determination, averaged over the outputs: 1 - residual / total sum of squares; 0 where a target is constant. */
const r2: Metric = (predictions, targets) => {
  const { rows, columns, values } = targets;
  let score = 0;
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += values[row * columns + column]! / rows;
    let residual = 0;
    let total = 0;
    for (let at = column; at < values.length; at += columns) {
      residual += (values[at]! - predictions[at]!) ** 2;
      total += (values[at]! - mean) ** 2;
    }
    score += total > 0 ? 1 - residual / total : 0;
  }
  return score / columns;
};

const rootMeanSquaredError: Metric = (predictions, { values }) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - predictions[i]!) ** 2;
  return Math.sqrt(sum / values.length);
};

const meanAbsoluteError: Metric = (predictions, { values }) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]! - predictions[i]!);
  return sum / values.length;
};

export interface Metrics {
  readonly accuracy?: number;
  readonly r2?: number;
  readonly rootMeanSquaredError?: number;
  readonly meanAbsoluteError?: number;
}

/** The metrics that `evaluate` reports for each loss. */
const metricsOf: Readonly<Record<LossName, Readonly<Partial<Record<keyof Metrics, Metric>>>>> = {
  softmaxCrossEntropy: { accuracy },
  sigmoidCrossEntropy: { accuracy: binaryAccuracy },
  meanSquaredError: { r2, rootMeanSquaredError, meanAbsoluteError },
};

export function measure(loss: LossName, predictions: Float32Array, targets: Targets): Metrics {
  const entries = Object.entries(metricsOf[loss]).map(([name, metric]) => [
    name,
    metric(predictions, targets),
  ]);
  return Object.fromEntries(entries);
}

/** Column of the first of the largest numbers of a row. */
export function largest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}
