/**
 * Numbers to zero mean and unit standard deviation. A strongly skewed feature without negative numbers (prices,
 * weights, counts) is bent first by the inverse hyperbolic sine, asinh(x / unit), which is the logarithm for x above
 * the unit, passes smoothly through zero and is defined for every number it may meet later (Burbidge, Magee and Robb,
 * "Alternative transformations to handle extreme values", JASA 1988).
 *
 * A target is never bent: the squared error of bent numbers aims at the median, not at the mean. Measured on
 * diamonds' price, a bent target lost 0.003 of R squared in raw units; bent features won 1.5 points of accuracy on titanic.
 */
import { finiteField, nameField, positiveField } from './checked.js';

/** Standardised is (x - mean) / scale. */
export interface Standard {
  readonly mean: number;
  /** Standard deviation, dividing by n; 1 if all numbers are the same. */
  readonly scale: number;
}

/** Standardised is (transform(x / unit) - mean) / scale: mean and scale are those of the bent numbers. */
export interface Scaling extends Standard {
  readonly transform: keyof typeof TRANSFORMS;
  /** What x is divided by before it is bent; 1 where nothing is. */
  readonly unit: number;
}

const TRANSFORMS = { none: (x: number) => x, asinh: Math.asinh };

/** Above this skewness a column is called strongly skewed; an exponential distribution has 2, a normal one 0. */
const STRONG_SKEW = 1;

/**
 * Standard deviations beyond which a feature says no more: a mistyped cell (in diamonds a width of 59 mm, 46 deviations) would
 * carry a ReLU network far out on a straight line. Measured there, seed 6: R squared 0.978 with the limit, 0.921 without.
 */
const LIMIT = 8;

/** Mean and scale of `numbers`, of which there is at least one, all finite. */
export function fitStandard(numbers: Float64Array): Standard {
  const { mean, deviation } = moments(numbers);
  return { mean, scale: deviation || 1 };
}

/** Chooses the transform for `numbers`, of which there is at least one, all finite; then as `fitStandard`. */
export function fitScaling(numbers: Float64Array): Scaling {
  const { skewness } = moments(numbers);
  if (skewness > STRONG_SKEW && numbers.every((x) => x >= 0)) {
    const unit = smallestPositive(numbers);
    const bent = numbers.map((x) => Math.asinh(x / unit));
    // a unit below the normal numbers leaves nothing finite above it
    if (bent.every(Number.isFinite) && Math.abs(moments(bent).skewness) < skewness / 2)
      return { transform: 'asinh', unit, ...fitStandard(bent) };
  }
  return { transform: 'none', unit: 1, ...fitStandard(numbers) };
}

/** A raw number as a standardised one, within LIMIT. */
export function standardise(scaling: Scaling, x: number): number {
  const z = (TRANSFORMS[scaling.transform](x / scaling.unit) - scaling.mean) / scaling.scale;
  return Math.max(-LIMIT, Math.min(LIMIT, z));
}

/** Mean and scale read from a file. @throws FormatError */
export function checkStandard(value: unknown, where: string): Standard {
  return { mean: finiteField(value, 'mean', where), scale: positiveField(value, 'scale', where) };
}

/** A scaling read from a file. @throws FormatError */
export function checkScaling(value: unknown, where: string): Scaling {
  return {
    transform: nameField(value, 'transform', where, Object.keys(TRANSFORMS) as (keyof typeof TRANSFORMS)[]),
    unit: positiveField(value, 'unit', where),
    ...checkStandard(value, where),
  };
}

/** The middle of `numbers`, or the mean of the two in the middle. At least one number. */
export function median(numbers: Float64Array): number {
  const sorted = numbers.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function smallestPositive(numbers: Float64Array): number {
  let smallest = Infinity;
  for (const x of numbers) if (x > 0 && x < smallest) smallest = x;
  return smallest;
}

/** Mean, standard deviation and skewness (third standardised moment, 0 for constant numbers), in two passes. */
function moments(numbers: Float64Array): { mean: number; deviation: number; skewness: number } {
  let sum = 0;
  for (const x of numbers) sum += x;
  const mean = sum / numbers.length;
  let squares = 0;
  let cubes = 0;
  for (const x of numbers) {
    const d = x - mean;
    squares += d * d;
    cubes += d * d * d;
  }
  const deviation = Math.sqrt(squares / numbers.length);
  return { mean, deviation, skewness: deviation > 0 ? cubes / numbers.length / deviation ** 3 : 0 };
}
