/** What metrics are given, through the door: lists of numbers, as long as each other. */
import { wrongRange, wrongType } from '../errors.js';

/** Finite numbers, at least one; exactly `length` where that is given. */
export function checkNumbers(name: string, value: unknown, length?: number): ArrayLike<number> {
  return checkList(name, value, length, 'a finite number', Number.isFinite);
}

/** Class numbers from 0 on, below `classes` where that is known. */
export function checkClasses(
  name: string,
  value: unknown,
  length?: number,
  classes = 2 ** 20,
  expected = `a class number from 0 to ${classes - 1}`,
): ArrayLike<number> {
  const isClass = (entry: number): boolean => Number.isInteger(entry) && entry >= 0 && entry < classes;
  return checkList(name, value, length, expected, isClass);
}

/** Probabilities or other scores, rows x columns for as many rows as there are labels; the number of columns. */
export function checkScores(name: string, value: unknown, rows: number): [ArrayLike<number>, number] {
  const scores = checkNumbers(name, value);
  if (scores.length % rows !== 0) throw wrongRange(name, `rows for each of ${rows} labels`, value);
  return [scores, scores.length / rows];
}

function checkList(
  name: string,
  value: unknown,
  length: number | undefined,
  expected: string,
  isRight: (entry: number) => boolean,
): ArrayLike<number> {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && 'length' in value))
    throw wrongType(name, 'a list of numbers', value);
  const list = value as unknown as ArrayLike<unknown>;
  if (list.length === 0 || (length !== undefined && list.length !== length))
    throw wrongRange(name, length === undefined ? 'at least one number' : `${length} numbers`, value);
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    if (typeof entry !== 'number') throw wrongType(`${name}[${i}]`, expected, entry);
    if (!isRight(entry)) throw wrongRange(`${name}[${i}]`, expected, entry);
  }
  return list as ArrayLike<number>;
}
