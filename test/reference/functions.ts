/**
 * Functions that Math lacks, in float64. The error function and the normal distribution to about 1e-14 of their value: a series
 * of positive terms near zero, a continued fraction where 1 - erf(x) would cancel.
 */
const SERIES_TERMS = 80;
const FRACTION_TERMS = 120;

/** 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n + 1) / (1 * 3 * ... * (2n + 1)), for |x| < 2.5. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < SERIES_TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** 1 - erf(x), for x >= 2.5: exp(-x^2) / sqrt(pi) over x + (1 / 2) / (x + 1 / (x + (3 / 2) / (x + ...))). */
function fraction(x: number): number {
  let below = x;
  for (let n = FRACTION_TERMS; n > 0; n--) below = x + n / 2 / below;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / below;
}

export function erf(x: number): number {
  if (Math.abs(x) < 2.5) return series(x);
  return x > 0 ? 1 - fraction(x) : fraction(-x) - 1;
}

/** Distribution function of the standard normal distribution. */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const tail = (z < 2.5 ? 1 - series(z) : fraction(z)) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** x times the distribution function; at -inf its limit. */
export function gelu(x: number): number {
  return x === -Infinity ? 0 : x * normalCdf(x);
}

/** The nearest integer; of two, the even one. */
export function roundToEven(x: number): number {
  const below = Math.floor(x);
  const part = x - below;
  if (part !== 0.5) return part < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** As far out as the operations sin and cos are defined. */
const FARTHEST = 2 ** 30;

export function sin(x: number): number {
  return Math.abs(x) > FARTHEST ? Number.NaN : Math.sin(x);
}

export function cos(x: number): number {
  return Math.abs(x) > FARTHEST ? Number.NaN : Math.cos(x);
}
