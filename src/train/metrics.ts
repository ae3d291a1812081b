/** What `evaluate` reports beside the loss: one table, keyed by what the loss's predictions tell. Metrics for everybody are in src/metrics. */
import { determination, largest, meanDistance, rootMeanSquare } from '../metrics/formulas.js';
import type { Loss, Told } from '../nn/losses/loss.js';
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

const r2: Metric = (predictions, { values, columns }) => determination(predictions, values, columns);
const rootMeanSquaredError: Metric = (predictions, { values, columns }) =>
  rootMeanSquare(predictions, values, columns);
const meanAbsoluteError: Metric = (predictions, { values }) => meanDistance(predictions, values);

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
