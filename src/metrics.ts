/**
 * `wasmlp/metrics`: how good predictions are. Pure functions on what was predicted and what is true, in float64; no engine, no model. Values
 * are scikit-learn's.
 */
export {
  type Average,
  accuracy,
  type ClassMetricOptions,
  confusionMatrix,
  f1,
  precision,
  recall,
} from './metrics/classes.js';
export { meanAbsoluteError, r2, rootMeanSquaredError } from './metrics/numbers.js';
export { logLoss, predictedClasses, rocAuc, topKAccuracy } from './metrics/scores.js';
