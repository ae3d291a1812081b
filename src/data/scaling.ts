/**
 * Numbers to zero mean and unit standard deviation, and back. A strongly skewed column of non-negative numbers
 * (prices, weights, counts) is bent first by the inverse hyperbolic sine, asinh(x / unit), which is the logarithm
 * for x above the unit, passes smoothly through zero and is defined for every number it may meet later
 * (Burbidge, Magee and Robb, "Alternative transformations to handle extreme values", JASA 1988).
 */
import { finiteField, nameField, positiveField } from './checked.js';

export interface Scaling {
  readonly transform: keyof typeof TRANSFORMS;
  /** What x is divided by before it is bent; 1 where nothing is. */
  readonly unit: number;
  /** Of the bent training values. */
  readonly mean: number;
  /** Standard deviation (dividing by n) of the bent training values; 1 if they are all the same. */
  readonly scale: number;
}

const TRANSFORMS = {
  none: { forward: (x: number) => x, inverse: (y: number) => y },
  asinh: { forward: Math.asinh, inverse: Math.sinh },
};

/** Above this skewness a column is called strongly skewed; an exponential distribution has 2, a normal one 0. */
const STRONG_SKEW = 1;

/** Chooses transform, mean and scale for `numbers`, of which there is at least one, all finite. */
export function fitScaling(numbers: Float64Array): Scaling {
  const plain = moments(numbers);
  const unit = smallestPositive(numbers);
  if (plain.skewness > STRONG_SKEW && numbers.every((x) => x >= 0)) {
    const bent = moments(numbers.map((x) => Math.asinh(x / unit)));
    if (Math.abs(bent.skewness) < plain.skewness / 2)
      return { transform: 'asinh', unit, mean: bent.mean, scale: bent.deviation || 1 };
  }
  return { transform: 'none', unit: 1, mean: plain.mean, scale: plain.deviation || 1 };
}

/** A raw number as a standardised one. */
export function standardise(scaling: Scaling, x: number): number {
  return (TRANSFORMS[scaling.transform].forward(x / scaling.unit) - scaling.mean) / scaling.scale;
}

/** A standardised number in raw units: the inverse of `standardise`. */
export function unstandardise(scaling: Scaling, z: number): number {
  return TRANSFORMS[scaling.transform].inverse(z * scaling.scale + scaling.mean) * scaling.unit;
}

/** A scaling read from a file. @throws FormatError */
export function checkScaling(value: unknown, where: string): Scaling {
  return {
    transform: nameField(value, 'transform', where, Object.keys(TRANSFORMS) as (keyof typeof TRANSFORMS)[]),
    unit: positiveField(value, 'unit', where),
    mean: finiteField(value, 'mean', where),
    scale: positiveField(value, 'scale', where),
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
