/**
 * What training reports as well, on numbers that nobody checks here: a model that has left the finite numbers has errors that are NaN. The doors
 * are in numbers.ts and scores.ts.
 */

/** Coefficient of determination of rows x columns, averaged over the columns: 1 - residual / total sum of squares; 0 where a target is constant. */
export function determination(
  predictions: ArrayLike<number>,
  values: ArrayLike<number>,
  columns: number,
): number {
  const rows = values.length / columns;
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
}

/** Root of the mean square of the errors of rows x columns, averaged over the columns. */
export function rootMeanSquare(
  predictions: ArrayLike<number>,
  values: ArrayLike<number>,
  columns: number,
): number {
  const sums = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) sums[i % columns]! += (values[i]! - predictions[i]!) ** 2;
  return sums.reduce((total, sum) => total + Math.sqrt((sum * columns) / values.length), 0) / columns;
}

export function meanDistance(predictions: ArrayLike<number>, values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]! - predictions[i]!);
  return sum / values.length;
}

/** Column of the first of the largest numbers of a row. */
export function largest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}
