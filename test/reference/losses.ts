/**
 * The loss of one sample and its gradient with respect to the outputs z, in float64, from the definitions. Shares nothing with src/nn but
 * the names. A class number stands as a target of one entry; at a kink the gradient is the subgradient that the table promises.
 */

/** Numbers of a description, by name. */
type Numbers = Readonly<Record<string, number>>;
type Row = readonly number[];

/** How targets are drawn: classes and distributions, shares of yes, any numbers, or counts. */
type Targets = 'classes' | 'shares' | 'numbers' | 'counts';

export interface LossReference {
  readonly targets: Targets;
  /** Outputs for each number of a target. */
  readonly outputsPerTarget?: number;
  value(z: Row, target: Row, numbers: Numbers): number;
  gradient(z: Row, target: Row, numbers: Numbers): number[];
}

const total = (row: Row) => row.reduce((sum, entry) => sum + entry, 0);
const sigmoid = (z: number) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const timesLog = (t: number) => (t === 0 ? 0 : t * Math.log(t));
const largest = (row: Row) => row.indexOf(Math.max(...row));

function logSoftmax(z: Row): number[] {
  const top = Math.max(...z);
  const size = Math.log(total(z.map((entry) => Math.exp(entry - top))));
  return z.map((entry) => entry - top - size);
}

/** A class number as the distribution that is certain of it. */
const asDistribution = (z: Row, target: Row) =>
  target.length === 1 ? z.map((_, i) => (i === target[0] ? 1 : 0)) : target;

function crossEntropy(z: Row, t: Row): number {
  return total(logSoftmax(z).map((log, i) => (t[i] === 0 ? 0 : -t[i]! * log)));
}

function crossEntropyGradient(z: Row, t: Row): number[] {
  return logSoftmax(z).map((log, i) => total(t) * Math.exp(log) - t[i]!);
}

const smoothed = (z: Row, target: Row, { labelSmoothing: share = 0 }: Numbers) =>
  asDistribution(z, target).map((t) => (1 - share) * t + share / z.length);

type Entry = (z: number, t: number, numbers: Numbers) => number;

/** The sum of a function of each output and its target, or their mean. */
function entries(targets: Targets, weight: (count: number) => number, f: Entry, slope: Entry): LossReference {
  return {
    targets,
    value: (z, t, numbers) => total(z.map((entry, i) => f(entry, t[i]!, numbers))) * weight(z.length),
    gradient: (z, t, numbers) => z.map((entry, i) => slope(entry, t[i]!, numbers) * weight(z.length)),
  };
}

const summed = () => 1;
const averaged = (count: number) => 1 / count;
const clampedHinge = (margin: number) => Math.max(0, 1 - margin);
const isInside = (margin: number) => (margin < 1 ? 1 : 0);

export const lossReferences: Readonly<Record<string, LossReference>> = {
  softmaxCrossEntropy: {
    targets: 'classes',
    value: (z, target, numbers) => crossEntropy(z, smoothed(z, target, numbers)),
    gradient: (z, target, numbers) => crossEntropyGradient(z, smoothed(z, target, numbers)),
  },
  klDivergence: {
    targets: 'classes',
    value: (z, target) => {
      const t = asDistribution(z, target);
      return crossEntropy(z, t) + total(t.map(timesLog));
    },
    gradient: (z, target) => crossEntropyGradient(z, asDistribution(z, target)),
  },
  multiclassHinge: {
    targets: 'classes',
    value: (z, target) => {
      const own = target.length === 1 ? target[0]! : largest(target);
      return total(z.map((entry, i) => (i === own ? 0 : Math.max(0, 1 + entry - z[own]!))));
    },
    gradient: (z, target) => {
      const own = target.length === 1 ? target[0]! : largest(target);
      const violated = z.map((entry, i) => (i !== own && 1 + entry - z[own]! > 0 ? 1 : 0));
      return violated.map((one, i) => (i === own ? -total(violated) : one));
    },
  },
  sigmoidCrossEntropy: entries(
    'shares',
    summed,
    (z, t) => t * softplus(-z) + (1 - t) * softplus(z),
    (z, t) => (1 - t) * sigmoid(z) - t * sigmoid(-z),
  ),
  binaryKlDivergence: entries(
    'shares',
    summed,
    (z, t) => t * softplus(-z) + (1 - t) * softplus(z) + timesLog(t) + timesLog(1 - t),
    (z, t) => (1 - t) * sigmoid(z) - t * sigmoid(-z),
  ),
  sigmoidSquaredError: entries(
    'shares',
    summed,
    (z, t) => (sigmoid(z) - t) ** 2 / 2,
    (z, t) => (sigmoid(z) - t) * sigmoid(z) * sigmoid(-z),
  ),
  hinge: entries(
    'shares',
    summed,
    (z, t) => t * clampedHinge(z) + (1 - t) * clampedHinge(-z),
    (z, t) => (1 - t) * isInside(-z) - t * isInside(z),
  ),
  squaredHinge: entries(
    'shares',
    summed,
    (z, t) => t * clampedHinge(z) ** 2 + (1 - t) * clampedHinge(-z) ** 2,
    (z, t) => 2 * ((1 - t) * clampedHinge(-z) - t * clampedHinge(z)),
  ),
  perceptron: entries(
    'shares',
    summed,
    (z, t) => ((z > 0 ? 1 : 0) - t) * z,
    (z, t) => (z > 0 ? 1 : 0) - t,
  ),
  meanSquaredError: entries(
    'numbers',
    averaged,
    (z, t) => (z - t) ** 2,
    (z, t) => 2 * (z - t),
  ),
  sumSquaredError: entries(
    'numbers',
    summed,
    (z, t) => (z - t) ** 2,
    (z, t) => 2 * (z - t),
  ),
  halfSquaredError: entries(
    'numbers',
    summed,
    (z, t) => (z - t) ** 2 / 2,
    (z, t) => z - t,
  ),
  meanAbsoluteError: entries(
    'numbers',
    averaged,
    (z, t) => Math.abs(z - t),
    (z, t) => Math.sign(z - t),
  ),
  huber: entries(
    'numbers',
    averaged,
    (z, t, { delta = 1 }) => {
      const distance = Math.abs(z - t);
      return distance <= delta ? distance ** 2 / 2 : delta * (distance - delta / 2);
    },
    (z, t, { delta = 1 }) => Math.max(-delta, Math.min(delta, z - t)),
  ),
  logCosh: entries(
    'numbers',
    averaged,
    // log cosh x = |x| + log((1 + exp(-2 |x|)) / 2) = log(1 + 2 sinh(x / 2)^2), which overflows
    (z, t) => {
      const x = Math.abs(z - t);
      return x > 1 ? x + Math.log1p(Math.exp(-2 * x)) - Math.LN2 : Math.log1p(2 * Math.sinh(x / 2) ** 2);
    },
    (z, t) => Math.tanh(z - t),
  ),
  poisson: entries(
    'counts',
    summed,
    (z, t) => Math.exp(z) - t * z,
    (z, t) => Math.exp(z) - t,
  ),
  gaussian: {
    targets: 'numbers',
    outputsPerTarget: 2,
    value: (z, t, { leastVariance = 1e-6 }) => {
      const [means, given] = halves(z);
      const logs = given.map((log) => Math.max(log, Math.log(leastVariance)));
      return total(t.map((entry, i) => (logs[i]! + (entry - means[i]!) ** 2 * Math.exp(-logs[i]!)) / 2));
    },
    gradient: (z, t, { leastVariance = 1e-6 }) => {
      const [means, logs] = halves(z);
      const precisions = logs.map((log) => Math.min(Math.exp(-log), 1 / leastVariance));
      const isFree = (log: number) => (log > Math.log(leastVariance) ? 1 : 0);
      return [
        ...means.map((mean, i) => (mean - t[i]!) * precisions[i]!),
        ...logs.map((log, i) => (isFree(log) * (1 - (t[i]! - means[i]!) ** 2 * precisions[i]!)) / 2),
      ];
    },
  },
};

function halves(z: Row): [Row, Row] {
  return [z.slice(0, z.length / 2), z.slice(z.length / 2)];
}
