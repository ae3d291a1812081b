/** How good predictions are, in float64: one table, keyed by what the loss's predictions tell. */
import type { Loss, Told } from '../nn/losses.js';
import type { Targets } from './matrix.js';

type Metric = (predictions: Float32Array, targets: Targets, loss: Loss) => number;

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

/** The share of outputs on the right side of the boundary between yes and no. */
const binaryAccuracy: Metric = (predictions, targets, { boundary = 0.5 }) => {
  let correct = 0;
  for (let i = 0; i < predictions.length; i++)
    if (predictions[i]! > boundary === targets.values[i]! > 0.5) correct++;
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

/** The metrics that `evaluate` reports. */
const metricsOf: Readonly<Record<Told, Readonly<Partial<Record<keyof Metrics, Metric>>>>> = {
  class: { accuracy },
  yesOrNo: { accuracy: binaryAccuracy },
  numbers: { r2, rootMeanSquaredError, meanAbsoluteError },
};

export function measure(loss: Loss, predictions: Float32Array, targets: Targets): Metrics {
  const told = loss.tells === 'class' ? predictions : firstColumns(predictions, targets);
  const entries = Object.entries(metricsOf[loss.tells]).map(([name, metric]) => [
    name,
    metric(told, targets, loss),
  ]);
  return Object.fromEntries(entries);
}

/** Of every row as many predictions as there are targets: what else a loss has outputs for is not compared with them. */
function firstColumns(predictions: Float32Array, { rows, columns }: Targets): Float32Array {
  const width = predictions.length / rows;
  if (width === columns) return predictions;
  return predictions.filter((_, i) => i % width < columns);
}

/** Column of the first of the largest numbers of a row. */
export function largest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}
