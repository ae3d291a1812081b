/** Metrics of predicted classes against labels, both class numbers from 0 on. What a network says are scores: scores.ts makes classes of them. */
import { checkInteger, checkName, checkOptions } from '../errors.js';
import { checkClasses } from './door.js';

/** The share of predictions that are right. */
export function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  const counts = countsOf(predicted, labels);
  return sum(counts.map(({ right }) => right)) / labels.length;
}

/**
 * How often each class (row) was taken for each class (column): classes x classes, row-major. `classes` is by default one more than
 * the largest class number.
 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes?: number,
): Uint32Array {
  if (classes !== undefined) checkInteger('classes', classes, 1, 2 ** 14);
  const truth = checkClasses('labels', labels, undefined, classes);
  const guesses = checkClasses('predicted', predicted, truth.length, classes);
  const size = classes ?? 1 + Math.max(greatest(truth), greatest(guesses));
  const counts = new Uint32Array(size * size);
  for (let i = 0; i < truth.length; i++) counts[truth[i]! * size + guesses[i]!]!++;
  return counts;
}

/**
 * 'binary': of the class `positive` alone. 'macro': the mean over all classes that occur. 'micro': of all predictions together, which
 * is the accuracy where every row has one label.
 */
export type Average = 'binary' | 'macro' | 'micro';

/** With neither of the two, class numbers are 0 and 1: a larger one is refused. */
export interface ClassMetricOptions {
  /** Default 'binary'. */
  average?: Average;
  /** The class that 'binary' is about, default 1. */
  positive?: number;
}

/** Of the rows that were taken for a class, the share that are of it; 0 where there is none. */
export function precision(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassMetricOptions = {},
): number {
  return averaged(predicted, labels, options, ({ right, guessed }) => share(right, guessed));
}

/** Of the rows of a class, the share that was taken for it; 0 where there is none. */
export function recall(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassMetricOptions = {},
): number {
  return averaged(predicted, labels, options, ({ right, true: all }) => share(right, all));
}

/** Harmonic mean of precision and recall; 0 where both are. */
export function f1(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassMetricOptions = {},
): number {
  return averaged(predicted, labels, options, ({ right, guessed, true: all }) =>
    share(2 * right, guessed + all),
  );
}

/** Rows of a class: taken for it, of it, and both. */
interface Counts {
  readonly guessed: number;
  readonly true: number;
  readonly right: number;
}

const averages: Readonly<
  Record<Average, (counts: readonly Counts[], positive: number, f: (counts: Counts) => number) => number>
> = {
  binary: (counts, positive, f) => f(counts[positive] ?? { guessed: 0, true: 0, right: 0 }),
  macro: (counts, _positive, f) => {
    const occurring = counts.filter(({ guessed, true: all }) => guessed + all > 0);
    return sum(occurring.map(f)) / occurring.length;
  },
  micro: (counts, _positive, f) =>
    f({
      guessed: sum(counts.map(({ guessed }) => guessed)),
      true: sum(counts.map(({ true: all }) => all)),
      right: sum(counts.map(({ right }) => right)),
    }),
};

function averaged(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ClassMetricOptions,
  f: (counts: Counts) => number,
): number {
  const { average = 'binary', positive = 1 } = checkOptions('options', options, ['average', 'positive']);
  const rule = averages[checkName('options.average', average, averages)];
  checkInteger('options.positive', positive, 0, 2 ** 20);
  const isSaid = options.average !== undefined || options.positive !== undefined;
  return rule(countsOf(predicted, labels, isSaid ? undefined : UNSAID), positive, f);
}

/** Of more classes it has to be said which one is meant, or how theirs are averaged. */
const UNSAID = '0 or 1, or options.average or options.positive for more classes';

function countsOf(predicted: ArrayLike<number>, labels: ArrayLike<number>, binary?: string): Counts[] {
  const classes = binary ? 2 : undefined;
  const truth = checkClasses('labels', labels, undefined, classes, binary);
  const guesses = checkClasses('predicted', predicted, truth.length, classes, binary);
  const size = 1 + Math.max(greatest(truth), greatest(guesses));
  const [guessed, all, right] = [0, 1, 2].map(() => new Float64Array(size));
  for (let i = 0; i < truth.length; i++) {
    guessed![guesses[i]!]!++;
    all![truth[i]!]!++;
    if (truth[i] === guesses[i]) right![truth[i]!]!++;
  }
  return Array.from({ length: size }, (_, i) => ({
    guessed: guessed![i]!,
    true: all![i]!,
    right: right![i]!,
  }));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function greatest(numbers: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, numbers[i]!);
  return most;
}
