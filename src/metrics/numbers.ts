/** Metrics of predicted numbers: lists, or rows x outputs in one row-major list. */
import { checkInteger, wrongRange } from '../errors.js';
import { checkNumbers } from './door.js';
import { determination, meanDistance, rootMeanSquare } from './formulas.js';

/** Mean of |prediction - value|, in the unit of the values. */
export function meanAbsoluteError(predictions: ArrayLike<number>, values: ArrayLike<number>): number {
  const truth = checkNumbers('values', values);
  return meanDistance(checkNumbers('predictions', predictions, truth.length), truth);
}

/**
 * Root of the mean of (prediction - value)^2, in the unit of the values. With several outputs, the mean of theirs, which is less than the root of the
 * mean over all.
 */
export function rootMeanSquaredError(
  predictions: ArrayLike<number>,
  values: ArrayLike<number>,
  outputs = 1,
): number {
  return rootMeanSquare(...checkRows(predictions, values, outputs));
}

/**
 * Coefficient of determination: 1 for exact predictions, 0 for those of the mean, negative for worse ones; 0 where the values are constant. With
 * several outputs, the mean of theirs.
 */
export function r2(predictions: ArrayLike<number>, values: ArrayLike<number>, outputs = 1): number {
  return determination(...checkRows(predictions, values, outputs));
}

function checkRows(
  predictions: ArrayLike<number>,
  values: ArrayLike<number>,
  outputs: number,
): [ArrayLike<number>, ArrayLike<number>, number] {
  const truth = checkNumbers('values', values);
  checkInteger('outputs', outputs, 1, truth.length);
  if (truth.length % outputs !== 0) throw wrongRange('values', `rows of ${outputs} numbers`, values);
  return [checkNumbers('predictions', predictions, truth.length), truth, outputs];
}
