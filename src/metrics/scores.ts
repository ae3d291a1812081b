/**
 * Metrics of scores, as `predict` gives them: rows x classes in one row-major list, or one number a row for yes or no. Labels are class
 * numbers, 1 meaning yes.
 */
import { checkInteger, wrongRange } from '../errors.js';
import { checkClasses, checkNumbers, checkScores } from './door.js';
import { largest } from './formulas.js';

/** The class with the largest score of each row, the first where several are equal. */
export function predictedClasses(scores: ArrayLike<number>, classes: number): Uint32Array {
  checkInteger('classes', classes, 1, 2 ** 20);
  const { length } = checkNumbers('scores', scores);
  if (length % classes !== 0) throw wrongRange('scores', `rows of ${classes} numbers`, scores);
  return Uint32Array.from({ length: length / classes }, (_, row) => largest(scores, row * classes, classes));
}

/** The share of rows whose label is among the `k` classes with the largest scores; of equal scores the first ones count as larger. */
export function topKAccuracy(scores: ArrayLike<number>, labels: ArrayLike<number>, k: number): number {
  const rows = checkClasses('labels', labels).length;
  const [numbers, classes] = checkScores('scores', scores, rows);
  checkClasses('labels', labels, rows, classes);
  checkInteger('k', k, 1, classes);
  let found = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = labels[row]!;
    let before = 0;
    for (let j = 0; j < classes; j++) {
      const lead = numbers[start + j]! - numbers[start + label]!;
      if (lead > 0 || (lead === 0 && j < label)) before++;
    }
    if (before < k) found++;
  }
  return found / rows;
}

/**
 * Area under the receiver operating characteristic: the probability that a row of class 1 has a larger score than one of class 0, where
 * equal scores count one half. One score a row; both classes must occur.
 */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const truth = checkClasses('labels', labels, undefined, 2);
  const numbers = checkNumbers('scores', scores, truth.length);
  const order = Uint32Array.from({ length: truth.length }, (_, i) => i);
  order.sort((a, b) => numbers[a]! - numbers[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && numbers[order[end]!] === numbers[order[first]!]) end++;
    // equal scores share the mean of their ranks, which count from 1
    const rank = (first + 1 + end) / 2;
    for (let i = first; i < end; i++) {
      if (truth[order[i]!] === 0) continue;
      positives++;
      rankSum += rank;
    }
    first = end;
  }
  const negatives = truth.length - positives;
  if (positives === 0 || negatives === 0) throw wrongRange('labels', 'both 0 and 1', labels);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Probabilities below this count as this: a certainty that was wrong costs 36, not infinity. */
const LEAST = 2 ** -52;

/**
 * Mean of -log of the probability that the label's class was given: rows x classes, or one probability a row, that of class 1. Rows are
 * taken as they are, whatever they sum to.
 */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  const rows = checkClasses('labels', labels).length;
  const [numbers, columns] = checkScores('probabilities', probabilities, rows);
  const truth = checkClasses('labels', labels, rows, Math.max(columns, 2));
  for (let i = 0; i < numbers.length; i++)
    if (numbers[i]! < 0 || numbers[i]! > 1)
      throw wrongRange(`probabilities[${i}]`, 'a number from 0 to 1', numbers[i]);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const label = truth[row]!;
    const one = numbers[row]!;
    const given = columns === 1 ? (label === 1 ? one : 1 - one) : numbers[row * columns + label]!;
    sum -= Math.log(Math.max(given, LEAST));
  }
  return sum / rows;
}
