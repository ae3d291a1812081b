/**
 * What is said about a series of rates: the smallest, the middle and the largest. Not here: means and
 * deviations, because what disturbs a measurement on a shared machine only ever makes it slower, so the
 * series is skewed and a mean says little.
 */

/**
 * @typedef {{ min: number, median: number, max: number }} Summary
 */

/**
 * Smallest, middle and largest of a series; of an even number of values the middle is the mean of the two inner ones.
 *
 * @param {readonly number[]} values at least one, all finite
 * @returns {Summary}
 * @throws {RangeError} when there is no value, or one is not finite
 */
export function summarize(values) {
  if (values.length === 0 || !values.every(Number.isFinite))
    throw new RangeError(`values: expected one or more finite numbers, got [${values.join(', ')}]`);
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { min: sorted[0], median, max: sorted[sorted.length - 1] };
}
